package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func TestIngestForGroups(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.md", "# Fratrædelse\n\nFratrædelse aftales med lederen.")
	write(t, "b.md", "---\ngroups:\n  - ledelse\n---\n# Løn\n\nLøn forhandles i maj.")
	readersOf := func() string {
		t.Helper()
		code, out, stderr := command(t, "", "documents", "list", "--json", "--embedder", "none")
		if code != exitOK {
			t.Fatal(stderr)
		}
		var all []string
		for _, d := range decode[struct{ Documents []corpus.Document }](t, out).Documents {
			all = append(all, filepath.Base(d.Source)+":"+readers(&d))
		}
		return strings.Join(all, " ")
	}
	for _, step := range []struct{ args, want string }{
		{"ingest --collection hr --groups personale,hr a.md b.md", "a.md:hr,personale b.md:ledelse"},
		{"ingest --collection hr a.md b.md", "a.md:hr,personale b.md:ledelse"}, // not said anew: as before
		{"ingest --collection hr --groups hr a.md b.md", "a.md:hr b.md:ledelse"},
		{"ingest --collection hr --groups= a.md b.md", "a.md:alle b.md:ledelse"},
	} {
		if code, out, stderr := command(t, "", append(strings.Fields(step.args), "--embedder", "none")...); code != exitOK {
			t.Fatalf("%s: %s%s", step.args, out, stderr)
		}
		if got := readersOf(); got != step.want {
			t.Errorf("after %s: %s, want %s", step.args, got, step.want)
		}
	}
	write(t, "a.md", "# Fratrædelse\n\nFratrædelse aftales med lederen og HR.")
	write(t, "hjemmel.yaml", "embedder: none\naccess:\n  collections: {hr: [hr]}\n")
	if code, out, _ := command(t, "", "ingest", "--collection", "hr", "a.md"); code != exitOK || readersOf() != "a.md:hr b.md:ledelse" {
		t.Errorf("by the collection's setting: %s %s", out, readersOf())
	}
	_, out, _ := command(t, "", "documents", "list", "--json")
	id := decode[struct{ Documents []corpus.Document }](t, out).Documents[0].ID
	if code, out, stderr := command(t, "", "documents", "access", id, "--groups", "ledelse"); code != exitOK || !strings.Contains(out, "ledelse") || readersOf() != "a.md:ledelse b.md:ledelse" {
		t.Errorf("documents access: %s%s %s", out, stderr, readersOf())
	}
	if code, out, _ := command(t, "", "documents", "show", id); code != exitOK || !strings.Contains(out, "Adgang") || !strings.Contains(out, "ledelse") {
		t.Errorf("documents show: %s", out)
	}
	if code, _, _ := command(t, "", "documents", "access", id); code != exitUsage {
		t.Errorf("without groups: %d", code)
	}
}
