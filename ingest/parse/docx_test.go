package parse

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
)

const wordNS = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"`

const wordStyles = `<w:styles ` + wordNS + `>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Overskrift1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Overskrift2"><w:name w:val="heading 2"/><w:basedOn w:val="Overskrift1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Egen"><w:name w:val="Kommunens underoverskrift"/><w:basedOn w:val="Overskrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Ring"><w:name w:val="ring"/><w:basedOn w:val="Ring"/></w:style>
<w:style w:type="paragraph" w:styleId="Indholdsfortegnelse1"><w:name w:val="toc 1"/></w:style>
</w:styles>`

const wordNumbering = `<w:numbering ` + wordNS + `>
<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="8"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
</w:numbering>`

const wordFootnotes = `<w:footnotes ` + wordNS + `><w:footnote w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t xml:space="preserve"> Satsen reguleres årligt.</w:t></w:r></w:p></w:footnote></w:footnotes>`

// item and styled write paragraphs in a list and in a style.
func item(num, level, text string) string {
	return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + num + `"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

func styled(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

func cell(props, text string) string {
	return `<w:tc><w:tcPr>` + props + `</w:tcPr><w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:tc>`
}

// word packs a DOCX around the body.
func word(tb testing.TB, body string) []byte {
	tb.Helper()
	return packed(tb, map[string]string{
		"word/document.xml":  `<?xml version="1.0" encoding="UTF-8"?><w:document ` + wordNS + `><w:body>` + body + `</w:body></w:document>`,
		"word/styles.xml":    wordStyles,
		"word/numbering.xml": wordNumbering,
		"word/footnotes.xml": wordFootnotes,
		"docProps/core.xml":  `<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:title>Skabelon</dc:title><dc:language>da-DK</dc:language></cp:coreProperties>`,
	})
}

func packed(tb testing.TB, parts map[string]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func guidelineBody() string {
	return styled("Titel", "Retningslinje for merudgifter") +
		styled("Indholdsfortegnelse1", "1 Formål 3") +
		styled("Overskrift1", "Formål") +
		`<w:p><w:r><w:t xml:space="preserve">Kommunen </w:t></w:r><w:del><w:r><w:delText>kan</w:delText></w:r></w:del><w:ins><w:r><w:t>skal</w:t></w:r></w:ins>
		<w:r><w:t xml:space="preserve"> vejlede.</w:t><w:footnoteReference w:id="2"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>Skjult besked.</w:t></w:r></w:p>` +
		styled("Overskrift2", "Målgruppe") +
		item("2", "0", "voksne,") + item("2", "1", "med varig nedsættelse") + item("2", "0", "pårørende.") +
		styled("Egen", "Undtagelser") +
		item("3", "0", "børn") +
		`<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Bemærk</w:t></w:r></w:p>` +
		styled("Overskrift1", "Satser") +
		`<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>` + cell("", "Udgift") + cell("", "Sats") + `</w:tr><w:tr>` +
		cell(`<w:vMerge w:val="restart"/>`, "Kost") + cell("", "100 kr.") + `</w:tr><w:tr>` + cell(`<w:vMerge/>`, "") + cell("", "200 kr.") + `</w:tr></w:tbl>` +
		`<w:tbl><w:tr>` + cell("", "Ramme om en advarsel.") + `</w:tr></w:tbl>` +
		`<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">Delt </w:t></w:r></w:p><w:p><w:r><w:t>afsnit.</w:t></w:r></w:p>` +
		`<w:p><w:r><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent><w:p><w:r><w:t>Tekstboks.</w:t></w:r></w:p></w:txbxContent></wps:txbx></mc:Choice>
		<mc:Fallback><w:p><w:r><w:t>Tekstboks.</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>Sidste afsnit.</w:t></w:r></w:p>`
}

func TestDOCX(t *testing.T) {
	doc, err := Parse(context.Background(), "retningslinje.docx", word(t, guidelineBody()))
	if err != nil {
		t.Fatal(err)
	}
	checkResult(t, "docx", doc, nil)
	golden(t, "retningslinje.docx", dump(doc))
}

func TestDOCXFailures(t *testing.T) {
	bomb := word(t, `<w:p><w:r><w:t>`+strings.Repeat("a", maxPart)+`</w:t></w:r></w:p>`)
	cases := []struct {
		name string
		data []byte
		want error
	}{
		{"bomb", bomb, ErrTooLarge},
		{"cut", word(t, guidelineBody())[:900], ErrDamaged},
		{"no main part", packed(t, map[string]string{"word/styles.xml": wordStyles}), ErrDamaged},
		{"broken XML", word(t, `<w:p><w:r>`), ErrDamaged},
		{"empty", word(t, `<w:p/>`), ErrNoText},
	}
	for _, c := range cases {
		if _, err := Parse(context.Background(), "x.docx", c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}
