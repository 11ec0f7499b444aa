package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/upkeep"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func TestDoctorBackupRestore(t *testing.T) {
	t.Chdir(t.TempDir())
	data, copied, restored := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "kopi"), filepath.Join(t.TempDir(), "ny")
	if code, _, stderr := command(t, "", "doctor", "--data", data); code != exitFailed || !strings.Contains(stderr, "ingen samling") {
		t.Errorf("doctor on nothing: %d %s", code, stderr)
	}
	if code, out, stderr := command(t, "", "ingest", "--data", data, sampleFolder(t)); code != exitOK {
		t.Fatal(code, out, stderr)
	}
	if code, out, _ := command(t, "", "doctor", "--data", data); code != exitOK || !strings.Contains(out, "Alt er i orden") {
		t.Errorf("doctor: %d\n%s", code, out)
	}
	code, out, stderr := command(t, "", "backup", "--data", data, "--json", copied)
	if m := decode[upkeep.Manifest](t, out); code != exitOK || m.Schema != corpus.Schema() {
		t.Fatalf("backup: %d %s %s", code, out, stderr)
	}
	if code, _, stderr := command(t, "", "backup", "--data", data, copied); code != exitFailed || !strings.Contains(stderr, "findes allerede") {
		t.Errorf("second backup: %d %s", code, stderr)
	}
	if code, _, stderr := command(t, "", "restore", copied, "--data", data); code != exitFailed || !strings.Contains(stderr, "ikke tom") {
		t.Errorf("restore over a collection: %d %s", code, stderr)
	}
	if code, out, stderr := command(t, "", "restore", copied, "--data", restored); code != exitOK || !strings.Contains(out, "hjemmel.db") {
		t.Fatalf("restore: %d %s %s", code, out, stderr)
	}
	if got, want := fingerprint(t, restored), fingerprint(t, data); got != want {
		t.Errorf("the restored collection differs: %s", firstDifference(got, want))
	}
	if err := os.WriteFile(filepath.Join(data, corpus.DatabaseFile), []byte("ødelagt, men længere end et hoved af en database er"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ = command(t, "", "doctor", "--data", data, "--json")
	if r := decode[upkeep.Report](t, out); code != exitFindings || r.Sound {
		t.Errorf("doctor on a damaged database: %d %s", code, out)
	}
}
