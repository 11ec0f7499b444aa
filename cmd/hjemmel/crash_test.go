package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// TestMain lets the test binary be the program: the crash test kills itself
// in another process.
func TestMain(m *testing.M) {
	if os.Getenv("HJEMMEL_TEST_MAIN") == "1" {
		main()
	}
	os.Exit(m.Run())
}

// TestKilledIngest kills an ingest at random moments until it gets through, and
// compares documents, sections, passages, references and what the index finds
// with those of an undisturbed run. HJEMMEL_KILLS sets how many kills; 100 are
// the figure of the design, fewer keep the test suite short.
func TestKilledIngest(t *testing.T) {
	sharedtest.Figure(t)
	folder := sharedtest.Dir(t, "corpus", "law")
	kills := 6
	if s := os.Getenv("HJEMMEL_KILLS"); s != "" {
		kills, _ = strconv.Atoi(s)
	}
	whole := t.TempDir()
	start := time.Now()
	ingestProcess(t, t.Context(), whole, folder)
	// Each run goes on where the last was killed, so there is ever less to do:
	// a kill later than half of a whole run would mostly come after the end.
	latest := time.Since(start) / 2
	want := fingerprint(t, whole)

	rng := rand.New(rand.NewPCG(1, 2))
	broken := t.TempDir()
	for done := 0; done < kills; {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rng.Float64()*float64(latest)))
		if killed := ingestProcess(t, ctx, broken, folder); killed {
			done++
		} else { // it got through, kills and all: compare, and begin anew
			if got := fingerprint(t, broken); got != want {
				t.Fatalf("after %d kills the collection differs:\n%s", done, firstDifference(got, want))
			}
			broken = t.TempDir()
		}
		cancel()
	}
	ingestProcess(t, t.Context(), broken, folder)
	if got := fingerprint(t, broken); got != want {
		t.Errorf("after %d kills the collection differs:\n%s", kills, firstDifference(got, want))
	}
}

// ingestProcess runs the program until it ends or ctx kills it (SIGKILL).
func ingestProcess(t *testing.T, ctx context.Context, data, folder string) (killed bool) {
	t.Helper()
	cmd := exec.CommandContext(ctx, os.Args[0], "ingest", "--data", data, "--collection", "lov", folder)
	cmd.Env = append(os.Environ(), "HJEMMEL_TEST_MAIN=1")
	out, err := cmd.CombinedOutput()
	if err != nil && ctx.Err() == nil {
		t.Fatalf("ingest: %v\n%s", err, out)
	}
	return err != nil
}

// fingerprint writes down all that a collection holds, and what its index finds.
func fingerprint(t *testing.T, data string) string {
	t.Helper()
	ctx := t.Context()
	lib, err := ingest.OpenReader(ctx, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer lib.Close()
	docs, err := lib.Documents(ctx, corpus.DocumentFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, d := range docs {
		d.Revision, d.IngestedAt = 0, ""
		fmt.Fprintf(&b, "%+v\n", d)
		sections, err := lib.SectionsOf(ctx, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sections {
			refs, err := lib.References(ctx, s.ID, "2026-11-01")
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%+v %+v\n", s, refs)
		}
		passages, err := lib.PassagesOf(ctx, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%+v\n", passages)
	}
	for _, text := range []string{"tabt arbejdsfortjeneste", "frist for klage", "kommunalbestyrelsen skal", "SEL § 85"} {
		res, err := lib.Engine.Search(ctx, retrieval.Query{Text: text, K: 50})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s: %d\n", text, res.Total)
	}
	return b.String()
}

func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-100)
	return fmt.Sprintf("…%.300s\n---\n…%.300s", a[from:], b[from:])
}
