package export

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/versions"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

func report() gaps.Report {
	at := gaps.At{Section: "kladde#3", Label: "3 Frister", Start: 4, End: 20, Quote: "=senest 6 uger <b>&\nefter", Page: 2}
	law := &gaps.Law{Document: "lbk-2024-280", Section: "lbk-2024-280#109", Reference: "beskæftigelsesindsatsloven § 109, stk. 1", Quote: "Senest 4 uger efter", URL: "https://www.retsinformation.dk/eli/lta/2024/280"}
	return gaps.Report{
		Document: "frister & æøå.docx", Title: "Frister *for* [alle]", AsOf: "2026-03-01",
		Findings: []gaps.Finding{{Kind: gaps.Contradiction, Subject: gaps.OfFigure, Severity: gaps.High, At: at, Law: law, Now: law, Explanation: "Teksten siger »6 uger«.", Confidence: 0.97}},
		Checked: []gaps.Check{{Subject: gaps.OfFigure, Outcome: gaps.Found, At: &at, Law: law}, {Subject: gaps.OfReference, Outcome: gaps.InOrder, At: &at, Law: law},
			{Subject: gaps.OfRequirement, Outcome: gaps.Partly, At: &at, Law: law, Note: partlyNote, Confidence: 0.8}},
	}
}

const partlyNote = "Teksten nævner pligten, men ikke »4 uger«."

// TestPartlyCovered looks for the duty, its certainty and what is left out in
// every format for people.
func TestPartlyCovered(t *testing.T) {
	for _, f := range []Format{Text, Markdown, CSV, DOCX} {
		out := written(t, f)
		if f == DOCX {
			doc, err := parse.DOCX(t.Context(), out)
			if err != nil {
				t.Fatal(err)
			}
			var words strings.Builder
			for _, block := range doc.Blocks {
				words.WriteString(block.Text + "\n")
			}
			out = []byte(words.String())
		}
		for _, want := range []string{partlyNote, certainty(0.8)} {
			if !bytes.Contains(out, []byte(want)) {
				t.Errorf("%s lacks %q:\n%s", f, want, out)
			}
		}
	}
}

func written(t *testing.T, f Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, "1.0", report()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A DOCX is whole when every part is well-formed and our own reader finds the
// words in it.
func TestDOCX(t *testing.T) {
	data := written(t, DOCX)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(r); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		_ = r.Close()
	}
	doc, err := parse.Parse(t.Context(), "rapport.docx", data)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	headings := 0
	for _, b := range doc.Blocks {
		all.WriteString(b.Text + "\n")
		if b.Kind == parse.Heading {
			headings++
		}
	}
	for _, want := range []string{"Kontrol af Frister *for* [alle]", "senest 6 uger <b>& efter", "beskæftigelsesindsatsloven § 109, stk. 1", "Tal og frister"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("%q is not in the document:\n%s", want, all.String())
		}
	}
	if headings < 3 {
		t.Errorf("%d headings", headings)
	}
}

func TestSARIF(t *testing.T) {
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal(written(t, SARIF), &log); err != nil {
		t.Fatal(err)
	}
	r := log.Runs[0]
	if log.Version != "2.1.0" || len(r.Results) != 1 || r.Tool.Driver.Rules[r.Results[0].RuleIndex].ID != r.Results[0].RuleID || r.Results[0].Level != "error" {
		t.Errorf("%+v", log)
	}
	if uri := r.Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI; uri != "frister%20&%20%C3%A6%C3%B8%C3%A5.docx" {
		t.Errorf("uri %q", uri)
	}
}

func TestCSV(t *testing.T) {
	data := strings.TrimPrefix(string(written(t, CSV)), "\ufeff")
	r := csv.NewReader(strings.NewReader(data))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || rows[2][1] != "Delvist dækket" || len(rows[1]) != len(rows[0]) || !strings.HasPrefix(rows[1][5], "'=") {
		t.Errorf("%q", rows)
	}
}

func TestMarkdownShowsTextAsText(t *testing.T) {
	md := string(written(t, Markdown))
	if !strings.Contains(md, `Frister \*for\* \[alle\]`) || strings.Contains(md, "<b>") || !strings.Contains(md, "| Tal og frister | 1 | 0 | 0 | 1 | 0 |") {
		t.Error(md)
	}
}

func TestText(t *testing.T) {
	text := string(written(t, Text))
	for _, want := range []string{"1 fund. 3 steder er kontrolleret mod det, der gælder den 1. marts 2026.", "MODSTRID · alvorlig · sikkerhed 97 %", "3 Frister (side 2)", "Henvisninger"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestChanges(t *testing.T) {
	law := &gaps.Law{Reference: "serviceloven § 1", Quote: "§ 1. Fristen er 4 uger."}
	c := gaps.Changes{Old: "a", New: "b", Title: "Lov", Counts: map[versions.Status]int{versions.Changed: 1}, Sections: []gaps.Change{{
		Status: versions.Changed, Old: law, New: law, Words: versions.Words("Fristen er 4 uger.", "Fristen er 6 uger."),
		CitedBy: []gaps.Citing{{Reference: "Vejledning, 2 Frister", Raw: "§ 1"}},
	}}}
	for f, want := range map[Format]string{Text: "Fristen er [-4-] {+6+} uger.", Markdown: "Fristen er ~~4~~ **6** uger.", JSON: `"op":"insert"`} {
		var b bytes.Buffer
		if err := WriteChanges(&b, f, &c); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("%s: %v %s", f, err, b.String())
		}
	}
	if err := WriteChanges(io.Discard, DOCX, &c); err == nil {
		t.Error("a comparison is written as DOCX")
	}
}
