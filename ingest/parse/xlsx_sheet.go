package parse

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// xlsxSheet gathers the rows of one sheet.
type xlsxSheet struct {
	*xlsxReader
	rows   [][]string
	places map[int]int // number of a row in the sheet, from 0 → its place in rows
}

// row opens a row at its place, for empty rows may be left out of the file.
// Many in succession part tables no better than a few do.
func (s *xlsxSheet) row(_ *xml.Decoder, e xml.StartElement) error {
	const widest = 100
	number := atoi(xmlAttr(e, "r")) - 1
	if number < 0 {
		number = len(s.rows)
	}
	gap := max(0, min(widest, number-len(s.rows)))
	if err := s.budget.spend(1+gap, 0); err != nil {
		return err
	}
	for range gap {
		s.rows = append(s.rows, nil)
	}
	s.places[number] = len(s.rows)
	s.rows = append(s.rows, nil)
	return nil
}

type xlsxCell struct {
	At     string   `xml:"r,attr"`
	Type   string   `xml:"t,attr"`
	Format int      `xml:"s,attr"`
	Value  string   `xml:"v"`
	Inline xlsxText `xml:"is"`
}

// cell adds a cell to the open row, at its place.
func (s *xlsxSheet) cell(d *xml.Decoder, e xml.StartElement) error {
	var c xlsxCell
	if err := d.DecodeElement(&c, &e); err != nil {
		return err
	}
	text := s.text(c)
	if text == "" || len(s.rows) == 0 {
		return nil
	}
	cells := s.rows[len(s.rows)-1]
	column := len(cells)
	if c.At != "" {
		column, _ = cellPlace(c.At)
	}
	if column < len(cells) || column >= maxSheetColumns {
		return nil
	}
	if err := s.budget.spend(0, column+1-len(cells)); err != nil {
		return err
	}
	for len(cells) < column {
		cells = append(cells, "")
	}
	s.rows[len(s.rows)-1] = append(cells, text)
	return nil
}

// maxSheetColumns bounds the columns that are read of a sheet.
const maxSheetColumns = 500

func (s *xlsxSheet) text(c xlsxCell) string {
	switch c.Type {
	case "s":
		if n, err := strconv.Atoi(strings.TrimSpace(c.Value)); err == nil && n >= 0 && n < len(s.strings) {
			return s.strings[n]
		}
		return ""
	case "inlineStr":
		return c.Inline.String()
	case "str", "d":
		return fold(c.Value)
	case "b":
		if strings.TrimSpace(c.Value) == "1" {
			return "sand"
		}
		return "falsk"
	case "e": // #REF! and the like
		return ""
	}
	var format cellFormat
	if c.Format >= 0 && c.Format < len(s.formats) {
		format = s.formats[c.Format]
	}
	return format.text(strings.TrimSpace(c.Value), s.epoch)
}

// merge repeats the text of cells merged downwards in each row, as a reader of
// the printed sheet would take it.
func (s *xlsxSheet) merge(_ *xml.Decoder, e xml.StartElement) error {
	const longest = 200 // rows: what a reader still sees as one cell
	from, to, _ := strings.Cut(xmlAttr(e, "ref"), ":")
	column, top := cellPlace(from)
	right, bottom := cellPlace(to)
	first, ok := s.places[top]
	if !ok || right != column || column >= len(s.rows[first]) {
		return nil
	}
	for n := top + 1; n <= min(bottom, top+longest); n++ {
		place, ok := s.places[n]
		if !ok {
			continue
		}
		for column >= len(s.rows[place]) && len(s.rows[place]) > 0 {
			s.rows[place] = append(s.rows[place], "")
		}
		if column < len(s.rows[place]) && s.rows[place][column] == "" {
			s.rows[place][column] = s.rows[first][column]
		}
	}
	return nil
}

// cellPlace reads "B12" as column 1 and row 11.
func cellPlace(ref string) (column, row int) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && i < 4; i++ {
		column = column*26 + int(ref[i]-'A') + 1
	}
	return max(0, column-1), max(0, atoi(ref[i:])-1)
}
