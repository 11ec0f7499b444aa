package main

import (
	"bytes"
	"fmt"
)

// A4 in points, and where the text stands on it.
const (
	pageWidth   = 595.0
	pageHeight  = 842.0
	margin      = 62.0
	top         = pageHeight - 68
	bottom      = 78.0
	footerLine  = 48.0
	bodySize    = 10.5
	cellSize    = 9.0
	footerSize  = 8.0
	lineSpacing = 1.35 // of the font size
	indent      = 16.0 // of list items
	cellPadding = 4.0
)

// layout places a document's blocks on pages from top to bottom.
type layout struct {
	pages []*bytes.Buffer // content streams
	y     float64         // baseline of the last line, or the lower edge of the last row
	err   error           // the first text that could not be encoded
}

// renderPDF sets the document in Helvetica on A4 pages, with a footer that
// names the document and counts the pages.
func renderPDF(doc *document) ([]byte, error) {
	l := &layout{}
	l.newPage()
	for i, b := range doc.blocks {
		switch b.kind {
		case heading:
			l.heading(b, doc.blocks[min(i+1, len(doc.blocks)-1)].kind == table)
		case paragraph:
			l.paragraph(b.text, margin, regular, bodySize)
			l.y -= 6
		case bullets, numbered:
			l.list(b)
		case table:
			l.table(b.rows)
		}
	}
	for i, page := range l.pages {
		number := l.encode(fmt.Sprintf("Side %d af %d", i+1, len(l.pages)))
		text(page, regular, footerSize, margin, footerLine, l.encode(author+" – "+doc.title))
		text(page, regular, footerSize, pageWidth-margin-regular.width(number, footerSize), footerLine, number)
	}
	if l.err != nil {
		return nil, l.err
	}
	return writePDF(doc, l.pages), nil
}

func (l *layout) newPage() {
	l.pages = append(l.pages, &bytes.Buffer{})
	l.y = top
}

func (l *layout) page() *bytes.Buffer { return l.pages[len(l.pages)-1] }

// room starts a new page unless height points are left on this one.
func (l *layout) room(height float64) {
	if l.y-height < bottom {
		l.newPage()
	}
}

// heading keeps at least two lines of what follows with it; a table needs more,
// for its header and first row.
func (l *layout) heading(b block, beforeTable bool) {
	size := map[int]float64{1: 18, 2: 13, 3: 11}[b.level]
	follow := 2 * bodySize * lineSpacing
	if beforeTable {
		follow = 80
	}
	l.room(size*lineSpacing + 8 + follow)
	if l.y < top {
		l.y -= 8
	}
	l.paragraph(b.text, margin, bold, size)
	l.y -= 4
}

func (l *layout) list(b block) {
	for i, item := range b.items {
		marker := "•"
		if b.kind == numbered {
			marker = fmt.Sprintf("%d.", i+1)
		}
		l.room(bodySize * lineSpacing)
		text(l.page(), regular, bodySize, margin, l.y-bodySize*lineSpacing, l.encode(marker))
		l.paragraph(item, margin+indent, regular, bodySize)
		l.y -= 2
	}
	l.y -= 4
}

// paragraph sets s in lines from x to the right margin.
func (l *layout) paragraph(s string, x float64, f *face, size float64) {
	for _, line := range wrap(l.encode(s), f, size, pageWidth-margin-x) {
		l.room(size * lineSpacing)
		l.y -= size * lineSpacing
		text(l.page(), f, size, x, l.y, line)
	}
}

func (l *layout) encode(s string) []byte {
	encoded, err := encode(s)
	if err != nil && l.err == nil {
		l.err = err
	}
	return encoded
}

// wrap breaks encoded text at spaces into lines no wider than width. A single
// word wider than that gets a line of its own.
func wrap(encoded []byte, f *face, size, width float64) [][]byte {
	var lines [][]byte
	var line []byte
	for _, word := range bytes.Fields(encoded) {
		longer := word
		if line != nil {
			longer = bytes.Join([][]byte{line, word}, []byte(" "))
		}
		if line != nil && f.width(longer, size) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != nil {
		lines = append(lines, line)
	}
	return lines
}

// text writes one line with its baseline at (x, y).
func text(page *bytes.Buffer, f *face, size, x, y float64, encoded []byte) {
	fmt.Fprintf(page, "BT /%s %g Tf %.2f %.2f Td (%s) Tj ET\n", f.resource, size, x, y, escapeString(encoded))
}

// escapeString guards what a PDF string must not hold bare, and writes bytes
// above ASCII in octal, so that the file stays readable as text.
func escapeString(encoded []byte) string {
	var b bytes.Buffer
	for _, c := range encoded {
		switch {
		case c == '(' || c == ')' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c > '~':
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
