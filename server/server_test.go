package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fake stands for assistant, engine and library.
type fake struct {
	mu       sync.Mutex
	deleted  []string
	uploads  []string
	asking   chan struct{} // told when an answer begins
	go_on    chan struct{} // an answer waits for it
	indexing bool
	fail     error
}

var doc = corpus.Document{ID: "lbk-2024-1", Title: "Bekendtgørelse af lov om frugt", Kind: corpus.KindAct, Source: "lov/frugt.md", SHA256: strings.Repeat("ab", 32),
	Collection: "lov", Language: "da", MediaType: "application/pdf", Reader: "pdfium", Sections: 2, Pages: 3}

var sections = []corpus.Section{
	{ID: "lbk-2024-1#1", Document: "lbk-2024-1", Label: "§ 1", Path: []string{"Kapitel 1", "§ 1"}, Text: "§ 1. Æbler."},
	{ID: "lbk-2024-1#2a", Document: "lbk-2024-1", Ordinal: 1, Label: "§ 2 a", Path: []string{"Kapitel 1", "§ 2 a"}, Text: "§ 2 a. Pærer, jf. § 1.",
		Parts: []corpus.Part{{Label: "stk. 1", Start: 0, End: 23}}},
}

func (f *fake) Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
	if f.fail != nil {
		return assistant.Answer{}, f.fail
	}
	if strings.TrimSpace(req.Question) == "" {
		return assistant.Answer{}, &assistant.InputError{Field: "question", Message: "Skriv et spørgsmål."}
	}
	if emit == nil {
		emit = func(assistant.Event) error { return nil }
	}
	verdict := policy.Verdict{Allowed: true}
	if err := emit(assistant.Event{Type: assistant.EventVerdict, Verdict: &verdict}); err != nil {
		return assistant.Answer{}, err
	}
	if f.asking != nil {
		f.asking <- struct{}{}
		select {
		case <-f.go_on:
		case <-ctx.Done():
			return assistant.Answer{}, ctx.Err()
		}
	}
	source := assistant.Source{N: 1, Document: doc.ID, Section: sections[0].ID, Reference: "frugtloven § 1", Title: doc.Title, Path: []string{"Kapitel 1", "§ 1"}, Quote: "Æbler.", Start: 5, End: 12, InForce: true}
	sentence := assistant.Sentence{Text: "Æbler.", Role: assistant.RoleAnswer, Citations: []int{1}, Verified: true}
	answer := assistant.Answer{Task: assistant.TaskLookup, Verdict: verdict, Answered: true, Answer: []assistant.Sentence{sentence}, Sources: []assistant.Source{source}, AsOf: "2026-11-24"}
	for _, e := range []assistant.Event{{Type: assistant.EventSource, Source: &source}, {Type: assistant.EventSentence, Sentence: &sentence}, {Type: assistant.EventDone, Answer: &answer}} {
		if err := emit(e); err != nil {
			return assistant.Answer{}, err
		}
	}
	return answer, nil
}

func (f *fake) Search(_ context.Context, q retrieval.Query) (retrieval.Result, error) {
	if q.Text == "" {
		return retrieval.Result{}, retrieval.ErrEmptyQuery
	}
	if q.Mode == retrieval.Vector {
		return retrieval.Result{}, retrieval.ErrNoVectors
	}
	return retrieval.Result{Hits: []retrieval.Hit{{Rank: 1, Score: 1, Document: doc.ID, Section: sections[0].ID, Passage: "lbk-2024-1#1/1", Reference: "frugtloven § 1", Title: doc.Title,
		Path: []string{"§ 1"}, Snippet: "Æbler.", Start: 5, End: 12, Kind: doc.Kind, InForce: true}}, Total: 1, Mode: retrieval.Lexical, AsOf: "2026-11-24"}, f.fail
}

func (f *fake) Documents(_ context.Context, filter corpus.DocumentFilter) ([]corpus.Document, error) {
	if filter.Collection == "tom" {
		return nil, nil
	}
	return []corpus.Document{doc}, f.fail
}
func (f *fake) CountDocuments(context.Context, corpus.DocumentFilter) (int, error) { return 1, f.fail }
func (f *fake) Collections(context.Context) ([]corpus.CollectionCount, error) {
	return []corpus.CollectionCount{{Name: "lov", Documents: 1}}, f.fail
}
func (f *fake) Document(_ context.Context, id string) (corpus.Document, error) {
	if id != doc.ID {
		return corpus.Document{}, fmt.Errorf("document %q: %w", id, corpus.ErrNotFound)
	}
	return doc, f.fail
}
func (f *fake) Section(context.Context, string) (corpus.Section, error) { return sections[1], f.fail }
func (f *fake) SectionsOf(context.Context, string) ([]corpus.Section, error) {
	return append([]corpus.Section{}, sections...), f.fail
}
func (f *fake) References(context.Context, string) ([]corpus.Reference, error) {
	return []corpus.Reference{{From: sections[1].ID, Start: 18, End: 22, Raw: "§ 1", Document: doc.ID, Section: sections[0].ID, Status: corpus.Resolved}}, f.fail
}
func (f *fake) CitedBy(context.Context, string) ([]corpus.Reference, error) {
	one := corpus.Reference{From: sections[1].ID, Raw: "§ 1", Status: corpus.Resolved}
	return []corpus.Reference{one, one}, f.fail
}
func (f *fake) Delete(_ context.Context, id string) error {
	if id != doc.ID {
		return corpus.ErrNotFound
	}
	f.deleted = append(f.deleted, id)
	return f.fail
}
func (f *fake) DeleteSamples(context.Context) (int, error) { return 12, f.fail }
func (f *fake) Upload(_ context.Context, name string, data []byte, collection string) (UploadResult, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.uploads = append(f.uploads, collection+"|"+name+"|"+string(data))
	return UploadResult{Name: name, Status: "read", Document: doc.ID, Sections: 2}, f.fail
}
func (f *fake) PageImage(_ context.Context, _ string, page, width int) ([]byte, error) {
	return fmt.Appendf(nil, "PNG %d %d", page, width), f.fail
}
func (f *fake) Stats(context.Context) (Stats, error) {
	return Stats{Documents: 1, Sections: 2, Passages: 2, Samples: 0, Indexing: f.indexing}, nil
}

var pages = fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>Hjemmel</title>")}, "assets/app.css": {Data: []byte("body{}")}, "assets/js/app.js": {Data: []byte("1")}}

func newServer(t *testing.T, f *fake) *Server {
	t.Helper()
	s, err := New(Config{Addr: "127.0.0.1:0", Hosts: []string{"hjemmel.lindevig.dk"}, Version: "test", Frontend: pages, Assistant: f, Searcher: f, Library: f, Check: policy.Check, MaxUpload: 1000, ShutdownTimeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start serves on a real port until the test ends.
func start(t *testing.T, f *fake) (base string, stop func() error) {
	t.Helper()
	s := newServer(t, f)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return "http://" + listener.Addr().String(), stop
}

// do sends one request to the handler.
func do(s *Server, method, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "localhost:8080"
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func TestStatusAndSentence(t *testing.T) {
	broken := errors.New("disk full at /srv/secret")
	for _, c := range []struct {
		name, method, target, body string
		fail                       error
		status                     int
		says                       string
	}{
		{"answer", "POST", "/api/v1/chat", `{"question":"æbler?"}`, nil, 200, `"answered":true`},
		{"no question", "POST", "/api/v1/chat", `{"question":" "}`, nil, 400, "Skriv et spørgsmål"},
		{"no JSON", "POST", "/api/v1/chat", `question`, nil, 400, "JSON"},
		{"unknown field", "POST", "/api/v1/chat", `{"question":"x","collection":["lov"]}`, nil, 400, "collection"},
		{"two values", "POST", "/api/v1/chat", `{"question":"x"}{}`, nil, 400, "JSON"},
		{"too long", "POST", "/api/v1/chat", `{"question":"` + strings.Repeat("x", 70<<10) + `"}`, nil, 413, "for stort"},
		{"failure", "POST", "/api/v1/chat", `{"question":"x"}`, &assistant.Failure{Message: "Der opstod en fejl under søgningen.", Err: broken}, 500, "under søgningen"},
		{"wrong method", "GET", "/api/v1/chat", ``, nil, 405, "måde"},
		{"search", "GET", "/api/v1/search?q=%C3%A6bler&k=3", ``, nil, 200, `"frugtloven § 1"`},
		{"search by POST", "POST", "/api/v1/search", `{"query":"æbler","as_of":"1.3.2024"}`, nil, 200, `"total":1`},
		{"search without text", "GET", "/api/v1/search", ``, nil, 400, "søge efter"},
		{"search by vectors", "GET", "/api/v1/search?q=x&mode=vector", ``, nil, 400, "vektorer"},
		{"wrong date", "GET", "/api/v1/search?q=x&as_of=snart", ``, nil, 400, "er ikke en dato"},
		{"wrong k", "GET", "/api/v1/search?q=x&k=mange", ``, nil, 400, "helt tal"},
		{"CPR in search", "GET", "/api/v1/search?q=010190-1234", ``, nil, 422, `"class":"cpr"`},
		{"documents", "GET", "/api/v1/documents?limit=5", ``, nil, 200, `"collections":[{"name":"lov","documents":1}]`},
		{"no documents", "GET", "/api/v1/documents?collection=tom", ``, nil, 200, `"documents":[]`},
		{"document", "GET", "/api/v1/documents/lbk-2024-1", ``, nil, 200, `"outline":[{"id":"lbk-2024-1#1"`},
		{"no document", "GET", "/api/v1/documents/nej", ``, nil, 404, "findes ikke"},
		{"section", "GET", "/api/v1/documents/lbk-2024-1/sections/2a", ``, nil, 200, `"previous":{"id":"lbk-2024-1#1"`},
		{"first section", "GET", "/api/v1/documents/lbk-2024-1/sections/1", ``, nil, 200, `"previous":null`},
		{"no section", "GET", "/api/v1/documents/lbk-2024-1/sections/9", ``, nil, 404, "findes ikke"},
		{"page", "GET", "/api/v1/documents/lbk-2024-1/pages/3.png?width=400", ``, nil, 200, "PNG 3 400"},
		{"page out of range", "GET", "/api/v1/documents/lbk-2024-1/pages/4.png", ``, nil, 404, "ingen side"},
		{"no page", "GET", "/api/v1/documents/lbk-2024-1/pages/x.png", ``, nil, 400, "3.png"},
		{"delete", "DELETE", "/api/v1/documents/lbk-2024-1", ``, nil, 204, ""},
		{"delete nothing", "DELETE", "/api/v1/documents/nej", ``, nil, 404, "findes ikke"},
		{"samples", "DELETE", "/api/v1/samples", ``, nil, 200, `"removed":12`},
		{"info", "GET", "/api/v1/info", ``, nil, 200, `"version":"test"`},
		{"upload without files", "POST", "/api/v1/documents", `x`, nil, 400, "multipart"},
		{"broken store", "GET", "/api/v1/documents", ``, broken, 500, "Der opstod en fejl"},
		{"unknown API", "GET", "/api/v1/nej", ``, nil, 404, "findes ikke"},
		{"health", "GET", "/healthz", ``, nil, 200, "ok"},
		{"ready", "GET", "/readyz", ``, nil, 200, "ready"},
		{"page ask", "GET", "/", ``, nil, 200, "<title>Hjemmel"},
		{"page source", "GET", "/kilde/lbk-2024-1/2a", ``, nil, 200, "<title>Hjemmel"},
		{"asset", "GET", "/assets/app.css", ``, nil, 200, "body{}"},
		{"no asset", "GET", "/assets/../index.html", ``, nil, 404, "findes ikke"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := do(newServer(t, &fake{fail: c.fail}), c.method, c.target, c.body)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%d %s, want %d with %q", w.Code, w.Body, c.status, c.says)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("the inside shows: %s", w.Body)
			}
			if c.status >= 400 && c.status != 404 && w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("content type %q", w.Header().Get("Content-Type"))
			}
		})
	}
}

func TestGuards(t *testing.T) {
	s := newServer(t, &fake{})
	w := do(s, "GET", "/", "")
	csp := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", w.Header())
	}
	for host, status := range map[string]int{"localhost:8080": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "hjemmel.lindevig.dk": 200, "evil.example": 421, "127.0.0.1.evil.example": 421, "": 421} {
		r := httptest.NewRequest("GET", "/api/v1/info", nil)
		r.Host = host
		w := httptest.NewRecorder()
		if s.Handler().ServeHTTP(w, r); w.Code != status {
			t.Errorf("host %q: %d, want %d", host, w.Code, status)
		}
	}
	if w := do(s, "POST", "/api/v1/chat", `{"question":"x"}`, "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden {
		t.Errorf("a foreign site may post: %d", w.Code)
	}
	if w := do(s, "GET", "/healthz", "", "X-Request-ID", "proxy-12345"); w.Header().Get("X-Request-ID") != "proxy-12345" {
		t.Errorf("request id %q", w.Header().Get("X-Request-ID"))
	}
	if w := do(s, "GET", "/healthz", "", "X-Request-ID", "a\nb"); len(w.Header().Get("X-Request-ID")) != 16 {
		t.Errorf("request id %q", w.Header().Get("X-Request-ID"))
	}
	first := do(s, "GET", "/assets/app.css", "")
	if w := do(s, "GET", "/assets/app.css", "", "If-None-Match", first.Header().Get("ETag")); w.Code != http.StatusNotModified {
		t.Errorf("asset again: %d", w.Code)
	}
	if w := do(newServer(t, &fake{indexing: true}), "GET", "/readyz", ""); w.Code != http.StatusServiceUnavailable {
		t.Errorf("ready while indexing: %d", w.Code)
	}
}

func TestOnlyLoopback(t *testing.T) {
	for addr, ok := range map[string]bool{"127.0.0.1:8080": true, "localhost:0": true, "[::1]:8080": true, "0.0.0.0:8080": false, ":8080": false, "192.168.1.2:80": false, "example.dk:80": false, "127.0.0.1": false} {
		_, err := New(Config{Addr: addr, Frontend: pages, Library: &fake{}})
		if (err == nil) != ok {
			t.Errorf("%s: %v", addr, err)
		}
	}
}

func TestPanicIsOneRequestsError(t *testing.T) {
	s := newServer(t, &fake{})
	s.config.Library = nil
	s2, err := New(Config{Addr: "127.0.0.1:0", Frontend: pages, Library: &fake{}, Check: policy.Check})
	if err != nil {
		t.Fatal(err)
	}
	if w := do(s2, "GET", "/api/v1/search?q=x", ""); w.Code != http.StatusInternalServerError { // no searcher: a nil call
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// events reads a stream to its end.
func events(t *testing.T, body io.Reader) (names []string, last string) {
	t.Helper()
	lines := bufio.NewScanner(body)
	for lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			names = append(names, name)
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			last = data
		}
	}
	return names, last
}

func post(t *testing.T, ctx context.Context, base, body string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, "POST", base+"/api/v1/chat", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func TestStream(t *testing.T) {
	base, _ := start(t, &fake{})
	resp := post(t, t.Context(), base, `{"question":"æbler?"}`)
	defer resp.Body.Close()
	names, last := events(t, resp.Body)
	if strings.Join(names, " ") != "verdict source sentence done" || !strings.Contains(last, `"answer":{"task":"lookup"`) {
		t.Errorf("%q %s", names, last)
	}
	bad := post(t, t.Context(), base, `{"question":""}`)
	defer bad.Body.Close()
	if bad.StatusCode != http.StatusBadRequest {
		t.Errorf("an error before the stream has status %d", bad.StatusCode)
	}
}

func TestClientThatLeavesStopsItsAnswer(t *testing.T) {
	f := &fake{asking: make(chan struct{}), go_on: make(chan struct{})}
	base, stop := start(t, f)
	ctx, leave := context.WithCancel(t.Context())
	resp := post(t, ctx, base, `{"question":"æbler?"}`)
	<-f.asking
	leave()
	resp.Body.Close()
	if err := stop(); err != nil { // would wait for the answer
		t.Error(err)
	}
}

func TestShutdownFinishesRunningAnswers(t *testing.T) {
	f := &fake{asking: make(chan struct{}), go_on: make(chan struct{})}
	base, stop := start(t, f)
	resp := post(t, t.Context(), base, `{"question":"æbler?"}`)
	defer resp.Body.Close()
	<-f.asking
	stopped := make(chan error)
	go func() { stopped <- stop() }()
	for { // until the server takes no new connections
		conn, err := net.DialTimeout("tcp", strings.TrimPrefix(base, "http://"), time.Second)
		if err != nil {
			break
		}
		conn.Close()
		time.Sleep(time.Millisecond)
	}
	f.go_on <- struct{}{}
	if names, _ := events(t, resp.Body); names[len(names)-1] != "done" {
		t.Errorf("the answer was cut off: %q", names)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestTwoHundredChatsAtOnce(t *testing.T) {
	base, _ := start(t, &fake{})
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			resp, err := http.Post(base+"/api/v1/chat", "application/json", strings.NewReader(`{"question":"æbler?"}`))
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			var answer assistant.Answer
			if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || !answer.Answered {
				t.Errorf("%d %+v %v", resp.StatusCode, answer, err)
			}
		})
	}
	wg.Wait()
}

// form writes a multipart body.
func form(t *testing.T, parts ...[3]string) (body *bytes.Buffer, contentType string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for _, p := range parts {
		var to io.Writer
		var err error
		if p[0] == "file" {
			to, err = w.CreateFormFile("file", p[1])
		} else {
			to, err = w.CreateFormField(p[0])
		}
		if err == nil {
			_, err = io.WriteString(to, p[2])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return body, w.FormDataContentType()
}

func TestUpload(t *testing.T) {
	f := &fake{}
	s := newServer(t, f)
	body, kind := form(t, [3]string{"collection", "", " vejledninger  2026 "}, [3]string{"path", "", "../børn/C:\\bpa.md"}, [3]string{"file", "bpa.md", "# BPA"}, [3]string{"file", "stor.pdf", strings.Repeat("x", 1001)})
	w := do(s, "POST", "/api/v1/documents", body.String(), "Content-Type", kind)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"status":"read"`) || !strings.Contains(w.Body.String(), `"name":"stor.pdf","status":"failed"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if len(f.uploads) != 1 || f.uploads[0] != "vejledninger 2026|børn/C:/bpa.md|# BPA" {
		t.Errorf("%q", f.uploads)
	}
	body, kind = form(t, [3]string{"total", "", "1"}, [3]string{"file", "a.md", "A"})
	w = do(s, "POST", "/api/v1/documents", body.String(), "Content-Type", kind, "Accept", "text/event-stream")
	if names, last := events(t, w.Body); strings.Join(names, " ") != "progress file done" || !strings.Contains(last, `"files":[`) {
		t.Errorf("%q %s", names, last)
	}
	body, kind = form(t, [3]string{"collection", "", "010190-1234"}, [3]string{"file", "a.md", "A"})
	if w := do(s, "POST", "/api/v1/documents", body.String(), "Content-Type", kind); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a CPR number as the collection's name: %d", w.Code)
	}
}

func TestMetricsCountWithoutTexts(t *testing.T) {
	s := newServer(t, &fake{})
	do(s, "POST", "/api/v1/chat", `{"question":"hemmelige æbler"}`)
	do(s, "GET", "/api/v1/search?q=hemmelige", "")
	body := do(s, "GET", "/metrics", "").Body.String()
	for _, want := range []string{`hjemmel_answer_seconds_count{outcome="answered"} 1`, `route="/api/v1/search"`, "hjemmel_documents 1"} {
		if !strings.Contains(body, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if strings.Contains(body, "hemmelige") {
		t.Error("metrics hold a question")
	}
}
