package ingest

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// section makes a § with stk. of the given lengths, each cut into lines.
func section(lengths ...int) corpus.Section {
	s := corpus.Section{ID: "lov#1", Document: "lov", Label: "§ 1", Path: []string{"Kapitel 1 Frugt", "§ 1"}, Heading: "Æbler"}
	for i, n := range lengths {
		if i > 0 {
			s.Text += "\n"
		}
		start := len(s.Text)
		s.Text += fmt.Sprintf("Stk. %d. ", i+1)
		for len(s.Text)-start < n {
			s.Text += "Æblet skal plukkes, når det er modent og rødt. "
		}
		s.Text = strings.TrimRight(s.Text, " ")
		s.Parts = append(s.Parts, corpus.Part{Label: fmt.Sprintf("stk. %d", i+1), Start: start, End: len(s.Text)})
	}
	return s
}

func TestShortSectionIsOnePassage(t *testing.T) {
	s := section(300, 400)
	doc := corpus.Document{Title: "Bekendtgørelse af lov om frugt", ShortTitles: []string{"frugtloven"}}
	got := Passages(&doc, &s)
	if len(got) != 1 || got[0].Text != s.Text || got[0].ID != "lov#1/1" {
		t.Fatalf("%+v", got)
	}
	if want := "Bekendtgørelse af lov om frugt › frugtloven › Kapitel 1 Frugt › § 1 › Æbler"; got[0].Context != want {
		t.Errorf("context %q", got[0].Context)
	}
}

func TestLongSectionIsCutAtStk(t *testing.T) {
	s := section(700, 400, 900, 2000)
	got := Passages(&corpus.Document{Title: "Lov"}, &s)
	for i, p := range got {
		if len(p.Text) > maxPassage {
			t.Errorf("passage %d has %d bytes", i, len(p.Text))
		}
	}
	// Stk. 1 and 2 fit together; stk. 4 has to be cut between sentences.
	if got[0].End != s.Parts[1].End || got[1].Start != s.Parts[2].Start || got[2].Start != s.Parts[3].Start {
		t.Errorf("cut at %d-%d %d-%d", got[0].Start, got[0].End, got[1].Start, got[1].End)
	}
	if !strings.HasSuffix(got[2].Text, "rødt.") {
		t.Errorf("cut within a sentence: …%q", got[2].Text[len(got[2].Text)-30:])
	}
}

func TestPassagesHoldAllOfTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("abæøå. \n§1)")), 0, 6000, -1).Draw(t, "text")
		s := corpus.Section{ID: "d#1", Document: "d", Text: text}
		for at := 0; at < len(text); {
			end := min(len(text), at+rapid.IntRange(1, 2000).Draw(t, "part"))
			for end < len(text) && !utf8.RuneStart(text[end]) {
				end++
			}
			s.Parts = append(s.Parts, corpus.Part{Label: fmt.Sprint("stk. ", len(s.Parts)+1), Start: at, End: end})
			at = end
		}
		at := 0
		for _, p := range Passages(&corpus.Document{}, &s) {
			if strings.TrimSpace(text[at:p.Start]) != "" || p.Start < at {
				t.Fatalf("text between %d and %d is in no passage, or in two", at, p.Start)
			}
			if p.Text != text[p.Start:p.End] || p.Text == "" || len(p.Text) > maxPassage || !utf8.ValidString(p.Text) {
				t.Fatalf("passage %d-%d", p.Start, p.End)
			}
			at = p.End
		}
		if strings.TrimSpace(text[at:]) != "" {
			t.Fatalf("text after %d is in no passage", at)
		}
	})
}
