package openai

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// What stands in a document cannot become a picture, a link or HTML.
func TestTextOfDocumentsIsNoMarkup(t *testing.T) {
	var out text
	out.public = "https://hjemmel.kommune.dk"
	out.source(assistant.Source{N: 1, Document: "notat (2)", Section: "notat (2)#bilag/1", Reference: "Notat [kladde]", Quote: "a"})
	got := out.sentence(&assistant.Sentence{Text: `![x](https://ond.dk/?q) <img src=x> *fed* a_b`, Role: assistant.RoleAnswer, Citations: []int{1, 7}})
	if want := `!\[x\](https://ond.dk/?q) \<img src=x> \*fed\* a\_b [1]` + "\n\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	got = out.end(&assistant.Answer{Answered: true, Verdict: policy.Verdict{Allowed: true}})
	if want := `1. [Notat \[kladde\]](https://hjemmel.kommune.dk/kilde/notat%20%282%29/bilag%2F1)`; !strings.Contains(got, want) {
		t.Errorf("%q lacks %q", got, want)
	}
	if sections := cited(got); !slices.Equal(sections, []string{"notat (2)#bilag/1"}) {
		t.Errorf("the link is read as %v", sections)
	}
}

// Two quotes of one section are one source, which clients number once.
func TestCitationsAreNumberedBySection(t *testing.T) {
	var out text
	for i, section := range []string{"lov#1", "lov#2", "lov#1"} {
		out.source(assistant.Source{N: i + 1, Document: "lov", Section: section, Reference: section, Quote: strings.Repeat("q", i+1)})
	}
	for _, n := range []int{2, 3, 1, 1} {
		out.sentence(&assistant.Sentence{Text: "Æ.", Role: assistant.RoleAnswer, Citations: []int{n}})
	}
	if want := "Æ. [1]\n\nÆ. [2]\n\nÆ. [2]\n\nÆ. [2]\n\n"; out.String() != want {
		t.Errorf("%q", out.String())
	}
	for _, a := range out.annotations {
		if mark := string([]rune(out.String())[a.URLCitation.Start:a.URLCitation.End]); mark[0] != '[' || mark[2] != ']' {
			t.Errorf("an annotation marks %q", mark)
		}
	}
	events := out.events()
	if len(events) != 2 || !slices.Equal(events[1].Data.Document, []string{"qqq", "q"}) || len(events[1].Data.Metadata) != 2 {
		t.Errorf("%+v", events)
	}
}

func TestHistoryLeavesOutWhatWasRefused(t *testing.T) {
	a := New(Config{Check: func(s string) policy.Verdict { return policy.Verdict{Allowed: !strings.Contains(s, "CPR")} }})
	got := a.history([]message{
		{"system", "Svar kort."}, {"user", "Hvad siger § 1?"}, {"assistant", "Ja. [1]\n\n1. [§ 1](http://h/kilde/lov/1)\n2. [§ 2](http://h/kilde/lov/2)"},
		{"user", "CPR 1"}, {"user", content(strings.Repeat("a", 3000))}, {"user", "  "},
	})
	if len(got) != 1 || got[0].Question != "Hvad siger § 1?" || !slices.Equal(got[0].Sections, []string{"lov#1", "lov#2"}) {
		t.Errorf("%+v", got)
	}
}

func FuzzRequest(f *testing.F) {
	f.Add(`{"model":"hjemmel","messages":[{"role":"user","content":"Frist?"}],"stream":true}`)
	f.Add(`{"messages":[{"role":"user","content":[{"type":"text","text":"Frist?"},{"type":"text","text":"Og klage?"}]},{"role":"assistant","content":null}]}`)
	f.Add(`{"messages":[{"content":[{"type":"image_url"}]}]}`)
	a := New(Config{Check: func(string) policy.Verdict { return policy.Verdict{Allowed: true} }})
	f.Fuzz(func(t *testing.T, body string) {
		var req request
		if json.Unmarshal([]byte(body), &req) != nil {
			return
		}
		for _, turn := range a.history(req.Messages) {
			if strings.TrimSpace(turn.Question) == "" {
				t.Errorf("an empty question of %q", body)
			}
		}
	})
}
