package parse

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/net/html/charset"
)

const (
	// maxPart bounds one unpacked part of an office file. A 1,000-page document
	// has a main part of some 20 MB; a ZIP bomb has gigabytes.
	maxPart = 64 << 20
	// maxDecoded bounds a part that is held whole as structs, which take a
	// multiple of its size: styles, relations, list definitions.
	maxDecoded = 16 << 20
	// maxUnpacked bounds all parts of one office file that are read.
	maxUnpacked = 256 << 20
	// maxParts bounds how many entries an office file may list. A presentation
	// of 500 slides has some 3,000.
	maxParts = 20_000
	// maxDepth bounds how deep elements nest. Word's own files stay below 100.
	maxDepth = 1000
)

// officePackage is an office file opened for reading: OOXML (DOCX, XLSX, PPTX)
// and OpenDocument are ZIP archives of XML parts. Everything is unpacked through
// it, so that one place bounds what a file may cost.
type officePackage struct {
	format string // names the format in errors: "docx"
	files  map[string]*zip.File
	left   int64 // bytes that may still be unpacked
}

var errNoPart = errors.New("no such part")

func openPackage(format string, data []byte) (*officePackage, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", format, ErrDamaged, err)
	}
	if len(z.File) > maxParts {
		return nil, fmt.Errorf("%s: %d parts: %w", format, len(z.File), ErrTooLarge)
	}
	p := &officePackage{format: format, files: map[string]*zip.File{}, left: maxUnpacked}
	for _, f := range z.File {
		p.files[strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")] = f
	}
	return p, nil
}

// part unpacks one part of at most limit bytes.
func (p *officePackage) part(name string, limit int64) ([]byte, error) {
	f, ok := p.files[name]
	if !ok {
		return nil, fmt.Errorf("%s: %s: %w: %w", p.format, name, ErrDamaged, errNoPart)
	}
	if f.Flags&1 != 0 {
		return nil, fmt.Errorf("%s: %s: %w", p.format, name, ErrEncrypted)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w: %w", p.format, name, ErrDamaged, err)
	}
	defer rc.Close()
	limit = min(limit, p.left)
	data, err := io.ReadAll(io.LimitReader(rc, limit+1))
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: %s: %w", p.format, name, ErrTooLarge)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w: %w", p.format, name, ErrDamaged, err)
	}
	p.left -= int64(len(data))
	return data, nil
}

// open unpacks one part for reading its XML. Entities are not expanded and
// nothing outside the part is read: encoding/xml does neither.
func (p *officePackage) open(name string) (*xml.Decoder, error) {
	return p.openWithin(name, maxPart)
}

func (p *officePackage) openWithin(name string, limit int64) (*xml.Decoder, error) {
	data, err := p.part(name, limit)
	if err != nil {
		return nil, err
	}
	inner := xml.NewDecoder(bytes.NewReader(data))
	inner.CharsetReader = charset.NewReaderLabel
	return xml.NewTokenDecoder(&depthGuard{inner: inner}), nil
}

// decode unmarshals an optional part; v stays as it is where there is none.
func (p *officePackage) decode(name string, v any) error {
	d, err := p.openWithin(name, maxDecoded)
	if errors.Is(err, errNoPart) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.Decode(v); err != nil {
		return p.broken(name, err)
	}
	return nil
}

// broken names a failure within a part's XML.
func (p *officePackage) broken(name string, err error) error {
	if errors.Is(err, ErrTooLarge) {
		return fmt.Errorf("%s: %s: %w", p.format, name, err)
	}
	return fmt.Errorf("%s: %s: %w: %w", p.format, name, ErrDamaged, err)
}

// relation is what a part of OOXML refers to: by id, of a type, another part.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
	Mode   string `xml:"TargetMode,attr"`
}

// is tells whether the relation is of a kind, the last word of its type.
func (r relation) is(kind string) bool { return path.Base(r.Type) == kind }

// relations reads what the part refers to within the package, targets as part
// names; of is "" for the package itself.
func (p *officePackage) relations(of string) ([]relation, error) {
	var list struct{ Relationship []relation }
	dir, base := path.Split(of)
	if err := p.decode(dir+"_rels/"+base+".rels", &list); err != nil {
		return nil, err
	}
	inside := list.Relationship[:0]
	for _, r := range list.Relationship {
		if r.Mode == "External" {
			continue
		}
		if !strings.HasPrefix(r.Target, "/") {
			r.Target = dir + r.Target
		}
		r.Target = strings.TrimPrefix(path.Clean("/"+r.Target), "/")
		inside = append(inside, r)
	}
	return inside, nil
}

// mainPart finds the part that the package is about, or returns usual.
func (p *officePackage) mainPart(usual string) string {
	if list, err := p.relations(""); err == nil {
		for _, r := range list {
			if r.is("officeDocument") && p.files[r.Target] != nil {
				return r.Target
			}
		}
	}
	return usual
}

// properties reads title and language from an OOXML package into doc. The title
// is often a template's, so it is never the first choice.
func (p *officePackage) properties(doc *Document) {
	var core struct {
		Title    string `xml:"title"`
		Language string `xml:"language"`
	}
	if p.decode("docProps/core.xml", &core) != nil {
		core.Title = ""
	}
	doc.describe(core.Title, core.Language)
}

// describe takes in what an office file says of itself. Its title is only used
// where the text has none.
func (doc *Document) describe(title, language string) {
	if title = fold(title); title != "" {
		doc.Meta["core-title"] = title
	}
	if doc.Title == "" {
		doc.Title = firstHeading(doc.Blocks)
	}
	if doc.Title == "" {
		doc.Title = doc.Meta["core-title"]
	}
	if language != "" {
		doc.Meta["language"] = language
	}
}

// depthGuard hands on raw tokens until elements nest too deep.
type depthGuard struct {
	inner *xml.Decoder
	depth int
}

// Token implements xml.TokenReader.
func (g *depthGuard) Token() (xml.Token, error) {
	t, err := g.inner.RawToken()
	switch t.(type) {
	case xml.StartElement:
		if g.depth++; g.depth > maxDepth {
			return nil, fmt.Errorf("%w (elementer i mere end %d lag)", ErrTooLarge, maxDepth)
		}
	case xml.EndElement:
		g.depth--
	}
	return t, err
}
