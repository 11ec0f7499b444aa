package parse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

const sheetNS = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// workbook packs an XLSX of two sheets around the rows of the first.
func workbook(tb testing.TB, rows string) []byte {
	tb.Helper()
	return packed(tb, map[string]string{
		"_rels/.rels":     `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook ` + sheetNS + `><sheets><sheet name="Takster" r:id="r1"/><sheet name="Gemt" state="hidden" r:id="r2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/worksheet" Target="worksheets/sheet2.xml"/>
			<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="f" Type="x/styles" Target="styles.xml"/><Relationship Id="w" Type="x/hyperlink" Target="https://example.dk" TargetMode="External"/></Relationships>`,
		"xl/sharedStrings.xml": `<sst ` + sheetNS + `><si><t>Tilbud</t></si><si><r><t>Takst pr. </t></r><r><t>døgn</t></r></si><si><t>Gælder fra</t></si><si><t>Belægning</t></si></sst>`,
		"xl/styles.xml": `<styleSheet ` + sheetNS + `><numFmts><numFmt numFmtId="164" formatCode="#,##0.00\ &quot;kr.&quot;;[Red]-#,##0.00"/><numFmt numFmtId="165" formatCode="000000\-0000"/></numFmts>
			<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml":            `<worksheet ` + sheetNS + `><sheetData>` + rows + `</sheetData><mergeCells><mergeCell ref="A4:A5"/></mergeCells></worksheet>`,
		"xl/worksheets/sheet2.xml":            `<worksheet ` + sheetNS + `><sheetData><row><c t="inlineStr"><is><t>Skjult ark</t></is></c></row></sheetData></worksheet>`,
		"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships><Relationship Id="c" Type="x/comments" Target="../comments1.xml"/></Relationships>`,
		"xl/comments1.xml":                    `<comments ` + sheetNS + `><commentList><comment ref="A1"><text><r><t>Spørg økonomi</t></r></text></comment></commentList></comments>`,
	})
}

const taxRows = `<row r="1"><c r="A1" t="inlineStr"><is><t>Takster 2026</t></is></c></row>
<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="s"><v>2</v></c><c r="E3" t="s"><v>3</v></c></row>
<row r="4"><c r="A4" t="inlineStr"><is><t>Ådalen</t></is></c><c r="B4" s="1"><v>1845.5</v></c><c r="C4" s="2"><v>46023</v></c><c r="E4" s="3"><v>0.95</v></c></row>
<row r="5"><c r="A5"/><c r="B5" s="1"><f>B4+0.1</f><v>1845.6000000000001</v></c><c r="C5" s="2"><v>46054</v></c><c r="D5" t="e"><v>#REF!</v></c></row>
<row r="6"><c r="A6" t="str"><v>Sag</v></c><c r="B6" s="4"><v>101010000</v></c><c r="C6" t="b"><v>1</v></c><c r="E6"><v>0.30000000000000004</v></c></row>`

const showNS = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

func shape(holder, paragraphs string) string {
	return `<p:sp><p:nvSpPr><p:nvPr>` + holder + `</p:nvPr></p:nvSpPr><p:txBody>` + paragraphs + `</p:txBody></p:sp>`
}

func slideText(props, text string) string {
	return `<a:p><a:pPr ` + props + `/><a:r><a:t>` + text + `</a:t></a:r></a:p>`
}

// presentation packs a PPTX whose second slide, listed first, holds shapes.
func presentation(tb testing.TB, shapes string) []byte {
	tb.Helper()
	slide := func(body string) string {
		return `<p:sld ` + showNS + `><p:cSld><p:spTree>` + body + `</p:spTree></p:cSld></p:sld>`
	}
	return packed(tb, map[string]string{
		"ppt/presentation.xml":             `<p:presentation ` + showNS + `><p:sldIdLst><p:sldId r:id="b"/><p:sldId r:id="a"/><p:sldId r:id="væk"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels":  `<Relationships><Relationship Id="a" Type="x/slide" Target="slides/slide1.xml"/><Relationship Id="b" Type="x/slide" Target="slides/slide2.xml"/></Relationships>`,
		"ppt/slides/slide1.xml":            slide(shape("", slideText("", "Uden titel."))),
		"ppt/slides/slide2.xml":            slide(shapes),
		"ppt/slides/_rels/slide2.xml.rels": `<Relationships><Relationship Id="n" Type="x/notesSlide" Target="../notesSlides/notesSlide1.xml"/></Relationships>`,
		"ppt/notesSlides/notesSlide1.xml":  slide(shape(`<p:ph type="sldNum"/>`, slideText("", "2")) + shape(`<p:ph type="body"/>`, slideText("", "Nævn fristen."))),
	})
}

func trainingSlide() string {
	return shape(`<p:ph type="title"/>`, slideText("", "Frister i sociale sager")) +
		shape(`<p:ph idx="1"/>`, slideText("", "Fristen fastsættes lokalt")+slideText(`lvl="1"`, "og skal offentliggøres")) +
		shape(`<p:ph type="ftr"/>`, slideText("", "Lindevig Kommune")) +
		`<p:graphicFrame><a:tbl><a:tblPr firstRow="1"/><a:tr><a:tc><a:txBody>` + slideText("", "Ydelse") + `</a:txBody></a:tc><a:tc><a:txBody>` + slideText("", "Frist") +
		`</a:txBody></a:tc></a:tr><a:tr><a:tc><a:txBody>` + slideText("", "Pleje") + `</a:txBody></a:tc><a:tc><a:txBody>` + slideText("", "3 dage") + `</a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>`
}

const odfNS = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"`

// openText packs an ODT around the body.
func openText(tb testing.TB, body string) []byte {
	tb.Helper()
	return packed(tb, map[string]string{
		"mimetype": mediaODT,
		"content.xml": `<office:document-content ` + odfNS + `><office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
			<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="a" style:num-suffix=")"/><text:list-level-style-bullet text:level="2"/></text:list-style></office:automatic-styles>
			<office:body><office:text>` + body + `</office:text></office:body></office:document-content>`,
		"styles.xml": `<office:document-styles ` + odfNS + `><office:styles><style:style style:name="Title" style:family="paragraph"/><text:outline-style>
			<text:outline-level-style text:level="1" style:num-format="1"/><text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style></office:styles></office:document-styles>`,
		"meta.xml": `<office:document-meta ` + odfNS + `><office:meta><dc:title>Skabelon</dc:title><dc:language>da-DK</dc:language></office:meta></office:document-meta>`,
	})
}

func openBody() string {
	p := func(s string) string { return `<text:p>` + s + `</text:p>` }
	cell := func(s string) string { return `<table:table-cell>` + p(s) + `</table:table-cell>` }
	return `<text:tracked-changes><text:changed-region><text:deletion>` + p("Slettet afsnit.") + `</text:deletion></text:changed-region></text:tracked-changes>` +
		`<text:p text:style-name="Title">Retningslinje for merudgifter</text:p><text:table-of-content><text:index-body>` + p("1 Formål 3") + `</text:index-body></text:table-of-content>` +
		`<text:h text:outline-level="1">Formål</text:h>` +
		p(`Kommunen<text:s text:c="2"/>skal<text:line-break/>vejlede<text:note><text:note-citation>1</text:note-citation><text:note-body>`+p("Satsen reguleres årligt.")+`</text:note-body></text:note>.<office:annotation><dc:creator>AB</dc:creator>`+p("Er det rigtigt?")+`</office:annotation>`) +
		`<text:h text:outline-level="2">Målgruppe</text:h><text:list text:style-name="L1"><text:list-item>` + p("voksne,") + `<text:list><text:list-item>` + p("med varig nedsættelse") +
		`</text:list-item></text:list></text:list-item><text:list-item>` + p("pårørende.") + `</text:list-item></text:list>` +
		`<text:h text:outline-level="1">Satser</text:h>` + p(`<text:span text:style-name="T1">Bemærk</text:span>`) +
		`<table:table><table:table-header-rows><table:table-row>` + cell("Udgift") + cell("Sats") + `</table:table-row></table:table-header-rows><table:table-row>` +
		`<table:table-cell table:number-rows-spanned="2">` + p("Kost") + `</table:table-cell>` + cell("100 kr.") + `</table:table-row><table:table-row><table:covered-table-cell/>` + cell("200 kr.") + `</table:table-row></table:table>`
}

func TestOfficeGolden(t *testing.T) {
	for name, data := range map[string][]byte{
		"takster.xlsx": workbook(t, taxRows), "kursus.pptx": presentation(t, trainingSlide()), "retningslinje.odt": openText(t, openBody()),
		"takster.ods": openSheet(t, openRows), "kursus.odp": openSlides(t, openSlide), "haandbog.epub": book(t, bookChapter),
	} {
		doc, err := Parse(context.Background(), name, data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		checkResult(t, name, doc, nil)
		golden(t, name, dump(doc))
	}
}

func TestOfficeFailures(t *testing.T) {
	locked := packed(t, map[string]string{"mimetype": mediaODT, "content.xml": "x",
		"META-INF/manifest.xml": `<manifest:manifest ` + odfNS + `><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>`})
	wide := `<row r="1">` + strings.Repeat(`<c r="SG1" t="str"><v>x</v></c>`, 2) + `</row>`
	cases := []struct {
		name string
		data []byte
		want error
	}{
		{"encrypted odt", locked, ErrEncrypted},
		{"odt without content", packed(t, map[string]string{"mimetype": mediaODT}), ErrDamaged},
		{"empty odt", openText(t, `<text:p/>`), ErrNoText},
		{"odt cut off", openText(t, `<text:p>a`), ErrDamaged},
		{"entity", openText(t, `<text:p>&lol;</text:p>`), ErrDamaged},
		{"deep odt", openText(t, strings.Repeat(`<text:list>`, 2*maxDepth)), ErrTooLarge},
		{"deep docx", word(t, strings.Repeat(`<w:tbl>`, 2*maxDepth)), ErrTooLarge},
		{"deep pptx", presentation(t, strings.Repeat(`<p:grpSp>`, 2*maxDepth)), ErrTooLarge},
		{"bomb odt", openText(t, `<text:p>`+strings.Repeat("a", maxPart)+`</text:p>`), ErrTooLarge},
		{"bomb xlsx", workbook(t, strings.Repeat(" ", maxPart)), ErrTooLarge},
		{"rows xlsx", workbook(t, strings.Repeat(`<row/>`, maxRows+1)), ErrTooLarge},
		{"cells xlsx", workbook(t, strings.Repeat(`<row><c r="RZ1" t="str"><v>x</v></c></row>`, maxCells/400)), ErrTooLarge},
		{"broken xlsx", workbook(t, `<row><c>`), ErrDamaged},
		{"no workbook", packed(t, map[string]string{"xl/styles.xml": ""}), ErrDamaged},
		{"no presentation", packed(t, map[string]string{"ppt/slides/slide1.xml": ""}), ErrDamaged},
	}
	for _, c := range cases {
		if _, err := Parse(context.Background(), c.name, c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if doc, err := XLSX(context.Background(), workbook(t, wide)); err != nil || len(doc.Blocks) != 2 {
		t.Errorf("a cell beyond the last column: %v, %v", doc, err)
	}
}

func TestNumbersReadAsExcelShowsThem(t *testing.T) {
	for _, c := range []struct{ code, value, want string }{
		{"", "0.1", "0,1"}, {"General", "1845.6000000000001", "1845,6"}, {"@", "12", "12"},
		{"0", "2.6", "3"}, {"#,##0.00", "1234567.891", "1.234.567,89"}, {"#,##0;-#,##0", "-1234", "-1.234"},
		{`#,##0.00\ "kr."`, "12.5", "12,50 kr."}, {`_-* #,##0\ "kr."_-`, "1200", "1.200 kr."}, {"0.0%", "0.125", "12,5 %"},
		{"dd-mm-yyyy", "46023", "01-01-2026"}, {"d. mmmm yyyy", "60", "28-02-1900"}, {"hh:mm", "0.5", "12:00"}, {"yyyy-mm-dd hh:mm", "46023.25", "01-01-2026 06:00"},
		{"[$-406]d. mmmm yyyy;@", "45000", "15-03-2023"}, {"000000-0000", "101012345", "010101-2345"}, {`000000\-0000`, "101012345", "010101-2345"}, {"00000", "800", "00800"},
		{"0.00E+00", "1500", "1500"}, {"yyyy", "9e9", "9000000000"}, {"0", "ikke et tal", "ikke et tal"}, {"0", "NaN", "NaN"},
	} {
		if got := parseFormat(c.code).text(c.value, epoch1900); got != c.want {
			t.Errorf("%q shows %s as %q, want %q", c.code, c.value, got, c.want)
		}
	}
	if got := parseFormat("dd-mm-yyyy").text("44561", epoch1904); got != "01-01-2026" {
		t.Errorf("1904: %s", got)
	}
}

func TestSeparatedValues(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"Danish", "Ydelse;Sats\nKost;12,50\nLogi;1.200,00\n", "Kost | Ydelse: Kost; Sats: 12,50 | Logi | Ydelse: Logi; Sats: 1.200,00"},
		{"English", "Ydelse,Sats,Enhed\nKost,\"12,50\",dag\n", "Kost | Ydelse: Kost; Sats: 12,50; Enhed: dag"},
		{"quotes and breaks", "A;B\n\"x \"\"y\"\"\nz\";1\nq;2\n", `x "y" z | A: x "y" z; B: 1 | q | A: q; B: 2`},
		{"stray quote", "A;B\n5\" skærm;1\nq;2\n", `5" skærm | A: 5" skærm; B: 1 | q | A: q; B: 2`},
		{"no header", "Kost;100\nLogi;200\n", "Kost | Kost; 100 | Logi | Logi; 200"},
		{"two tables", "Ydelse;Sats\nKost;1\n\nHjælp;Frist\nPleje;3\n", "Kost | Ydelse: Kost; Sats: 1 | Pleje | Hjælp: Pleje; Frist: 3"},
		{"groups", "Ydelse;Sats;Enhed\nPleje;;\nDag;1;time\n", "Pleje | Dag | Ydelse: Dag; Sats: 1; Enhed: time"},
		{"years", "Ydelse;2024;2025\nKost;1;2\n", "Kost | Ydelse: Kost; 2024: 1; 2025: 2"},
		{"only figures", "1;2;3\n4;5;6\n", "Række 1 | 1; 2; 3 | Række 2 | 4; 5; 6"},
	} {
		doc, err := Separated(context.Background(), []byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, b := range doc.Blocks {
			got = append(got, b.Text)
		}
		if strings.Join(got, " | ") != c.want {
			t.Errorf("%s: %q, want %q", c.name, strings.Join(got, " | "), c.want)
		}
	}
	if _, err := Separated(context.Background(), []byte(strings.Repeat("a;b\n", maxRows+1))); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many rows: %v", err)
	}
}

func TestMailBounds(t *testing.T) {
	nested := "MIME-Version: 1.0\nFrom: a@b.dk\nContent-Type: text/plain\n\nKernen"
	for i := range maxMailDepth + 2 {
		nested = fmt.Sprintf("MIME-Version: 1.0\nFrom: a@b.dk\nContent-Type: multipart/mixed; boundary=b%d\n\n--b%d\nContent-Type: message/rfc822\n\n%s\n--b%d--\n", i, i, nested, i)
	}
	const head = "MIME-Version: 1.0\nFrom: a@b.dk\n"
	for name, c := range map[string]struct {
		data string
		want error
	}{
		"mails within mails": {nested, ErrTooLarge},
		"many parts":         {head + "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", maxMailParts+1), ErrTooLarge},
		"encrypted":          {head + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIAGCSqG", ErrEncrypted},
	} {
		if _, err := Parse(context.Background(), "a.eml", []byte(c.data)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
