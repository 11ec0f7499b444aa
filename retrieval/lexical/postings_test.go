package lexical

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestCachedPostings changes an index at random and asks it again and again: it
// must rank as an index that was opened just now, which has cached nothing.
func TestCachedPostings(t *testing.T) {
	words := []string{"hjælp", "støtte", "bostøtte", "kommune", "kommunen", "barn", "børn", "afgørelse", "frist"}
	rapid.Check(t, func(r *rapid.T) {
		dir := t.TempDir()
		x := open1(t, dir)
		text := func() string {
			return fmt.Sprint(rapid.SliceOfN(rapid.SampledFrom(words), 1, 6).Draw(r, "words"))
		}
		var warm [][]Hit
		for i := range rapid.IntRange(1, 6).Draw(r, "writes") {
			id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "document")
			if rapid.IntRange(0, 3).Draw(r, "kind") == 0 {
				if err := x.Delete(t.Context(), id); err != nil {
					t.Fatal(err)
				}
			} else {
				putAll(t, x, entriesOf(id, int64(i+1), text(), text(), text()))
			}
			warm = nil
			for _, word := range words {
				warm = append(warm, hits(t, x, word+" hjælp"))
			}
		}
		closed(t, x)
		cold := open1(t, dir)
		defer closed(t, cold)
		for i, word := range words {
			if want := hits(t, cold, word+" hjælp"); !slices.Equal(byName(warm[i]), byName(want)) {
				r.Fatalf("%s: %v, without a cache %v", word, warm[i], want)
			}
		}
	})
}

func hits(t *testing.T, x *Index, query string) []Hit {
	t.Helper()
	found, err := x.Search(t.Context(), Query{Text: query, Lang: "da", K: 100})
	if err != nil {
		t.Fatal(err)
	}
	return found.Hits
}

// byName orders hits by section: equal scores are ordered by where the segments
// happen to hold them.
func byName(list []Hit) []string {
	var out []string
	for _, h := range list {
		out = append(out, fmt.Sprintf("%s %.5f", h.Section, h.Score))
	}
	slices.Sort(out)
	return out
}
