package statute

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// checkOutline asserts what holds for every outline: ids are unique, ordinals
// count, and parts and positions lie within the text on rune boundaries.
func checkOutline(tb testing.TB, out Outline) {
	tb.Helper()
	seen := map[string]bool{}
	for i, s := range out.Sections {
		if s.ID == "" || seen[s.ID] {
			tb.Errorf("section %d: id %q is empty or taken", i, s.ID)
		}
		seen[s.ID] = true
		if s.Ordinal != i {
			tb.Errorf("section %s: ordinal %d at place %d", s.ID, s.Ordinal, i)
		}
		if s.Text == "" || s.Path == nil {
			tb.Errorf("section %s: empty text or nil path", s.ID)
		}
		for _, p := range s.Parts {
			if p.Start < 0 || p.Start >= p.End || p.End > len(s.Text) {
				tb.Errorf("section %s: part %+v outside %d bytes", s.ID, p, len(s.Text))
			}
		}
		for _, p := range s.Positions {
			if p.Start < 0 || p.Start >= p.End || p.End > len(s.Text) {
				tb.Errorf("section %s: position %+v outside %d bytes", s.ID, p, len(s.Text))
			}
		}
	}
}

func readFile(tb testing.TB, path string) []byte {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func provisions(sections []corpus.Section) int {
	n := 0
	for _, s := range sections {
		if strings.HasPrefix(s.Label, "§") {
			n++
		}
	}
	return n
}

// TestActsOfTheCorpus reads the acts in force: each § becomes a section, and
// every word of the text outside headings stands in some section, in order.
func TestActsOfTheCorpus(t *testing.T) {
	want := map[string]int{}
	for _, line := range strings.Split(string(readFile(t, sharedtest.Dir(t, "corpus", "law", "INDEX.tsv"))), "\n")[1:] {
		if f := strings.Split(line, "\t"); len(f) > 3 {
			n := 0
			fmt.Sscan(f[3], &n)
			want[f[0]] = n
		}
	}
	paths, _ := filepath.Glob(filepath.Join(sharedtest.Dir(t, "corpus", "law"), "*.md"))
	older, _ := filepath.Glob(filepath.Join(sharedtest.Dir(t, "corpus", "law-older"), "*.md"))
	total, expected := 0, 0
	for _, path := range append(paths, older...) {
		name := strings.TrimSuffix(filepath.Base(path), ".md")
		data := readFile(t, path)
		doc, err := parse.Markdown(context.Background(), data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out := Structure(doc)
		checkOutline(t, out)
		if !out.Statute || out.Kind != corpus.KindAct || out.Number == "" || out.Issued == "" || out.URL == "" {
			t.Errorf("%s: statute %v, kind %q, number %q, issued %q, url %q", name, out.Statute, out.Kind, out.Number, out.Issued, out.URL)
		}
		if n, known := want[name]; known {
			total += provisions(out.Sections)
			expected += n
			if provisions(out.Sections) != n {
				t.Errorf("%s: %d sections, the index says %d", name, provisions(out.Sections), n)
			}
		}
		assertNothingLost(t, name, string(data), out)
	}
	t.Logf("%d of %d sections in %d acts", total, expected, len(want))
}

// assertNothingLost compares the words of a Markdown act below its headings
// with those of the sections.
func assertNothingLost(t *testing.T, name, source string, out Outline) {
	t.Helper()
	_, body, _ := strings.Cut(source[4:], "\n---\n")
	body = strings.NewReplacer("\u200c", "", "\u200d", "", "\u00ad", "", "\u200b", "").Replace(body) // word-breaking marks
	var words []string
	for _, line := range strings.Split(body, "\n") {
		if !strings.HasPrefix(line, "#") {
			words = append(words, strings.Fields(line)...)
		}
	}
	var got []string
	for _, s := range out.Sections {
		got = append(got, strings.Fields(s.Text)...)
	}
	for i, w := range words {
		if at(got, i) != w {
			t.Errorf("%s: word %d is %q, want %q (after %q)", name, i, at(got, i), w, strings.Join(words[max(0, i-6):i], " "))
			return
		}
	}
	if len(got) != len(words) {
		t.Errorf("%s: %d words, want %d", name, len(got), len(words))
	}
}

func at(s []string, i int) string {
	if i < len(s) {
		return s[i]
	}
	return ""
}
