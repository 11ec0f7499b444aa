package gaps

import (
	"slices"
	"sort"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// actContext knows which acts a text names, and where.
type actContext struct {
	inSection map[string][]named // section → the acts named in it, in order
	main      []string           // of the whole text, the most named first
}

func newActContext(t *Text) *actContext {
	c := &actContext{inSection: map[string][]named{}}
	counts := map[string]int{}
	for _, n := range actNames(t.Title) {
		counts[n.family] += 3
	}
	for i := range t.Sections {
		s := &t.Sections[i]
		list := actNames(s.Text)
		for _, ref := range citation.Parse(s.Text) {
			if ref.Act != "" {
				list = append(list, named{ref.Start, ref.End, ref.Act})
				counts[ref.Act]++
			}
		}
		sort.SliceStable(list, func(a, b int) bool { return list[a].start < list[b].start })
		c.inSection[s.ID] = list
		for _, n := range list {
			counts[n.family]++
		}
		for _, n := range actNames(s.Heading) {
			counts[n.family]++
		}
	}
	for family := range counts {
		c.main = append(c.main, family)
	}
	sort.Slice(c.main, func(a, b int) bool {
		if counts[c.main[a]] != counts[c.main[b]] {
			return counts[c.main[a]] > counts[c.main[b]]
		}
		return c.main[a] < c.main[b]
	})
	return c
}

// before lists the acts that a § alone at a position of a section may mean: the
// ones named before it in the section, the nearest first, then those named
// behind it, then the text's own by how often they are named.
func (c *actContext) before(s *corpus.Section, at int) []string {
	var out []string
	add := func(family string) {
		if !slices.Contains(out, family) {
			out = append(out, family)
		}
	}
	list := c.inSection[s.ID]
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].start < at {
			add(list[i].family)
		}
	}
	for _, n := range actNames(s.Heading) {
		add(n.family)
	}
	for _, family := range c.main {
		add(family)
	}
	return out
}
