package qdrant

import (
	"context"
	"errors"
	"fmt"
	"sync"

	api "github.com/qdrant/go-client/qdrant"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// Words is the lexical index of servers that have none of their own. It
// implements retrieval.Index.
type Words struct{ index *Index }

var _ retrieval.Index = Words{}

// Words returns the words of all passages, complete from the moment that a
// document is put.
func (x *Index) Words() Words { return Words{x} }

// Search returns the best sections by words and grams. It fails with
// retrieval.ErrUnavailable where the server cannot be asked.
func (w Words) Search(ctx context.Context, q lexical.Query) (lexical.Result, error) {
	x := w.index
	if err := ctx.Err(); err != nil {
		return lexical.Result{}, err
	}
	vocabulary, err := x.words.get(ctx, x)
	if err != nil {
		return lexical.Result{}, unavailable(err)
	}
	query := vocabulary.QueryVectors(q)
	filter := vector.Filter{Reader: q.Reader, AsOf: q.AsOf, Collections: q.Collections, Kinds: q.Kinds, Documents: q.Documents}
	var byWords, byGrams []lexical.Scored
	var err1, err2 error
	var both sync.WaitGroup
	both.Go(func() { byWords, err1 = x.sparse(ctx, words, query.Words, &filter, lexical.Candidates(q.K)) })
	both.Go(func() { byGrams, err2 = x.sparse(ctx, grams, query.Grams, &filter, lexical.Candidates(q.K)) })
	both.Wait()
	if err := errors.Join(err1, err2); err != nil {
		return lexical.Result{}, unavailable(err)
	}
	return query.Result(byWords, byGrams, q.K), nil
}

func unavailable(err error) error { return fmt.Errorf("%w: %w", retrieval.ErrUnavailable, err) }

func (x *Index) sparse(ctx context.Context, name string, terms lexical.Sparse, f *vector.Filter, k int) ([]lexical.Scored, error) {
	if len(terms.Terms) == 0 {
		return nil, nil
	}
	points, err := x.query(ctx, x.Collection, &api.QueryPoints{
		Query: api.NewQuerySparse(terms.Terms, terms.Weights), Using: api.PtrOf(name), Limit: api.PtrOf(uint64(k)), Filter: conditions(f, nil),
	})
	if err != nil {
		return nil, err
	}
	out := make([]lexical.Scored, len(points))
	for i, p := range points {
		out[i] = lexical.Scored{Passage: p.GetPayload()[fieldPassage].GetStringValue(), Score: float64(p.GetScore())}
	}
	return out, nil
}
