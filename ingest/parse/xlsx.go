package parse

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// XLSX reads Excel workbooks: every sheet, hidden ones too, so that the policy
// sees all that is in the file. Cells read as Excel shows them in Danish:
// decimal commas, dates, percent, and the zeros that a number format adds.
// Formulas give their stored result. Charts, pictures and macros are left out;
// comments are shown to the policy only.
func XLSX(ctx context.Context, data []byte) (*Document, error) {
	p, err := openPackage("xlsx", data)
	if err != nil {
		return nil, err
	}
	r := xlsxReader{ctx: ctx, officePackage: p}
	if err := r.workbook(p.mainPart("xl/workbook.xml")); err != nil {
		return nil, err
	}
	doc := &Document{MediaType: mediaXLSX, Reader: "xlsx", Title: sheetTitle(r.sheets), Meta: map[string]string{}, Blocks: sheetBlocks(r.sheets), Unshown: r.comments.String()}
	if !hasText(doc.Blocks) {
		return nil, fmt.Errorf("xlsx: %w", ErrNoText)
	}
	title := doc.Title
	p.properties(doc)
	if doc.Title = title; title == "" {
		doc.Title = doc.Meta["core-title"] // a sheet's or a row's name is no title
	}
	return doc, nil
}

type xlsxReader struct {
	*officePackage
	ctx      context.Context
	strings  []string // shared by cells of all sheets
	formats  []cellFormat
	epoch    dateEpoch
	sheets   []sheet
	budget   sheetBudget
	comments strings.Builder
}

func (r *xlsxReader) workbook(name string) error {
	var book struct {
		Props struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	d, err := r.open(name)
	if err != nil {
		return err
	}
	if err := d.Decode(&book); err != nil {
		return r.broken(name, err)
	}
	if v := book.Props.Date1904; v == "1" || v == "true" {
		r.epoch = epoch1904
	}
	targets, err := r.targets(name)
	if err != nil {
		return err
	}
	relations, err := r.relations(name)
	if err != nil {
		return err
	}
	for _, rel := range relations {
		switch {
		case rel.is("sharedStrings"):
			err = r.sharedStrings(rel.Target)
		case rel.is("styles"):
			r.formats, err = r.cellFormats(rel.Target)
		}
		if err != nil {
			return err
		}
	}
	for _, s := range book.Sheets {
		if target := targets[s.ID]; target != "" && !strings.Contains(target, "/chartsheets/") {
			if err := r.sheet(s.Name, target); err != nil {
				return err
			}
		}
	}
	return nil
}

// xlsxText is rich text: runs, without the readings given to Japanese words.
type xlsxText struct {
	Text string `xml:"t"`
	Runs []struct {
		Text string `xml:"t"`
	} `xml:"r"`
}

func (t xlsxText) String() string {
	if len(t.Runs) == 0 {
		return fold(t.Text)
	}
	var b strings.Builder
	b.WriteString(t.Text)
	for _, run := range t.Runs {
		b.WriteString(run.Text)
	}
	return fold(b.String())
}

func (r *xlsxReader) sharedStrings(name string) error {
	return r.each(name, map[string]func(*xml.Decoder, xml.StartElement) error{
		"si": func(d *xml.Decoder, e xml.StartElement) error {
			var t xlsxText
			if err := d.DecodeElement(&t, &e); err != nil {
				return err
			}
			r.strings = append(r.strings, t.String())
			return r.budget.spend(0, 1)
		},
	})
}

// each walks an optional part and hands the elements named to their functions.
func (r *xlsxReader) each(name string, handle map[string]func(*xml.Decoder, xml.StartElement) error) error {
	d, err := r.open(name)
	if errors.Is(err, errNoPart) {
		return nil
	}
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n%10_000 == 0 && r.ctx.Err() != nil {
			return contextError(r.ctx)
		}
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if e, ok := t.(xml.StartElement); ok && err == nil && handle[e.Name.Local] != nil {
			err = handle[e.Name.Local](d, e)
		}
		if err != nil {
			return r.broken(name, err)
		}
	}
}

// commentsOf reads the remarks on a sheet's cells, in the old form and as threads.
func (r *xlsxReader) commentsOf(part string) error {
	relations, err := r.relations(part)
	if err != nil {
		return err
	}
	for _, rel := range relations {
		if !rel.is("comments") && !rel.is("threadedComment") {
			continue
		}
		err := r.each(rel.Target, map[string]func(*xml.Decoder, xml.StartElement) error{
			"t": r.addComment, "text": r.addComment,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *xlsxReader) addComment(d *xml.Decoder, e xml.StartElement) error {
	var t struct {
		Own   string   `xml:",chardata"`
		Plain []string `xml:"t"`
		Runs  []string `xml:"r>t"`
	}
	if err := d.DecodeElement(&t, &e); err != nil {
		return err
	}
	r.comments.WriteString(fold(t.Own + strings.Join(append(t.Plain, t.Runs...), "")))
	r.comments.WriteByte('\n')
	return nil
}

func (r *xlsxReader) sheet(name, part string) error {
	s := xlsxSheet{xlsxReader: r, places: map[int]int{}}
	err := r.each(part, map[string]func(*xml.Decoder, xml.StartElement) error{
		"row": s.row, "c": s.cell, "mergeCell": s.merge,
	})
	if err != nil {
		return err
	}
	r.sheets = append(r.sheets, sheet{name: name, rows: s.rows})
	return r.commentsOf(part)
}
