package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/policy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	law      = "lbk-2025-1129"
	scanned  = "vejledning"
	question = "Hvornår kan vi yde tabt arbejdsfortjeneste?"
	cpr      = "010190-1234"
)

// world is a server on fakes, with what it logged.
type world struct {
	*httptest.Server
	activity  *activity.Store
	server    *Server
	assistant *fakeAssistant
	library   *fakeLibrary
	searcher  *fakeSearcher
	log       *syncBuffer
}

// start serves on a test listener; change may alter the configuration.
func start(t *testing.T, change ...func(*Config)) *world {
	t.Helper()
	w := newWorld(t, change...)
	w.Server = httptest.NewServer(w.server.Handler())
	t.Cleanup(w.Close)
	return w
}

func newWorld(t *testing.T, change ...func(*Config)) *world {
	t.Helper()
	w := &world{assistant: &fakeAssistant{}, library: newFakeLibrary(), searcher: &fakeSearcher{}, log: &syncBuffer{}}
	var err error
	if w.activity, err = activity.Open(t.Context(), t.TempDir(), ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.activity.Close(); err != nil {
			t.Error(err)
		}
	})
	cfg := Config{
		Activity: w.activity,
		Addr:     "127.0.0.1:0", Version: "test", Assistant: w.assistant, Searcher: w.searcher, Library: w.library, Gaps: fakeGaps{}, Check: refuseCPR,
		Frontend: fstest.MapFS{
			"index.html":       {Data: []byte("<!doctype html><title>Hjemmel</title>")},
			"assets/app.css":   {Data: []byte(":root{}")},
			"assets/js/app.js": {Data: []byte("export {};")},
			"assets/odd.bin":   {Data: []byte{0, 1}},
		},
		Logger: slog.New(slog.NewJSONHandler(w.log, nil)),
		Policy: policy.Default().Explain(),
	}
	for _, f := range change {
		f(&cfg)
	}
	if w.server, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	return w
}

// fakeGaps finds one outdated reference in every text.
type fakeGaps struct{}

func (fakeGaps) Check(_ context.Context, text gaps.Text, o gaps.Options) (gaps.Report, error) {
	if slices.Contains(o.Against, "findes-ikke") {
		return gaps.Report{}, corpus.ErrNotFound
	}
	at := gaps.At{Section: "kladde#1", Label: "1", Quote: "servicelovens § 41"}
	return gaps.Report{
		Document: text.ID, Title: text.Title, AsOf: o.AsOf, Against: []string{law},
		Findings: []gaps.Finding{{Kind: gaps.Outdated, Subject: gaps.OfReference, Severity: gaps.High, At: at, Law: &gaps.Law{Document: law}, Explanation: "Flyttet.", Confidence: 0.9}},
		Checked:  []gaps.Check{{Subject: gaps.OfReference, Outcome: gaps.Found, At: &at}},
	}, nil
}

// do sends a request; header holds pairs.
func (w *world) do(t *testing.T, method, path, body string, header ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	res, err := w.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func decode[T any](t *testing.T, res *http.Response) (value T) {
	t.Helper()
	if err := json.NewDecoder(res.Body).Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// wantProblem checks a failed reply and returns its problem.
func wantProblem(t *testing.T, res *http.Response, status int, detail string) api.Problem {
	t.Helper()
	if res.StatusCode != status {
		t.Fatalf("status %d, want %d: %s", res.StatusCode, status, text(t, res))
	}
	if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q", got)
	}
	p := decode[api.Problem](t, res)
	if p.Status != status || p.Title == "" || p.Type != "about:blank" || p.RequestID != res.Header.Get("X-Request-Id") {
		t.Errorf("problem %+v", p)
	}
	if !strings.Contains(p.Detail, detail) {
		t.Errorf("detail %q lacks %q", p.Detail, detail)
	}
	return p
}

func refuseCPR(s string) policy.Verdict {
	at := strings.Index(s, cpr)
	if at < 0 {
		return policy.Verdict{Allowed: true}
	}
	return policy.Verdict{
		Class: policy.ClassCPR, Reason: "Teksten indeholder et CPR-nummer.", Instead: "Fjern nummeret.", Ground: "databeskyttelsesloven § 11",
		Places: []policy.Place{{Start: at, End: at + len(cpr), Masked: "010190-····"}},
	}
}

// fakeAssistant answers with one source, or as ask says.
func (f *fakeAssistant) Summarize(_ context.Context, req assistant.SummaryRequest, emit func(assistant.Event) error) (assistant.Answer, error) {
	if req.Document == "borte" {
		return assistant.Answer{}, fmt.Errorf("document borte: %w", corpus.ErrNotFound)
	}
	if req.Document == "" && req.Draft == nil {
		return assistant.Answer{}, &assistant.InputError{Field: "document", Message: "Vælg ét dokument."}
	}
	answer := assistant.Answer{Task: assistant.TaskSummary, Verdict: policy.Verdict{Allowed: true}, Answered: true, AsOf: "2026-11-24"}
	answer.Answer = []assistant.Sentence{{Text: "Ja.", Role: assistant.RolePoint, Part: "Kapitel 1", Verified: true}}
	return answer, emit(assistant.Event{Type: assistant.EventDone, Answer: &answer})
}

type fakeAssistant struct {
	ask func(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error)
}

func (f *fakeAssistant) Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
	if f.ask != nil {
		return f.ask(ctx, req, emit)
	}
	verdict := refuseCPR(req.Question)
	answer := assistant.Answer{Task: assistant.TaskLookup, Verdict: verdict, AsOf: "2026-11-24"}
	events := []assistant.Event{{Type: assistant.EventVerdict, Verdict: &verdict}}
	if verdict.Allowed {
		answer.Answered = true
		answer.Sources = []assistant.Source{{N: 1, Document: law, Section: law + "#42", Kind: corpus.KindAct, InForce: true}}
		answer.Answer = []assistant.Sentence{{Text: "Ja.", Role: assistant.RoleAnswer, Citations: []int{1}, Verified: true}}
		events = append(events,
			assistant.Event{Type: assistant.EventStatus, Status: "Læser 1 bestemmelse …"},
			assistant.Event{Type: assistant.EventSource, Source: &answer.Sources[0]},
			assistant.Event{Type: assistant.EventSentence, Sentence: &answer.Answer[0]})
	} else {
		answer.Refused = verdict.Reason
	}
	for _, e := range append(events, assistant.Event{Type: assistant.EventDone, Answer: &answer}) {
		if err := emit(e); err != nil {
			return assistant.Answer{}, err
		}
	}
	return answer, nil
}

type fakeSearcher struct {
	mu   sync.Mutex
	last retrieval.Query
	err  error
}

func (f *fakeSearcher) Search(_ context.Context, q retrieval.Query) (retrieval.Result, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = q
	if q.Text == "intet" {
		return retrieval.Result{Mode: retrieval.Lexical, AsOf: "2026-11-24"}, f.err
	}
	hit := retrieval.Hit{Rank: 1, Document: law, Section: law + "#42", Title: "lov om social service", Kind: corpus.KindAct, InForce: true}
	return retrieval.Result{Hits: []retrieval.Hit{hit}, Total: 1, Mode: retrieval.Lexical, AsOf: "2026-11-24"}, f.err
}

// fakeLibrary holds an act of three sections and a PDF.
type fakeLibrary struct {
	mu       sync.Mutex
	docs     []corpus.Document
	sections []corpus.Section
	filter   corpus.DocumentFilter
	uploads  []string // collection/name=content
	upload   func(ctx context.Context, name string) (UploadResult, error)
	indexing bool
	err      error // of everything
	seen     func(corpus.Reader)
}

func newFakeLibrary() *fakeLibrary {
	l := &fakeLibrary{docs: []corpus.Document{
		{ID: law, Title: "Bekendtgørelse af lov om social service", Kind: corpus.KindAct, Collection: "lov", Sample: true, Sections: 3},
		{ID: scanned, Title: "Vejledning", Kind: corpus.KindGuideline, Collection: "lokal", MediaType: "application/pdf", Pages: 2, SHA256: "abc"},
	}}
	for i, local := range []string{"41", "42", "bilag/1 +a"} {
		l.sections = append(l.sections, corpus.Section{ID: law + "#" + local, Document: law, Ordinal: i, Label: "§ " + local, Text: "§ " + local + "."})
	}
	return l
}

func (l *fakeLibrary) Documents(ctx context.Context, f corpus.DocumentFilter) ([]corpus.Document, error) {
	if l.seen != nil {
		l.seen(corpus.ReaderOf(ctx))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.filter = f
	if f.Text == "intet" {
		return nil, l.err
	}
	return slices.Clone(l.docs), l.err
}

func (l *fakeLibrary) CountDocuments(context.Context, corpus.DocumentFilter) (int, error) {
	return 17, l.err
}

func (l *fakeLibrary) Collections(context.Context) ([]corpus.CollectionCount, error) {
	return []corpus.CollectionCount{{Name: "lov", Documents: 1}}, l.err
}

func (l *fakeLibrary) Document(_ context.Context, id string) (corpus.Document, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := slices.IndexFunc(l.docs, func(d corpus.Document) bool { return d.ID == id }); at >= 0 {
		return l.docs[at], l.err
	}
	return corpus.Document{}, fmt.Errorf("document %q: %w", id, corpus.ErrNotFound)
}

func (l *fakeLibrary) Section(_ context.Context, id string) (corpus.Section, error) {
	if at := slices.IndexFunc(l.sections, func(s corpus.Section) bool { return s.ID == id }); at >= 0 {
		return l.sections[at], l.err
	}
	return corpus.Section{}, fmt.Errorf("section %q: %w", id, corpus.ErrNotFound)
}

func (l *fakeLibrary) SectionsOf(_ context.Context, id string) ([]corpus.Section, error) {
	if id != law {
		return nil, l.err
	}
	return l.sections, l.err
}

func (l *fakeLibrary) References(_ context.Context, id string) ([]corpus.Reference, error) {
	if id != law+"#42" {
		return nil, l.err
	}
	return []corpus.Reference{{From: id, End: 4, Raw: "§ 41", Section: law + "#41", Document: law, Status: corpus.Resolved}}, l.err
}

func (l *fakeLibrary) CitedBy(_ context.Context, id string) ([]corpus.Reference, error) {
	if id != law+"#41" {
		return nil, l.err
	}
	from := func(section string) corpus.Reference {
		return corpus.Reference{From: section, Raw: "§ 41", Section: id, Status: corpus.Resolved}
	}
	return []corpus.Reference{from(law + "#42"), from("borte#1"), from(law + "#42")}, l.err
}

func (l *fakeLibrary) Delete(_ context.Context, id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := len(l.docs)
	l.docs = slices.DeleteFunc(l.docs, func(d corpus.Document) bool { return d.ID == id })
	if len(l.docs) == before {
		return fmt.Errorf("deleting %s: %w", id, corpus.ErrNotFound)
	}
	return l.err
}

func (l *fakeLibrary) DeleteSamples(context.Context) (int, error) { return 1, l.err }

func (l *fakeLibrary) Upload(ctx context.Context, name string, data []byte, to Target) ([]UploadResult, error) {
	if l.upload != nil {
		result, err := l.upload(ctx, name)
		return []UploadResult{result}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.uploads = append(l.uploads, to.Collection+"/"+name+"="+string(data[:min(len(data), 20)]))
	return []UploadResult{{Name: name, Status: api.StatusRead, Document: "ny", Sections: 2}}, l.err
}

func (l *fakeLibrary) Draft(_ context.Context, name string, data []byte) (*corpus.Contents, error) {
	if v := refuseCPR(string(data)); !v.Allowed {
		return nil, policy.RefusedError{Verdict: v}
	}
	if len(data) < 4 {
		return nil, errors.New(name + ": filen indeholder ingen tekst")
	}
	return &corpus.Contents{Document: corpus.Document{ID: "kladde", Title: name}}, l.err
}

func (l *fakeLibrary) PageImage(_ context.Context, id string, page, width int) ([]byte, error) {
	return fmt.Appendf(nil, "%s %d %d", id, page, width), l.err
}

func (l *fakeLibrary) Stats(context.Context) (Stats, error) {
	return Stats{Documents: 2, Sections: 3, Passages: 4, Samples: 1, Indexing: l.indexing}, l.err
}

// syncBuffer takes log lines of many goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
