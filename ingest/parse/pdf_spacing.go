package parse

import (
	"math"
	"slices"
)

// spacing decides where the words of a line end. A gap is a space where the
// file draws one that has room, or where it is clearly wider than the gaps
// between the letters around it, which kerning, letter spacing and
// justification change.
type spacing struct {
	gaps  []float64 // between neighbouring letters without a space drawn between
	base  float64   // their median
	drawn bool      // the file draws spaces itself
	at    int       // how many of gaps were passed
	space float64   // width of the narrowest space since the last letter, +Inf for none
}

const (
	minSpace      = 0.15 // em wider than the letters' gaps, where the file draws no spaces
	minSpaceDrawn = 0.20 // em, where it does: a gap is rarely one then
)

func newSpacing(glyphs []glyph) *spacing {
	s := &spacing{space: math.Inf(1)}
	var prev *glyph
	for i := range glyphs {
		g := &glyphs[i]
		if isBlank(g.text) {
			s.drawn, prev = true, nil
			continue
		}
		if prev != nil {
			s.gaps = append(s.gaps, g.x0-prev.x1)
		}
		prev = g
	}
	s.base = max(0, median(s.gaps))
	return s
}

// blank notes a space that the file draws. Spaces of no width are hints for
// line breaking.
func (s *spacing) blank(g *glyph) {
	if g.text != "\u200b" {
		s.space = min(s.space, g.x1-g.x0)
	}
}

// between tells whether a word ends between two letters.
func (s *spacing) between(prev, g *glyph) bool {
	gap, em := g.x0-prev.x1, max(g.size, prev.size)
	space := s.space
	s.space = math.Inf(1)
	// Spaces without room for them pad a field that the letters fill.
	if !math.IsInf(space, 1) && gap > 0.25*space-0.02*em {
		return true
	}
	at := min(s.at, len(s.gaps))
	s.at++
	if !s.drawn {
		return gap > s.base+minSpace*em
	}
	return gap > s.base+minSpaceDrawn*em &&
		gap > median(s.gaps[max(0, at-5):min(len(s.gaps), at+6)])+minSpaceDrawn*em
}

// median is 0 for less than four values, which say nothing.
func median(values []float64) float64 {
	if len(values) < 4 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
