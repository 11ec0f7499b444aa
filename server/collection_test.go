package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func TestSearchPassesTheWholeQuery(t *testing.T) {
	w := start(t)
	want := retrieval.Query{Text: "tabt arbejdsfortjeneste", K: 5, AsOf: "2024-03-01", Mode: retrieval.Lexical}
	w.do(t, "GET", "/api/v1/search?q=tabt+arbejdsfortjeneste&k=5&as_of=1.3.2024&mode=lexical", "")
	if got := w.searcher.last; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("GET %+v", got)
	}
	want.Filter = retrieval.Filter{Collections: []string{"lov"}, Kinds: []corpus.Kind{corpus.KindAct}}
	body := `{"query":"tabt arbejdsfortjeneste","k":5,"as_of":"01-03-2024","mode":"lexical","filter":{"collections":["lov"],"kinds":["act"]}}`
	res := w.do(t, "POST", "/api/v1/search", body)
	if got := w.searcher.last; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("POST %+v", got)
	}
	if result := decode[retrieval.Result](t, res); len(result.Hits) != 1 {
		t.Errorf("result %+v", result)
	}
}

func TestSearchFaults(t *testing.T) {
	w := start(t)
	for query, detail := range map[string]string{
		"": "vil søge efter", "q=%20": "vil søge efter", "q=a&k=101": "»k«", "q=a&k=x": "»k«", "q=a&mode=magi": "»mode«",
		"q=a&as_of=igår": "»as_of«", "q=%zz": "kan ikke læses",
	} {
		wantProblem(t, w.do(t, "GET", "/api/v1/search?"+query, ""), 400, detail)
	}
	wantProblem(t, w.do(t, "POST", "/api/v1/search", `{"query":"a","k":-1}`), 400, "»k«")
	wantProblem(t, w.do(t, "POST", "/api/v1/search", `{"q":"a"}`), 400, "»q« kendes ikke")
	for _, res := range []*http.Response{
		w.do(t, "GET", "/api/v1/search?q="+cpr, ""), w.do(t, "POST", "/api/v1/search", `{"query":"`+cpr+`"}`), w.do(t, "GET", "/api/v1/documents?q="+cpr, ""),
	} {
		p := wantProblem(t, res, 422, "Fjern nummeret.")
		if p.Verdict == nil || p.Verdict.Places[0].Masked != "010190-····" {
			t.Errorf("verdict %+v", p.Verdict)
		}
	}
	if w.searcher.last.Text == cpr {
		t.Error("the search saw a refused query")
	}
	w.searcher.err = errors.New("disk")
	wantProblem(t, w.do(t, "GET", "/api/v1/search?q=a", ""), 500, "uventet fejl")
}

func TestListingDocuments(t *testing.T) {
	w := start(t)
	res := w.do(t, "GET", "/api/v1/documents?collection=lov&kind=act&q=service&limit=2&offset=4", "")
	type reply struct {
		Documents      []corpus.Document
		Total, Samples int
		Collections    []corpus.CollectionCount
	}
	got := decode[reply](t, res)
	if len(got.Documents) != 2 || got.Total != 17 || got.Samples != 1 || got.Collections[0].Name != "lov" {
		t.Errorf("reply %+v", got)
	}
	if want := (corpus.DocumentFilter{Collection: "lov", Kind: "act", Text: "service", Limit: 2, Offset: 4}); w.library.filter != want {
		t.Errorf("filter %+v", w.library.filter)
	}
	w.do(t, "GET", "/api/v1/documents", "")
	if w.library.filter.Limit != 100 {
		t.Errorf("a listing without a limit asks for %d", w.library.filter.Limit)
	}
	for _, query := range []string{"limit=0", "limit=1001", "offset=-1", "limit=a", "kind=roman"} {
		wantProblem(t, w.do(t, "GET", "/api/v1/documents?"+query, ""), 400, "skal være")
	}
}

func TestSectionsByEscapedAddress(t *testing.T) {
	w := start(t)
	type reply struct {
		Section        corpus.Section
		Previous, Next *struct{ ID, Label string }
		References     []corpus.Reference
		CitedBy        []struct{ Section, Document, Title, Label, Raw string } `json:"cited_by"`
	}
	base := "/api/v1/documents/" + law + "/sections/"
	first := decode[reply](t, w.do(t, "GET", base+"41", ""))
	if first.Previous != nil || first.Next == nil || first.Next.ID != law+"#42" {
		t.Errorf("neighbours %+v %+v", first.Previous, first.Next)
	}
	if len(first.CitedBy) != 1 || first.CitedBy[0].Label != "§ 42" || first.CitedBy[0].Title == "" || first.CitedBy[0].Document != law {
		t.Errorf("cited by %+v", first.CitedBy)
	}
	if second := decode[reply](t, w.do(t, "GET", base+"42", "")); len(second.References) != 1 || second.Previous == nil {
		t.Errorf("second %+v", second)
	}
	odd := decode[reply](t, w.do(t, "GET", base+url.PathEscape("bilag/1 +a"), ""))
	if odd.Section.ID != law+"#bilag/1 +a" || odd.Next != nil {
		t.Errorf("a section with a slash: %+v", odd)
	}
	wantProblem(t, w.do(t, "GET", base+"99", ""), 404, "Bestemmelsen findes ikke")
	wantProblem(t, w.do(t, "GET", base+"%ff", ""), 400, "ikke kan læses")
	wantProblem(t, w.do(t, "GET", "/api/v1/documents/borte/sections/1", ""), 404, "Dokumentet findes ikke")
}

func TestDeleting(t *testing.T) {
	w := start(t)
	if res := w.do(t, "DELETE", "/api/v1/documents/"+law, ""); res.StatusCode != http.StatusNoContent || text(t, res) != "" {
		t.Errorf("status %d", res.StatusCode)
	}
	wantProblem(t, w.do(t, "DELETE", "/api/v1/documents/"+law, ""), 404, "allerede slettet")
	if got := decode[map[string]int](t, w.do(t, "DELETE", "/api/v1/samples", "")); got["removed"] != 1 {
		t.Errorf("removed %v", got)
	}
}

func TestPageImages(t *testing.T) {
	w := start(t)
	base := "/api/v1/documents/" + scanned + "/pages/"
	res := w.do(t, "GET", base+"2.png?width=500", "")
	if body := text(t, res); body != scanned+" 2 500" || res.Header.Get("Content-Type") != "image/png" {
		t.Errorf("image %q", body)
	}
	again := w.do(t, "GET", base+"2.png?width=500", "", "If-None-Match", res.Header.Get("Etag"))
	if again.StatusCode != http.StatusNotModified || again.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("again: %d %v", again.StatusCode, again.Header)
	}
	if other := w.do(t, "GET", base+"2.png", "", "If-None-Match", res.Header.Get("Etag")); other.StatusCode != 200 {
		t.Errorf("another width has the same tag")
	}
	for path, detail := range map[string]string{
		base + "3.png": "kun 2 sider", base + "0.png": "Siden findes ikke", base + "a.png": "Siden findes ikke", base + "1": "Siden findes ikke",
		"/api/v1/documents/" + law + "/pages/1.png": "kun PDF-filer", "/api/v1/documents/borte/pages/1.png": "Dokumentet findes ikke",
	} {
		wantProblem(t, w.do(t, "GET", path, ""), 404, detail)
	}
	wantProblem(t, w.do(t, "GET", base+"1.png?width=9", ""), 400, "»width«")
	w.library.err = errors.New("ødelagt")
	res = w.do(t, "GET", base+"1.png", "")
	wantProblem(t, res, 500, "uventet fejl")
	if res.Header.Get("Etag") != "" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a fault may be kept: %v", res.Header)
	}
}

func TestFailingLibraryIsAProblemEverywhere(t *testing.T) {
	w := start(t)
	w.library.err = errors.New("disk I/O error")
	for _, request := range [][2]string{
		{"GET", "/api/v1/documents"}, {"GET", "/api/v1/documents/" + law}, {"GET", "/api/v1/documents/" + law + "/sections/41"},
		{"DELETE", "/api/v1/documents/" + scanned}, {"DELETE", "/api/v1/samples"}, {"GET", "/api/v1/info"},
	} {
		wantProblem(t, w.do(t, request[0], request[1], ""), 500, "uventet fejl")
	}
}
