package parse

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxColumns bounds a table's width: what colspan may claim is not evidence.
const maxColumns = 60

// table reads a data table as rows; a table that lays out the page is walked
// as if its cells were paragraphs.
func (w *htmlWalk) table(n *html.Node) {
	w.flush()
	if laysOut(n) {
		w.style = append(w.style, "")
		w.children(n)
		w.flush()
		w.style = w.style[:len(w.style)-1]
		return
	}
	var rows [][]string
	headed := false
	carry := map[int]carried{} // cells that reach down from rows above, by column
	for d := range n.Descendants() {
		switch d.DataAtom {
		case atom.Caption:
			w.children(d)
			w.flush()
		case atom.Tr:
			cells, header := w.row(d, carry)
			if strings.Join(cells, "") == "" {
				continue
			}
			if len(rows) == 0 {
				headed = header
			}
			rows = append(rows, cells)
		}
	}
	w.blocks = append(w.blocks, tableBlocks(rows, headed, "")...)
}

type carried struct {
	text string
	rows int
}

// row reads the cells of one row, spread over the columns they span, and tells
// whether they are all headers or all emphasised.
func (w *htmlWalk) row(tr *html.Node, carry map[int]carried) (cells []string, header bool) {
	header = true
	take := func() {
		for c := carry[len(cells)]; c.rows > 0 && len(cells) < maxColumns; c = carry[len(cells)] {
			carry[len(cells)] = carried{c.text, c.rows - 1}
			cells = append(cells, c.text)
		}
	}
	for td := tr.FirstChild; td != nil; td = td.NextSibling {
		if td.DataAtom != atom.Td && td.DataAtom != atom.Th || skipped(td) {
			continue
		}
		take()
		text, emphasised := w.cell(td)
		header = header && (td.DataAtom == atom.Th || emphasised && text != "")
		down, across := span(td, "rowspan", 500), span(td, "colspan", maxColumns)
		for i := range across {
			if len(cells) >= maxColumns {
				break
			}
			if down > 1 {
				carry[len(cells)] = carried{text, down - 1}
			}
			if i > 0 && td.DataAtom != atom.Th {
				cells = append(cells, "") // said once is enough; a header names each column
			} else {
				cells = append(cells, text)
			}
		}
	}
	take()
	return cells, header && len(cells) > 1
}

// cell returns a cell's text on one line.
func (w *htmlWalk) cell(td *html.Node) (text string, emphasised bool) {
	inner := htmlWalk{meta: w.meta}
	inner.children(td)
	inner.flush()
	emphasised = true
	var b strings.Builder
	for _, block := range inner.blocks {
		emphasised = emphasised && (block.Bold || block.Kind == Heading)
		b.WriteString(block.Text)
		b.WriteByte(' ')
	}
	return strings.TrimSpace(b.String()), emphasised
}

func span(td *html.Node, key string, limit int) int {
	n, err := strconv.Atoi(attr(td, key))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, limit)
}

// laysOut tells a table that arranges the page: it holds other tables or
// headings, has one column, or says so.
func laysOut(table *html.Node) bool {
	if attr(table, "role") == "presentation" {
		return true
	}
	widest := 0
	for d := range table.Descendants() {
		switch {
		case d.DataAtom == atom.Table, headingLevel(d.DataAtom) > 0:
			return true
		case d.DataAtom == atom.Tr:
			cells := 0
			for c := d.FirstChild; c != nil; c = c.NextSibling {
				if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
					cells++
				}
			}
			widest = max(widest, cells)
		}
	}
	return widest < 2
}
