package parse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

const drawNS = ` xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"`

// openSheet packs an ODS around the rows of its first sheet.
func openSheet(tb testing.TB, rows string) []byte {
	tb.Helper()
	return packed(tb, map[string]string{
		"mimetype": mediaODS,
		"content.xml": `<office:document-content ` + odfNS + `><office:body><office:spreadsheet><table:table table:name="Takster">` + rows +
			`</table:table><table:table table:name="Ark2"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`,
	})
}

const openRows = `<table:table-row><table:table-cell table:number-columns-spanned="3"><text:p>Takster 2026</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="2"/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
<table:table-row><table:table-cell><text:p>Tilbud</text:p></table:table-cell><table:table-cell><text:p>Takst pr. døgn</text:p></table:table-cell><table:table-cell><text:p>Gælder fra</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>Ådalen</text:p><office:annotation><text:p>Spørg økonomi</text:p></office:annotation></table:table-cell><table:table-cell office:value="1845.5"><text:p>1.845,50 kr.</text:p></table:table-cell><table:table-cell><text:p>1. januar</text:p><text:p>2026</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>Søhus</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>efter<text:s/>aftale</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`

// openSlides packs an ODP around the body of its first slide.
func openSlides(tb testing.TB, slide string) []byte {
	tb.Helper()
	return packed(tb, map[string]string{
		"mimetype": mediaODP,
		"content.xml": `<office:document-content ` + odfNS + drawNS + `><office:body><office:presentation><draw:page>` + slide +
			`</draw:page><draw:page><draw:frame><draw:text-box><text:p>Uden titel.</text:p></draw:text-box></draw:frame></draw:page></office:presentation></office:body></office:document-content>`,
		"meta.xml": `<office:document-meta ` + odfNS + `><office:meta><dc:title>Kursus</dc:title><dc:language>da-DK</dc:language></office:meta></office:document-meta>`,
	})
}

const openSlide = `<draw:frame presentation:class="outline"><draw:text-box><text:list><text:list-item><text:p>Fristen fastsættes lokalt</text:p><text:list><text:list-item><text:p>og skal offentliggøres</text:p></text:list-item></text:list></text:list-item></text:list></draw:text-box></draw:frame>
<draw:frame presentation:class="title"><draw:text-box><text:p>Frister i sociale sager</text:p></draw:text-box></draw:frame>
<draw:frame presentation:class="page-number"><draw:text-box><text:p>7</text:p></draw:text-box></draw:frame>
<draw:frame><table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Ydelse</text:p></table:table-cell><table:table-cell><text:p>Frist</text:p></table:table-cell></table:table-row></table:table-header-rows>
<table:table-row><table:table-cell><text:p>Pleje</text:p></table:table-cell><table:table-cell><text:p>3 dage</text:p></table:table-cell></table:table-row></table:table></draw:frame>
<office:annotation><dc:creator>AB</dc:creator><text:p>Er det rigtigt?</text:p></office:annotation>
<presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Nævn fristen.</text:p></draw:text-box></draw:frame></presentation:notes>`

// book packs an EPUB whose second file, read first, holds the chapter.
func book(tb testing.TB, chapter string) []byte {
	tb.Helper()
	return packed(tb, bookFiles(chapter))
}

func bookFiles(chapter string) map[string]string {
	page := func(body string) string {
		return `<html xmlns="http://www.w3.org/1999/xhtml"><body>` + body + `</body></html>`
	}
	return map[string]string{
		"mimetype":                mediaEPUB,
		"META-INF/container.xml":  `<container><rootfiles><rootfile full-path="OEBPS/bog.opf"/></rootfiles></container>`,
		"META-INF/encryption.xml": `<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:CipherData><enc:CipherReference URI="OEBPS/skrift.otf"/></enc:CipherData></enc:EncryptedData></encryption>`,
		"OEBPS/bog.opf": `<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Håndbog i sagsbehandling</dc:title><dc:language>da</dc:language></metadata>
			<manifest><item id="to" href="kapitel%202.xhtml" media-type="application/xhtml+xml"/><item id="et" href="kapitel1.xhtml" media-type="application/xhtml+xml"/><item id="font" href="skrift.otf" media-type="font/otf"/><item id="væk" href="../../ude.xhtml" media-type="application/xhtml+xml"/></manifest>
			<spine><itemref idref="et"/><itemref idref="to"/><itemref idref="væk"/><itemref idref="font"/></spine></package>`,
		"OEBPS/kapitel 2.xhtml": page(`<h1>Klage</h1><p>Fristen er fire uger.</p>`),
		"OEBPS/kapitel1.xhtml":  page(chapter),
		"OEBPS/skrift.otf":      "skrift",
	}
}

const bookChapter = `<h1>Partshøring</h1><p>Parten skal høres, jf. forvaltningslovens § 19.</p><ul><li>skriftligt</li><li>mundtligt</li></ul>`

func TestOpenFormatsAreBounded(t *testing.T) {
	protected := bookFiles(bookChapter)
	protected["META-INF/encryption.xml"] = strings.ReplaceAll(protected["META-INF/encryption.xml"], "skrift.otf", "kapitel1.xhtml")
	lost := bookFiles(bookChapter)
	delete(lost, "OEBPS/bog.opf")
	cell := `<table:table-cell><text:p>x</text:p></table:table-cell>`
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"repeated rows":         {openSheet(t, `<table:table-row table:number-rows-repeated="1048576">`+cell+`</table:table-row>`), ErrTooLarge},
		"repeated cells":        {openSheet(t, strings.Repeat(fmt.Sprintf(`<table:table-row><table:table-cell table:number-columns-repeated="%d"><text:p>x</text:p></table:table-cell></table:table-row>`, maxColumns), maxCells/maxColumns+1)), ErrTooLarge},
		"empty sheet":           {openSheet(t, ""), ErrNoText},
		"sheet cut off":         {openSheet(t, `<table:table-row>`), ErrDamaged},
		"empty slides":          {packed(t, map[string]string{"mimetype": mediaODP, "content.xml": `<a/>`}), ErrNoText},
		"deep slides":           {openSlides(t, strings.Repeat(`<draw:g>`, 2*maxDepth)), ErrTooLarge},
		"book under protection": {packed(t, protected), ErrEncrypted},
		"book without a list":   {packed(t, lost), ErrDamaged},
		"book without text":     {book(t, ""), nil},
		"chapter bomb":          {book(t, strings.Repeat("<p>a</p>", maxTextFile/8+1)), ErrTooLarge},
	} {
		if _, err := Parse(context.Background(), name, c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestPolicySeesWhatIsNotShown packs a CPR number where it is stored with a file
// and shown nowhere.
func TestPolicySeesWhatIsNotShown(t *testing.T) {
	const secret = "010190-1234"
	run := func(props string) string {
		return `<w:p><w:r><w:rPr>` + props + `</w:rPr><w:t>` + secret + `</w:t></w:r><w:r><w:t>Synlig</w:t></w:r></w:p>`
	}
	withPart := func(kind, target string) []byte {
		return packed(t, map[string]string{
			"word/document.xml":            `<w:document xmlns:w="x"><w:body><w:p><w:r><w:t>Synlig</w:t></w:r></w:p></w:body></w:document>`,
			"word/_rels/document.xml.rels": `<Relationships><Relationship Id="a" Type="x/` + kind + `" Target="` + target + `"/></Relationships>`,
			"word/" + target:               `<w:x xmlns:w="x"><w:p><w:r><w:t>` + secret + `</w:t></w:r></w:p></w:x>`,
		})
	}
	slides := func(comment string) []byte {
		return packed(t, map[string]string{
			"ppt/presentation.xml":             `<p:presentation ` + showNS + `><p:sldIdLst><p:sldId r:id="a"/></p:sldIdLst></p:presentation>`,
			"ppt/_rels/presentation.xml.rels":  `<Relationships><Relationship Id="a" Type="x/slide" Target="slides/slide1.xml"/></Relationships>`,
			"ppt/slides/slide1.xml":            `<p:sld ` + showNS + `>` + shape("", slideText("", "Synlig")) + `</p:sld>`,
			"ppt/slides/_rels/slide1.xml.rels": `<Relationships><Relationship Id="c" Type="http://schemas.microsoft.com/office/2018/10/relationships/comments" Target="../comments/comment1.xml"/></Relationships>`,
			"ppt/comments/comment1.xml":        comment,
		})
	}
	for name, data := range map[string][]byte{
		"hidden.docx":        word(t, run(`<w:vanish/>`)),
		"deleted.docx":       word(t, `<w:p><w:del><w:r><w:delText>`+secret+`</w:delText></w:r></w:del><w:r><w:t>Synlig</w:t></w:r></w:p>`),
		"moved.docx":         word(t, `<w:p><w:moveFrom><w:r><w:t>`+secret+`</w:t></w:r></w:moveFrom><w:r><w:t>Synlig</w:t></w:r></w:p>`),
		"comment.docx":       withPart("comments", "comments.xml"),
		"header.docx":        withPart("header", "header1.xml"),
		"footer.docx":        withPart("footer", "footer1.xml"),
		"old comment.pptx":   slides(`<p:cmLst ` + showNS + `><p:cm><p:text>` + secret + `</p:text></p:cm></p:cmLst>`),
		"modern.pptx":        slides(`<x:cmLst xmlns:x="y" ` + showNS + `><x:cm><x:txBody>` + slideText("", secret) + `</x:txBody></x:cm></x:cmLst>`),
		"comment.ods":        openSheet(t, `<table:table-row><table:table-cell><text:p>Synlig</text:p><office:annotation><text:p>`+secret+`</text:p></office:annotation></table:table-cell></table:table-row>`),
		"comment.odp":        openSlides(t, `<office:annotation><text:p>`+secret+`</text:p></office:annotation>`),
		"deleted in ods.ods": openSheet(t, `<table:tracked-changes><table:deletion><text:p>`+secret+`</text:p></table:deletion></table:tracked-changes><table:table-row><table:table-cell><text:p>Synlig</text:p></table:table-cell></table:table-row>`),
	} {
		doc, err := Parse(context.Background(), name, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !strings.Contains(doc.Unshown, secret) {
			t.Errorf("%s: the policy sees %q", name, doc.Unshown)
		}
		for _, b := range doc.Blocks {
			if strings.Contains(b.Text, secret) {
				t.Errorf("%s shows %q", name, b.Text)
			}
		}
	}
}
