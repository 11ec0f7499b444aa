package parse

import (
	"context"
	"errors"
	"fmt"
	"path"
)

const mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// DOCX reads Word documents: styles and outline levels become headings, with
// the numbers that Word would print; list markers are computed likewise; tables
// become rows, foot- and endnotes follow their paragraph, text boxes too. What
// is deleted in tracked changes or hidden is dropped, what is inserted is kept.
// Headers, footers, comments and contents lists are left out. What is left out or
// dropped the policy sees all the same.
func DOCX(ctx context.Context, data []byte) (*Document, error) {
	pkg, err := openPackage("docx", data)
	if err != nil {
		return nil, err
	}
	p := docxPackage{pkg}
	main := p.mainPart("word/document.xml")
	dir := path.Dir(main)
	r := docxReader{ctx: ctx}
	if r.styles, err = p.styles(path.Join(dir, "styles.xml")); err != nil {
		return nil, err
	}
	if r.numbering, err = p.numbering(path.Join(dir, "numbering.xml")); err != nil {
		return nil, err
	}
	r.notes = map[string]string{}
	for _, kind := range []string{"footnote", "endnote"} {
		if err := p.notes(ctx, path.Join(dir, kind+"s.xml"), kind, r.notes); err != nil {
			return nil, err
		}
	}
	body, err := p.open(main)
	if err != nil {
		return nil, err
	}
	if err := r.read(body); err != nil {
		return nil, err
	}
	if !hasText(r.blocks) {
		return nil, fmt.Errorf("docx: %w", ErrNoText)
	}
	if err := p.relatedText(ctx, main, &r.unshown, "comments", "header", "footer"); err != nil {
		return nil, err
	}
	return p.document(&r), nil
}

// docxPackage is the archive of a DOCX.
type docxPackage struct{ *officePackage }

// notes reads the foot- or endnotes into into, keyed by kind and id.
func (p docxPackage) notes(ctx context.Context, name, kind string, into map[string]string) error {
	d, err := p.open(name)
	if errors.Is(err, errNoPart) {
		return nil
	}
	if err != nil {
		return err
	}
	r := docxReader{ctx: ctx, noteKind: kind, notes: into}
	return r.read(d)
}

func (p docxPackage) document(r *docxReader) *Document {
	doc := &Document{MediaType: mediaDOCX, Reader: "docx", Title: r.title, Blocks: r.blocks, Meta: map[string]string{}, Unshown: r.unshown.String()}
	p.properties(doc)
	return doc
}
