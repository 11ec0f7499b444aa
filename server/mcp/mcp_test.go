package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/policy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "write the golden files anew")

// failing is a search that answers with an error.
type failing struct{ err error }

func (f failing) Search(context.Context, retrieval.Query) (retrieval.Result, error) {
	return retrieval.Result{Hits: []retrieval.Hit{{Section: "lov#1", Document: "lov", Snippet: "§ 1."}}}, f.err
}

// dial connects a client to the tools in memory.
func dial(t *testing.T, cfg Config) *sdk.ClientSession {
	t.Helper()
	near, far := sdk.NewInMemoryTransports()
	server, err := New(cfg).server.Connect(t.Context(), near, nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), far, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = client.Close()
		_ = server.Wait()
	})
	return client
}

// The names, words and schemas by which a model chooses its tools.
func TestToolsAreDescribed(t *testing.T) {
	client := dial(t, Config{Version: "test"})
	list, err := client.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(list.Tools, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/tools.json"
	if *update {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(want)) != string(got) {
		t.Errorf("the tools differ from %s: look at them, and run with -update\n%s", golden, got)
	}
	if said := client.InitializeResult().Instructions; !strings.Contains(said, "CPR") || !strings.Contains(said, "gæt ikke") {
		t.Errorf("instructions %q", said)
	}
}

// What goes wrong inside is told as elsewhere, and tells nothing of the inside.
func TestFaultsAreToldInWordsToActOn(t *testing.T) {
	allowed := func(string) policy.Verdict { return policy.Verdict{Allowed: true} }
	busy := &api.Error{Status: http.StatusTooManyRequests, Detail: "Det går for hurtigt.", RetryAfter: 1500 * time.Millisecond}
	for name, c := range map[string]struct {
		cfg       Config
		tool      string
		arguments map[string]any
		want      string
	}{
		"index away":   {Config{Check: allowed, Searcher: failing{retrieval.ErrUnavailable}}, "search", map[string]any{"query": "frist"}, "Vent mindst 5 sekunder."},
		"inside":       {Config{Check: allowed, Searcher: failing{errors.New("disk /srv: secret")}}, "search", map[string]any{"query": "frist"}, "uventet fejl"},
		"too fast":     {Config{Turn: func(context.Context) (func(), error) { return nil, busy }}, "ask", map[string]any{"question": "Frist?"}, "Det går for hurtigt. Vent mindst 2 sekunder."},
		"empty":        {Config{Check: allowed, Searcher: failing{}}, "search", map[string]any{"query": "  "}, "Skriv, hvad du vil søge efter."},
		"no such word": {Config{}, "summarize", map[string]any{"document": "lov", "length": "enorm"}, "length"},
	} {
		res, err := dial(t, c.cfg).CallTool(t.Context(), &sdk.CallToolParams{Name: c.tool, Arguments: c.arguments})
		if err != nil {
			t.Fatal(err)
		}
		text := res.Content[0].(*sdk.TextContent).Text
		if !res.IsError || !strings.Contains(text, c.want) || strings.Contains(text, "secret") {
			t.Errorf("%s: %v %q", name, res.IsError, text)
		}
	}
}
