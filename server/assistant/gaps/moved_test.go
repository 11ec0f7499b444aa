package gaps

import (
	"bufio"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
	"github.com/hjemmel/hjemmel/retrieval/versions"
)

// TestMovedSections measures how many sections of the act on social services of
// 2023 are found where they stand today. The constants of package versions were
// chosen on the sections with an odd number.
func TestMovedSections(t *testing.T) {
	lib := lawLibrary(t)
	ctx := context.Background()
	ix := versions.NewIndex()
	docs, err := lib.Documents(ctx, corpus.DocumentFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if !d.InForce("") {
			continue
		}
		secs, err := lib.SectionsOf(ctx, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		ix.Add(d.ID, secs)
	}
	ix.Seal()
	old, err := lib.SectionsOf(ctx, "lbk-2023-1089")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]versions.Fate{}
	for _, f := range ix.Follow(old, "lbk-2025-1129") {
		got[f.Old.Section] = f
	}
	type tally struct{ n, right, gone, same, sameRight, falselyMoved int }
	var halves [2]tally
	for _, m := range movedTruth(t) {
		_, number, _ := strings.Cut(m.old, "#")
		h := &halves[(number[0]-'0'+number[len(number)-1])%2]
		f := got["lbk-2023-1089#"+number]
		switch m.status {
		case "moved", "renumbered":
			h.n++
			if f.New.Section == m.new {
				h.right++
			} else if os.Getenv("HJEMMEL_READ") != "" {
				t.Logf("%s %s → %s, got %s %s %.2f", m.status, number, m.new, f.Status, f.New.Section, f.Similarity)
			}
		case "same":
			h.same++
			if f.New.Section == m.new {
				h.sameRight++
			} else if os.Getenv("HJEMMEL_READ") != "" {
				t.Logf("same %s → got %s %s %.2f", number, f.Status, f.New.Section, f.Similarity)
			}
		default:
			h.gone++
			if f.Status == versions.Moved || f.Status == versions.Renumbered {
				h.falselyMoved++
				if os.Getenv("HJEMMEL_READ") != "" {
					t.Logf("gone %s → got %s %s %.2f", number, f.Status, f.New.Section, f.Similarity)
				}
			}
		}
	}
	for i, h := range halves {
		t.Logf("%s: moved %d, right %d (%.2f); gone %d, given a place %d; same %d, right %d", []string{"test", "development"}[i],
			h.n, h.right, float64(h.right)/float64(h.n), h.gone, h.falselyMoved, h.same, h.sameRight)
		if float64(h.right) < 0.85*float64(h.n) || float64(h.sameRight) < 0.98*float64(h.same) {
			t.Error("too few places are right")
		}
	}
}

type moved struct{ old, status, new string }

func movedTruth(tb testing.TB) []moved {
	f, err := os.Open(sharedtest.Dir(tb, "data", "law", "moved.tsv"))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	names := strings.NewReplacer("2025_1129", "lbk-2025-1129", "2025_282", "lbk-2025-282", "2024_1651", "lov-2024-1651")
	var out []moved
	lines := bufio.NewScanner(f)
	lines.Scan()
	for lines.Scan() {
		c := strings.Split(lines.Text(), "\t")
		out = append(out, moved{c[0], c[1], names.Replace(c[2])})
	}
	return out[:len(out)-1] // the last is a closing provision
}
