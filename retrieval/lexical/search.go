package lexical

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// Query is a search. Empty filters do not limit.
type Query struct {
	Text        string
	Lang        string      // da, en
	K           int         // how many sections
	AsOf        corpus.Date // only documents in force that day; empty means all
	Collections []string
	Kinds       []corpus.Kind
	Documents   []string
	Reader      corpus.Reader      // who searches; the zero value sees what is open to everyone
	Expansions  []danish.Expansion // the law's words for those of Text
	Weights     Weights            // the zero value means DefaultWeights
}

// Weights of the signals of a lexical score. A weight of 0 leaves its signal out.
type Weights struct {
	Words     float64 // the list of stemmed words, against the list of grams
	Titles    float64 // words in the context line, against words in the text
	Parts     float64 // parts of the query's compounds, and compounds of its words
	Thesaurus float64 // the law's words for those of the query
	Grams     float64 // the list of character 5-grams
	Pairs     float64 // words that stand side by side, in an English query, against words
}

// DefaultWeights are those of DESIGN 7, but for titles (0.6 there) and grams (0.5
// there). On contexts of references (eval/contexts.go, lexical, k 10) nDCG@10 is
// .315 with them, .314 with titles at 0.6 or none at all, .305 without grams, .304
// without parts. The thesaurus leaves those contexts, which are in the law's own
// words, as they were.
func DefaultWeights() Weights {
	return Weights{Words: 1, Titles: 0.3, Parts: 0.3, Thesaurus: 0.6, Grams: 0.75, Pairs: 0.4}
}

// Hit is a section with its best passage.
type Hit struct {
	Section, Document, Passage string
	Score                      float64 // from 0 to 1, within one search
}

// Result is what a search found.
type Result struct {
	Hits     []Hit // the K best sections
	Total    int   // passages that share a word or gram with the query
	Evidence Evidence
}

// Evidence is what the words of a query say of whether the collection answers it.
type Evidence struct {
	Words   int     // that carry content
	Unknown float64 // share of their weight that no passage holds, from 0 to 1
	Covered float64 // score of the best passage over that of one that holds them all
}

// Search returns the K best sections. Words and
// grams are two lists; each is scaled to 0–1 over its best, and they are added
// by weight.
func (x *Index) Search(ctx context.Context, q Query) (Result, error) {
	reader, err := x.scorch.Reader()
	if err != nil {
		return Result{}, fmt.Errorf("reading the index: %w", err)
	}
	defer reader.Close()
	s, err := x.newSearch(ctx, reader, q)
	if err != nil || s.total == 0 {
		return Result{}, err
	}
	if q.Weights == (Weights{}) {
		q.Weights = DefaultWeights()
	}
	terms, grams := queryTerms(&q, s.vocabulary)
	words := s.accumulate(terms, wordPostings)
	byGrams := s.accumulate(grams, gramPostings)
	if s.err != nil {
		return Result{}, fmt.Errorf("reading the index: %w", s.err)
	}
	evidence := s.evidence(words)
	fused := fuse(words, byGrams, q.Weights)
	hits, err := s.sections(fused, q.K)
	giveBack(words)
	giveBack(byGrams)
	if s.counts != nil {
		groupBoards.Put(&s.counts)
	}
	return Result{Hits: hits, Total: len(fused.touched), Evidence: evidence}, err
}

// search is the state of one Search.
type search struct {
	ctx        context.Context
	reader     index.IndexReader
	view       string  // what the reader sees: see corpus.Reader.View
	total      float64 // passages that the reader sees
	average    map[string]float64
	curve      curve
	vocabulary *vocabulary
	allowed    *bitmap // nil where the filter lets everything pass
	size       int     // internal ids are below it
	segments   []segmentReader
	cache      *postingsCache
	counts     []occurrences // by internal id, all zero between terms
	ids        []uint32      // of the last group
	asked      asked
	err        error
}

// asked sums up the words of the query itself, not what was added to them.
type asked struct {
	words         int
	mass, unknown float64 // of idf
}

func (s *search) evidence(words *list) Evidence {
	e := Evidence{Words: s.asked.words}
	if s.asked.mass > 0 {
		e.Unknown = s.asked.unknown / s.asked.mass
		e.Covered = float64(words.best) / s.asked.mass
	}
	return e
}

// list is scores by internal id, with the ids that have one.
type list struct {
	scores  []float32
	touched []uint32
	best    float32
}

// The boards of past searches, all zero: at 600,000 sections one is some
// megabytes, which cost more to allocate than to search.
var scoreBoards, groupBoards sync.Pool

func borrow[T any](boards *sync.Pool, size int) []T {
	if b, ok := boards.Get().(*[]T); ok && cap(*b) >= size {
		return (*b)[:size]
	}
	return make([]T, size)
}

func giveBack(l *list) {
	for _, id := range l.touched {
		l.scores[id] = 0
	}
	scoreBoards.Put(&l.scores)
}

// fuse scales both lists by their best and adds them. The worst of a list is
// practically 0, so that this is min-max.
func fuse(words, grams *list, w Weights) *list {
	out := words
	scale := func(l *list, weight float64) float32 {
		if l.best == 0 {
			return 0
		}
		return float32(weight/(w.Words+w.Grams)) / l.best
	}
	ws, gs := scale(words, w.Words), scale(grams, w.Grams)
	for _, id := range words.touched {
		out.scores[id] *= ws
	}
	for _, id := range grams.touched {
		if out.scores[id] == 0 {
			out.touched = append(out.touched, id)
		}
		out.scores[id] += gs * grams.scores[id]
	}
	return out
}

// firstPassages is how many passages for each section asked for are ordered at
// first: sections have 1.4 on average.
const firstPassages = 3

// sections takes the best passages until k sections are full.
func (s *search) sections(l *list, k int) ([]Hit, error) {
	for n := firstPassages * k; ; n *= 4 {
		best := l.top(n)
		hits, err := s.sectionsOf(l, best, k)
		if err != nil || len(hits) == k || len(best) == len(l.touched) {
			return hits, err
		}
	}
}

func (s *search) sectionsOf(l *list, passages []uint32, k int) ([]Hit, error) {
	var hits []Hit
	seen := map[string]bool{}
	for _, id := range passages {
		if len(hits) == k {
			break
		}
		passage, err := s.reader.ExternalID(index.NewIndexInternalID(nil, uint64(id)))
		if err != nil {
			return nil, fmt.Errorf("reading the index: %w", err)
		}
		section := passage[:strings.LastIndexByte(passage, '/')]
		if seen[section] {
			continue
		}
		seen[section] = true
		document, _, _ := strings.Cut(section, "#")
		hits = append(hits, Hit{Section: section, Document: document, Passage: passage, Score: float64(l.scores[id])})
	}
	// Internal ids come in the order of indexing: equal scores must not tell it.
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Section, b.Section))
	})
	return hits, nil
}

// top returns the n best passages, the best first, ties by id so that equal
// indexes give equal results.
func (l *list) top(n int) []uint32 {
	n = min(n, len(l.touched))
	if n == 0 {
		return nil
	}
	worst := &worstFirst{list: l, ids: slices.Clone(l.touched[:n])}
	heap.Init(worst)
	for _, id := range l.touched[n:] {
		if l.better(id, worst.ids[0]) {
			worst.ids[0] = id
			heap.Fix(worst, 0)
		}
	}
	slices.SortFunc(worst.ids, func(a, b uint32) int {
		if l.better(a, b) {
			return -1
		}
		return 1
	})
	return worst.ids
}

func (l *list) better(a, b uint32) bool {
	x, y := l.scores[a], l.scores[b]
	return x > y || x == y && a < b
}

// worstFirst is a heap of internal ids.
type worstFirst struct {
	*list
	ids []uint32
}

func (h *worstFirst) Len() int           { return len(h.ids) }
func (h *worstFirst) Less(i, j int) bool { return h.better(h.ids[j], h.ids[i]) }
func (h *worstFirst) Swap(i, j int)      { h.ids[i], h.ids[j] = h.ids[j], h.ids[i] }
func (h *worstFirst) Push(v any)         { h.ids = append(h.ids, v.(uint32)) }
func (h *worstFirst) Pop() any {
	last := h.ids[len(h.ids)-1]
	h.ids = h.ids[:len(h.ids)-1]
	return last
}
