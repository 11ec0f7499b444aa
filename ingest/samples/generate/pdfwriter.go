package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
)

// The numbers of the objects that every file has; pages follow, two objects
// each: the page and its content stream.
const (
	objCatalog = iota + 1
	objPages
	objRegular
	objBold
	objInfo
	objFirstPage
)

// writePDF assembles the file: objects, cross-reference table, trailer. Streams
// are not compressed, so that the bytes do not depend on a Go version.
func writePDF(doc *document, pages []*bytes.Buffer) []byte {
	var kids strings.Builder
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", objFirstPage+2*i)
	}
	objects := []string{
		fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Lang (da-DK) >>", objPages),
		fmt.Sprintf("<< /Type /Pages /Count %d /Kids [ %s] >>", len(pages), &kids),
		fontObject(regular),
		fontObject(bold),
		fmt.Sprintf("<< /Title %s /Author %s /Subject %s /CreationDate (D:%s000000Z) >>",
			infoString(doc.title), infoString(author), infoString(notice), doc.issued.Format("20060102")),
	}
	for i, page := range pages {
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %g %g] /Contents %d 0 R /Resources << /Font << /%s %d 0 R /%s %d 0 R >> >> >>",
				objPages, pageWidth, pageHeight, objFirstPage+2*i+1, regular.resource, objRegular, bold.resource, objBold),
			fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", page.Len(), page))
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n%\xe6\xf8\xe5\xc6\n") // bytes above ASCII: the file is not plain text
	offsets := make([]int, len(objects))
	for i, object := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, objCatalog, objInfo, xref)
	return b.Bytes()
}

func fontObject(f *face) string {
	return fmt.Sprintf("<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>", f.base)
}

// infoString writes a text string of the information dictionary: UTF-16 with a
// byte order mark, in hexadecimal.
func infoString(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteString(">")
	return b.String()
}
