package parse

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const mediaODT = "application/vnd.oasis.opendocument.text"

// ODT reads OpenDocument texts: headings with the numbers that the outline
// gives them, lists with their markers, tables as rows, notes after their
// paragraph. Deleted text, comments, contents lists, headers and footers are
// left out; the policy sees deleted text and comments too.
func ODT(ctx context.Context, data []byte) (*Document, error) {
	return odfText(ctx, data, "odt", mediaODT, nil)
}

// odfText reads an OpenDocument text, or the slides of a presentation.
func odfText(ctx context.Context, data []byte, format, media string, slides *odpSlides) (*Document, error) {
	p, err := openODF(format, data)
	if err != nil {
		return nil, err
	}
	r := odtReader{ctx: ctx, slides: slides, styles: odfStyles{lists: map[string]*odfList{}, of: map[string]odfStyle{}}}
	for _, part := range []string{"styles.xml", "content.xml"} {
		if err := p.readStyles(part, &r.styles); err != nil {
			return nil, err
		}
	}
	d, err := p.open("content.xml")
	if err != nil {
		return nil, err
	}
	if err := r.read(d); err != nil {
		return nil, p.broken("content.xml", err)
	}
	doc := &Document{MediaType: media, Reader: format, Title: r.title, Blocks: r.blocks, Meta: map[string]string{}, Unshown: r.unshown.String()}
	if !hasText(r.blocks) {
		return nil, fmt.Errorf("%s: %w", format, ErrNoText)
	}
	p.odfProperties(doc)
	return doc, nil
}

// openODF opens an OpenDocument file; one with a password says so in its manifest.
func openODF(format string, data []byte) (*officePackage, error) {
	p, err := openPackage(format, data)
	if err != nil {
		return nil, err
	}
	var manifest struct {
		Entries []struct {
			Encryption *struct{} `xml:"encryption-data"`
		} `xml:"file-entry"`
	}
	if err := p.decode("META-INF/manifest.xml", &manifest); err != nil {
		return nil, err
	}
	for _, e := range manifest.Entries {
		if e.Encryption != nil {
			return nil, fmt.Errorf("%s: %w", format, ErrEncrypted)
		}
	}
	return p, nil
}

func (p *officePackage) odfProperties(doc *Document) {
	var meta struct {
		Title    string `xml:"meta>title"`
		Language string `xml:"meta>language"`
	}
	if p.decode("meta.xml", &meta) != nil {
		meta.Title = ""
	}
	doc.describe(meta.Title, meta.Language)
}

// odtReader walks the body. Paragraphs nest in notes and frames, lists and
// tables in each other.
type odtReader struct {
	ctx    context.Context
	styles odfStyles

	blocks  []Block
	title   string
	unshown strings.Builder
	paras   []*odtParagraph
	lists   []*odtList
	tables  []*odtTable
	outline odfCounts
	counts  map[string]*odfCounts // of lists by style, for those that count on
	notes   []Block               // of the open paragraph
	inNote  int
	after   []Block // of frames, which follow the paragraph they hang on

	slides *odpSlides // of a presentation; nil for a text
}

type odtParagraph struct {
	style string
	level int // of a heading, else 0
	text  strings.Builder
	plain bool // some text is neither bold nor italic
	spans []bool
	note  bool
}

func (r *odtReader) read(d *xml.Decoder) error {
	r.counts = map[string]*odfCounts{}
	for n := 0; ; n++ {
		if n%10_000 == 0 && r.ctx.Err() != nil {
			return contextError(r.ctx)
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
			r.end(t.Name.Local)
		case xml.CharData:
			r.write(string(t))
		}
		if err != nil {
			return err
		}
	}
}

func (r *odtReader) paragraph() *odtParagraph {
	if len(r.paras) == 0 {
		return nil
	}
	return r.paras[len(r.paras)-1]
}

func (r *odtReader) write(s string) {
	p := r.paragraph()
	if p == nil {
		return
	}
	if len(p.spans) > 0 && !p.spans[len(p.spans)-1] || len(p.spans) == 0 && !r.styles.of[p.style].strong {
		p.plain = p.plain || strings.TrimSpace(s) != ""
	}
	p.text.WriteString(s)
}

func (r *odtReader) start(d *xml.Decoder, e xml.StartElement) error {
	switch e.Name.Local {
	case "tracked-changes", "annotation":
		return skipKeeping(d, &r.unshown)
	case "table-of-content", "alphabetical-index", "illustration-index", "table-index", "object-index", "note-citation",
		"sequence-decls", "automatic-styles", "forms", "desc", "title", "annotation-end", "ruby-text":
		return d.Skip()
	case "h", "p":
		r.startParagraph(e)
	case "span", "a":
		r.span(e)
	case "s", "tab", "line-break":
		r.write(" ")
	case "note":
		r.inNote++
	case "list":
		r.startList(e)
	case "list-item", "list-header":
		r.startItem(e)
	default:
		if r.slides != nil {
			if skip := r.slides.start(r, e); skip {
				return d.Skip()
			}
		}
		r.startTable(e)
	}
	return nil
}

func (r *odtReader) startParagraph(e xml.StartElement) {
	p := &odtParagraph{style: xmlAttr(e, "style-name"), note: r.inNote > 0}
	if e.Name.Local == "h" {
		p.level = max(1, min(9, atoi(xmlAttr(e, "outline-level"))))
		if number := r.outline.next(r.styles.outline, p.level-1); number != "" && xmlAttr(e, "is-list-header") != "true" && len(r.lists) == 0 {
			p.text.WriteString(number + " ")
		}
	}
	r.paras = append(r.paras, p)
}

func (r *odtReader) span(e xml.StartElement) {
	p := r.paragraph()
	if p == nil {
		return
	}
	strong := r.styles.of[p.style].strong
	if n := len(p.spans); n > 0 {
		strong = p.spans[n-1]
	}
	p.spans = append(p.spans, strong || r.styles.of[xmlAttr(e, "style-name")].strong)
}

func (r *odtReader) end(name string) {
	switch name {
	case "h", "p":
		r.endParagraph()
	case "span", "a":
		if p := r.paragraph(); p != nil && len(p.spans) > 0 {
			p.spans = p.spans[:len(p.spans)-1]
		}
	case "note":
		r.inNote = max(0, r.inNote-1)
	case "list":
		r.lists = r.lists[:max(0, len(r.lists)-1)]
	case "table-cell", "table-row", "table-header-rows", "table":
		r.endTable(name)
	case "page", "frame", "notes":
		if r.slides != nil {
			r.slides.end(r, name)
		}
	}
}

func (r *odtReader) endParagraph() {
	p := r.paragraph()
	if p == nil {
		return
	}
	r.paras = r.paras[:len(r.paras)-1]
	text := fold(p.text.String())
	inner := len(r.paras) > 0
	if text != "" {
		b := r.block(p, text)
		switch {
		case p.note:
			b.Kind, b.Level = Footnote, 0
			r.notes = append(r.notes, b)
		case inner && len(r.tables) == 0:
			r.after = append(r.after, b)
		default:
			r.emit(b)
		}
	}
	if !inner && r.inNote == 0 {
		r.emit(r.after...)
		r.emit(r.notes...)
		r.after, r.notes = nil, nil
	}
}

func (r *odtReader) block(p *odtParagraph, text string) Block {
	b := Block{Kind: Paragraph, Text: text, Style: r.styles.of[p.style].name, Bold: !p.plain}
	switch {
	case r.slides != nil && r.slides.inTitle:
		b.Kind, b.Level, b.Bold = Heading, 1, false
	case p.level > 0:
		if n := len(r.lists); n > 0 { // older files number headings as lists
			if marker := r.lists[n-1].takeMarker(); marker != "" && marker != "•" {
				b.Text = marker + " " + text
			}
		}
		b.Kind, b.Level, b.Bold = Heading, p.level, false
	case b.Style == "Title" && !p.note:
		if r.title == "" {
			r.title = text
		}
		b.Kind, b.Level, b.Bold = Heading, 1, false
	case len(r.lists) > 0 && !p.note:
		if marker := r.lists[len(r.lists)-1].takeMarker(); marker != "" {
			b.Text = marker + " " + text
		}
		b.Kind, b.Level, b.Bold = ListItem, len(r.lists), false
	}
	return b
}

// emit hands blocks to the cell they stand in, or to the document.
func (r *odtReader) emit(blocks ...Block) {
	if n := len(r.tables); n > 0 {
		r.tables[n-1].add(blocks)
		return
	}
	r.blocks = append(r.blocks, blocks...)
}
