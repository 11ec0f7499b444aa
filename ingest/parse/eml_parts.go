package parse

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fill adds the mail's text and its attachments to doc.
func (r *mailReader) fill(doc *Document, t *mailText, depth int) error {
	if len(t.text) > maxTextFile || len(t.html) > maxTextFile {
		return fmt.Errorf("eml: %w", ErrTooLarge)
	}
	read, shown := mailPlain, t.text
	if len(bytes.TrimSpace(t.text)) == 0 {
		read, shown = mailHTML, t.html
	}
	blocks, err := read(r, shown)
	if err != nil {
		return err
	}
	doc.Blocks = append(doc.Blocks, blocks...)
	if len(t.html) > 0 {
		doc.Unshown = allText(t.html)
	}
	for _, f := range t.attachments {
		if err := r.attach(doc, f, depth); err != nil {
			return err
		}
	}
	return nil
}

func mailPlain(r *mailReader, data []byte) ([]Block, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n\n").Replace(string(data))
	doc, err := plainText(r.ctx, strings.Split(text, "\n"))
	return blocksOf(doc, err)
}

func mailHTML(r *mailReader, data []byte) ([]Block, error) {
	if len(data) == 0 {
		return nil, nil
	}
	doc, err := HTML(r.ctx, append([]byte("\ufeff"), data...)) // the mark outranks a meta element, which spoke of other bytes
	return blocksOf(doc, err)
}

// allText is every text of a page, what it hides too.
func allText(page []byte) string {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return string(page)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.DataAtom != atom.Style && n.Parent.DataAtom != atom.Script {
			b.WriteString(n.Data)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// blocksOf lets a mail have no text: it may be all attachments.
func blocksOf(doc *Document, err error) ([]Block, error) {
	if errors.Is(err, ErrNoText) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return doc.Blocks, nil
}

// attach reads one attachment under a heading of its own. What cannot be read
// is named, but a picture in a signature makes no mail unreadable.
func (r *mailReader) attach(doc *Document, f mailFile, depth int) error {
	if r.ctx.Err() != nil {
		return contextError(r.ctx)
	}
	inner, err := r.file(f, depth+1)
	switch {
	case errors.Is(err, ErrTooLarge), errors.Is(err, ErrTimeout):
		return fmt.Errorf("eml: bilaget %s: %w", f.name, err)
	case err != nil:
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("bilaget %s er ikke læst: %v", f.name, err))
		doc.Unshown += f.name + "\n"
		return nil
	}
	doc.Blocks = append(doc.Blocks, Block{Kind: Heading, Level: 1, Text: "Bilag: " + fold(f.name)})
	if inner.Title != "" && inner.Title != firstHeading(inner.Blocks) {
		doc.Blocks = append(doc.Blocks, Block{Kind: Paragraph, Text: fold(inner.Title)})
	}
	for _, b := range inner.Blocks {
		if b.Kind == Heading {
			b.Level++
		}
		b.Lines = nil // pages of the attachment, not of the mail
		doc.Blocks = append(doc.Blocks, b)
	}
	doc.Unshown += inner.Unshown
	for _, w := range inner.Warnings {
		doc.Warnings = append(doc.Warnings, f.name+": "+w)
	}
	return nil
}

// file reads an attachment with the same bounds as the mail itself.
func (r *mailReader) file(f mailFile, depth int) (*Document, error) {
	read, err := reader(f.name, f.data)
	if err != nil {
		return nil, err
	}
	if isMail(f.name, decodeText(f.data[:min(len(f.data), 4096)])) {
		return r.message(f.data, depth)
	}
	return read(r.ctx, f.data)
}
