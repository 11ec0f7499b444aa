package parse

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// partText adds all text of a part to b, a line a paragraph: for parts that
// become no blocks and that the policy sees all the same. A part that is not
// there adds nothing.
func (p *officePackage) partText(ctx context.Context, name string, b *strings.Builder) error {
	d, err := p.open(name)
	if errors.Is(err, errNoPart) {
		return nil
	}
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n%10_000 == 0 && ctx.Err() != nil {
			return contextError(ctx)
		}
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			b.WriteByte('\n')
			return nil
		}
		if err != nil {
			return p.broken(name, err)
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.EndElement:
			if t.Name.Local == "p" || t.Name.Local == "text" {
				b.WriteByte('\n')
			}
		}
	}
}

// relatedText adds the text of the parts that a part refers to by the kinds.
func (p *officePackage) relatedText(ctx context.Context, of string, b *strings.Builder, kinds ...string) error {
	list, err := p.relations(of)
	if err != nil {
		return err
	}
	for _, rel := range list {
		if slices.ContainsFunc(kinds, rel.is) {
			if err := p.partText(ctx, rel.Target, b); err != nil {
				return err
			}
		}
	}
	return nil
}

// skipKeeping passes over an element as Decoder.Skip does, and adds its text to b.
func skipKeeping(d *xml.Decoder, b *strings.Builder) error {
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
			switch t.Name.Local {
			case "p", "creator", "date":
				b.WriteByte('\n')
			}
		case xml.CharData:
			b.Write(t)
		}
	}
	b.WriteByte('\n')
	return nil
}
