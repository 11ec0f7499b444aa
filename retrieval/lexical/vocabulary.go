package lexical

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// vocabulary is the stems of the collection. Compounds are split by it when a
// query asks, not when a passage is indexed: so the split of a word does not
// depend on which document came first.
type vocabulary struct {
	counts   map[string]int // passages that hold the stem in their text
	titles   map[string]int // passages that hold it in their context line
	stems    []string       // sorted
	byEnd    []int32        // places in stems, sorted by the stems read backwards
	letters  []uint64       // of each stem, for the search of misspelt words
	splitter *danish.Splitter

	mu    sync.Mutex
	known map[string][]string // compounds by part, as far as they were asked for
}

func readVocabulary(segments []segmentReader) (*vocabulary, error) {
	counts, titles := map[string]int{}, map[string]int{}
	err := eachStem(segments, fieldText, func(stem string, count int) { counts[stem] = count })
	if err == nil {
		err = eachStem(segments, fieldTitle, func(stem string, count int) { titles[stem] = count })
	}
	if err != nil {
		return nil, err
	}
	return newVocabulary(counts, titles), nil
}

func newVocabulary(counts, titles map[string]int) *vocabulary {
	v := &vocabulary{counts: counts, titles: titles, stems: slices.Sorted(maps.Keys(counts)), known: map[string][]string{}}
	for i, stem := range v.stems {
		v.byEnd = append(v.byEnd, int32(i))
		v.letters = append(v.letters, letterSet(stem))
	}
	slices.SortFunc(v.byEnd, func(a, b int32) int { return compareBackwards(v.stems[a], v.stems[b]) })
	v.splitter = danish.NewSplitter(v.counts)
	return v
}

// eachStem calls f for the terms of a field in their order, with the number of
// passages that hold them. Scorch's own merged dictionary does not do: it counts
// what has been deleted until its segment is merged away, and its counts depend
// on how the passages happen to lie in segments. An index must not tell by its
// words in which order documents were put into it.
func eachStem(segments []segmentReader, field string, f func(stem string, count int)) error {
	counts := map[string]int{}
	for i := range segments {
		if err := countStems(&segments[i], field, counts); err != nil {
			return fmt.Errorf("reading the vocabulary: %w", err)
		}
	}
	for _, stem := range slices.Sorted(maps.Keys(counts)) {
		f(stem, counts[stem])
	}
	return nil
}

// countStems adds the passages of one segment that are neither deleted nor hidden. The counts
// that its dictionary gives are only bounds, so the postings are counted.
func countStems(s *segmentReader, field string, counts map[string]int) error {
	dict, err := s.Segment().Dictionary(field)
	if err != nil {
		return err
	}
	terms := dict.AutomatonIterator(nil, nil, nil)
	var postings segment.PostingsList
	for {
		entry, err := terms.Next()
		if err != nil || entry == nil {
			return err
		}
		if postings, err = dict.PostingsList([]byte(entry.Term), s.except, postings); err != nil {
			return err
		}
		if n := int(postings.Count()); n > 0 {
			counts[entry.Term] += n
		}
	}
}

func compareBackwards(a, b string) int {
	for i := 1; i <= min(len(a), len(b)); i++ {
		if x, y := a[len(a)-i], b[len(b)-i]; x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

const (
	// minPart is the shortest stem, in bytes, that is looked for in compounds.
	minPart = 4
	// maxCompounds bounds how many compounds one word of a query finds, the most
	// frequent first.
	maxCompounds = 60
	// minCut is the shortest beginning of a word, in bytes, that is completed.
	minCut = 4
	// maxCompletions bounds how many words one beginning may become.
	maxCompletions = 8
	// maxKnown bounds the memory that compounds once asked for take.
	maxKnown = 20_000
)

// compounds returns the words of the collection that begin or end with stem as
// one of their parts, the most frequent first.
func (v *vocabulary) compounds(stem string) []string {
	if len(stem) < minPart {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if out, ok := v.known[stem]; ok {
		return out
	}
	if len(v.known) >= maxKnown {
		clear(v.known)
	}
	out := v.findCompounds(stem)
	v.known[stem] = out
	return out
}

func (v *vocabulary) findCompounds(stem string) []string {
	var words []string
	add := func(word string) {
		if len(word) >= len(stem)+minPart-1 {
			words = append(words, word)
		}
	}
	first, _ := slices.BinarySearch(v.stems, stem)
	for _, word := range v.stems[first:] {
		if !strings.HasPrefix(word, stem) {
			break
		}
		add(word)
	}
	first, _ = slices.BinarySearchFunc(v.byEnd, stem, func(i int32, s string) int { return compareBackwards(v.stems[i], s) })
	for _, i := range v.byEnd[first:] {
		if !strings.HasSuffix(v.stems[i], stem) {
			break
		}
		add(v.stems[i])
	}
	return v.firstCompounds(words, stem)
}

// completions returns the words of the collection that begin with what the query
// has of one, the most frequent first: a search while the caseworker still types.
func (v *vocabulary) completions(beginning string) []string {
	if len(beginning) < minCut {
		return nil
	}
	first, _ := slices.BinarySearch(v.stems, beginning)
	var words []string
	for _, word := range v.stems[first:] {
		if !strings.HasPrefix(word, beginning) {
			break
		}
		words = append(words, word)
	}
	slices.SortStableFunc(words, func(a, b string) int { return v.counts[b] - v.counts[a] })
	return words[:min(len(words), maxCompletions)]
}

// firstCompounds takes the most frequent words of which stem is a part. Splitting
// a word costs most, so it ends where there are enough.
func (v *vocabulary) firstCompounds(words []string, stem string) []string {
	counted := make([]countedWord, len(words))
	for i, word := range words {
		counted[i] = countedWord{word, v.counts[word]}
	}
	slices.SortStableFunc(counted, func(a, b countedWord) int { return b.count - a.count })
	var out []string
	for _, w := range counted {
		if len(out) == maxCompounds {
			break
		}
		if slices.Contains(v.splitter.Split(w.word), stem) && !slices.Contains(out, w.word) {
			out = append(out, w.word)
		}
	}
	return out
}

type countedWord struct {
	word  string
	count int
}
