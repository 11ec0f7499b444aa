package statute

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// truth is an act's provisions as an independent project extracted them.
type truth struct {
	Kind       string `json:"kind"` // main or amend
	Provisions []struct {
		Section string `json:"section"` // "4a", "13-15"
		Text    string `json:"text"`    // lines joined by single spaces
	} `json:"provisions"`
}

// numbered is one § to compare: its number and its text on one line.
type numbered struct{ number, text string }

// ownSections returns the §§ that the ground truth lists: an act's own, or the
// §§ that an amending act inserts. Reprinted closing provisions are left out.
func ownSections(out Outline, kind string) []numbered {
	var list []numbered
	for _, s := range out.Sections {
		if !strings.HasPrefix(s.Label, "§") {
			continue
		}
		if kind == "main" {
			if s.ID[0] >= '0' && s.ID[0] <= '9' && !strings.Contains(s.ID, "~") {
				list = append(list, numbered{s.ID, s.Text})
			}
			continue
		}
		for _, p := range s.Parts {
			if i := strings.Index(p.Label, "§ "); i > 0 {
				list = append(list, numbered{strings.ReplaceAll(p.Label[i+len("§ "):], " ", ""), strings.Trim(s.Text[p.Start:p.End], "»«")})
			}
		}
	}
	return list
}

// score counts the provisions of the truth that stand in our sections under the
// same number with (nearly) the same text.
func score(tb testing.TB, name string, out Outline, want truth) (right, all int) {
	tb.Helper()
	got := map[string][]string{}
	for _, n := range ownSections(out, want.Kind) {
		got[strings.ToLower(n.number)] = append(got[strings.ToLower(n.number)], n.text)
	}
	for _, p := range want.Provisions {
		best := 0.0
		for _, text := range got[strings.ToLower(p.Section)] {
			best = max(best, similarity(text, p.Text))
		}
		if best > 0.98 {
			right++
		} else {
			tb.Logf("%s § %s: similarity %.3f, want %.80q", name, p.Section, best, p.Text)
		}
	}
	return right, len(want.Provisions)
}

// similarity is twice the longest common subsequence of words over all words.
func similarity(a, b string) float64 {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x)+len(y) == 0 {
		return 1
	}
	before, row := make([]int, len(y)+1), make([]int, len(y)+1)
	for _, w := range x {
		for j, v := range y {
			if w == v {
				row[j+1] = before[j] + 1
			} else {
				row[j+1] = max(row[j], before[j+1])
			}
		}
		before, row = row, before
	}
	return 2 * float64(before[len(y)]) / float64(len(x)+len(y))
}

// compare scores every file of a folder that has a ground truth beside it.
func compare(t *testing.T, pairs map[string]string, least float64) {
	t.Helper()
	sharedtest.Figure(t)
	right, all := 0, 0
	for path, truthPath := range pairs {
		doc, err := parse.Parse(context.Background(), path, readFile(t, path))
		if errors.Is(err, parse.ErrUnsupported) {
			t.Skipf("no reader for %s yet", filepath.Base(path))
		}
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		var want truth
		if err := json.Unmarshal(readFile(t, truthPath), &want); err != nil {
			t.Fatal(err)
		}
		out := Structure(doc)
		checkOutline(t, out)
		r, n := score(t, filepath.Base(path), out, want)
		t.Logf("%s (%s): %d of %d", filepath.Base(path), want.Kind, r, n)
		right, all = right+r, all+n
	}
	share := float64(right) / float64(max(1, all))
	t.Logf("%d of %d provisions have the same number and text: %.4f", right, all, share)
	if share < least {
		t.Errorf("share %.4f is below %.2f", share, least)
	}
}

func pairs(t *testing.T, folder, table string, file, truth int) map[string]string {
	t.Helper()
	dir := sharedtest.Dir(t, "data", "documents", folder)
	out := map[string]string{}
	for _, line := range strings.Split(string(readFile(t, filepath.Join(dir, table))), "\n") {
		if f := strings.Split(line, "\t"); len(f) > truth && strings.HasSuffix(f[truth], ".json") {
			out[filepath.Join(dir, f[file])] = filepath.Join(dir, f[truth])
		}
	}
	return out
}

func TestRetsinformationHTML(t *testing.T) {
	compare(t, pairs(t, "retsinfo-html", "MANIFEST.tsv", 0, 1), 0.97)
}

func TestStatutePDF(t *testing.T) {
	compare(t, pairs(t, "law-pdfs", "PAIRS.tsv", 0, 1), 0.90)
}
