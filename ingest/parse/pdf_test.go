package parse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

const (
	full1 = "Kommunalbestyrelsen skal yde dækning af tabt arbejdsfortjeneste til personer, der i hjemmet"
	full2 = "forsørger et barn under 18 år med betydelig og varigt nedsat fysisk eller psykisk funktionsevne"
)

func TestPDFStatute(t *testing.T) {
	page := drawn("R", 12, 270, 760, "Kapitel 9") +
		drawn("I", 12, 240, 740, "Særlig støtte til børn") +
		drawn("B", 12, 60, 720, "§ 42.") + drawn("R", 12, 92, 720, full1[:80]) +
		drawnLines(50, 706, full2, "eller lang- varig lidelse, jf. § 12, stk. 2, og børne-", "og ungeudvalgets tids-", "frist.") +
		drawn("I", 12, 60, 650, "Stk. 2.") + drawn("R", 12, 97, 650, "Ydelsen er betinget af:") +
		drawnLines(50, 636, "1) at det er en nødvendig konsekvens, og", "2) at det er mest hensigtsmæssigt:", "a) for barnet,", "b) for moderen.")
	doc := mustRead(t, pdfOf("", page))
	want := []string{
		"Kapitel 9", "Særlig støtte til børn",
		"§ 42. " + full1[:80] + " " + full2 + " eller lang- varig lidelse, jf. § 12, stk. 2, og børne- og ungeudvalgets tidsfrist.",
		"Stk. 2. Ydelsen er betinget af:",
		"1) at det er en nødvendig konsekvens, og", "2) at det er mest hensigtsmæssigt:", "a) for barnet,", "b) for moderen.",
	}
	if got := blockTexts(doc); !slices.Equal(got, want) {
		t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	kinds := []BlockKind{Heading, Paragraph, Paragraph, Paragraph, ListItem, ListItem, ListItem, ListItem}
	for i, b := range doc.Blocks {
		if b.Kind != kinds[i] {
			t.Errorf("%q is of kind %d, want %d", b.Text, b.Kind, kinds[i])
		}
	}
	if b := doc.Blocks[1]; !b.Bold {
		t.Error("a heading in italics is not marked as such")
	}
	if b := doc.Blocks[6]; b.Level != 2 {
		t.Errorf("litra a has depth %d, want 2", b.Level)
	}
	for _, l := range doc.Blocks[2].Lines[1:2] {
		if got := doc.Blocks[2].Text[l.Start:l.End]; strings.TrimSpace(got) != full2 {
			t.Errorf("second line is %q", got)
		}
	}
}

// A reference that happens to begin a line begins no section.
func TestPDFWrappedReference(t *testing.T) {
	doc := mustRead(t, pdfOf("", drawn("B", 12, 60, 720, "§ 1.")+drawn("R", 12, 85, 720, full1[:78]+" efter reglerne i")+
		drawnLines(50, 706, "§ 12. Det samme gælder for personer, der er omfattet af kapitel 3.")))
	if len(doc.Blocks) != 1 {
		t.Errorf("got %q", blockTexts(doc))
	}
}

func TestPDFPages(t *testing.T) {
	page := func(n int, body string) string {
		return drawn("R", 9, 50, 815, "Vejledning om merudgifter") + body + drawn("R", 9, 290, 30, fmt.Sprint(n))
	}
	doc := mustRead(t, pdfOf("",
		page(1, drawn("B", 18, 50, 770, "Merudgifter")+drawnLines(60, 720, full1)+drawnLines(50, 706, full2)+
			drawn("R", 8, 50, 60, "1) Satsen er fra 2026.")),
		page(2, drawnLines(50, 780, "og deres nærmeste, hvis de bor sammen.")+drawnLines(60, 750, "Næste afsnit.")),
		page(3, drawnLines(60, 780, "Sidste afsnit."))))
	want := []string{"Merudgifter", full1 + " " + full2 + " og deres nærmeste, hvis de bor sammen.", "1) Satsen er fra 2026.", "Næste afsnit.", "Sidste afsnit."}
	if got := blockTexts(doc); !slices.Equal(got, want) {
		t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if doc.Title != "Merudgifter" || doc.Pages != 3 || doc.Blocks[0].Kind != Heading || doc.Blocks[2].Kind != Footnote {
		t.Errorf("title %q, %d pages, blocks %+v", doc.Title, doc.Pages, doc.Blocks)
	}
	if l := doc.Blocks[1].Lines; len(l) != 3 || l[2].Page != 2 {
		t.Errorf("lines of the joined paragraph: %+v", l)
	}
}

func TestPDFColumnsAndTable(t *testing.T) {
	var page strings.Builder
	for i := range 8 {
		y := 700 - 14*float64(i)
		page.WriteString(drawn("R", 12, 50, y, fmt.Sprintf("venstre spalte har linje nummer %d her", i)))
		page.WriteString(drawn("R", 12, 320, y-3, fmt.Sprintf("den højre spalte har også linje nr. %d", i)))
	}
	got := strings.Join(blockTexts(mustRead(t, pdfOf("", page.String()))), " ")
	if strings.Index(got, "venstre spalte har linje nummer 7") > strings.Index(got, "den højre spalte har også linje nr. 0") {
		t.Errorf("columns are mixed: %s", got)
	}
	table := drawn("B", 12, 50, 700, "Ydelse") + drawn("B", 12, 250, 700, "Beløb") + drawn("B", 12, 400, 700, "Frist")
	for i, row := range [][]string{{"Merudgifter", "1.027 kr.", "4 uger"}, {"Tabt arbejdsfortjeneste", "35.000 kr.", "8 uger"}, {"Plejetilskud", "900 kr.", "2 uger"}} {
		y := 686 - 14*float64(i)
		table += drawn("R", 12, 50, y, row[0]) + drawn("R", 12, 250, y, row[1]) + drawn("R", 12, 400, y, row[2])
	}
	doc := mustRead(t, pdfOf("", table))
	want := "Ydelse: Tabt arbejdsfortjeneste; Beløb: 35.000 kr.; Frist: 8 uger"
	if len(doc.Blocks) != 4 || doc.Blocks[2].Text != want || doc.Blocks[2].Kind != TableRow {
		t.Errorf("got %q, want the row %q", blockTexts(doc), want)
	}
}

// Boxes are fractions of the page as shown, whatever its rotation and crop box.
func TestPDFBoxes(t *testing.T) {
	for _, c := range []struct {
		entries        string
		content        string
		x0, y0, x1, y1 float64
	}{
		{"", drawn("R", 10, 59.5, 757.8, "hej"), 0.1, 0.090, 0.12, 0.103},
		{"/CropBox [50 0 550 842]", drawn("R", 10, 100, 757.8, "hej"), 0.1, 0.090, 0.125, 0.103},
		{"/Rotate 90", "BT /R 10 Tf 0 1 -1 0 100 84.2 Tm (hej) Tj ET", 0.1, 0.154, 0.114, 0.173},
	} {
		l := mustRead(t, pdfOf(c.entries, c.content)).Blocks[0].Lines[0]
		for i, d := range []float64{l.X0 - c.x0, l.Y0 - c.y0, l.X1 - c.x1, l.Y1 - c.y1} {
			if math.Abs(d) > 0.006 {
				t.Errorf("%q: box %+v is off in coordinate %d, want %v", c.entries, l, i, c)
				break
			}
		}
	}
}

// Kerning moves letters apart but makes no spaces; a wide move is one.
func TestPDFSpaces(t *testing.T) {
	for content, want := range map[string]string{
		"[(T) 80 (ilsyn) -20 (et med V) 110 (A)]":                              "Tilsynet med VA",
		"[(uden) -330 (mellemrum) -330 (i) -330 (filen)]":                      "uden mellemrum i filen",
		"[(K) -300 (a) -300 (p) -300 (i) -300 (t) -300 (e) -300 (l) -900 (3)]": "Kapitel 3",
	} {
		if got := blockTexts(mustRead(t, pdfOf("", "BT /R 12 Tf 50 700 Td "+content+" TJ ET")))[0]; got != want {
			t.Errorf("%s gives %q, want %q", content, got, want)
		}
	}
}

func TestJoinLines(t *testing.T) {
	for _, c := range []struct {
		a, b string
		soft bool
		want string
	}{
		{"tids-", "frist", false, "tidsfrist"},
		{"børne-", "og ungeudvalget", false, "børne- og ungeudvalget"},
		{"barnets-", "eller den unges", false, "barnets- eller den unges"},
		{"EU-", "retten", false, "EU-retten"},
		{"§§ 2-", "9 gælder", false, "§§ 2-9 gælder"},
		{"Anne-", "Marie", false, "Anne-Marie"},
		{"en e-", "boks", false, "en e-boks"},
		{"social\u00ad", "tilsyn", false, "socialtilsyn"},
		{"lovbekendtgørel\u2010", "se", true, "lovbekendtgørelse"},
		{"it-", "system", true, "it-system"},
		{"beløb –", "eller mindre", false, "beløb – eller mindre"},
		{"stk. 1", "og 2", false, "stk. 1 og 2"},
	} {
		if got := joinLines(c.a, c.b, c.soft); got != c.want {
			t.Errorf("%q + %q = %q, want %q", c.a, c.b, got, c.want)
		}
	}
}

func TestJudge(t *testing.T) {
	danish := Block{Text: strings.Repeat("Kommunalbestyrelsen skal efter § 42 yde hjælp til den, der har et barn, og det er en pligt. ", 8)}
	garbled := Block{Text: strings.Repeat("Nrppxqdoehvwbuhovhq vndo hiwhu ¢ 75 bgh kmãos wlo ghq, ghu kdu hw eduq. ", 8)}
	torn := Block{Text: strings.Repeat("K o m m u n e n s k a l y d e h j æ l p e f t e r l o v e n. ", 12)}
	broken := Block{Text: strings.Repeat("B\ufffdrn skal have hj\ufffdlp efter loven, og det er en pligt. ", 10)}
	if !judge([]Block{danish}).good(1) {
		t.Error("Danish text is refused")
	}
	for _, b := range []Block{garbled, torn, broken, {}} {
		if q := judge([]Block{b}); q.good(1) {
			t.Errorf("%q passes: %+v", b.Text, q)
		}
	}
}

func TestPDFErrors(t *testing.T) {
	plain := pdfOf("", drawnLines(50, 700, full1, full2))
	cyclic := bytes.Replace(plain, []byte("/Kids [6 0 R ]"), []byte("/Kids [7 0 R ]"), 1)
	locked := bytes.Replace(plain, []byte("/Root 1 0 R"), []byte("/Root 1 0 R /ID [(0123456789abcdef) (0123456789abcdef)] /Encrypt <</Filter /Standard /V 1 /R 2 /P -4 /O ("+strings.Repeat("o", 32)+") /U ("+strings.Repeat("u", 32)+")>>"), 1)
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"empty", nil, ErrDamaged},
		{"other format", []byte("<html>"), ErrDamaged},
		{"header only", []byte("%PDF-1.4\n"), ErrDamaged},
		{"cyclic page tree", cyclic, ErrDamaged},
		{"encrypted", locked, ErrEncrypted},
		{"no text", pdfOf("", "0 0 m 10 10 l S"), ErrNoText},
		{"no pages", pdfOf(""), ErrNoText},
	} {
		if _, err := PDF(t.Context(), c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// Files with damaged or hostile cross-reference data are read or refused; the
// library would loop, overflow the stack or run out of memory on them.
func TestPDFHostileStructure(t *testing.T) {
	plain := pdfOf("", drawnLines(50, 700, full1, full2))
	at := bytes.LastIndex(plain, []byte("startxref"))
	for name, data := range map[string][]byte{
		"no table":            plain[:bytes.LastIndex(plain, []byte("xref\n0 "))],
		"wrong offset":        append(slices.Clone(plain[:at]), "startxref\n7\n%%EOF\n"...),
		"table before itself": bytes.Replace(plain, []byte("/Root 1 0 R"), fmt.Appendf(nil, "/Root 1 0 R /Prev %d", bytes.LastIndex(plain, []byte("xref\n0 "))), 1),
		"huge size":           bytes.Replace(plain, []byte("/Size 8"), []byte("/Size 99999999999"), 1),
		"junk before":         append([]byte("HTTP/1.1 200 OK\r\n\r\n"), plain...),
		"junk after":          append(slices.Clone(plain), bytes.Repeat([]byte("\x00"), 3000)...),
		"stream in itself":    selfContained(),
	} {
		doc, err := PDF(t.Context(), data)
		switch {
		case name == "stream in itself":
			if !isNamed(err) {
				t.Errorf("%s: %v", name, err)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case doc.Reader != readerLedongthuc || blockTexts(doc)[0] != full1+" "+full2:
			t.Errorf("%s: %s read %q", name, doc.Reader, blockTexts(doc))
		}
	}
}

// selfContained is a file whose object stream 1 says that it holds itself and
// the catalogue.
func selfContained() []byte {
	b := &pdfBuilder{}
	b.stream("/Type /ObjStm /N 2 /First 8", "1 0 2 5 <<>> <</Type /Catalog /Pages 9 0 R>>")
	start := b.buf.Len()
	b.stream("/Type /XRef /Size 3 /W [1 1 1] /Root 2 0 R /Index [1 2] ", "\x02\x01\x00\x02\x01\x01")
	fmt.Fprintf(&b.buf, "startxref\n%d\n%%%%EOF\n", start)
	return b.buf.Bytes()
}

func TestPDFContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := PDF(ctx, pdfOf("", drawnLines(50, 700, full1))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	// A form that draws itself a hundred times at each of its levels: pdfium would
	// draw it for hours, and is killed.
	b := &pdfBuilder{}
	b.object("<</Type /Catalog /Pages 2 0 R>>")
	b.object("<</Type /Pages /Kids [3 0 R] /Count 1>>")
	b.object("<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources <</XObject <</F 5 0 R>>>> /Contents 4 0 R>>")
	b.stream("", "/F Do")
	b.stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</F 5 0 R>>>>", strings.Repeat("/F Do ", 100))
	ctx, cancel = context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	start := time.Now()
	if _, err := PDF(ctx, b.finish("/Root 1 0 R")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestPdfiumSameLayout(t *testing.T) {
	data := pdfOf("", drawn("B", 12, 60, 720, "§ 42.")+drawn("R", 12, 92, 720, full1[:80])+drawnLines(50, 706, full2, "i de tids-", "rum, der er nævnt."))
	r, err := secondReading(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	want := mustRead(t, data)
	if len(r.blocks) != 1 || r.blocks[0].Text != want.Blocks[0].Text {
		t.Errorf("pdfium gives %q, want %q", blockTexts(&Document{Blocks: r.blocks}), blockTexts(want))
	}
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := readPdfium(ctx, data); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
}

func TestRenderPage(t *testing.T) {
	data := pdfOf("", drawnLines(50, 700, full1), drawnLines(50, 700, full2))
	for asked, want := range map[int]int{900: 900, 1: minRenderWidth, 99999: maxRenderWidth} {
		out, err := RenderPage(t.Context(), data, 2, asked)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if size := img.Bounds().Size(); size.X != want || math.Abs(float64(size.Y)/float64(size.X)-842.0/595) > 0.02 {
			t.Errorf("width %d gives an image of %v", asked, size)
		}
	}
	for _, page := range []int{0, -1, 3} {
		if _, err := RenderPage(t.Context(), data, page, 900); !errors.Is(err, ErrNoPage) {
			t.Errorf("page %d: %v, want ErrNoPage", page, err)
		}
	}
	if _, err := RenderPage(t.Context(), []byte("%PDF-1.4"), 1, 900); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
}

// FuzzPDF feeds the first reader and the layout; pdfium has its own fuzzers.
func FuzzPDF(f *testing.F) {
	f.Add(pdfOf("", drawnLines(50, 700, full1, full2)))
	f.Add(pdfOf("/Rotate 90", drawn("B", 12, 50, 700, "§ 1."), drawnLines(50, 700, full2)))
	f.Add(selfContained())
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		r, err := firstReading(ctx, data)
		if ctx.Err() != nil {
			t.Fatal("took longer than 5 s")
		}
		if err != nil {
			return
		}
		if doc, err := r.document(); err == nil {
			checkBlocks(t, "fuzz", doc)
		}
	})
}

// FuzzPDFContent feeds page contents and character maps.
func FuzzPDFContent(f *testing.F) {
	f.Add(drawnLines(50, 700, full1))
	f.Add("BT /R 1 Tf 1 0 0 1 9 9 Tm [(a) -200 <62> 3.-4] TJ ET BI /W 1 ID x EI q Q Q /F Do")
	f.Add("1 beginbfrange <00> <ff> [<0041> <0042>] endbfrange 1 beginbfchar <01> <d83ddc4d> endbfchar")
	f.Fuzz(func(t *testing.T, content string) {
		newToUnicode([]byte(content))
		r, err := firstReading(t.Context(), pdfOf("", content))
		if err != nil {
			return
		}
		if doc, err := r.document(); err == nil {
			checkBlocks(t, "fuzz", doc)
		}
	})
}
