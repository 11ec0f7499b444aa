package main

import (
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/eval/load"
)

// TestLoadOfARealServer lets a few people use a server at once for a moment: no
// request fails, and afterwards the server is at rest.
func TestLoadOfARealServer(t *testing.T) {
	p := beginServing(t, ingested(t, 50)).ready(t)
	code, out := program(t, "eval", "load", "--url", p.base, "--streams", "10", "--duration", "2s", "--json", "--max", "errors=0", "--max", "left=10")
	_, jsonLine, _ := strings.Cut(out, "{")
	if code != exitOK {
		t.Fatalf("eval load: %d %s", code, out)
	}
	if r := decode[load.Report](t, "{"+jsonLine); r.Errors != 0 || r.Chats.N == 0 || r.Resources.CPU <= 0 {
		t.Errorf("%+v", r)
	}
	if code, out := program(t, "eval", "load", "--url", p.base, "--streams", "2", "--duration", "1s", "--max", "per-second=0.01"); code != exitFindings || !strings.Contains(out, "above") {
		t.Errorf("a gate that is missed: %d %s", code, out)
	}
}
