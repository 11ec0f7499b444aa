package parse

import (
	"math"
	"slices"
	"sort"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// segment is a piece of a line without a wide gap in it.
type segment struct {
	text         string
	x0, x1, y    float64 // in the turned coordinates of dir
	size         float64
	bold, italic bool // all of it
	startBold    bool // its first word
	startItalic  bool
	dir          uint8
}

// textLine is a line of a column: one segment, or several with wide gaps.
type textLine struct {
	segment             // of the whole line
	parts   []segment   // left to right
	page    int         // from 0
	region  *textRegion // the column it stands in
}

// textRegion is a column, or the whole width of a page.
type textRegion struct {
	left, right float64
	column      bool // one of several side by side
}

const (
	wideGap  = 1.6  // em: more is a gap between columns or cells, not between words
	rowShift = 0.25 // em: baselines closer than this are one line
)

// pageLines turns a page's glyphs into lines in reading order.
func pageLines(p *pageGlyphs, number int) []textLine {
	var lines []textLine
	for dir := range uint8(4) {
		var glyphs []glyph
		for _, g := range p.glyphs {
			if g.dir == dir {
				glyphs = append(glyphs, g)
			}
		}
		var segments []segment
		for _, row := range glyphRows(glyphs) {
			segments = append(segments, splitRow(row)...)
		}
		for _, area := range columns(segments, 0) {
			lines = append(lines, regionLines(area, number)...)
		}
	}
	return lines
}

// glyphRow is the glyphs that share a baseline.
type glyphRow struct {
	y, size float64
	glyphs  []glyph
}

// glyphRows groups glyphs by baseline, from top to bottom. Raised and lowered
// small print joins the row it belongs to.
func glyphRows(glyphs []glyph) []glyphRow {
	sorted := slices.Clone(glyphs)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].y < sorted[j].y })
	var rows []glyphRow
	for _, g := range sorted {
		if n := len(rows); n > 0 && g.y-rows[n-1].y <= rowShift*min(g.size, rows[n-1].size) {
			rows[n-1].glyphs = append(rows[n-1].glyphs, g)
			continue
		}
		rows = append(rows, glyphRow{y: g.y, size: g.size, glyphs: []glyph{g}})
	}
	for i := range rows {
		for _, g := range rows[i].glyphs {
			rows[i].size = max(rows[i].size, g.size)
		}
	}
	rows = joinScripts(rows)
	for _, r := range rows {
		sort.SliceStable(r.glyphs, func(i, j int) bool { return r.glyphs[i].x0 < r.glyphs[j].x0 })
	}
	return rows
}

// joinScripts moves rows of superscripts and subscripts into their lines.
func joinScripts(rows []glyphRow) []glyphRow {
	out := rows[:0:0]
	for i, r := range rows {
		if i+1 < len(rows) && isScript(r, rows[i+1], rows[i+1].y-r.y, 0.6) {
			rows[i+1].glyphs = append(rows[i+1].glyphs, r.glyphs...)
			continue
		}
		if n := len(out); n > 0 && isScript(r, out[n-1], r.y-out[n-1].y, 0.35) {
			out[n-1].glyphs = append(out[n-1].glyphs, r.glyphs...)
			continue
		}
		out = append(out, r)
	}
	return out
}

// isScript tells whether every glyph of small stands close beside one of base.
func isScript(small, base glyphRow, shift, limit float64) bool {
	if small.size > 0.85*base.size || shift > limit*base.size || len(small.glyphs) > 40 {
		return false
	}
	for _, g := range small.glyphs {
		near := slices.ContainsFunc(base.glyphs, func(b glyph) bool {
			return g.x0 < b.x1+2*base.size && g.x1 > b.x0-base.size
		})
		if !near {
			return false
		}
	}
	return true
}

// splitRow cuts a row at its wide gaps.
func splitRow(r glyphRow) []segment {
	var out []segment
	start, last := 0, -1 // last is the rightmost glyph so far that is not a space
	for i, g := range r.glyphs {
		if isBlank(g.text) {
			continue
		}
		if last >= 0 && g.x0-r.glyphs[last].x1 > wideGap*max(g.size, r.glyphs[last].size) {
			out = append(out, newSegment(r.glyphs[start:i]))
			start = i
		}
		if last < 0 || g.x1 >= r.glyphs[last].x1 || start == i {
			last = i
		}
	}
	if last >= 0 {
		out = append(out, newSegment(r.glyphs[start:]))
	}
	return slices.DeleteFunc(out, func(s segment) bool { return s.text == "" })
}

func isBlank(s string) bool { return strings.TrimSpace(strings.ReplaceAll(s, "\u200b", "")) == "" }

// newSegment makes text of glyphs that are sorted by x. A gap is a space where
// the file draws one, or where it is clearly wider than the gaps between the
// letters of this segment, which letter spacing and justification widen.
func newSegment(glyphs []glyph) segment {
	s := segment{x0: math.Inf(1), x1: math.Inf(-1), dir: glyphs[0].dir}
	base, spaces := letterGap(glyphs)
	limit := 0.15
	if spaces {
		limit = 0.2
	}
	var b strings.Builder
	var prev *glyph
	blank := false
	bold, italic, letters := 0, 0, 0
	for i := range glyphs {
		g := &glyphs[i]
		if isBlank(g.text) {
			blank = blank || prev != nil && g.text != "\u200b"
			continue
		}
		if prev != nil && g.text == prev.text && g.x0-prev.x0 < 0.1*g.size && g.x1 > g.x0 {
			continue // drawn twice to look bold
		}
		if prev != nil && (blank || g.x0-prev.x1 > base+limit*max(g.size, prev.size)) {
			b.WriteByte(' ')
		}
		b.WriteString(g.text)
		if letters == 0 {
			s.startBold, s.startItalic = g.bold, g.italic
		}
		letters++
		bold, italic = bold+count(g.bold), italic+count(g.italic)
		if g.size > s.size {
			s.size, s.y = g.size, g.y
		}
		s.x0, s.x1 = min(s.x0, g.x0), max(s.x1, g.x1)
		prev, blank = g, false
	}
	s.bold, s.italic = letters > 0 && bold == letters, letters > 0 && italic == letters
	s.text = cleanText(b.String())
	return s
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// letterGap returns the median gap between neighbouring letters, and whether
// the file draws spaces itself.
func letterGap(glyphs []glyph) (gap float64, spaces bool) {
	var gaps []float64
	var prev *glyph
	for i := range glyphs {
		g := &glyphs[i]
		if isBlank(g.text) {
			spaces, prev = true, nil
			continue
		}
		if prev != nil {
			gaps = append(gaps, g.x0-prev.x1)
		}
		prev = g
	}
	if len(gaps) < 4 {
		return 0, spaces
	}
	slices.Sort(gaps)
	return max(0, gaps[len(gaps)/2]), spaces
}

var textCleaner = strings.NewReplacer(
	"\ufb00", "ff", "\ufb01", "fi", "\ufb02", "fl", "\ufb03", "ffi", "\ufb04", "ffl", "\ufb05", "st", "\ufb06", "st",
	"\u00a0", " ", "\u2002", " ", "\u2003", " ", "\u2009", " ", "\u202f", " ", "\u2011", "-", "\ufeff", "",
	"\uf0b7", "•", "\uf0a7", "•", "\uf0d8", "•", "\uf0fc", "•", "\uf02d", "-",
)

// cleanText composes accents, undoes typographic ligatures, and drops control
// characters.
func cleanText(s string) string {
	s = textCleaner.Replace(norm.NFC.String(s))
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
