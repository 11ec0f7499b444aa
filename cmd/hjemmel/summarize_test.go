package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/server/assistant"
)

func TestSummarizeAFileWithoutACollection(t *testing.T) {
	t.Chdir(t.TempDir())
	file := filepath.Join(sampleFolder(t), "sagsbehandlingsfrister.md")
	code, out, errs := command(t, "", "summarize", "--json", "--length", "short", file)
	if code != exitOK {
		t.Fatalf("%d %s", code, errs)
	}
	answer := decode[assistant.Answer](t, out)
	if !answer.Answered || answer.Task != assistant.TaskSummary || len(answer.Answer) < 3 {
		t.Errorf("%+v", answer)
	}
	if entries, _ := os.ReadDir("."); len(entries) != 0 {
		t.Errorf("summing up a file left %v", entries)
	}
}

func TestSummarizeRefusesAndExplains(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("sag.md", []byte("# Notat\n\nBorgeren 010190-1234 søger.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := command(t, "", "summarize", "sag.md")
	if code != exitFailed || !strings.Contains(errs, "cpr-nummer") || strings.Contains(errs, "1234") {
		t.Errorf("%d %s", code, errs)
	}
	if code, _, errs := command(t, "", "summarize", "--length", "huge", "sag.md"); code == exitOK {
		t.Errorf("%d %s", code, errs)
	}
}
