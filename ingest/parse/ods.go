package parse

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const mediaODS = "application/vnd.oasis.opendocument.spreadsheet"

// ODS reads OpenDocument spreadsheets as XLSX are read: each row is a section
// under its header, cells as they are shown. Comments are shown to the policy
// only.
func ODS(ctx context.Context, data []byte) (*Document, error) {
	p, err := openODF("ods", data)
	if err != nil {
		return nil, err
	}
	d, err := p.open("content.xml")
	if err != nil {
		return nil, err
	}
	r := odsReader{}
	if err := r.read(ctx, d); err != nil {
		return nil, p.broken("content.xml", err)
	}
	doc := &Document{MediaType: mediaODS, Reader: "ods", Title: sheetTitle(r.sheets), Meta: map[string]string{}, Blocks: sheetBlocks(r.sheets), Unshown: r.unshown.String()}
	if !hasText(doc.Blocks) {
		return nil, fmt.Errorf("ods: %w", ErrNoText)
	}
	p.odfProperties(doc)
	return doc, nil
}

// odsReader walks the tables of a spreadsheet.
type odsReader struct {
	sheets  []sheet
	budget  sheetBudget
	unshown strings.Builder

	row     []string
	rows    int // how often the open row is repeated
	cell    strings.Builder
	columns int // how often the open cell is repeated
	inCell  bool
}

func (r *odsReader) read(ctx context.Context, d *xml.Decoder) error {
	for n := 0; ; n++ {
		if n%10_000 == 0 && ctx.Err() != nil {
			return contextError(ctx)
		}
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			err = r.start(d, t)
		case xml.EndElement:
			err = r.end(t.Name.Local)
		case xml.CharData:
			if r.inCell {
				r.cell.Write(t)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (r *odsReader) start(d *xml.Decoder, e xml.StartElement) error {
	switch e.Name.Local {
	case "annotation":
		return skipKeeping(d, &r.unshown)
	case "tracked-changes", "automatic-styles", "shapes", "forms", "dde-links", "database-ranges", "named-expressions":
		return skipKeeping(d, &r.unshown)
	case "table":
		r.sheets = append(r.sheets, sheet{name: xmlAttr(e, "name")})
	case "table-row":
		r.row, r.rows = nil, repeated(e, "number-rows-repeated")
	case "table-cell", "covered-table-cell":
		r.cell.Reset()
		r.columns, r.inCell = repeated(e, "number-columns-repeated"), true
	case "s", "tab", "line-break", "p":
		if r.inCell {
			r.cell.WriteByte(' ')
		}
	}
	return nil
}

func repeated(e xml.StartElement, attr string) int { return max(1, atoi(xmlAttr(e, attr))) }

func (r *odsReader) end(name string) error {
	switch name {
	case "table-cell", "covered-table-cell":
		return r.endCell()
	case "table-row":
		return r.endRow()
	}
	return nil
}

// endCell adds the cell as often as it is repeated. Sheets end in thousands of
// empty cells: those are added when something follows them.
func (r *odsReader) endCell() error {
	r.inCell = false
	text := fold(r.cell.String())
	if len(r.row)+r.columns > maxColumns {
		if text == "" {
			return nil
		}
		r.columns = max(0, maxColumns-len(r.row)) // as XLSX's cells beyond the last column
	}
	if err := r.budget.spend(0, r.columns); err != nil {
		return err
	}
	for range r.columns {
		r.row = append(r.row, text)
	}
	return nil
}

// endRow adds the row as often as it is repeated; a blank one parts two tables
// however long it runs.
func (r *odsReader) endRow() error {
	if len(r.sheets) == 0 {
		return nil
	}
	times := r.rows
	if countFilled(r.row) == 0 {
		r.row, times = nil, 1
	}
	if times > maxRows {
		times = maxRows + 1
	}
	if err := r.budget.spend(times, (times-1)*len(r.row)); err != nil {
		return err
	}
	s := &r.sheets[len(r.sheets)-1]
	for range times {
		s.rows = append(s.rows, r.row)
	}
	return nil
}
