package export

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

const (
	contentTypes = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`
	packageRels = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	documentRels = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	styles = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/><w:lang w:val="da-DK"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="200" w:after="80"/><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/><w:pPr><w:ind w:left="567" w:right="567"/></w:pPr><w:rPr><w:i/></w:rPr></w:style></w:styles>`
	wordNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
)

// writeDOCX writes an Office Open XML document (ECMA-376, transitional) of the
// four parts that a text of paragraphs and tables needs.
func writeDOCX(w io.Writer, reports []gaps.Report) error {
	var body wordBody
	for i := range reports {
		body.report(&reports[i])
	}
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", packageRels}, {"word/_rels/document.xml.rels", documentRels},
		{"word/styles.xml", styles}, {"word/document.xml", body.document()},
	} {
		f, err := z.Create(part.name)
		if err == nil {
			_, err = io.WriteString(f, part.text)
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", part.name, err)
		}
	}
	return z.Close()
}

// wordBody collects the body's XML.
type wordBody struct{ b strings.Builder }

func (w *wordBody) document() string {
	return xml.Header + `<w:document xmlns:w="` + wordNamespace + `"><w:body>` + w.b.String() +
		`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>`
}

func (w *wordBody) report(r *gaps.Report) {
	w.paragraph("Heading1", "Kontrol af "+r.Title)
	w.paragraph("", summary(r))
	for n, f := range r.Findings {
		w.paragraph("Heading2", fmt.Sprintf("%d. %s: %s", n+1, kindNames[f.Kind], place(f.At)))
		w.paragraph("", fmt.Sprintf("%s (%s, sikkerhed %s)", f.Explanation, severityNames[f.Severity], certainty(f.Confidence)))
		w.paragraph("", "Teksten:")
		w.paragraph("Quote", oneLine(f.At.Quote))
		w.law("Loven", f.Law)
		w.law("Nu", f.Now)
	}
	w.paragraph("Heading2", "Kontrolleret")
	rows := [][]string{{"Hvad", "Antal", "I orden", "Delvist dækket", "Fund", "Ikke afgjort"}}
	for _, s := range subjects {
		if n, ok, partly, found, open := tally(r, s); n > 0 {
			rows = append(rows, []string{subjectNames[s], fmt.Sprint(n), fmt.Sprint(ok), fmt.Sprint(partly), fmt.Sprint(found), fmt.Sprint(open)})
		}
	}
	w.table(rows)
	w.partly(r)
}

// partly lists the duties that the text covers but for a part.
func (w *wordBody) partly(r *gaps.Report) {
	rows := [][]string{{"Pligt", "Sikkerhed", "Det, der mangler"}}
	for _, c := range partlyCovered(r) {
		rows = append(rows, []string{c.Law.Reference, certainty(c.Confidence), c.Note})
	}
	if len(rows) > 1 {
		w.paragraph("Heading2", "Delvist dækket")
		w.table(rows)
	}
}

func (w *wordBody) law(title string, l *gaps.Law) {
	if l == nil {
		return
	}
	w.paragraph("", title+", "+l.Reference+":")
	if l.Quote != "" {
		w.paragraph("Quote", oneLine(l.Quote))
	}
}

func (w *wordBody) paragraph(style, text string) {
	w.b.WriteString("<w:p>")
	if style != "" {
		w.b.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	w.b.WriteString(`<w:r><w:t xml:space="preserve">`)
	_ = xml.EscapeText(&w.b, []byte(text)) // a strings.Builder does not fail
	w.b.WriteString("</w:t></w:r></w:p>")
}

func (w *wordBody) table(rows [][]string) {
	w.b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders></w:tblPr><w:tblGrid>`)
	for range rows[0] {
		w.b.WriteString(`<w:gridCol w:w="1900"/>`)
	}
	w.b.WriteString("</w:tblGrid>")
	for _, row := range rows {
		w.b.WriteString("<w:tr>")
		for _, cell := range row {
			w.b.WriteString(`<w:tc><w:tcPr><w:tcW w:w="1900" w:type="dxa"/></w:tcPr>`)
			w.paragraph("", cell)
			w.b.WriteString("</w:tc>")
		}
		w.b.WriteString("</w:tr>")
	}
	w.b.WriteString("</w:tbl>")
}
