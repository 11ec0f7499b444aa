package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
)

// inStep fails where the word index of a folder that nobody uses holds something
// else than its database, and returns the documents that there are.
func inStep(t *testing.T, data string) map[string]int64 {
	t.Helper()
	store, err := corpus.OpenExisting(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	index, err := lexical.Open(filepath.Join(data, ingest.IndexFolder), true)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	want, err1 := store.Revisions(t.Context())
	have, err2 := index.Revisions(t.Context())
	if err := errors.Join(err1, err2, index.Verify(t.Context())); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(want, have) {
		t.Errorf("the index holds %d documents, the database %d, or others", len(have), len(want))
	}
	return want
}

// TestKilledDelete kills deletes at random moments: a document is there whole or
// gone everywhere, and the others are untouched.
func TestKilledDelete(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	data := ingested(t, 120)
	left := inStep(t, data)
	rng := rand.New(rand.NewPCG(3, 4))
	kills := 0
	for len(left) > 20 && kills < 6 {
		args := []string{"documents", "delete", "--embedder", "none", "--data", data}
		for id := range left {
			if len(args) < 25 {
				args = append(args, id)
			}
		}
		if begin(t, args...).killAfter(t, time.Duration(50+rng.IntN(250))*time.Millisecond) {
			kills++
		}
		if code, out := program(t, "search", "--embedder", "none", "--data", data, "klagefrist"); code != exitOK {
			t.Fatalf("search after a kill: %d %s", code, out)
		}
		now := inStep(t, data)
		for _, id := range args[5:] {
			delete(left, id)
		}
		for id := range left {
			if _, ok := now[id]; !ok {
				t.Errorf("%s is gone, and was not to be deleted", id)
			}
		}
		left = now
	}
	if kills == 0 {
		t.Error("no process was killed")
	}
	if code, out := program(t, "doctor", "--embedder", "none", "--data", data); code != exitOK {
		t.Errorf("doctor: %d\n%s", code, out)
	}
}

// TestKilledRebuild kills processes that build a deleted index again.
func TestKilledRebuild(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	data := ingested(t, 300)
	want := fingerprint(t, data)
	rng := rand.New(rand.NewPCG(5, 6))
	kills := 0
	for range 8 {
		if err := os.RemoveAll(filepath.Join(data, ingest.IndexFolder)); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second meets what the first left
			if beginServing(t, data).killAfter(t, time.Duration(30+rng.IntN(300))*time.Millisecond) {
				kills++
			}
		}
	}
	if kills == 0 {
		t.Error("no process was killed")
	}
	if got := fingerprint(t, data); got != want {
		t.Errorf("after %d kills the collection differs:\n%s", kills, firstDifference(got, want))
	}
	inStep(t, data)
}

// TestKilledVectors kills the making of vectors: none that was made is lost, and
// at the end there is one for each passage.
func TestKilledVectors(t *testing.T) {
	if testing.Short() {
		t.Skip("embeds some passages")
	}
	data := ingested(t, 12)
	coverage := func() (done, total int) {
		store, err := corpus.OpenExisting(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		model, err := (&app{config: &config{Embedder: "builtin"}}).embedder(t.Context(), slog.Default())
		if err == nil {
			done, total, err = store.VectorCoverage(t.Context(), model.Model())
		}
		if err != nil {
			t.Fatal(err)
		}
		return done, total
	}
	before := 0
	for i := range 6 {
		begin(t, "vectors", "build", "--data", data).killAfter(t, time.Duration(300+250*i)*time.Millisecond)
		done, _ := coverage()
		if done < before {
			t.Errorf("%d vectors after %d", done, before)
		}
		before = done
	}
	if code, out := program(t, "vectors", "build", "--data", data); code != exitOK {
		t.Fatalf("vectors build: %d %s", code, out)
	}
	if done, total := coverage(); done != total || total == 0 {
		t.Errorf("%d of %d passages", done, total)
	}
	if code, out := program(t, "doctor", "--data", data); code != exitOK {
		t.Errorf("doctor: %d\n%s", code, out)
	}
}

// damage overwrites a file's bytes from an offset on.
func damage(t *testing.T, path string, from int64) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := from; i < int64(len(data)); i++ {
		data[i] ^= 0x5a
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestDamagedIndexIsRebuilt starts a server on damaged segments: it says so in
// its log, builds the index anew, and finds everything.
func TestDamagedIndexIsRebuilt(t *testing.T) {
	data := ingested(t, 30)
	want := fingerprint(t, data)
	segments, err := filepath.Glob(filepath.Join(data, ingest.IndexFolder, "*.zap"))
	if err != nil || len(segments) == 0 {
		t.Fatal("no segments", err)
	}
	for _, segment := range segments {
		damage(t, segment, 0)
	}
	p := beginServing(t, data).ready(t)
	if code := p.stop(t); code != exitOK {
		t.Errorf("serve: %d", code)
	}
	if !strings.Contains(p.log.String(), "built again") {
		t.Errorf("the log does not say so:\n%s", p.log)
	}
	if got := fingerprint(t, data); got != want {
		t.Errorf("the collection differs:\n%s", firstDifference(got, want))
	}
}

// TestDamagedDatabaseIsRefused damages a database at its head and in its pages:
// every command refuses it, names the ways out, and writes nothing to it.
func TestDamagedDatabaseIsRefused(t *testing.T) {
	for name, from := range map[string]int64{"head": 0, "pages": 8192} {
		t.Run(name, func(t *testing.T) {
			data := ingested(t, 30)
			folder := guidelines(t, 1)
			path := filepath.Join(data, corpus.DatabaseFile)
			damage(t, path, from)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"search", "klagefrist"}, {"ingest", folder}, {"backup", filepath.Join(t.TempDir(), "x")}} {
				code, out := program(t, append(args, "--embedder", "none", "--data", data)...)
				if code != exitFailed || !strings.Contains(out, "hjemmel doctor") || !strings.Contains(out, "hjemmel restore") {
					t.Errorf("%s: %d %s", args[0], code, out)
				}
			}
			if code, out := program(t, "doctor", "--data", data); code != exitFindings || !strings.Contains(out, "beskadiget") {
				t.Errorf("doctor: %d %s", code, out)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Error("the damaged file was written to", err)
			}
		})
	}
}

// TestTwoWriters lets a second writer meet a server: it is refused with the
// address of the first, while readers go on.
func TestTwoWriters(t *testing.T) {
	data := ingested(t, 10)
	p := beginServing(t, data).ready(t)
	for _, args := range [][]string{{"ingest", guidelines(t, 1)}, {"serve", "--addr", "127.0.0.1:0"}, {"documents", "delete", "x"}, {"restore", data}} {
		code, out := program(t, append(args, "--data", data)...)
		if args[0] == "restore" {
			if code != exitFailed {
				t.Errorf("restore: %d %s", code, out)
			}
			continue
		}
		if code != exitFailed || !strings.Contains(out, "i brug") || !strings.Contains(out, strings.TrimPrefix(p.base, "http://")) {
			t.Errorf("%s: %d %s", args[0], code, out)
		}
	}
	if code, out := program(t, "search", "--embedder", "none", "--data", data, "klagefrist"); code != exitOK || !strings.Contains(out, "Klagefrist") {
		t.Errorf("search beside the server: %d %s", code, out)
	}
	if code := p.stop(t); code != exitOK {
		t.Errorf("serve: %d", code)
	}
}

// TestStopUnderLoad stops a server while many ask: no answer is cut short, the
// process ends well, and the folder is sound.
func TestStopUnderLoad(t *testing.T) {
	data := ingested(t, 100)
	p := beginServing(t, data).ready(t)
	var askers sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	for range 20 {
		askers.Go(func() {
			for {
				status, err := askServer(t.Context(), p.base)
				mu.Lock()
				if err == nil {
					statuses[status]++
				} else if status != 0 { // the reply began and did not end
					statuses[-1]++
				}
				mu.Unlock()
				if err != nil || status != 200 {
					return
				}
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	code := p.stop(t)
	askers.Wait()
	if code != exitOK {
		t.Errorf("serve: %d\n%s", code, p.log)
	}
	if statuses[200] == 0 || statuses[-1] > 0 || statuses[500] > 0 {
		t.Errorf("replies by status: %v", statuses)
	}
	if code, out := program(t, "doctor", "--embedder", "none", "--data", data); code != exitOK {
		t.Errorf("doctor: %d\n%s", code, out)
	}
}

// TestClockGoesBack reads files whose times are in the future, and then older
// ones in their place: what has changed is told by content, not by time.
func TestClockGoesBack(t *testing.T) {
	folder, data := guidelines(t, 3), filepath.Join(t.TempDir(), "data")
	later, earlier := time.Now().AddDate(80, 0, 0), time.Now().AddDate(-20, 0, 0)
	for i, at := range []time.Time{later, earlier} {
		file := filepath.Join(folder, "0000.md")
		write(t, file, fmt.Sprintf("# Vejledning nr. 0\n\nUdgave %d om klagefrister.\n", i))
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
		code, out, stderr := command(t, "", "ingest", "--embedder", "none", "--data", data, "--json", folder)
		report := decode[struct{ Counts map[string]int }](t, out)
		if want := []map[string]int{{"read": 3}, {"replaced": 1, "unchanged": 2}}[i]; code != exitOK || !maps.Equal(report.Counts, want) {
			t.Errorf("run %d: %v, want %v %s", i, report.Counts, want, stderr)
		}
	}
	if _, out, _ := command(t, "", "search", "--embedder", "none", "--data", data, "udgave klagefrister"); !strings.Contains(out, "Udgave 1") {
		t.Errorf("the newer text is not found: %s", out)
	}
}
