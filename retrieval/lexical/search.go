package lexical

import (
	"container/heap"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
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
	Weights     Weights // the zero value means DefaultWeights
}

// Weights of the signals of a lexical score. A weight of 0 leaves its signal out.
type Weights struct {
	Words  float64 // the list of stemmed words, against the list of grams
	Titles float64 // words in the context line, against words in the text
	Parts  float64 // parts of the query's compounds, and compounds of its words
	Grams  float64 // the list of character 5-grams
}

// DefaultWeights are those of DESIGN 7.
func DefaultWeights() Weights { return Weights{Words: 1, Titles: 0.6, Parts: 0.3, Grams: 0.5} }

// Hit is a section with its best passage.
type Hit struct {
	Section, Document, Passage string
	Score                      float64 // from 0 to 1, within one search
}

// BM25 (Robertson and Walker 1994) with the constants of DESIGN 7.
const (
	k1 = 0.9
	b  = 0.4
	// Terms in more than this share of the passages say next to nothing and cost
	// most; in a small collection they cost nothing.
	commonTerm = 0.5
	smallIndex = 2000 // passages
)

// Search returns the K best sections and how many passages matched. Words and
// grams are two lists; each is scaled to 0–1 over its best, and they are added
// by weight.
func (x *Index) Search(ctx context.Context, q Query) ([]Hit, int, error) {
	reader, err := x.scorch.Reader()
	if err != nil {
		return nil, 0, fmt.Errorf("reading the index: %w", err)
	}
	defer reader.Close()
	s, err := x.newSearch(ctx, reader, q)
	if err != nil || s.total == 0 {
		return nil, 0, err
	}
	if q.Weights == (Weights{}) {
		q.Weights = DefaultWeights()
	}
	terms, grams := queryTerms(q, s.vocabulary)
	words := s.accumulate(terms)
	byGrams := s.accumulate(grams)
	if s.err != nil {
		return nil, 0, fmt.Errorf("reading the index: %w", s.err)
	}
	fused := fuse(words, byGrams, q.Weights)
	hits, err := s.sections(fused, q.K)
	return hits, len(fused.touched), err
}

// search is the state of one Search.
type search struct {
	ctx        context.Context
	reader     index.IndexReader
	total      float64 // passages in the index
	average    map[string]float64
	vocabulary *vocabulary
	allowed    *bitmap // nil where the filter lets everything pass
	size       int     // internal ids are below it
	err        error
}

// weighted is a term of a query.
type weighted struct {
	field, term string
	weight      float64
}

// list is scores by internal id, with the ids that have one.
type list struct {
	scores  []float32
	touched []uint32
	best    float32
}

func (s *search) accumulate(terms []weighted) *list {
	l := &list{scores: make([]float32, s.size)}
	for _, t := range terms {
		if s.err == nil {
			s.err = s.ctx.Err()
		}
		if s.err != nil {
			return l
		}
		s.err = s.score(t, l)
	}
	for _, id := range l.touched {
		l.best = max(l.best, l.scores[id])
	}
	return l
}

// score adds a term's BM25 to every passage that holds it.
func (s *search) score(t weighted, l *list) error {
	postings, err := s.reader.TermFieldReader(s.ctx, []byte(t.term), t.field, true, true, false)
	if err != nil {
		return err
	}
	defer postings.Close()
	df := float64(postings.Count())
	if df == 0 || s.total > smallIndex && df > commonTerm*s.total {
		return nil
	}
	idf := t.weight * math.Log(1+(s.total-df+0.5)/(df+0.5))
	average := s.average[t.field]
	var doc index.TermFieldDoc
	for {
		p, err := postings.Next(doc.Reset())
		if err != nil || p == nil {
			return err
		}
		id := uint32(binary.BigEndian.Uint64(p.ID))
		if s.allowed != nil && !s.allowed.has(id) {
			continue
		}
		length := 1 / (p.Norm * p.Norm) // scorch keeps 1/√length
		tf := float64(p.Freq)
		if l.scores[id] == 0 {
			l.touched = append(l.touched, id)
		}
		l.scores[id] += float32(idf * tf * (k1 + 1) / (tf + k1*(1-b+b*length/average)))
	}
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

// sections takes the best passages until k sections are full.
func (s *search) sections(l *list, k int) ([]Hit, error) {
	queue := &byScore{list: l, ids: slices.Clone(l.touched)}
	heap.Init(queue)
	var hits []Hit
	seen := map[string]bool{}
	for queue.Len() > 0 && len(hits) < k {
		id := heap.Pop(queue).(uint32)
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
	return hits, nil
}

// byScore is a heap of internal ids, the best first, ties by id so that equal
// indexes give equal results.
type byScore struct {
	*list
	ids []uint32
}

func (h *byScore) Len() int { return len(h.ids) }
func (h *byScore) Less(i, j int) bool {
	a, b := h.scores[h.ids[i]], h.scores[h.ids[j]]
	return a > b || a == b && h.ids[i] < h.ids[j]
}
func (h *byScore) Swap(i, j int) { h.ids[i], h.ids[j] = h.ids[j], h.ids[i] }
func (h *byScore) Push(v any)    { h.ids = append(h.ids, v.(uint32)) }
func (h *byScore) Pop() any {
	last := h.ids[len(h.ids)-1]
	h.ids = h.ids[:len(h.ids)-1]
	return last
}
