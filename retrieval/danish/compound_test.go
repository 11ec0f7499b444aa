package danish

import (
	"bufio"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// lawVocabulary counts the stems of municipal law.
func lawVocabulary(t testing.TB) map[string]int {
	f, err := os.Open(filepath.Join(sharedtest.Dir(t, "data", "language"), "law-vocab.tsv.gz"))
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for lines := bufio.NewScanner(z); lines.Scan(); {
		fields := strings.Split(lines.Text(), "\t")
		if n, err := strconv.Atoi(fields[len(fields)-1]); err == nil {
			counts[Stem(strings.ToLower(fields[0]))] += n
		}
	}
	return counts
}

// TestSplitterOnKnownCompounds measures the splitter on the hand-split compounds
// of dasem. Only those count whose parts the collection has: a word that no
// document holds cannot be found by its parts either.
func TestSplitterOnKnownCompounds(t *testing.T) {
	counts := lawVocabulary(t)
	splitter := NewSplitter(counts)
	data, err := os.ReadFile(filepath.Join(sharedtest.Dir(t, "data", "language"), "dasem-compounds.txt"))
	if err != nil {
		t.Skip(err)
	}
	all, known, split, right := 0, 0, 0, 0
	for line := range strings.Lines(string(data)) {
		want, ok := stemsOfParts(strings.TrimSpace(line))
		if !ok {
			continue
		}
		all++
		if slices.ContainsFunc(want, func(p string) bool { return counts[p] == 0 || len(p) < minPart }) {
			continue
		}
		known++
		got := splitter.Split(Stem(strings.ReplaceAll(strings.TrimSpace(line), "|", "")))
		if got != nil {
			split++
		}
		if slices.Equal(stemAll(got), want) {
			right++
		}
	}
	t.Logf("%d compounds, %d whose parts the vocabulary has; of these %.1f %% split, %.1f %% split right", all, known, percent(split, known), percent(right, known))
	if percent(right, known) < 75 {
		t.Errorf("%d of %d split right", right, known)
	}
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

// stemsOfParts reads "arbejd|s|givende": parts with the letters that bind them.
func stemsOfParts(line string) (parts []string, ok bool) {
	for _, p := range strings.Split(line, "|") {
		if len(p) > 1 {
			parts = append(parts, Stem(strings.ToLower(p)))
		}
	}
	return parts, len(parts) > 1
}

func stemAll(parts []string) []string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = Stem(p)
	}
	return out
}

func BenchmarkSplit(b *testing.B) {
	splitter := NewSplitter(lawVocabulary(b))
	for _, word := range []string{"arbejdsfortjenest", "bostøttemodtag", "kommunalbestyrelsesmedlem"} {
		b.Run(word, func(b *testing.B) {
			for b.Loop() {
				splitter.Split(word)
			}
		})
	}
}
