package parse

import (
	"encoding/xml"
	"strings"
)

// docxTable gathers the rows of one table.
type docxTable struct {
	depth  int // paragraphs open around it: more than none in a text box
	rows   []docxRow
	row    *docxRow
	cell   *docxCell
	headed bool // the first row is marked to be repeated on each page
}

type docxRow struct{ cells []docxCell }

type docxCell struct {
	blocks []Block
	span   int
	merged bool // carries on the cell above
}

func (r *docxReader) table() *docxTable {
	if len(r.tables) == 0 {
		return nil
	}
	return r.tables[len(r.tables)-1]
}

// start handles an element between the paragraphs of a table.
func (t *docxTable) start(d *xml.Decoder, e xml.StartElement) error {
	switch e.Name.Local {
	case "tr":
		t.row = &docxRow{}
	case "tc":
		t.cell = &docxCell{span: 1}
	case "trPr":
		var props struct {
			Header *value `xml:"tblHeader"`
		}
		if err := d.DecodeElement(&props, &e); err != nil {
			return err
		}
		t.headed = t.headed || len(t.rows) == 0 && on(props.Header)
	case "tcPr":
		var props struct {
			Span  value  `xml:"gridSpan"`
			Merge *value `xml:"vMerge"`
		}
		if err := d.DecodeElement(&props, &e); err != nil {
			return err
		}
		if t.cell != nil {
			t.cell.span = min(max(1, atoi(props.Span.Val)), maxColumns)
			t.cell.merged = props.Merge != nil && props.Merge.Val != "restart"
		}
	}
	return nil
}

func (t *docxTable) end(name string) {
	switch {
	case name == "tc" && t.cell != nil:
		if t.row != nil && len(t.row.cells) < maxColumns {
			t.row.cells = append(t.row.cells, *t.cell)
		}
		t.cell = nil
	case name == "tr" && t.row != nil:
		t.rows = append(t.rows, *t.row)
		t.row = nil
	}
}

func (t *docxTable) add(blocks []Block) {
	if t.cell != nil {
		t.cell.blocks = append(t.cell.blocks, blocks...)
	}
}

// blocks renders the table: as rows, or where it only arranges the page (one
// column, or cells that hold headings or pages of text) as what its cells hold.
func (t *docxTable) blocks() []Block {
	if t.laysOut() {
		var out []Block
		for _, row := range t.rows {
			for _, c := range row.cells {
				out = append(out, c.blocks...)
			}
		}
		return out
	}
	var rows [][]string
	bold := len(t.rows) > 1
	for i, row := range t.rows {
		var cells []string
		for _, c := range row.cells {
			text := c.text()
			if column := len(cells); c.merged && i > 0 && column < len(rows[i-1]) {
				text = rows[i-1][column]
			}
			bold = bold && (i > 0 || c.bold())
			cells = append(cells, text)
			for n := 1; n < c.span && len(cells) < maxColumns; n++ {
				if i > 0 {
					text = "" // said once is enough; a header names each column
				}
				cells = append(cells, text)
			}
		}
		rows = append(rows, cells)
	}
	return tableBlocks(rows, t.headed || bold, "")
}

// laysOut tells a frame or a form's layout from a table of data. The bound, in
// bytes, is about the longest cell that still reads well on one line.
func (t *docxTable) laysOut() bool {
	const longest = 800
	widest := 0
	for _, row := range t.rows {
		widest = max(widest, len(row.cells))
		for _, c := range row.cells {
			if len(c.blocks) > 3 && len(c.text()) > longest {
				return true
			}
			for _, b := range c.blocks {
				if b.Kind == Heading {
					return true
				}
			}
		}
	}
	return widest < 2
}

func (c docxCell) text() string {
	parts := make([]string, 0, len(c.blocks))
	for _, b := range c.blocks {
		parts = append(parts, b.Text)
	}
	return strings.Join(parts, " ")
}

// bold tells whether the cell looks like a header's: emphasised, or empty.
func (c docxCell) bold() bool {
	for _, b := range c.blocks {
		if !b.Bold {
			return false
		}
	}
	return true
}
