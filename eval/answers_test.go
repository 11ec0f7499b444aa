package eval

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// texts is the sections that a graded answer may quote.
type texts map[string]string

func (t texts) Section(_ context.Context, id string) (corpus.Section, error) {
	if text, ok := t[id]; ok {
		return corpus.Section{ID: id, Text: text}, nil
	}
	return corpus.Section{}, corpus.ErrNotFound
}

var lawTexts = texts{
	"sel#85":  "Kommunalbestyrelsen skal tilbyde hjælp, omsorg eller støtte.",
	"rsl#67":  "Klage til Ankestyrelsen skal ske inden 4 uger.",
	"ferie#5": "Retten til betalt ferie optjenes med 2,08 dage.",
}

// answered quotes whole sections, one sentence each.
func answered(sections ...string) *assistant.Answer {
	a := &assistant.Answer{Answered: true}
	for i, id := range sections {
		text := lawTexts[id]
		a.Sources = append(a.Sources, assistant.Source{N: i + 1, Section: id, Quote: text, End: len(text)})
		a.Answer = append(a.Answer, assistant.Sentence{Text: text, Citations: []int{i + 1}})
	}
	return a
}

func TestGradeByHand(t *testing.T) {
	refused := &assistant.Answer{Refused: "Ingen kilde fundet."}
	reworded := answered("rsl#67")
	reworded.Answer[0].Text = "Klagen til Ankestyrelsen skal ske inden 4 uger."
	changed := answered("rsl#67")
	changed.Answer[0].Text = "Klage til Ankestyrelsen skal ske inden 6 uger."
	uncited := answered("rsl#67")
	uncited.Answer[0].Citations = nil
	misquoted := answered("rsl#67", "sel#85")
	misquoted.Sources[1].Quote = "Kommunalbestyrelsen kan tilbyde hjælp, omsorg eller støtte."
	appeal := AnswerItem{ID: "x", Question: "?", Expect: []string{"sel#85", "rsl#67|ferie#5"}, Facts: []string{"fire uger|4 uger", "støtte"}}
	both := &want{groups: [][]string{{"sel#85"}, {"rsl#67", "ferie#5"}}, also: []string{"sel#85", "rsl#67", "ferie#5"}}
	for _, c := range []struct {
		name   string
		it     AnswerItem
		w      *want
		got    *assistant.Answer
		values map[string]float64
		fails  string
	}{
		{"all right", appeal, both, answered("sel#85", "rsl#67"),
			map[string]float64{"P@1": 1, "recall": 1, "precision": 1, "facts": 1, "verbatim": 1, "support": 1, "wrongly-refused": 0}, ""},
		{"half", appeal, both, answered("rsl#67"), map[string]float64{"P@1": 1, "recall": 0.5, "precision": 1, "facts": 0.5}, "does not cite sel#85"},
		{"wrong one first", appeal, &want{groups: both.groups, also: []string{"sel#85", "rsl#67"}}, answered("ferie#5", "sel#85", "rsl#67"),
			map[string]float64{"recall": 1, "precision": 2.0 / 3}, ""},
		{"refused", appeal, both, refused, map[string]float64{"P@1": 0, "recall": 0, "facts": 0, "wrongly-refused": 1}, "refused"},
		{"unanswerable, refused", AnswerItem{Unanswerable: true}, &want{}, refused, map[string]float64{"refused": 1}, ""},
		{"unanswerable, answered", AnswerItem{Unanswerable: true}, &want{}, answered("sel#85"), map[string]float64{"refused": 0, "verbatim": 1}, "answered"},
		{"reworded", appeal, both, reworded, map[string]float64{"support": 1}, "does not cite"},
		{"a number changed", appeal, both, changed, map[string]float64{"support": 0}, "does not cite"},
		{"no citation", appeal, both, uncited, map[string]float64{"support": 0}, "does not cite"},
		{"misquoted", appeal, both, misquoted, map[string]float64{"verbatim": 0.5}, "cites something else first"},
	} {
		if c.name == "misquoted" {
			c.w = &want{groups: [][]string{{"sel#85"}}, also: []string{"sel#85"}}
			c.it = AnswerItem{Expect: []string{"sel#85"}}
		}
		it, err := grade(t.Context(), lawTexts, &c.it, c.w, c.got)
		if err != nil {
			t.Fatal(err)
		}
		for metric, v := range c.values {
			if got, ok := it.Values[metric]; !ok || math.Abs(got-v) > 1e-12 {
				t.Errorf("%s: %s = %v (%v), want %v", c.name, metric, got, ok, v)
			}
		}
		if !strings.HasPrefix(it.Failure, c.fails) || (c.fails == "") != (it.Failure == "") {
			t.Errorf("%s: failure %q, want %q", c.name, it.Failure, c.fails)
		}
	}
}

func TestFactsAreFoundAsWords(t *testing.T) {
	for _, c := range []struct {
		text, fact string
		want       bool
	}{
		{"inden 4 uger efter", "4 uger", true},
		{"inden 24 uger efter", "4 uger", false},
		{"inden 4\u00a0Uger", "4 uger", true},
		{"en kommu\u00adnalbestyrelse", "kommunalbestyrelse", true},
		{"kommunalbestyrelsens afgørelse", "kommunalbestyrelse", true},
		{"150 kr.", "15", false},
		{"højst 15 timer", "15 time", true},
		{"udgør mindst 6.660 kr. om året", "6.660 kr.", true},
		{"udgør 16.660 kr.", "6.660 kr.", false},
		{"fire uger", "4 uger|fire uger", true},
		{"ældreråd", "råd", false},
		{"", "4 uger", false},
		{"§ 5 og § 5 igen, 5 år", "5 år", true},
	} {
		if got := len(lacks(c.text, []string{c.fact})) == 0; got != c.want {
			t.Errorf("%q says %q: %v", c.text, c.fact, got)
		}
	}
}

func TestAnswerSuiteErrorsNameThePlace(t *testing.T) {
	for line, says := range map[string]string{
		`{"question":"?","expect":["x#1"]}`:                                  "no id",
		`{"id":"a","expect":["x#1"]}`:                                        "item a: give either question or turns",
		`{"id":"a","question":"?","turns":["?"],"expect":["x#1"]}`:           "either question or turns",
		`{"id":"a","question":"?"}`:                                          "name the references",
		`{"id":"a","question":"?","unanswerable":true,"expect":["x#1"]}`:     "expects nothing",
		`{"id":"a","question":"?","expect":["x#1"]}` + "\n{":                 "line 2",
		strings.Repeat(`{"id":"a","question":"?","expect":["x#1"]}`+"\n", 2): "twice",
		"": "no items",
	} {
		dir := suite(t, map[string]string{"test.jsonl": line})
		if _, err := ReadAnswerSuite(dir, "test"); err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "test.jsonl") {
			t.Errorf("%s: %v, want %q", line, err, says)
		}
	}
	dir := suite(t, map[string]string{"test.jsonl": `{"id":"a","question":"?","expect":["x#1"]}`, "suite.json": `{"collection":"alt"}`})
	if _, err := ReadAnswerSuite(dir, "test"); err == nil || !strings.Contains(err.Error(), "alt") {
		t.Errorf("unknown collection: %v", err)
	}
}

// quoting answers every question with the same section of the samples.
type quoting struct{ section corpus.Section }

func (q quoting) Ask(_ context.Context, req assistant.Request, _ func(assistant.Event) error) (assistant.Answer, error) {
	if req.Question == "frist for telefontid" && (len(req.History) != 1 || req.History[0].Question != "hej" || req.History[0].Sections[0] != q.section.ID) {
		return assistant.Answer{}, errors.New("the conversation before is not told")
	}
	if strings.Contains(req.Question, "brunsviger") {
		return assistant.Answer{Refused: "Ingen kilde fundet."}, nil
	}
	text := q.section.Text
	return assistant.Answer{Answered: true, Sources: []assistant.Source{{N: 1, Section: q.section.ID, Quote: text, End: len(text)}},
		Answer: []assistant.Sentence{{Text: text, Citations: []int{1}}}}, nil
}

func TestAnswersRunsASuite(t *testing.T) {
	dir := suite(t, map[string]string{"suite.json": `{"collection":"samples"}`, "test.jsonl": `
{"id":"right","question":"frist for aktindsigt","expect":["aktindsigt-526b7a#3"],"facts":["7 arbejdsdage"]}
{"id":"wrong","turns":["hej","frist for telefontid"],"expect":["telefonpolitik-1#1 | aktindsigt-526b7a#2"],"facts":["kl."]}
{"id":"none","question":"brunsviger","unanswerable":true}
`})
	options := AnswerOptions{Suite: dir, Assistant: func(lib *ingest.Library) (Asker, error) {
		sec, err := lib.Section(t.Context(), "aktindsigt-526b7a#3")
		if err != nil {
			t.Fatal(err)
		}
		return quoting{sec}, nil
	}}
	if _, err := Answers(t.Context(), options); err == nil || !strings.Contains(err.Error(), "item wrong") {
		t.Fatalf("a reference that the collection lacks: %v", err)
	}
	path := filepath.Join(dir, "test.jsonl")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(data), "telefonpolitik-1#1 | ", "", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	run, err := Answers(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	for metric, v := range map[string]float64{"P@1": 0.5, "recall": 0.5, "facts": 0.5, "verbatim": 1, "support": 1, "refused": 1, "wrongly-refused": 0} {
		if got, ok := run.Value(metric); !ok || got != v {
			t.Errorf("%s = %v, want %v", metric, got, v)
		}
	}
	if run.Failures() != 1 || run.Items[1].Failure == "" || run.Collection.Documents != 20 || run.Collection.Fingerprint == "" {
		t.Errorf("%+v", run)
	}
	if _, ok := run.Value("p99-ms"); !ok {
		t.Error("no latency")
	}
}

// The product's own assistant must hold the gates of the smoke suite.
func TestSmokeSuite(t *testing.T) {
	run, err := Answers(t.Context(), AnswerOptions{Suite: "suites/smoke", Assistant: func(lib *ingest.Library) (Asker, error) {
		return assistant.New(lib.Engine, lib, policy.Check), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	missed, err := run.Check([]Gate{{Metric: "verbatim", Bound: 1}, {Metric: "support", Bound: 1}, {Metric: "recall", Bound: 0.8}, {Metric: "refused", Bound: 1}})
	if err != nil || len(missed) > 0 {
		t.Errorf("%v %v", missed, err)
	}
}
