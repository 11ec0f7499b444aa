package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/schedule"
)

// followed asks the server for its sources until ok holds.
func (p *child) followed(t *testing.T, ok func([]schedule.State) bool) []schedule.State {
	t.Helper()
	var last string
	for range 400 {
		res, err := http.Get(p.base + "/api/v1/ingest")
		if err != nil {
			t.Fatal(err)
		}
		var reply struct{ Sources []schedule.State }
		err = json.NewDecoder(res.Body).Decode(&reply)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if ok(reply.Sources) {
			return reply.Sources
		}
		last = fmt.Sprintf("%+v", reply.Sources)
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("not what was awaited: %s\n%s", last, p.log)
	return nil
}

func ended(states []schedule.State) bool {
	for _, s := range states {
		if len(s.Runs) == 0 || s.Runs[0].Ended.IsZero() || s.Running != nil {
			return false
		}
	}
	return len(states) > 0
}

// TestServeFollowsSources lets a server follow a folder and an act at a local
// retsinformation: it reads both at the start, refuses what policy refuses, and
// after a restart neither forgets its runs nor repeats one before its time.
func TestServeFollowsSources(t *testing.T) {
	act := `<p class="Titel2">Bekendtgørelse af lov om frugt</p><p class="Paragraf">§ 1. Loven gælder for æbler.</p><p class="Paragraf">§ 2. Æbler skal plukkes.</p>`
	var asked atomic.Int32
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode([]map[string]any{{"documentHtml": act, "title": "Bekendtgørelse af lov om frugt", "shortName": "LBK nr 24 af 01/02/2019", "isHistorical": true}})
	}))
	defer web.Close()
	folder := guidelines(t, 3)
	write(t, filepath.Join(folder, "sag 010190-1234.md"), "# Notat\n\nTekst.\n")
	write(t, filepath.Join(folder, "brev.md"), "# Brev\n\nBorgerens CPR-nummer er 010190-1234.\n")
	data, config := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "hjemmel.yaml")
	write(t, config, fmt.Sprintf(`
retsinformation: %s
web_private: true
sources:
  - {name: Vejledninger, from: %q, collection: vejledninger, exclude: ["0002.md"], every: 12h}
  - {from: "retsinformation:lbk/2019/24", collection: lov, at: "03:30"}
`, web.URL, folder))

	p := beginServing(t, data, "--config", config).ready(t)
	states := p.followed(t, ended)
	run := states[0].Runs[0]
	if run.Counts[ingest.Read] != 2 || run.Counts[ingest.Refused] != 2 || len(run.Problems) != 2 {
		t.Errorf("the folder: %+v", run)
	}
	if said := fmt.Sprint(run); strings.Contains(said, "1234") {
		t.Errorf("a run repeats a CPR number: %s", said)
	}
	if run := states[1].Runs[0]; run.Counts[ingest.Read] != 1 || len(run.Warnings) != 1 || !strings.Contains(run.Warnings[0].Reason, "historisk") {
		t.Errorf("the act: %+v", run)
	}
	if code := p.stop(t); code != exitOK {
		t.Fatalf("serve: %d\n%s", code, p.log)
	}
	before := asked.Load()
	p = beginServing(t, data, "--config", config).ready(t)
	again := p.followed(t, ended)
	if len(again[0].Runs) != 1 || !again[0].Runs[0].Started.Equal(run.Started) || asked.Load() != before {
		t.Errorf("after a restart: %+v", again)
	}
	if code := p.stop(t); code != exitOK {
		t.Errorf("serve: %d\n%s", code, p.log)
	}
	inStep(t, data)
}

func TestSourcesAreChecked(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, says := range map[string]string{
		"sources: [{from: x, every: 15m, colection: v}]":           "colection",
		"sources: [{from: x, every: tit}]":                         "tit",
		"sources: [{from: x}]":                                     "every",
		"sources: [{from: \"010190-1234\", every: 1h}]":            "cpr",
		"sources: [{from: x, collection: 010190-1234, every: 1h}]": "cpr",
		"sources: 7": "list",
	} {
		if err := os.WriteFile(defaultConfigFile, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, stderr := command(t, "", "serve", "--data", filepath.Join(t.TempDir(), "data"), "--addr", "127.0.0.1:0")
		if code != exitUsage || !strings.Contains(strings.ToLower(stderr), says) || strings.Contains(stderr, "1234") {
			t.Errorf("%s: %d %s", text, code, stderr)
		}
	}
}
