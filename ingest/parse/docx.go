package parse

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/net/html/charset"
)

const (
	mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	// maxPart bounds one unpacked part of a DOCX. A 1,000-page document has a
	// main part of some 20 MB; a ZIP bomb has gigabytes.
	maxPart = 64 << 20
)

// DOCX reads Word documents: styles and outline levels become headings, with
// the numbers that Word would print; list markers are computed likewise; tables
// become rows, foot- and endnotes follow their paragraph, text boxes too. What
// is deleted in tracked changes or hidden is dropped, what is inserted is kept.
// Headers, footers, comments and contents lists are left out.
func DOCX(ctx context.Context, data []byte) (*Document, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("docx: %w: %w", ErrDamaged, err)
	}
	p := docxPackage{files: map[string]*zip.File{}}
	for _, f := range z.File {
		p.files[strings.TrimPrefix(f.Name, "/")] = f
	}
	main := p.mainPart()
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
	return p.document(&r), nil
}

// docxPackage is the archive of a DOCX by part name.
type docxPackage struct{ files map[string]*zip.File }

var errNoPart = errors.New("no such part")

// open unpacks one part, within bounds.
func (p docxPackage) open(name string) (*xml.Decoder, error) {
	f, ok := p.files[name]
	if !ok {
		return nil, fmt.Errorf("docx: %s: %w: %w", name, ErrDamaged, errNoPart)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("docx: %s: %w: %w", name, ErrDamaged, err)
	}
	defer rc.Close()
	data, err := io.ReadAll(io.LimitReader(rc, maxPart+1))
	if err != nil {
		return nil, fmt.Errorf("docx: %s: %w: %w", name, ErrDamaged, err)
	}
	if len(data) > maxPart {
		return nil, fmt.Errorf("docx: %s: %w", name, ErrTooLarge)
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charset.NewReaderLabel
	return d, nil
}

// decode unmarshals an optional part; v stays as it is where there is none.
func (p docxPackage) decode(name string, v any) error {
	d, err := p.open(name)
	if errors.Is(err, errNoPart) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("docx: %s: %w: %w", name, ErrDamaged, err)
	}
	return nil
}

// mainPart finds the document's text, which is nearly always word/document.xml.
func (p docxPackage) mainPart() string {
	var rels struct {
		Relationship []struct {
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if p.decode("_rels/.rels", &rels) == nil {
		for _, r := range rels.Relationship {
			if target := strings.TrimPrefix(path.Clean(r.Target), "/"); strings.HasSuffix(r.Type, "/officeDocument") && p.files[target] != nil {
				return target
			}
		}
	}
	return "word/document.xml"
}

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
	doc := &Document{MediaType: mediaDOCX, Reader: "docx", Title: r.title, Blocks: r.blocks, Meta: map[string]string{}}
	var core struct {
		Title    string `xml:"title"`
		Language string `xml:"language"`
	}
	if p.decode("docProps/core.xml", &core) == nil && fold(core.Title) != "" {
		doc.Meta["core-title"] = fold(core.Title) // often a template's name, so never the first choice
	}
	if doc.Title == "" {
		doc.Title = firstHeading(r.blocks)
	}
	if doc.Title == "" {
		doc.Title = doc.Meta["core-title"]
	}
	if core.Language != "" {
		doc.Meta["language"] = core.Language
	}
	return doc
}
