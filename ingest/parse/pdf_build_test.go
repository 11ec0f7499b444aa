package parse

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// pdfBuilder writes small PDF files for tests.
type pdfBuilder struct {
	buf     bytes.Buffer
	offsets []int
}

// object appends an object and returns its number.
func (b *pdfBuilder) object(format string, args ...any) int {
	if b.buf.Len() == 0 {
		b.buf.WriteString("%PDF-1.4\n")
	}
	b.offsets = append(b.offsets, b.buf.Len())
	fmt.Fprintf(&b.buf, "%d 0 obj\n"+format+"\nendobj\n", append([]any{len(b.offsets)}, args...)...)
	return len(b.offsets)
}

func (b *pdfBuilder) stream(dict, body string) int {
	return b.object("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(body), body)
}

// finish appends the cross-reference table and a trailer with extra entries.
func (b *pdfBuilder) finish(extra string) []byte {
	start := b.buf.Len()
	fmt.Fprintf(&b.buf, "xref\n0 %d\n0000000000 65535 f \n", len(b.offsets)+1)
	for _, off := range b.offsets {
		fmt.Fprintf(&b.buf, "%010d 00000 n \n", off)
	}
	fmt.Fprintf(&b.buf, "trailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF\n", len(b.offsets)+1, extra, start)
	return b.buf.Bytes()
}

// The objects 1 to 4 of a file made by pdfOf: catalogue, fonts.
const pdfFonts = `/Font <</R 2 0 R /B 3 0 R /I 4 0 R>>`

// pdfOf makes a file of A4 pages with these content streams.
func pdfOf(pageEntries string, contents ...string) []byte {
	b := &pdfBuilder{}
	tree := 5 + 2*len(contents)
	b.object("<</Type /Catalog /Pages %d 0 R>>", tree)
	for _, name := range []string{"Times-Roman", "Times-Bold", "Times-Italic"} {
		b.object("<</Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding>>", name)
	}
	var kids strings.Builder
	for _, c := range contents {
		n := b.stream("", c)
		page := b.object("<</Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Resources <<%s>> /Contents %d 0 R %s>>", tree, pdfFonts, n, pageEntries)
		fmt.Fprintf(&kids, "%d 0 R ", page)
	}
	b.object("<</Type /Pages /Kids [%s] /Count %d>>", kids.String(), len(contents))
	return b.finish("/Root 1 0 R")
}

// drawn draws a string in font R, B or I at a point from the lower left.
func drawn(font string, size, x, y float64, s string) string {
	raw, err := charmap.Windows1252.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	raw = strings.NewReplacer(`\`, `\\`, `(`, `\(`, `)`, `\)`).Replace(raw)
	return fmt.Sprintf("BT /%s %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n", font, size, x, y, raw)
}

// drawnLines draws lines of regular text, 14 points apart, from y downwards.
func drawnLines(x, y float64, texts ...string) string {
	var b strings.Builder
	for i, s := range texts {
		b.WriteString(drawn("R", 12, x, y-14*float64(i), s))
	}
	return b.String()
}

// mustRead reads a file that needs no fallback.
func mustRead(t *testing.T, data []byte) *Document {
	t.Helper()
	r, err := firstReading(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := r.document()
	if err != nil {
		t.Fatal(err)
	}
	checkBlocks(t, t.Name(), doc)
	return doc
}

func blockTexts(doc *Document) []string {
	out := make([]string, len(doc.Blocks))
	for i, b := range doc.Blocks {
		out[i] = b.Text
	}
	return out
}
