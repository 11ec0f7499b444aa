package uitest

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/frontend"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// Questions to which the fake server has a reply of its own kind.
const (
	askLong    = "Hvornår yder vi hverdagsstøtte?"
	askCPR     = "Kan Åse med cpr 010190-1234 få støtte?"
	askNothing = "Hvem vinder superligaen?"
	askSlow    = "Hvad tager lang tid?"
	askBroken  = "Hvad går i stykker?"
	askFailing = "Hvad fejler?"
)

// fake is a server that follows the HTTP contract with canned documents.
type fake struct {
	*httptest.Server
	mu      sync.Mutex
	docs    []corpus.Document
	exports []string // formats of the reports that were asked for

	remembered // what the activity routes hold
}

func newFake(tb testing.TB) *fake {
	tb.Helper()
	f := &fake{docs: slices.Clone(documents)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/chat", f.chat)
	mux.HandleFunc("POST /api/v1/summaries", f.summarize)
	mux.HandleFunc("POST /api/v1/gaps", f.compare)
	mux.HandleFunc("GET /api/v1/policy", explainPolicy)
	f.handleActivity(mux)
	mux.HandleFunc("GET /api/v1/info", f.info)
	mux.HandleFunc("GET /api/v1/ingest", ingests)
	mux.HandleFunc("GET /api/v1/documents", f.list)
	mux.HandleFunc("POST /api/v1/documents", f.upload)
	mux.HandleFunc("GET /api/v1/documents/{id}", f.document)
	mux.HandleFunc("DELETE /api/v1/documents/{id}", f.delete)
	mux.HandleFunc("DELETE /api/v1/samples", f.deleteSamples)
	mux.HandleFunc("GET /api/v1/documents/{id}/sections/{section}", f.section)
	mux.HandleFunc("GET /api/v1/documents/{id}/pages/{page}", pageImage)
	mux.Handle("GET /assets/", http.FileServerFS(frontend.Files()))
	mux.HandleFunc("GET /", index)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", csp)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		mux.ServeHTTP(w, r)
	}))
	tb.Cleanup(f.Close)
	return f
}

func index(w http.ResponseWriter, _ *http.Request) {
	page, err := fs.ReadFile(frontend.Files(), "index.html")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page)
}

func reply(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func problem(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"type": "about:blank", "title": "Noget gik galt", "status": status, "detail": detail, "request_id": "3f9c-77aa"})
}

// emit writes one server-sent event, cut in two so that the reader sees halves.
func emit(w http.ResponseWriter, kind string, data any) {
	body, _ := json.Marshal(data)
	event := fmt.Sprintf(": ping\n\nevent: %s\ndata: %s\n\n", kind, body)
	half := len(event) / 2
	for _, piece := range []string{event[:half], event[half:]} {
		_, _ = w.Write([]byte(piece))
		_ = http.NewResponseController(w).Flush()
	}
}

func (f *fake) chat(w http.ResponseWriter, r *http.Request) {
	var request assistant.Request
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		problem(w, http.StatusBadRequest, "Forespørgslen kan ikke læses.")
		return
	}
	if request.Question == askFailing {
		problem(w, http.StatusServiceUnavailable, "Samlingen er ved at blive indlæst. Prøv igen om et minut.")
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	event := func(e assistant.Event) {
		if e.Type == assistant.EventDone && e.Answer.Verdict.Class == "" {
			e.Answer.Conversation, e.Answer.Turn = f.remember(request, *e.Answer)
		}
		emit(w, string(e.Type), e)
	}
	verdict := policy.Verdict{Allowed: true}
	if at := strings.Index(request.Question, "010190-1234"); at >= 0 {
		verdict = cprVerdict(at)
	}
	event(assistant.Event{Type: assistant.EventVerdict, Verdict: &verdict})
	if !verdict.Allowed {
		event(assistant.Event{Type: assistant.EventDone, Answer: &assistant.Answer{Verdict: verdict, Refused: verdict.Reason}})
		return
	}
	event(assistant.Event{Type: assistant.EventStatus, Status: "Læser 3 bestemmelser …"})
	if request.Question == askNothing {
		refused := "Samlingen har ingen kilde, der svarer på spørgsmålet."
		event(assistant.Event{Type: assistant.EventDone, Answer: &assistant.Answer{Verdict: verdict, Refused: refused}})
		return
	}
	stream(r, event, request.Question)
}

func stream(r *http.Request, event func(assistant.Event), question string) {
	answer := longAnswer()
	for i := range answer.Sources {
		event(assistant.Event{Type: assistant.EventSource, Source: &answer.Sources[i]})
	}
	for i := range answer.Answer {
		event(assistant.Event{Type: assistant.EventSentence, Sentence: &answer.Answer[i]})
		if i == 2 && question == askBroken {
			return
		}
		if i == 2 && question == askSlow {
			<-r.Context().Done()
			return
		}
	}
	event(assistant.Event{Type: assistant.EventDone, Answer: &answer})
}

func (f *fake) summarize(w http.ResponseWriter, r *http.Request) {
	answer := summaryAnswer()
	if r.ParseMultipartForm(1<<20) == nil {
		for i := range answer.Sources {
			answer.Sources[i].Document, answer.Sources[i].Section = "kladde", "kladde#1"
		}
	}
	w.Header().Set("Content-Type", "text/event-stream")
	event := func(e assistant.Event) { emit(w, string(e.Type), e) }
	for i, s := range answer.Answer {
		event(assistant.Event{Type: assistant.EventSource, Source: &answer.Sources[s.Citations[0]-1]})
		event(assistant.Event{Type: assistant.EventSentence, Sentence: &answer.Answer[i]})
	}
	event(assistant.Event{Type: assistant.EventDone, Answer: &answer})
}

func cprVerdict(at int) policy.Verdict {
	return policy.Verdict{
		Class: policy.ClassCPR, Reason: "Teksten indeholder noget, der ligner et CPR-nummer.",
		Ground:  "CPR-numre er fortrolige oplysninger (databeskyttelseslovens § 11).",
		Instead: "Fjern nummeret, og spørg til reglen i stedet for til borgeren.",
		Places:  []policy.Place{{Start: at, End: at + len("010190-1234"), Masked: "010190-····"}},
	}
}

func (f *fake) info(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	reply(w, map[string]any{"version": "test", "documents": len(f.docs), "sections": 7041, "passages": 9000, "samples": 2, "indexing": true, "vectors": map[string]any{"model": "m", "done": 1234, "total": 8210, "building": true, "rate": 8, "eta_seconds": 872}, "today": "2026-11-24"})
}

func (f *fake) list(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	q := r.URL.Query()
	if q.Get("q") == "fejl" {
		problem(w, http.StatusInternalServerError, "Samlingen kan ikke læses lige nu.")
		return
	}
	found := []corpus.Document{}
	collections, samples := map[string]int{}, 0
	for _, d := range f.docs {
		collections[d.Collection]++
		if d.Sample {
			samples++
		}
		if strings.Contains(strings.ToLower(d.Title), strings.ToLower(q.Get("q"))) &&
			(q.Get("kind") == "" || q.Get("kind") == string(d.Kind)) && (q.Get("collection") == "" || q.Get("collection") == d.Collection) {
			found = append(found, d)
		}
	}
	names := []map[string]any{}
	for name, n := range collections {
		names = append(names, map[string]any{"name": name, "documents": n})
	}
	reply(w, map[string]any{"documents": found, "total": len(found), "samples": samples, "collections": names})
}

func (f *fake) upload(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		problem(w, http.StatusBadRequest, "Filerne kan ikke læses.")
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	files := []map[string]any{}
	for i, header := range r.MultipartForm.File["file"] {
		emit(w, "progress", map[string]any{"done": i, "total": len(r.MultipartForm.File["file"]), "name": header.Filename})
		time.Sleep(20 * time.Millisecond)
		result := map[string]any{"name": r.MultipartForm.Value["path"][i], "status": "read", "document": "lbk-2025-9001", "sections": 12}
		switch {
		case strings.Contains(header.Filename, "cpr"):
			verdict := cprVerdict(40)
			result = map[string]any{"name": header.Filename, "status": "refused", "reason": verdict.Reason, "verdict": verdict}
		case strings.Contains(header.Filename, "scan"):
			result = map[string]any{"name": header.Filename, "status": "failed", "reason": "Filen er en scanning uden tekst."}
		}
		files = append(files, result)
		emit(w, "file", result)
	}
	emit(w, "done", map[string]any{"files": files})
}

func (f *fake) document(w http.ResponseWriter, r *http.Request) {
	d := document(r.PathValue("id"))
	if d == nil {
		problem(w, http.StatusNotFound, "Dokumentet findes ikke i samlingen.")
		return
	}
	outline := []map[string]any{}
	for _, s := range sections[d.ID] {
		outline = append(outline, map[string]any{"id": s.ID, "label": s.Label, "heading": s.Heading, "path": s.Path, "repealed": s.Label == "§ 7 a"})
	}
	reply(w, map[string]any{"document": d, "outline": outline})
}

func (f *fake) section(w http.ResponseWriter, r *http.Request) {
	d, s := document(r.PathValue("id")), sectionOf(r.PathValue("id"), r.PathValue("section"))
	if d == nil || s == nil {
		problem(w, http.StatusNotFound, "Bestemmelsen findes ikke i dokumentet.")
		return
	}
	all := sections[d.ID]
	at := slices.IndexFunc(all, func(other corpus.Section) bool { return other.ID == s.ID })
	neighbour := func(i int) any {
		if i < 0 || i >= len(all) {
			return nil
		}
		return map[string]any{"id": all[i].ID, "label": all[i].Label}
	}
	references, cited := []corpus.Reference{}, []map[string]any{}
	if s.ID == "lbk-2025-9001#7" {
		references = []corpus.Reference{
			ref(s, "§ 12, stk. 1", corpus.Reference{Document: d.ID, Section: d.ID + "#12", Part: "stk. 1", Status: corpus.Resolved}),
			ref(s, "forvaltningslovens § 19", corpus.Reference{Status: corpus.Unknown}),
		}
		cited = append(cited, map[string]any{"section": "kvalitetsstandard-hverdagsstoette#1", "document": "kvalitetsstandard-hverdagsstoette", "title": "Kvalitetsstandard for hverdagsstøtte", "label": "1", "raw": "HSL § 7"})
	}
	reply(w, map[string]any{"document": d, "section": s, "previous": neighbour(at - 1), "next": neighbour(at + 1), "references": references, "cited_by": cited})
}

func ref(s *corpus.Section, raw string, to corpus.Reference) corpus.Reference {
	to.From, to.Raw = s.ID, raw
	to.Start = strings.Index(s.Text, raw)
	to.End = to.Start + len(raw)
	return to
}

func (f *fake) delete(w http.ResponseWriter, r *http.Request) {
	f.remove(func(d corpus.Document) bool { return d.ID == r.PathValue("id") })
	w.WriteHeader(http.StatusNoContent)
}

func (f *fake) deleteSamples(w http.ResponseWriter, _ *http.Request) {
	reply(w, map[string]any{"removed": f.remove(func(d corpus.Document) bool { return d.Sample })})
}

func (f *fake) remove(drop func(corpus.Document) bool) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.docs)
	f.docs = slices.DeleteFunc(f.docs, drop)
	return before - len(f.docs)
}

// pageImage draws a page of grey lines, of the proportions of A4.
func pageImage(w http.ResponseWriter, _ *http.Request) {
	const width, height = 900, 1273
	page := image.NewGray(image.Rect(0, 0, width, height))
	draw.Draw(page, page.Bounds(), image.White, image.Point{}, draw.Src)
	for y := 170; y < height-150; y += 40 {
		line := image.Rect(width/8, y, width*6/7-(y*7)%90, y+14)
		draw.Draw(page, line, image.NewUniform(color.Gray{Y: 110}), image.Point{}, draw.Src)
	}
	w.Header().Set("Content-Type", "image/png")
	_ = png.Encode(w, page)
}
