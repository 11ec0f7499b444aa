package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// TestFiveHundredAnswersAreVerbatim asks questions made of words from 500
// sections spread over the 72 acts, and slices every citation of every answer
// out of its stored section.
func TestFiveHundredAnswersAreVerbatim(t *testing.T) {
	sharedtest.Figure(t)
	items, err := source.Paths(sharedtest.Dir(t, "corpus", "law"))
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	lib, err := ingest.OpenWriter(ctx, t.TempDir(), corpus.Owner{Command: "test"}, policy.RefuseDocument)
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	if _, err := lib.Pipeline.Run(ctx, items, ingest.Options{Collection: "lov"}); err != nil {
		t.Fatal(err)
	}
	helper := assistant.New(lib.Engine, lib, policy.Check)
	answered, quotes := 0, 0
	for _, question := range questionsFrom(t, lib, 500) {
		answer, err := helper.Ask(ctx, assistant.Request{Question: question}, func(assistant.Event) error { return nil })
		if err != nil {
			t.Fatalf("%q: %v", question, err)
		}
		if answer.Answered {
			answered++
		}
		quotes += checkAnswer(t, lib, question, &answer)
	}
	t.Logf("500 questions, %d answered, %d quotes, all verbatim", answered, quotes)
	if answered < 250 {
		t.Errorf("only %d of 500 questions made from the acts' own words were answered", answered)
	}
}

// questionsFrom makes a question of the longest words of every so-many-eth
// section.
func questionsFrom(t *testing.T, lib *ingest.Library, n int) []string {
	t.Helper()
	docs, err := lib.Documents(t.Context(), corpus.DocumentFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var sections []corpus.Section
	for _, d := range docs {
		list, err := lib.SectionsOf(t.Context(), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			if !s.Repealed && len(s.Text) > 150 {
				sections = append(sections, s)
			}
		}
	}
	forms := []string{"Hvad gælder om %s?", "Hvornår skal kommunen %s?", "Hvilke betingelser er der for %s?", "Hvem afgør %s?", "Kan man klage over %s?"}
	var out []string
	for i := range n {
		s := &sections[i*len(sections)/n]
		var words []string
		for _, tok := range danish.Tokens(s.Text) {
			if len(tok.Term) > 7 && len(words) < 4 {
				words = append(words, tok.Term)
			}
		}
		out = append(out, fmt.Sprintf(forms[i%len(forms)], strings.Join(words, " ")))
	}
	return out
}

// checkAnswer slices every citation out of the store and returns how many there
// were.
func checkAnswer(t *testing.T, lib *ingest.Library, question string, a *assistant.Answer) int {
	t.Helper()
	for _, src := range a.Sources {
		sec, err := lib.Section(t.Context(), src.Section)
		if err != nil {
			t.Errorf("%q: source %d: %v", question, src.N, err)
			continue
		}
		if src.Start < 0 || src.End > len(sec.Text) || src.Start >= src.End || sec.Text[src.Start:src.End] != src.Quote {
			t.Errorf("%q: source %d of %s is not verbatim: %q", question, src.N, src.Section, src.Quote)
		}
		if sec.Document != src.Document || src.Reference == "" {
			t.Errorf("%q: source %d: %+v", question, src.N, src)
		}
	}
	for _, s := range a.Answer {
		if len(s.Citations) == 0 || !s.Verified {
			t.Errorf("%q: a statement without a source: %q", question, s.Text)
		}
		var quotes string
		for _, n := range s.Citations {
			if n < 1 || n > len(a.Sources) {
				t.Fatalf("%q: citation %d of %d", question, n, len(a.Sources))
			}
			quotes += a.Sources[n-1].Quote + "\x00"
		}
		// A long list is quoted by its lead-in and the items that matter.
		for piece := range strings.SplitSeq(s.Text, " […] ") {
			if !strings.Contains(quotes, piece) {
				t.Errorf("%q: %q does not stand in its sources", question, piece)
			}
		}
	}
	return len(a.Sources)
}
