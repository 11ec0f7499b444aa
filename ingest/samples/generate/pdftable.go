package main

import (
	"bytes"
	"fmt"
)

// table draws rows with rules around the cells; the header stands on grey and
// is repeated at the top of each page that the table reaches.
func (l *layout) table(rows [][]string) {
	cells := make([][][]byte, len(rows))
	for r, row := range rows {
		for _, cell := range row {
			cells[r] = append(cells[r], l.encode(cell))
		}
	}
	widths := columnWidths(cells, pageWidth-2*margin)
	header := newRow(cells[0], widths, bold)
	l.room(header.height + newRow(cells[min(1, len(cells)-1)], widths, regular).height + 4)
	l.y -= 4
	l.row(header, widths, true)
	for _, c := range cells[1:] {
		row := newRow(c, widths, regular)
		if l.y-row.height < bottom {
			l.newPage()
			l.row(header, widths, true)
		}
		l.row(row, widths, false)
	}
	l.y -= 10
}

// tableRow is a row whose cells are broken into lines.
type tableRow struct {
	cells  [][][]byte // by column, then by line
	face   *face
	height float64
}

func newRow(cells [][]byte, widths []float64, f *face) tableRow {
	row := tableRow{face: f}
	lines := 1
	for c, cell := range cells {
		broken := wrap(cell, f, cellSize, widths[c]-2*cellPadding)
		row.cells = append(row.cells, broken)
		lines = max(lines, len(broken))
	}
	row.height = float64(lines)*cellSize*lineSpacing + 2*cellPadding
	return row
}

// row draws one row below l.y and moves l.y to its lower edge.
func (l *layout) row(row tableRow, widths []float64, grey bool) {
	page, x, low := l.page(), margin, l.y-row.height
	for c, lines := range row.cells {
		if grey {
			fmt.Fprintf(page, "0.9 g %.2f %.2f %.2f %.2f re f 0 g\n", x, low, widths[c], row.height)
		}
		fmt.Fprintf(page, "0.5 w %.2f %.2f %.2f %.2f re S\n", x, low, widths[c], row.height)
		for i, line := range lines {
			baseline := l.y - cellPadding - cellSize - float64(i)*cellSize*lineSpacing
			text(page, row.face, cellSize, x+cellPadding, baseline, line)
		}
		x += widths[c]
	}
	l.y = low
}

// columnWidths gives each column at least its longest word and shares what is
// left of the total in proportion to how much wider its longest cell is.
func columnWidths(cells [][][]byte, total float64) []float64 {
	least := make([]float64, len(cells[0]))
	most := make([]float64, len(cells[0]))
	for _, row := range cells {
		for c, cell := range row {
			most[c] = max(most[c], bold.width(cell, cellSize)+2*cellPadding)
			for _, word := range bytes.Fields(cell) {
				least[c] = max(least[c], bold.width(word, cellSize)+2*cellPadding)
			}
		}
	}
	spare, wish := total, 0.0
	for c := range least {
		spare -= least[c]
		wish += most[c] - least[c]
	}
	widths := make([]float64, len(least))
	for c := range widths {
		widths[c] = least[c] + spare*(most[c]-least[c])/max(wish, 1)
	}
	return widths
}
