package assistant

import (
	"cmp"
	"slices"
)

const (
	// maxRelated is how many further sections are shown.
	maxRelated = 2
	// relatedWithin is how far below the best sentence, in score, another section's
	// best one may be to be shown. On the development half of eval/suites/answers
	// the right section is the best for 0.58 of the questions, among the three best
	// for 0.77.
	relatedWithin = 0.5
	// relatedBytes is the longest quotation beside the answer.
	relatedBytes = 600
)

// related adds the best sentence of the sections that came close to the
// answer's: the question may have meant them, and two acts may both apply. A
// question that names a § is about that one.
func (c *composer) related(places []*place) {
	if len(c.pieces) == 0 || c.pieces[0].place.hit.Exact {
		return
	}
	cited := map[string]bool{}
	for _, p := range c.pieces {
		cited[p.place.sec.ID] = true
	}
	top := c.pieces[0].place.units[c.pieces[0].to].score
	var near []ranked
	for _, p := range places {
		best := -1
		for i := range p.units {
			if best < 0 || p.units[i].score > p.units[best].score {
				best = i
			}
		}
		if best >= 0 && !cited[p.sec.ID] && p.units[best].score >= top-relatedWithin {
			near = append(near, ranked{p, best})
		}
	}
	slices.SortStableFunc(near, func(a, b ranked) int { return cmp.Compare(b.get().score, a.get().score) })
	shown := 0
	for _, r := range near {
		if shown == maxRelated || c.repeats(r.get()) {
			continue
		}
		pc := c.piece(r.place, r.unit, RoleRelated)
		if pc.size() > relatedBytes {
			continue
		}
		c.pieces = append(c.pieces, pc)
		shown++
	}
}
