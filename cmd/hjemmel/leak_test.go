package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/source"
)

// What only the group hr may read: a guideline with words that nothing else has
// and references that raise what they point to, a newer version of an act that is
// open to everyone, and a PDF.
const (
	secretWord = "fratrædelsesgodtgørelsespuljen"
	secretAct  = "lbk-2026-9002"
	openAct    = "lbk-2025-9001"
	act        = "---\ntitle: Bekendtgørelse af lov om kommunal %s\nnumber: %s\nissued: %s\n---\n\n§ 1. Kommunen skal behandle en anmodning om aktindsigt inden 7 arbejdsdage.\n\n§ 2. En anmodning efter § 1 kan fremsættes mundtligt.%s\n"
	guideline  = "---\ntitle: Om " + secretWord + "\n---\n\n# Pulje\n\n" + secretWord + " dækker aktindsigt efter LBK nr 9001 af 01/02/2025 § 1, jf. LBK nr 9001 af 01/02/2025 § 2 og LBK nr 9001 af 01/02/2025 § 1.\n\n" +
		"# Frister\n\nTelefonen skal besvares inden 3 sekunder. Partshøring sker efter forvaltningslovens § 19. Tabt arbejdsfortjeneste, også skrevet arbejdsfortjenste, udmåles af puljen.\n"
)

// call is a request of the leak test.
type call struct{ method, path, body string }

// send makes a call with a reader's key and returns the status and the body,
// without what differs from one request to the next.
func (w *leakWorld) send(t *testing.T, reader string, c call) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), c.method, w.URL+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.keys[reader])
	if strings.HasPrefix(c.body, "--"+boundary) {
		req.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	} else if c.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json, text/event-stream") // both, as MCP demands
	res, err := w.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(volatile.ReplaceAll(body, nil))
}

var volatile = regexp.MustCompile(`"(ms|request_id|ingested_at|subject|conversation|turn|created)":("[^"]*"|[0-9.e+-]+),?|"id":"chatcmpl-[^"]*",?`)

// readable are the calls of each route that a reader may make. {hidden} stands
// for the id of each hidden document in turn.
var readable = map[string][]call{
	"POST /api/v1/chat": {
		{body: `{"question":"Hvornår kan vi yde tabt arbejdsfortjeneste?"}`},
		{body: `{"question":"Hvad dækker ` + secretWord + `?"}`},
		{body: `{"question":"Hvad dækker fratrædelsesgodtgørelsespuljn?"}`}, // misspelt by one letter
		{body: `{"question":"Hvad er fristen efter lov om kommunal aktindsigtsbehandling § 1?"}`},
		{body: `{"question":"Hvad siger LBK nr 9002 af 01/02/2026 § 2?"}`},
		{body: `{"question":"Hvor hurtigt skal telefonen besvares?"}`},
		{body: `{"question":"hvad med stk. 2?","history":[{"question":"Hvad siger loven om kommunal aktindsigtsbehandling?","sections":["` + secretAct + `#2"]}]}`},
		{body: `{"question":"hvad med § 2?","history":[{"question":"Hvad siger lov om kommunal aktindsigtsbehandling § 1?","sections":["` + openAct + `#1"]}]}`},
		{body: `{"question":"Sammenfat lov om kommunal aktindsigtsbehandling"}`},
		{body: `{"question":"Sammenfat Om ` + secretWord + `"}`},
	},
	"POST /api/v1/search": {
		{body: `{"query":"tabt arbejdsfortjeneste","k":100}`},
		{body: `{"query":"` + secretWord + `","k":100}`},
		{body: `{"query":"fratrædelsesgodtgørelsespuljn","k":100}`},
		{body: `{"query":"arbejdsfortjenste","k":100}`}, // corrected, unless one knows that a hidden text writes it so
		{body: `{"query":"godtgørelse pulje","k":100,"mode":"lexical"}`},
		{body: `{"query":"telefonen besvares","k":100,"mode":"vector"}`},
		{body: `{"query":"anmodning arbejdsdage","k":100}`}, // what hidden texts cite ranks no higher
		{body: `{"query":"LBK nr 9001 af 01/02/2025 § 1"}`},
		{body: `{"query":"aktindsigt frist","k":100,"as_of":"2026-03-01"}`},
		{body: `{"query":"byggesager naboorientering","k":100}`},
		{body: `{"query":"lov om kommunal aktindsigtsbehandling § 1"}`},
		{body: `{"query":"LBK nr 9002 af 01/02/2026 § 1"}`},
		{body: `{"query":"pulje","filter":{"documents":["{hidden}"]}}`},
		{body: `{"query":"pulje","filter":{"collections":["personale"]}}`},
	},
	"GET /api/v1/search":         {{path: "?q=" + secretWord}, {path: "?q=arbejdsfortjeneste&k=100"}},
	"GET /api/v1/documents":      {{}, {path: "?collection=personale"}, {path: "?q=" + secretWord}, {path: "?q=aktindsigt"}, {path: "?limit=1&offset=3"}},
	"GET /api/v1/documents/{id}": {{path: "{hidden}"}, {path: openAct}},
	"GET /api/v1/documents/{id}/sections/{section}": {
		{path: "{hidden}/1"}, {path: "{hidden}/2"}, {path: openAct + "/1"}, {path: openAct + "/2"},
	},
	"GET /api/v1/documents/{id}/pages/{page}.png": {{path: "{hidden}/1.png"}},
	"POST /api/v1/summaries": {
		{body: `{"document":"{hidden}"}`}, {body: `{"document":"` + openAct + `"}`}, {body: `{"section":"{hidden}#1"}`},
	},
	"POST /api/v1/gaps": {
		{body: `{"document":"{hidden}"}`},
		{body: `{"text":"# Aktindsigt\n\nFristen er 10 arbejdsdage efter lov om kommunal aktindsigtsbehandling § 1 og § 2, stk. 2.","min_confidence":0.01}`},
		{body: `{"text":"# Aktindsigt\n\nFristen er 10 arbejdsdage.","against":["{hidden}"]}`},
		{body: `{"text":"# Aktindsigt\n\nFristen er 10 arbejdsdage.","against":["` + openAct + `"]}`},
		{path: "?format=md", body: `{"text":"# Aktindsigt\n\nSe LBK nr 9002 af 01/02/2026 § 1.","min_confidence":0.01}`},
		{path: "?format=docx", body: `{"document":"{hidden}"}`},
	},
	"GET /v1/models": {{}},
	"POST /v1/chat/completions": {
		{body: `{"model":"hjemmel","messages":[{"role":"user","content":"Hvad dækker ` + secretWord + `?"}]}`},
		{body: `{"model":"hjemmel","stream":true,"messages":[{"role":"user","content":"Hvad er fristen efter lov om kommunal aktindsigtsbehandling § 1?"}]}`},
		{body: `{"model":"hjemmel/personale","messages":[{"role":"user","content":"Hvad dækker puljen?"}]}`},
		{body: `{"model":"hjemmel","messages":[{"role":"user","content":"Hvad siger loven om aktindsigtsbehandling?"},` +
			`{"role":"assistant","content":"1. [§ 2](http://localhost/kilde/` + secretAct + `/2)"},{"role":"user","content":"hvad med stk. 2?"}]}`},
	},
	"POST /mcp": {
		toolCall("search", `"query":"`+secretWord+`","k":30`),
		toolCall("search", `"query":"arbejdsfortjenste","k":30`),
		toolCall("search", `"query":"pulje","documents":["{hidden}"]`),
		toolCall("search", `"query":"anmodning arbejdsdage","k":30`),
		toolCall("get_section", `"section":"{hidden}#1"`),
		toolCall("get_section", `"section":"`+openAct+`#1"`),
		toolCall("get_section", `"reference":"lov om kommunal aktindsigtsbehandling § 1"`),
		toolCall("get_section", `"reference":"LBK nr 9002 af 01/02/2026 § 1"`),
		toolCall("check_references", `"text":"# Aktindsigt\n\nSe LBK nr 9002 af 01/02/2026 § 1 og lov om kommunal aktindsigtsbehandling § 1."`),
		toolCall("check_references", `"document":"{hidden}"`),
		toolCall("find_gaps", `"text":"# Aktindsigt\n\nFristen er 10 arbejdsdage efter lov om kommunal aktindsigtsbehandling § 1.","min_confidence":0.01`),
		toolCall("find_gaps", `"text":"# Aktindsigt\n\nFristen er 10 arbejdsdage.","against":["{hidden}"]`),
		toolCall("summarize", `"document":"{hidden}"`),
		toolCall("summarize", `"section":"{hidden}#1"`),
		toolCall("ask", `"question":"Hvad dækker `+secretWord+`?"`),
		toolCall("ask", `"question":"Hvad er fristen efter lov om kommunal aktindsigtsbehandling § 1?"`),
	},
	"GET /api/v1/info": {{}},
	"GET /api/v1/me":   {{}},
}

// toolCall is a call of a tool over MCP.
func toolCall(name, arguments string) call {
	return call{body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + name + `","arguments":{` + arguments + `}}}`}
}

// ownOnly is why: who asks reads what she was shown herself, and what others
// were shown does not exist for her (TestNobodySeesOtherPeoplesConversations).
const ownOnly = "her own only"

// harmless are the routes that tell nothing of the collection's content, with why.
var harmless = map[string]string{
	"GET /api/v1/policy":            "the rules are the same for everyone",
	"POST /api/v1/logout":           "ends the caller's own session",
	"GET /healthz":                  "the process answers",
	"GET /readyz":                   "yes or no",
	"GET /openapi.json":             "a text of the program",
	"GET /metrics":                  "administrators only: TestRolesOfRoutes",
	"POST /api/v1/documents":        "changes: TestEditorsChangeOnlyWhatTheyMayRead",
	"DELETE /api/v1/documents/{id}": "changes: TestEditorsChangeOnlyWhatTheyMayRead",
	"DELETE /api/v1/samples":        "removes what is open to everyone",
	"GET /api/v1/ingest":            "for editors; sources of other groups: TestSourcesOfOtherGroupsAreHidden",

	"GET /api/v1/conversations":                    ownOnly,
	"DELETE /api/v1/conversations":                 ownOnly,
	"GET /api/v1/conversations/{id}":               ownOnly,
	"PATCH /api/v1/conversations/{id}":             ownOnly,
	"DELETE /api/v1/conversations/{id}":            ownOnly,
	"GET /api/v1/conversations/{id}/document.docx": ownOnly,
	"POST /api/v1/feedback":                        ownOnly,
	"GET /api/v1/activity":                         ownOnly,
	"DELETE /api/v1/activity":                      ownOnly,
	"GET /api/v1/feedback":                         "evaluators only: TestRolesOfRoutes",
	"PATCH /api/v1/feedback/{id}":                  "evaluators only: TestRolesOfRoutes",
	"GET /api/v1/audit":                            "administrators only: TestRolesOfRoutes",
	"GET /api/v1/audit/verification":               "administrators only: TestRolesOfRoutes",
	"GET /api/v1/audit/export":                     "administrators only: TestRolesOfRoutes",
	"GET /api/v1/costs":                            "administrators only: TestRolesOfRoutes",
}

// Every reply that a reader gets is, byte for byte, the one of a collection that
// never held what is hidden from him.
func TestNothingHiddenLeaks(t *testing.T) {
	with, without := newLeakWorld(t, true), newLeakWorld(t, false)
	for _, route := range apiRoutes(t, with) {
		calls, known := readable[route]
		if _, ok := harmless[route]; !known && !ok {
			t.Errorf("%s is new: say in this test what a reader may learn by it", route)
		}
		for _, c := range calls {
			for _, c := range c.of(route, with.hidden) {
				status, got := with.send(t, "outsider", c)
				wantStatus, want := without.send(t, "outsider", c)
				if status != wantStatus || got != want {
					t.Errorf("%s %s %s\nwith what is hidden:    %d %s\nwithout what is hidden: %d %s", c.method, c.path, c.body, status, got, wantStatus, want)
				}
				if !strings.Contains(c.path+c.body, secretWord) && strings.Contains(got, secretWord) {
					t.Errorf("%s %s %s: %s", c.method, c.path, c.body, got)
				}
			}
		}
	}
}

// The same calls show a member what is hidden from others: else the test above
// could not fail.
func TestMembersSeeWhatIsHidden(t *testing.T) {
	w := newLeakWorld(t, true)
	for route, calls := range readable {
		seen := false
		for _, c := range calls {
			for _, c := range c.of(route, w.hidden) {
				_, outside := w.send(t, "outsider", c)
				_, inside := w.send(t, "insider", c)
				seen = seen || outside != inside
			}
		}
		if !seen {
			t.Errorf("%s shows a member nothing more", route)
		}
	}
}

func TestEditorsChangeOnlyWhatTheyMayRead(t *testing.T) {
	w := newLeakWorld(t, true)
	for _, id := range w.hidden {
		if status, body := w.send(t, "editor", call{method: "DELETE", path: "/api/v1/documents/" + id}); status != 404 {
			t.Errorf("deleting %s: %d %s", id, status, body)
		}
	}
	for name, c := range map[string]call{
		"same file":         upload("personale", "", "pulje.md", "# Ny pulje\n\nTekst om noget andet."),
		"same bytes":        upload("personale", "", "pulje.md", guideline),
		"same act":          upload("lov", "", "samme.md", fmt.Sprintf(act, "aktindsigtsbehandling", "LBK nr 9002 af 01/02/2026", "2026-02-01", "")),
		"others' group":     upload("lov", "hr", "ny.md", "# Notat\n\nTekst."),
		"others' in matter": upload("lov", "", "ny2.md", "---\ngroups: hr\n---\n# Notat\n\nTekst."),
	} {
		status, body := w.send(t, "editor", c)
		if status != 200 || !strings.Contains(body, `"status":"failed"`) || strings.Contains(body, secretWord) || strings.Contains(body, "ny-lov.md") {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	status, body := w.send(t, "editor", upload("lov", "oekonomi", "eget.md", "# Budget\n\nBudgettet lægges i september."))
	if status != 200 || !strings.Contains(body, `"status":"read"`) {
		t.Fatalf("own group: %d %s", status, body)
	}
	if _, body := w.send(t, "insider", call{method: "GET", path: "/api/v1/search?q=september"}); strings.Contains(body, "Budgettet") {
		t.Errorf("who is not in the group finds it: %s", body)
	}
	for _, id := range w.hidden {
		if doc, err := w.lib.Document(t.Context(), id); err != nil || !slices.Equal(doc.Groups, []string{"hr"}) {
			t.Errorf("%s is changed: %+v, %v", id, doc, err)
		}
	}
}

// A change of who may read holds for the next search.
func TestAccessChangesAtOnce(t *testing.T) {
	w := newLeakWorld(t, true)
	find := call{method: "GET", path: "/api/v1/search?q=" + secretWord}
	found := func() bool {
		_, body := w.send(t, "outsider", find)
		return strings.Contains(body, w.hidden[0])
	}
	for _, step := range []struct {
		groups []string
		found  bool
	}{{nil, true}, {[]string{"hr"}, false}, {[]string{"hr", "oekonomi"}, true}, {[]string{"ledelse"}, false}} {
		if err := w.lib.SetGroups(t.Context(), w.hidden[0], step.groups); err != nil {
			t.Fatal(err)
		}
		if found() != step.found {
			t.Errorf("groups %v: found is %v", step.groups, !step.found)
		}
	}
	// Reading the same bytes again for other groups changes who may read them.
	report, err := w.lib.Pipeline.Run(t.Context(), []source.Item{memory("pulje.md", guideline)}, ingest.Options{Collection: "personale", Groups: []string{}})
	if err != nil || report.Files[0].Status != ingest.Replaced || !found() {
		t.Errorf("%+v, %v", report.Files, err)
	}
}

// A conversation does not keep what its owner may not read any more.
func TestConversationsForgetWhatIsHiddenSince(t *testing.T) {
	w := newLeakWorld(t, true)
	_, answer := w.send(t, "insider", call{"POST", "/api/v1/summaries", `{"document":"` + w.hidden[0] + `"}`})
	if !strings.Contains(answer, "inden 3 sekunder") {
		t.Fatalf("the insider gets no summary: %s", answer)
	}
	read := func() string {
		_, all := w.send(t, "insider", call{method: "GET", path: "/api/v1/activity"})
		return all
	}
	if all := read(); !strings.Contains(all, "inden 3 sekunder") {
		t.Fatalf("the conversation is not stored: %s", all)
	}
	if err := w.lib.SetGroups(t.Context(), w.hidden[0], []string{"ledelse"}); err != nil {
		t.Fatal(err)
	}
	if all := read(); strings.Contains(all, "inden 3 sekunder") || strings.Contains(all, w.hidden[0]+"#") {
		t.Errorf("it still quotes: %s", all)
	}
}

// of completes a call with its route, once for each hidden document it names.
func (c call) of(route string, hidden []string) []call {
	method, path, _ := strings.Cut(route, " ")
	if at := strings.Index(path, "{"); at >= 0 {
		path = path[:at]
		document, section, isSection := strings.Cut(c.path, "/")
		if isSection && strings.Contains(route, "{section}") {
			c.path = document + "/sections/" + section
		} else if isSection {
			c.path = document + "/pages/" + section
		}
	}
	c.method, c.path = method, path+c.path
	if !strings.Contains(c.path+c.body, "{hidden}") {
		return []call{c}
	}
	var out []call
	for _, id := range hidden {
		out = append(out, call{c.method, strings.ReplaceAll(c.path, "{hidden}", id), strings.ReplaceAll(c.body, "{hidden}", id)})
	}
	return out
}

// apiRoutes are the routes that the served document describes; package server
// tests that these are all.
func apiRoutes(t *testing.T, w *leakWorld) (routes []string) {
	t.Helper()
	_, body := w.send(t, "outsider", call{method: "GET", path: "/openapi.json"})
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	for path, methods := range doc.Paths {
		for method := range maps.Keys(methods) {
			if method != "parameters" {
				routes = append(routes, strings.ToUpper(method)+" "+path)
			}
		}
	}
	slices.Sort(routes)
	return routes
}
