package parse

import "encoding/xml"

// odtTable gathers the rows of one table, in the shape that DOCX's have.
type odtTable struct{ docxTable }

func (r *odtReader) startTable(e xml.StartElement) {
	n := len(r.tables)
	switch e.Name.Local {
	case "table":
		r.tables = append(r.tables, &odtTable{})
		return
	case "table-header-rows", "table-row", "table-cell", "covered-table-cell":
		if n == 0 {
			return
		}
	default:
		return
	}
	t := r.tables[n-1]
	switch e.Name.Local {
	case "table-header-rows":
		t.headed = t.headed || len(t.rows) == 0
	case "table-row":
		t.row = &docxRow{}
	case "table-cell":
		t.cell = &docxCell{span: min(max(1, atoi(xmlAttr(e, "number-columns-spanned"))), maxColumns)}
		if repeated := atoi(xmlAttr(e, "number-columns-repeated")); repeated > 1 && t.row != nil {
			for range min(repeated-1, maxColumns) { // empty ones before the cell itself
				t.row.cells = append(t.row.cells, docxCell{span: 1})
			}
		}
	case "covered-table-cell":
		// Right of a spanning cell, whose span counts it, or below one.
		if t.row != nil && !t.row.spansOn() {
			t.row.cells = append(t.row.cells, docxCell{span: 1, merged: true})
		}
	}
}

// spansOn tells whether the last cell's span has room for a covered cell.
func (row *docxRow) spansOn() bool {
	return len(row.cells) > 0 && row.cells[len(row.cells)-1].span > 1
}

func (r *odtReader) endTable(name string) {
	n := len(r.tables)
	if n == 0 {
		return
	}
	t := r.tables[n-1]
	switch name {
	case "table-cell":
		t.end("tc")
	case "table-row":
		t.end("tr")
	case "table":
		r.tables = r.tables[:n-1]
		blocks := t.blocks()
		if len(r.paras) > 0 && len(r.tables) == 0 { // in a frame within a paragraph
			r.after = append(r.after, blocks...)
			return
		}
		r.emit(blocks...)
	}
}
