package parse

import (
	"math"
	"sort"
	"strings"
)

// tableRow is one row of a table, and the lines it was made of.
type tableRow struct {
	cells []string
	bold  bool
	lines []textLine
}

// table is a run of lines whose parts stand in the same columns.
type table struct {
	rows []tableRow
	end  int // index of the line after the last
}

// findTable looks for a table that begins at lines[at]. It is found only where
// it is reliable: at least three lines with parts side by side, every part in
// exactly one column, and each column used by at least half of them.
func findTable(lines []textLine, at int) (table, bool) {
	if len(lines[at].parts) < 2 {
		return table{}, false
	}
	end, multi := at, 0
	var spans [][2]float64
	for end < len(lines) {
		l := lines[end]
		if l.region != lines[at].region || l.dir != lines[at].dir || end > at && l.y-lines[end-1].y > 3.5*l.size {
			break
		}
		next := mergeSpans(spans, l.parts)
		if end > at && len(l.parts) < 2 && (len(next) < len(spans) || l.x0 < lines[at].x0-1 || len(next) > len(spans) || len(next) < 2) {
			break
		}
		if len(next) < 2 || len(spans) > 0 && len(next) < len(spans) && multi >= 3 {
			break
		}
		spans = next
		if len(l.parts) >= 2 {
			multi++
		}
		end++
	}
	for end > at && len(lines[end-1].parts) < 2 && !continuesCell(lines, end-1, spans) {
		end--
	}
	if multi < 3 || !columnsUsed(lines[at:end], spans, multi) {
		return table{}, false
	}
	return table{rows: tableRows(lines[at:end], spans), end: end}, true
}

// continuesCell tells whether a line of one part carries on a cell above it.
func continuesCell(lines []textLine, i int, spans [][2]float64) bool {
	return lines[i].y-lines[i-1].y < 1.35*lines[i].size && spanOf(spans, lines[i].segment) > 0
}

// mergeSpans widens the columns by the parts of one line.
func mergeSpans(spans [][2]float64, parts []segment) [][2]float64 {
	all := append([][2]float64(nil), spans...)
	for _, p := range parts {
		all = append(all, [2]float64{p.x0, p.x1})
	}
	sort.Slice(all, func(i, j int) bool { return all[i][0] < all[j][0] })
	out := all[:1]
	for _, s := range all[1:] {
		if last := &out[len(out)-1]; s[0] <= last[1] {
			last[1] = max(last[1], s[1])
		} else {
			out = append(out, s)
		}
	}
	return out
}

func spanOf(spans [][2]float64, s segment) int {
	for i, span := range spans {
		if s.x0 >= span[0]-0.1 && s.x1 <= span[1]+0.1 {
			return i
		}
	}
	return 0
}

func columnsUsed(lines []textLine, spans [][2]float64, multi int) bool {
	if len(spans) < 2 {
		return false
	}
	used := make([]int, len(spans))
	for _, l := range lines {
		for _, p := range l.parts {
			used[spanOf(spans, p)]++
		}
	}
	for _, n := range used {
		if 2*n < multi {
			return false
		}
	}
	return true
}

// tableRows puts the lines into rows. A line without a first cell, and close
// below, carries on the row above it.
func tableRows(lines []textLine, spans [][2]float64) []tableRow {
	tight := math.Inf(1)
	for i := 1; i < len(lines); i++ {
		tight = min(tight, lines[i].y-lines[i-1].y)
	}
	var rows []tableRow
	for i, l := range lines {
		if i == 0 || spanOf(spans, l.parts[0]) == 0 || l.y-lines[i-1].y > 1.5*tight {
			rows = append(rows, tableRow{cells: make([]string, len(spans)), bold: true})
		}
		r := &rows[len(rows)-1]
		r.bold = r.bold && l.bold
		r.lines = append(r.lines, l)
		for _, p := range l.parts {
			cell := &r.cells[spanOf(spans, p)]
			if *cell == "" {
				*cell = p.text
			} else {
				*cell = joinLines(*cell, p.text, false)
			}
		}
	}
	return rows
}

// blocks gives a table's rows as blocks: "header: cell; header: cell" where the
// first row alone is bold, else "cell; cell".
func (t table) blocks(page func(int) *pageGlyphs) []Block {
	var header []string
	rows := t.rows
	if len(rows) > 1 && rows[0].bold && !rows[1].bold {
		header = rows[0].cells
	}
	var out []Block
	for i, r := range rows {
		var cells []string
		for c, cell := range r.cells {
			switch {
			case cell == "":
			case header != nil && i > 0 && header[c] != "":
				cells = append(cells, strings.TrimSuffix(header[c], ":")+": "+cell)
			default:
				cells = append(cells, cell)
			}
		}
		b := Block{Kind: TableRow, Text: tidyHyphens.Replace(strings.Join(cells, "; ")), Bold: r.bold}
		for _, l := range r.lines {
			b.Lines = append(b.Lines, l.box(page(l.page), 0, len(b.Text)))
		}
		out = append(out, b)
	}
	return out
}

// box gives the line's place on its page, for the bytes [start, end) of a block.
func (l *textLine) box(p *pageGlyphs, start, end int) Line {
	x0, y0 := p.unturn(l.x0, l.y-0.8*l.size, l.dir)
	x1, y1 := p.unturn(l.x1, l.y+0.25*l.size, l.dir)
	frac := func(v, whole float64) float64 { return min(1, max(0, v/whole)) }
	return Line{Start: start, End: end, Page: l.page + 1,
		X0: frac(min(x0, x1), p.width), Y0: frac(min(y0, y1), p.height),
		X1: frac(max(x0, x1), p.width), Y1: frac(max(y0, y1), p.height)}
}
