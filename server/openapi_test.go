package server

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/hjemmel/hjemmel/server/assistant"
)

func servedDocument(t *testing.T, w *world) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text(t, w.do(t, "GET", "/openapi.json", ""))))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDocumentAndRoutesAgree(t *testing.T) {
	w := start(t)
	described := map[string]bool{}
	for path, item := range servedDocument(t, w).Paths.Map() {
		for method := range item.Operations() {
			described[method+" "+path] = true
		}
	}
	registered := map[string]bool{}
	parameter := regexp.MustCompile(`:(\w+)`)
	for _, r := range w.server.engine.Routes() {
		path := strings.Replace(parameter.ReplaceAllString(r.Path, "{$1}"), "/{page}", "/{page}.png", 1)
		page := slices.Contains([]string{"/", "/sammenfat", "/mangler", "/samling", "/regler", "/administration"}, path) || strings.Contains(path, "*")
		if !page {
			registered[r.Method+" "+path] = true
		}
	}
	if !maps.Equal(described, registered) {
		t.Errorf("described %v\nregistered %v", slices.Sorted(maps.Keys(described)), slices.Sorted(maps.Keys(registered)))
	}
}

// Replies of the running server have to be what the document promises.
func TestRepliesMatchTheDocument(t *testing.T) {
	w := start(t)
	doc := servedDocument(t, w)
	ask := func(q string) string { return `{"question":"` + q + `"}` }
	tests := []struct {
		method, address, body, path string
		status                      int
	}{
		{"POST", "/api/v1/chat", ask(question), "/api/v1/chat", 200},
		{"GET", "/api/v1/ingest", "", "/api/v1/ingest", 200},
		{"POST", "/api/v1/chat", ask("Hvad med " + cpr + "?"), "/api/v1/chat", 200},
		{"POST", "/api/v1/chat", "{", "/api/v1/chat", 400},
		{"POST", "/api/v1/chat", ask(strings.Repeat("a", 65<<10)), "/api/v1/chat", 413},
		{"POST", "/api/v1/summaries", `{"document":"` + law + `","length":"short"}`, "/api/v1/summaries", 200},
		{"POST", "/api/v1/summaries", `{"document":"borte"}`, "/api/v1/summaries", 404},
		{"POST", "/api/v1/summaries", `{}`, "/api/v1/summaries", 400},
		{"POST", "/api/v1/search", `{"query":"merudgifter"}`, "/api/v1/search", 200},
		{"POST", "/api/v1/search", `{"query":"intet"}`, "/api/v1/search", 200},
		{"POST", "/api/v1/search", `{"query":"` + cpr + `"}`, "/api/v1/search", 422},
		{"GET", "/api/v1/search?q=merudgifter", "", "/api/v1/search", 200},
		{"GET", "/api/v1/search?q=", "", "/api/v1/search", 400},
		{"GET", "/api/v1/documents", "", "/api/v1/documents", 200},
		{"GET", "/api/v1/documents?q=intet", "", "/api/v1/documents", 200},
		{"GET", "/api/v1/documents?limit=x", "", "/api/v1/documents", 400},
		{"GET", "/api/v1/documents/" + law, "", "/api/v1/documents/{id}", 200},
		{"GET", "/api/v1/documents/borte", "", "/api/v1/documents/{id}", 404},
		{"GET", "/api/v1/documents/" + law + "/sections/41", "", "/api/v1/documents/{id}/sections/{section}", 200},
		{"GET", "/api/v1/documents/" + law + "/sections/42", "", "/api/v1/documents/{id}/sections/{section}", 200},
		{"GET", "/api/v1/documents/" + law + "/sections/99", "", "/api/v1/documents/{id}/sections/{section}", 404},
		{"GET", "/api/v1/documents/" + law + "/pages/1.png", "", "/api/v1/documents/{id}/pages/{page}.png", 404},
		{"DELETE", "/api/v1/documents/borte", "", "/api/v1/documents/{id}", 404},
		{"DELETE", "/api/v1/samples", "", "/api/v1/samples", 200},
		{"GET", "/api/v1/policy", "", "/api/v1/policy", 200},
		{"GET", "/api/v1/info", "", "/api/v1/info", 200},
		{"GET", "/api/v1/me", "", "/api/v1/me", 200},
		{"POST", "/api/v1/logout", "", "/api/v1/logout", 200},
		{"GET", "/v1/models", "", "/v1/models", 200},
		{"POST", "/v1/chat/completions", `{"model":"hjemmel","messages":[{"role":"user","content":"` + question + `"}]}`, "/v1/chat/completions", 200},
		{"POST", "/v1/chat/completions", `{"model":"hjemmel"}`, "/v1/chat/completions", 400},
		{"POST", "/v1/chat/completions", `{"model":"gpt","messages":[{"role":"user","content":"a"}]}`, "/v1/chat/completions", 404},
		{"POST", "/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`, "/mcp", 200},
		{"GET", "/healthz", "", "/healthz", 200},
		{"GET", "/readyz", "", "/readyz", 200},
		{"GET", "/openapi.json", "", "/openapi.json", 200},
	}
	stored := decode[assistant.Answer](t, w.do(t, "POST", "/api/v1/chat", ask(question)))
	conversation, said := "/api/v1/conversations/"+stored.Conversation, `{"turn":"`+stored.Turn+`","rating":"bad","comment":"Nej."}`
	tests = append(tests, []struct {
		method, address, body, path string
		status                      int
	}{
		{"POST", "/api/v1/feedback", said, "/api/v1/feedback", 200},
		{"POST", "/api/v1/feedback", `{"turn":"x"}`, "/api/v1/feedback", 404},
		{"GET", "/api/v1/feedback", "", "/api/v1/feedback", 200},
		{"GET", "/api/v1/conversations", "", "/api/v1/conversations", 200},
		{"GET", "/api/v1/conversations?q=findes+ikke", "", "/api/v1/conversations", 200},
		{"GET", conversation, "", "/api/v1/conversations/{id}", 200},
		{"PATCH", conversation, `{"title":"Ny"}`, "/api/v1/conversations/{id}", 200},
		{"GET", "/api/v1/audit", "", "/api/v1/audit", 200},
		{"GET", "/api/v1/audit/verification", "", "/api/v1/audit/verification", 200},
		{"GET", "/api/v1/costs", "", "/api/v1/costs", 200},
		{"GET", "/api/v1/activity", "", "/api/v1/activity", 200},
		{"DELETE", "/api/v1/activity", "", "/api/v1/activity", 200},
		{"DELETE", conversation, "", "/api/v1/conversations/{id}", 404},
		{"DELETE", "/api/v1/conversations", "", "/api/v1/conversations", 200},
	}...)
	for _, test := range tests {
		t.Run(test.method+" "+test.address[:min(len(test.address), 60)], func(t *testing.T) {
			res := w.do(t, test.method, test.address, test.body, "Content-Type", "application/json", "Accept", "application/json, text/event-stream")
			if res.StatusCode != test.status {
				t.Fatalf("status %d, want %d: %s", res.StatusCode, test.status, text(t, res))
			}
			matches(t, doc, test.method, test.path, res)
		})
	}
}

// matches checks a reply against the schema that the document gives it.
func matches(t *testing.T, doc *openapi3.T, method, path string, res *http.Response) {
	t.Helper()
	response := doc.Paths.Value(path).GetOperation(method).Responses.Status(res.StatusCode)
	if response == nil {
		t.Fatalf("%s %s: the status %d is not described", method, path, res.StatusCode)
	}
	media := response.Value.Content.Get(res.Header.Get("Content-Type"))
	if media == nil {
		t.Fatalf("%s %s: %s is not described", method, path, res.Header.Get("Content-Type"))
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatal(err)
	}
	if err := media.Schema.Value.VisitJSON(value, openapi3.EnableJSONSchema2020()); err != nil {
		t.Errorf("%s %s: %v\n%s", method, path, err, body)
	}
}

// A validator that lets everything pass would make the test above worthless.
func TestTheDocumentRejectsWrongReplies(t *testing.T) {
	doc := servedDocument(t, start(t))
	for name, wrong := range map[string]string{
		"Info":        `{"version":"1","documents":"mange","sections":1,"passages":1,"samples":0,"indexing":false,"today":"2026-11-24"}`,
		"SectionPage": `{"document":{},"section":{},"previous":null,"next":null,"references":[],"cited_by":[]}`,
		"Answer":      `{"answered":true}`,
		"Neighbour":   `null`,
	} {
		var value any
		if err := json.Unmarshal([]byte(wrong), &value); err != nil {
			t.Fatal(err)
		}
		if doc.Components.Schemas[name].Value.VisitJSON(value, openapi3.EnableJSONSchema2020()) == nil {
			t.Errorf("%s accepts %s", name, wrong)
		}
	}
}
