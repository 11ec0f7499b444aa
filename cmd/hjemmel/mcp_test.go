package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
)

// bearer sends a key with each request.
type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

func connect(t *testing.T, transport sdk.Transport) *sdk.ClientSession {
	t.Helper()
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), transport, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// overHTTP connects the SDK's client to a server with a reader's key.
func (w *leakWorld) overHTTP(t *testing.T, reader string) *sdk.ClientSession {
	t.Helper()
	return connect(t, &sdk.StreamableClientTransport{Endpoint: w.URL + "/mcp", HTTPClient: &http.Client{Transport: bearer(w.keys[reader])}})
}

// useTool calls a tool and returns its structured result, or the text of its error.
func useTool(t *testing.T, session *sdk.ClientSession, name string, arguments map[string]any) (out map[string]any, fault string) {
	t.Helper()
	res, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: name, Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	if res.IsError {
		return nil, res.Content[0].(*sdk.TextContent).Text
	}
	data, err := json.Marshal(res.StructuredContent)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out, ""
}

func first(t *testing.T, out map[string]any, key string) map[string]any {
	t.Helper()
	items, _ := out[key].([]any)
	if len(items) == 0 {
		t.Fatalf("no %s in %v", key, out)
	}
	return items[0].(map[string]any)
}

// What a model does with the tools: search, read what was found, check a draft,
// ask and sum up.
func TestToolsOverHTTP(t *testing.T) {
	w := newLeakWorld(t, true)
	session := w.overHTTP(t, "outsider")
	tryTools(t, session)

	if out, _ := useTool(t, session, "search", map[string]any{"query": secretWord}); strings.Contains(mustJSON(t, out), w.hidden[0]) {
		t.Errorf("an outsider finds what is hidden: %v", out)
	}
	out, _ := useTool(t, w.overHTTP(t, "insider"), "search", map[string]any{"query": secretWord})
	if hit := first(t, out, "hits"); !slices.Contains(w.hidden, hit["document"].(string)) || !strings.Contains(hit["quote"].(string), secretWord) {
		t.Errorf("an insider finds %v", hit)
	}
	for name, c := range map[string]struct {
		tool      string
		arguments map[string]any
		want      string
	}{
		"CPR in a search":   {"search", map[string]any{"query": "sag for 010190-1234"}, "Afvist af reglerne"},
		"CPR in a question": {"ask", map[string]any{"question": "Må 010190-1234 få hjælp?"}, "Afvist af reglerne"},
		"CPR in a text":     {"find_gaps", map[string]any{"text": "# Sag\n\nBorgeren 010190-1234 har søgt."}, "Afvist af reglerne"},
		"no such section":   {"get_section", map[string]any{"section": "borte#1"}, "værktøjet search"},
		"no such reference": {"get_section", map[string]any{"reference": "hemmelighedsloven § 999"}, "findes ikke i samlingen"},
		"nothing named":     {"get_section", nil, "Angiv enten"},
		"both named":        {"check_references", map[string]any{"text": "§ 1", "document": openAct}, "Angiv enten"},
		"no such document":  {"summarize", map[string]any{"document": "borte"}, "findes ikke i samlingen"},
		"no date":           {"ask", map[string]any{"question": "Hvad er fristen?", "as_of": "i går"}, "as_of"},
		"k out of range":    {"search", map[string]any{"query": "frist", "k": 1000}, "30"},
	} {
		if _, fault := useTool(t, session, c.tool, c.arguments); !strings.Contains(fault, c.want) {
			t.Errorf("%s: %q lacks %q", name, fault, c.want)
		}
	}
	w.wantAudited(t, activity.WayMCP)
}

func tryTools(t *testing.T, session *sdk.ClientSession) {
	t.Helper()
	list, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
		if tool.Title == "" || tool.Description == "" || tool.OutputSchema == nil || !tool.Annotations.ReadOnlyHint {
			t.Errorf("%s is not described: %+v", tool.Name, tool)
		}
	}
	if slices.Sort(names); !slices.Equal(names, []string{"ask", "check_references", "find_gaps", "get_section", "search", "summarize"}) {
		t.Fatalf("tools %v", names)
	}

	out, fault := useTool(t, session, "search", map[string]any{"query": "anmodning om aktindsigt", "documents": []string{openAct}})
	hit := first(t, out, "hits")
	if fault != "" || hit["document"] != openAct {
		t.Fatalf("search: %v %s", out, fault)
	}
	section, fault := useTool(t, session, "get_section", map[string]any{"section": hit["section"]})
	if text, _ := section["text"].(string); fault != "" || !strings.Contains(text, hit["quote"].(string)) {
		t.Errorf("get_section: the quote %q is not verbatim in %v %s", hit["quote"], section, fault)
	}
	byName, fault := useTool(t, session, "get_section", map[string]any{"reference": "LBK nr 9001 af 01/02/2025 § 2"})
	if fault != "" || byName["section"] != openAct+"#2" || byName["previous"] != openAct+"#1" || first(t, byName, "references")["section"] != openAct+"#1" {
		t.Errorf("get_section by reference: %v %s", byName, fault)
	}
	draft := "# Aktindsigt\n\nKommunen skal behandle en anmodning om aktindsigt inden 10 arbejdsdage, jf. LBK nr 9001 af 01/02/2025 § 1."
	checked, fault := useTool(t, session, "check_references", map[string]any{"text": draft})
	if counts, _ := checked["checked"].(map[string]any); fault != "" || counts["in_order"] != 1.0 {
		t.Errorf("check_references: %v %s", checked, fault)
	}
	found, fault := useTool(t, session, "find_gaps", map[string]any{"text": draft, "against": []string{openAct}})
	if fault != "" || !strings.Contains(mustJSON(t, found), "7 arbejdsdage") {
		t.Errorf("find_gaps: %v %s", found, fault)
	}
	answer, fault := useTool(t, session, "ask", map[string]any{"question": "Hvad er fristen efter LBK nr 9001 af 01/02/2025 § 1?"})
	if fault != "" || answer["answered"] != true || !strings.Contains(first(t, answer, "sources")["quote"].(string), "7 arbejdsdage") {
		t.Errorf("ask: %v %s", answer, fault)
	}
	summary, fault := useTool(t, session, "summarize", map[string]any{"document": openAct, "length": "short"})
	if fault != "" || summary["answered"] != true || first(t, summary, "sources")["document"] != openAct {
		t.Errorf("summarize: %v %s", summary, fault)
	}
}

// wantAudited checks that a way in left audit rows, a refusal among them, and
// nothing of what was refused.
func (w *leakWorld) wantAudited(t *testing.T, way string) {
	t.Helper()
	entries, _, err := w.record.Audit(t.Context(), activity.Filter{Way: way}, activity.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var refused, answered int
	for _, e := range entries {
		switch e.Outcome {
		case activity.OutcomeRefused:
			refused++
		case activity.OutcomeAnswered:
			answered++
		}
		if !strings.HasPrefix(e.Subject, "key:") {
			t.Errorf("an entry of nobody: %+v", e)
		}
	}
	if refused == 0 || answered == 0 || strings.Contains(mustJSON(t, entries), "010190") {
		t.Errorf("%d refused, %d answered: %+v", refused, answered, entries)
	}
}

func TestToolsNeedAKey(t *testing.T) {
	w := newLeakWorld(t, false)
	for _, key := range []string{"", "hjemmel_forkert"} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", w.URL+"/mcp", strings.NewReader(toolCall("search", `"query":"frist"`).body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if key != "" {
			req.Header.Set("Authorization", "Bearer "+key)
		}
		res, err := w.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(res.Header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("key %q: status %d", key, res.StatusCode)
		}
	}
}

// The command on a pipe, as a desktop client starts it.
func TestToolsOnAPipe(t *testing.T) {
	data := t.TempDir()
	hundeloven(t, data)
	store, err := activity.Open(t.Context(), data, "") // a server has recorded here
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan int, 1)
	var errs strings.Builder
	go func() {
		done <- run(ctx, []string{"mcp", "--data", data}, fromClient, toClient, &errs, nil)
		_ = toClient.Close()
	}()
	session := connect(t, &sdk.IOTransport{Reader: fromServer, Writer: toServer})
	out, fault := useTool(t, session, "get_section", map[string]any{"reference": "LBK nr 329 af 10/03/2021 § 1"})
	if text, _ := out["text"].(string); fault != "" || !strings.Contains(text, "senest 6 uger") {
		t.Errorf("%v %s", out, fault)
	}
	draft := "# Hunde\n\nHunde registreres senest 8 uger efter modtagelsen, jf. LBK nr 76 af 11/01/2017 § 1."
	out, fault = useTool(t, session, "check_references", map[string]any{"text": draft})
	f := first(t, out, "findings")
	now, _ := f["now"].(map[string]any)
	if fault != "" || f["kind"] != "outdated" || !strings.Contains(draft, f["quote"].(string)) || now == nil || now["document"] != "lbk-2021-329" {
		t.Errorf("%v %s", out, fault)
	}
	if _, fault := useTool(t, session, "ask", map[string]any{"question": "Skal 010190-1234 registrere sin hund?"}); !strings.Contains(fault, "Afvist") {
		t.Errorf("a CPR number passes: %q", fault)
	}
	_ = session.Close()
	stop()
	if code := <-done; code != exitOK {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
	entries, _, err := store.Audit(t.Context(), activity.Filter{Way: activity.WayMCP}, activity.Page{Limit: 10})
	if err != nil || len(entries) != 3 || entries[0].Subject != access.Local().Subject || entries[0].Outcome != activity.OutcomeRefused {
		t.Errorf("audited %+v, %v", entries, err)
	}
}

func mustJSON(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
