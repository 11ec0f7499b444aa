package docx

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/parse"
)

// What is written is read back by our own reader, word for word.
func TestDocumentIsReadBack(t *testing.T) {
	var d Document
	d.Heading(1, "Frister & <børn>")
	d.Label("Svar")
	d.Paragraph("Senest 4 uger efter. [1]")
	d.Quote("»Afgørelsen\x01 træffes«")
	d.Table([][]string{{"Hvad", "Antal"}, {"Krav", "3"}})
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	doc, err := parse.Parse(t.Context(), "svar.docx", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, block := range doc.Blocks {
		text += block.Text + "\n"
	}
	for _, want := range []string{"Frister & <børn>", "Svar", "Senest 4 uger efter. [1]", "træffes«", "Krav; 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
}
