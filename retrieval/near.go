package retrieval

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/embed"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// Coverage says how many passages have a vector.
type Coverage struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// Vectors is what an engine needs to search by meaning.
type Vectors struct {
	Index    vector.Index
	Embedder embed.Embedder
	Coverage func(ctx context.Context) (Coverage, error)
	Log      *slog.Logger // is told why they took no part; may be nil
}

// SetVectors lets the engine search by meaning, before the first search.
func (e *Engine) SetVectors(v Vectors) { e.vectors = &v }

const (
	// nearest is how many passages the vector index is asked for: the last of
	// them is the zero of the scale (DESIGN 7).
	nearest = 1000
	// embedTimeout bounds how long a search waits for a remote embedder before it
	// answers by words alone.
	embedTimeout = 4 * time.Second
)

// nearness is what the vectors say of the sections. Its zero value says nothing.
type nearness struct {
	hits  []vector.Hit       // the nearest passages, the best first
	bySec map[string]float64 // section → 0 to 1
	has   map[string]bool    // lexical candidates that have a vector; nil where all do
	query []float32          // for the subject register too, which needs no passage's vector
	done  Coverage
	err   error // why there is none; the search goes on by words
}

// near embeds the query and asks the vector index. It runs beside the lexical
// search; the returned function waits for it.
func (e *Engine) near(ctx context.Context, q Query) (wait func() *nearness) {
	n := &nearness{}
	if e.vectors == nil || q.Mode == Lexical || e.recipe.Vectors == (QueryWeights{}) {
		return func() *nearness { return n }
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.err = e.searchNear(ctx, q, n)
	}()
	return func() *nearness { <-done; return n }
}

func (e *Engine) searchNear(ctx context.Context, q Query, n *nearness) (err error) {
	if n.done, err = e.vectors.Coverage(ctx); err != nil {
		return fmt.Errorf("counting vectors: %w", err)
	}
	none := n.done.Done == 0
	if none && (e.register == nil || e.register.Model() != e.vectors.Embedder.Model()) {
		return errNoneYet // nothing would be compared with the query's vector
	}
	short, cancel := context.WithTimeout(ctx, embedTimeout)
	defer cancel()
	vectors, err := e.vectors.Embedder.Queries(short, []string{q.Text})
	if err != nil {
		return fmt.Errorf("embedding the query: %w", err)
	}
	n.query = vectors[0]
	if none {
		return errNoneYet
	}
	n.hits, err = e.vectors.Index.Search(short, vector.Query{Vector: vectors[0], K: nearest, Filter: vectorFilter(ctx, q)})
	if err != nil {
		return fmt.Errorf("searching the vectors: %w", err)
	}
	n.scale()
	return nil
}

func vectorFilter(ctx context.Context, q Query) vector.Filter {
	return vector.Filter{Reader: corpus.ReaderOf(ctx), AsOf: q.AsOf, Collections: q.Filter.Collections, Kinds: q.Filter.Kinds, Documents: q.Filter.Documents}
}

// scale gives each section its best passage's score, as max(0, (s − last) /
// (first − last)).
func (n *nearness) scale() {
	n.bySec = make(map[string]float64, len(n.hits))
	if len(n.hits) == 0 {
		return
	}
	first, last := n.hits[0].Score, n.hits[len(n.hits)-1].Score
	for _, h := range n.hits {
		section := sectionOf(h.Passage)
		if _, ok := n.bySec[section]; ok {
			continue // the best came first
		}
		n.bySec[section] = 1
		if first > last {
			n.bySec[section] = (h.Score - last) / (first - last)
		}
	}
}

// look finds out which lexical candidates have a vector, while not all passages
// do. Asking for them by name also has the missing ones embedded next.
func (n *nearness) look(ctx context.Context, index vector.Index, q Query, hits []lexical.Hit) {
	if n.err != nil || len(n.hits) == 0 || n.done.Done >= n.done.Total {
		return
	}
	passages := make([]string, len(hits))
	for i, h := range hits {
		passages[i] = h.Passage
	}
	found, err := index.Search(ctx, vector.Query{Vector: n.query, K: len(passages), Passages: passages, Filter: vectorFilter(ctx, q)})
	if err != nil {
		n.err = fmt.Errorf("searching the vectors: %w", err)
		return
	}
	n.has = make(map[string]bool, len(found))
	for _, h := range found {
		n.has[sectionOf(h.Passage)] = true
	}
}

// used tells whether the vectors take part in the ranking.
func (n *nearness) used() bool { return n.err == nil && len(n.hits) > 0 }

func sectionOf(passage string) string { return passage[:max(0, strings.LastIndexByte(passage, '/'))] }

// join adds weight × nearness to the lexical hits and appends sections that only
// the vectors found. A section that has no vector yet is taken to be as near as
// its words let expect, by the ratio of both scores over the candidates that
// have one: so it neither wins nor loses by what is not known of it.
func (n *nearness) join(hits []lexical.Hit, weight float64) []lexical.Hit {
	if !n.used() {
		return hits
	}
	in := make(map[string]bool, len(hits))
	words, nearby := 0.0, 0.0
	for _, h := range hits {
		in[h.Section] = true
		if n.known(h.Section) {
			words, nearby = words+h.Score, nearby+n.bySec[h.Section]
		}
	}
	for i := range hits {
		h := &hits[i]
		near := n.bySec[h.Section]
		if !n.known(h.Section) && words > 0 {
			near = min(1, h.Score*nearby/words)
		}
		h.Score += weight * near
	}
	for _, v := range n.hits {
		section := sectionOf(v.Passage)
		if !in[section] {
			in[section] = true
			hits = append(hits, lexical.Hit{Section: section, Document: v.Document, Passage: v.Passage, Score: weight * n.bySec[section]})
		}
	}
	return hits
}

func (n *nearness) known(section string) bool {
	if n.has == nil || n.has[section] {
		return true
	}
	_, found := n.bySec[section]
	return found
}

// mode is what a search for which asked was made really used.
func (n *nearness) mode(asked Mode) Mode {
	switch {
	case !n.used():
		return Lexical
	case asked == Vector:
		return Vector
	}
	return Hybrid
}
