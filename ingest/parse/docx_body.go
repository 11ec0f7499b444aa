package parse

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// docxReader walks the tokens of a text part. Paragraphs nest, because text
// boxes stand inside the runs of others; so do tables.
type docxReader struct {
	ctx       context.Context
	styles    map[string]docxStyle
	numbering *docxNumbering
	notes     map[string]string // text by kind and id: "footnote 2"
	noteKind  string            // set while the notes themselves are read
	noteID    string

	blocks []Block
	title  string // of the paragraph in the style Title
	noted  int    // notes printed so far
	paras  []*docxParagraph
	tables []*docxTable
	after  []Block // of text boxes, which follow the paragraph they hang on
	carry  string  // text of a paragraph whose end was deleted

	unshown strings.Builder // deleted and hidden text, and later that of other parts
}

type docxParagraph struct {
	props    docxProperties
	text     strings.Builder
	plain    bool // some text is neither bold nor italic
	markGone bool // the paragraph mark is deleted: it runs into the next
	notes    []string

	inText       bool
	strong, gone bool // of the open run: emphasised; hidden
}

// read walks the part to its end.
func (r *docxReader) read(d *xml.Decoder) error {
	for n := 0; ; n++ {
		if n%10_000 == 0 && r.ctx.Err() != nil {
			return contextError(r.ctx)
		}
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = r.token(d, t)
		}
		if errors.Is(err, ErrTooLarge) {
			return fmt.Errorf("docx: %w", err)
		}
		if err != nil {
			return fmt.Errorf("docx: %w: %w", ErrDamaged, err)
		}
	}
}

func (r *docxReader) token(d *xml.Decoder, t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return r.start(d, t)
	case xml.EndElement:
		r.end(t.Name.Local)
	case xml.CharData:
		if p := r.paragraph(); p != nil && p.inText && p.gone {
			r.unshown.Write(t)
		} else if p != nil && p.inText {
			p.write(string(t))
		}
	}
	return nil
}

func (r *docxReader) paragraph() *docxParagraph {
	if len(r.paras) == 0 {
		return nil
	}
	return r.paras[len(r.paras)-1]
}

func (p *docxParagraph) write(s string) {
	if !p.strong && strings.TrimSpace(s) != "" {
		p.plain = true
	}
	p.text.WriteString(s)
}

func (r *docxReader) start(d *xml.Decoder, e xml.StartElement) error {
	switch e.Name.Local {
	case "del", "moveFrom":
		return skipKeeping(d, &r.unshown)
	case "Fallback", "sectPr", "pPrChange", "rPrChange", "tblPrChange", "trPrChange", "tcPrChange":
		return d.Skip() // text given twice, and former properties
	case "footnote", "endnote":
		r.noteID = xmlAttr(e, "id")
	case "p":
		r.paras = append(r.paras, &docxParagraph{})
		r.paragraph().text.WriteString(r.carry)
		r.carry = ""
	case "tbl":
		r.tables = append(r.tables, &docxTable{depth: len(r.paras)})
	}
	if p := r.paragraph(); p != nil {
		return r.inParagraph(d, e, p)
	}
	if t := r.table(); t != nil {
		return t.start(d, e)
	}
	return nil
}

func (r *docxReader) inParagraph(d *xml.Decoder, e xml.StartElement, p *docxParagraph) error {
	if t := r.table(); t != nil && len(r.paras) == t.depth {
		return t.start(d, e) // a table in a text box, between its own paragraphs
	}
	switch e.Name.Local {
	case "pPr":
		var props struct {
			docxProperties
			Mark struct {
				Deleted *struct{} `xml:"del"`
			} `xml:"rPr"`
		}
		if err := d.DecodeElement(&props, &e); err != nil {
			return err
		}
		p.props, p.markGone = props.docxProperties, props.Mark.Deleted != nil
	case "rPr":
		var props struct {
			B      *value `xml:"b"`
			I      *value `xml:"i"`
			Vanish *value `xml:"vanish"`
		}
		if err := d.DecodeElement(&props, &e); err != nil {
			return err
		}
		p.strong, p.gone = on(props.B) || on(props.I), on(props.Vanish)
	case "r":
		p.strong, p.gone = false, false
	case "t":
		p.inText = true
	case "tab", "br", "cr", "ptab":
		p.text.WriteByte(' ')
	case "noBreakHyphen":
		p.write("-")
	case "footnoteReference", "endnoteReference":
		if !p.gone {
			p.notes = append(p.notes, strings.TrimSuffix(e.Name.Local, "Reference")+" "+xmlAttr(e, "id"))
		}
	}
	return nil
}

func (r *docxReader) end(name string) {
	switch name {
	case "t":
		if p := r.paragraph(); p != nil {
			p.inText = false
		}
	case "p":
		r.endParagraph()
	case "tc", "tr":
		if t := r.table(); t != nil && len(r.paras) == t.depth {
			t.end(name)
		}
	case "tbl":
		if n := len(r.tables); n > 0 && r.tables[n-1].depth == len(r.paras) {
			t := r.tables[n-1]
			r.tables = r.tables[:n-1]
			r.emit(t.blocks()...)
		}
	}
}

func (r *docxReader) endParagraph() {
	p := r.paragraph()
	if p == nil {
		return
	}
	r.paras = r.paras[:len(r.paras)-1]
	if p.markGone {
		r.carry += p.text.String()
		return
	}
	text := fold(p.text.String())
	if r.noteKind != "" {
		key := r.noteKind + " " + r.noteID
		r.notes[key] = fold(r.notes[key] + " " + text)
		return
	}
	blocks := r.block(p, text)
	if len(r.paras) > 0 && r.table() == nil {
		r.after = append(r.after, blocks...)
		return
	}
	r.emit(blocks...)
	if len(r.paras) == 0 {
		r.emit(r.after...)
		r.after = nil
	}
}

// emit hands blocks to the cell they stand in, or to the document.
func (r *docxReader) emit(blocks ...Block) {
	if t := r.table(); t != nil {
		t.add(blocks)
		return
	}
	r.blocks = append(r.blocks, blocks...)
}

func xmlAttr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// on tells whether a toggle such as w:b is set: present and not switched off.
func on(v *value) bool {
	return v != nil && v.Val != "0" && v.Val != "false" && v.Val != "off" && v.Val != "none"
}
