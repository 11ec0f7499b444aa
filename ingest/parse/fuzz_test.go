package parse

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// fuzzReader runs one reader on arbitrary bytes: no panic, a bounded time, and
// either folded blocks or a named failure.
func fuzzReader(f *testing.F, read readFunc, seeds ...string) {
	for _, name := range seeds {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		doc, err := read(ctx, data)
		if errors.Is(err, ErrTimeout) {
			t.Fatal("took more than 5 s")
		}
		checkResult(t, "fuzzed", doc, err)
	})
}

func FuzzMarkdown(f *testing.F) { fuzzReader(f, Markdown, "retningslinje.md") }

func FuzzHTML(f *testing.F) { fuzzReader(f, HTML, "side.html", "lov.html") }

func FuzzText(f *testing.F) { fuzzReader(f, Text, "kvalitetsstandard.txt") }

// FuzzDOCX varies the main part, for random bytes are hardly ever a ZIP.
func FuzzDOCX(f *testing.F) {
	f.Add(guidelineBody())
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := DOCX(context.Background(), word(t, body))
		checkResult(t, "fuzzed", doc, err)
	})
}

func FuzzSeparated(f *testing.F) { fuzzReader(f, Separated, "takster.csv", "ydelser.tsv") }

func FuzzEML(f *testing.F) { fuzzReader(f, EML, "svar.eml") }

func FuzzRTF(f *testing.F) { fuzzReader(f, RTF, "notat.rtf") }

// fuzzPart varies the part that carries the text of an office file.
func fuzzPart(f *testing.F, read readFunc, pack func(testing.TB, string) []byte, seed string) {
	f.Add(seed)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := read(context.Background(), pack(t, body))
		checkResult(t, "fuzzed", doc, err)
	})
}

func FuzzODT(f *testing.F) { fuzzPart(f, ODT, openText, openBody()) }

func FuzzODS(f *testing.F) { fuzzPart(f, ODS, openSheet, openRows) }

func FuzzODP(f *testing.F) { fuzzPart(f, ODP, openSlides, openSlide) }

func FuzzEPUB(f *testing.F) { fuzzPart(f, EPUB, book, bookChapter) }

func FuzzXLSX(f *testing.F) { fuzzPart(f, XLSX, workbook, taxRows) }

func FuzzPPTX(f *testing.F) { fuzzPart(f, PPTX, presentation, trainingSlide()) }

func FuzzParse(f *testing.F) {
	f.Add("a.docx", word(f, guidelineBody()))
	f.Add("a.md", []byte("# A\n\n1) b"))
	f.Add("a", []byte("PK\x03\x04"))
	f.Add("a.html", []byte("<html><table><tr><td>x"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		doc, err := Parse(context.Background(), name, data)
		checkResult(t, name, doc, err)
	})
}
