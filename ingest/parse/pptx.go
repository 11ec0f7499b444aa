package parse

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const mediaPPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

// PPTX reads PowerPoint presentations: each slide's title becomes a heading,
// its text list items and paragraphs, its tables rows; the speaker's notes
// follow their slide. Hidden slides are read too, so that the policy sees all
// text; comments are shown to the policy only. Pictures, charts and drawings are
// left out.
func PPTX(ctx context.Context, data []byte) (*Document, error) {
	p, err := openPackage("pptx", data)
	if err != nil {
		return nil, err
	}
	main := p.mainPart("ppt/presentation.xml")
	var show struct {
		Slides []struct {
			ID string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sldIdLst>sldId"`
	}
	if p.files[main] == nil {
		return nil, fmt.Errorf("pptx: %s: %w: %w", main, ErrDamaged, errNoPart)
	}
	if err := p.decode(main, &show); err != nil {
		return nil, err
	}
	targets, err := p.targets(main)
	if err != nil {
		return nil, err
	}
	r := pptxReader{ctx: ctx, officePackage: p}
	for i, s := range show.Slides {
		if err := r.slide(targets[s.ID], i+1); err != nil {
			return nil, err
		}
	}
	doc := &Document{MediaType: mediaPPTX, Reader: "pptx", Meta: map[string]string{}, Blocks: r.blocks, Unshown: r.comments.String()}
	if !hasText(r.blocks) {
		return nil, fmt.Errorf("pptx: %w", ErrNoText)
	}
	p.properties(doc)
	return doc, nil
}

// targets maps the ids of a part's relations to part names.
func (p *officePackage) targets(of string) (map[string]string, error) {
	list, err := p.relations(of)
	out := map[string]string{}
	for _, r := range list {
		out[r.ID] = r.Target
	}
	return out, err
}

type pptxReader struct {
	*officePackage
	ctx      context.Context
	blocks   []Block
	comments strings.Builder
}

// slide reads slide n with its notes. A slide that the list names and the file
// lacks is passed over, as PowerPoint does after a repair.
func (r *pptxReader) slide(part string, n int) error {
	s := pptxShapes{}
	if err := r.shapes(part, &s); err != nil {
		return err
	}
	relations, err := r.relations(part)
	if err != nil {
		return err
	}
	notes := pptxShapes{notes: true}
	for _, rel := range relations {
		if rel.is("notesSlide") {
			if err := r.shapes(rel.Target, &notes); err != nil {
				return err
			}
		}
	}
	if err := r.relatedText(r.ctx, part, &r.comments, "comments"); err != nil {
		return err
	}
	if len(s.title)+len(s.blocks)+len(notes.blocks) == 0 {
		return nil
	}
	title := fold(s.title)
	if title == "" {
		title = "Dias " + strconv.Itoa(n)
	}
	r.blocks = append(r.blocks, Block{Kind: Heading, Level: 1, Text: title})
	r.blocks = append(r.blocks, s.blocks...)
	for i, b := range notes.blocks {
		if i == 0 {
			b.Text = "Noter: " + b.Text
		}
		r.blocks = append(r.blocks, b)
	}
	return nil
}

// shapes walks the text of one slide's or notes page's shapes.
func (r *pptxReader) shapes(part string, s *pptxShapes) error {
	d, err := r.open(part)
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
		if err == nil {
			err = s.token(d, t)
		}
		if err != nil {
			return r.broken(part, err)
		}
	}
}

// pptxShapes gathers the blocks of one slide.
type pptxShapes struct {
	notes  bool // a notes page: only its body counts
	title  string
	blocks []Block

	holder string // what the shape's placeholder is for: title, body, dt, ftr …; "-" for none
	level  int    // of the paragraph, from 0
	plain  bool   // the paragraph is marked as no list item
	inText bool
	text   strings.Builder
	table  *docxTable
}

func (s *pptxShapes) token(d *xml.Decoder, t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		s.start(t)
		if s.table != nil && (t.Name.Local == "tr" || t.Name.Local == "tc") {
			return s.table.start(d, t)
		}
	case xml.EndElement:
		s.end(t.Name.Local)
	case xml.CharData:
		if s.inText {
			s.text.Write(t)
		}
	}
	return nil
}

func (s *pptxShapes) start(e xml.StartElement) {
	switch e.Name.Local {
	case "sp", "graphicFrame":
		s.holder = "-"
	case "ph":
		if s.holder = xmlAttr(e, "type"); s.holder == "" {
			s.holder = "body"
		}
	case "tbl":
		s.table = &docxTable{}
	case "tblPr":
		if s.table != nil {
			s.table.headed = xmlAttr(e, "firstRow") == "1"
		}
	case "p":
		s.level, s.plain = 0, false
		s.text.Reset()
	case "pPr":
		s.level = min(8, atoi(xmlAttr(e, "lvl")))
	case "buNone":
		s.plain = true
	case "t":
		s.inText = true
	case "br", "tab":
		s.text.WriteByte(' ')
	}
}

func (s *pptxShapes) end(name string) {
	switch name {
	case "t":
		s.inText = false
	case "p":
		s.paragraph(fold(s.text.String()))
		s.text.Reset()
	case "tc", "tr":
		if s.table != nil {
			s.table.end(name)
		}
	case "tbl":
		if s.table != nil {
			s.blocks = append(s.blocks, s.table.blocks()...)
			s.table = nil
		}
	}
}

func (s *pptxShapes) paragraph(text string) {
	b := Block{Kind: Paragraph, Text: text}
	switch {
	case text == "":
		return
	case s.table != nil:
		s.table.add([]Block{b})
		return
	case s.notes:
		if s.holder != "body" {
			return // the slide's picture, its number, the date
		}
	case s.holder == "title" || s.holder == "ctrTitle":
		s.title += " " + text
		return
	case s.holder == "dt" || s.holder == "ftr" || s.holder == "sldNum" || s.holder == "hdr":
		return
	case s.holder == "body" && !s.plain:
		b = Block{Kind: ListItem, Level: s.level + 1, Text: "• " + text}
	}
	s.blocks = append(s.blocks, b)
}
