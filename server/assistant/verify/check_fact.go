package verify

import (
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// facts_ holds every figure and reference of the claim against the place.
func (p *place) facts_(claim *text) (Reason, string) {
	used := map[string]int{}
	for i := range claim.facts {
		f := &claim.facts[i]
		r := p.states(claim, f)
		if f.dim == dimRef && r != Verified {
			r = Reference
		}
		if r != Verified {
			return r, f.value
		}
		key := string(f.dim) + f.value
		used[key]++
		if have := p.count(f); have > 0 && used[key] > have {
			if f.dim == dimRef {
				return Reference, f.value
			}
			return Number, f.value
		}
	}
	return p.acts(claim)
}

func (p *place) count(f *fact) int {
	n := 0
	for i := range p.facts {
		if p.facts[i].dim == f.dim && p.facts[i].value == f.value {
			n++
		}
	}
	return n
}

// own tells whether a reference is to the source itself: "efter § 85 kan …".
func (p *place) own(f *fact) bool {
	if f.value == p.label {
		return true
	}
	for i := range p.context.facts {
		if g := &p.context.facts[i]; g.dim == dimRef && g.value == f.value {
			return true
		}
	}
	return false
}

// ownNearness is for a reference to the source itself: it gives way to any
// other reference that stands in the claim's words.
const ownNearness = 0.2

// acts tells whether the acts that the claim names are named in the place or
// are the source's own.
func (p *place) acts(claim *text) (Reason, string) {
	for _, r := range citation.Parse(claim.raw) {
		if r.Act == "" {
			continue
		}
		found := false
		for _, text := range []string{p.raw, p.source.Reference, p.whole.raw} {
			for _, have := range citation.Parse(text) {
				found = found || have.Act == r.Act && have.Section == r.Section
			}
		}
		if !found {
			return Reference, r.Raw
		}
	}
	return Verified, ""
}

// states tells whether the place has the figure in the same sense, and not
// another figure of its kind in the claim's words.
func (p *place) states(claim *text, f *fact) Reason {
	bestSame, bestOther := -1.0, -1.0
	bound := false
	if f.dim == dimRef && p.own(f) {
		bestSame = ownNearness
	}
	for i := range p.facts {
		g := &p.facts[i]
		if g.dim != f.dim || f.dim == dimRef && kindOfRef(g.value) != kindOfRef(f.value) {
			continue
		}
		score := p.nearness(claim, f, g)
		switch {
		case g.value != f.value:
			bestOther = max(bestOther, score)
		case !f.bound.agrees(g.bound):
			bound = true
		default:
			bestSame = max(bestSame, score)
		}
	}
	switch {
	case f.dim != dimRef && bestSame >= 0 && p.sequence(claim, f.dim):
		return Verified
	case bestSame < 0 && bound:
		return Comparator
	case bestSame < 0:
		return Number
	case bestOther > bestSame+0.05:
		return Number
	}
	return Verified
}

// sequence tells whether claim and place have the same figures of a dimension
// in the same order, so that none can stand for another.
func (p *place) sequence(claim *text, d dimension) bool {
	of := func(facts []fact) (out []string) {
		for i := range facts {
			if facts[i].dim == d {
				out = append(out, facts[i].value)
			}
		}
		return out
	}
	return slices.Equal(of(claim.facts), of(p.facts))
}

// kindOfRef is "stk", "nr", "§" and so on: only like is taken for like.
func kindOfRef(value string) string {
	if strings.HasPrefix(value, "§") {
		return "§"
	}
	kind, _, _ := strings.Cut(value, " ")
	return kind
}

// window is how many words on either side of a figure tell what it is about.
const window = 7

// nearness tells how much the words around two figures have in common. A word
// at the same distance counts in full, whatever it is; one of content counts
// anywhere around.
func (p *place) nearness(claim *text, f, g *fact) float64 {
	sum := 0.0
	for i := max(0, f.from-window); i < min(len(claim.words), f.to+window+1); i++ {
		if f.from <= i && i <= f.to {
			continue
		}
		w := &claim.words[i]
		near := 1 / (1 + 0.15*float64(distance(i, f)))
		if j := opposite(i, f, g); j >= 0 && j < len(p.words) && p.words[j].Term == w.Term {
			sum += 0.6 * near
		}
		figure := w.Kind != danish.Word
		if !w.carries() && !figure {
			continue
		}
		best := 0.0
		for j := max(0, g.from-window); j < min(len(p.words), g.to+window+1); j++ {
			if s := &p.words[j]; figure && s.Term == w.Term && (j < g.from || j > g.to) {
				best = max(best, 1/(1+0.15*float64(distance(j, g))))
			} else if !figure && s.carries() {
				best = max(best, likeness(w, s)/(1+0.15*float64(distance(j, g))))
			}
		}
		sum += near * best
	}
	return sum
}

// opposite is the position that lies from g as i lies from f.
func opposite(i int, f, g *fact) int {
	if i < f.from {
		return g.from - (f.from - i)
	}
	return g.to + (i - f.to)
}

func distance(i int, f *fact) int {
	switch {
	case i < f.from:
		return f.from - i
	case i > f.to:
		return i - f.to
	}
	return 0
}
