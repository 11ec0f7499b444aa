package qdrant

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	api "github.com/qdrant/go-client/qdrant"

	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// ErrNoModel is returned by a search by meaning while Qdrant holds no vectors of
// the model.
var ErrNoModel = errors.New("qdrant holds no vectors of this server's model: the server that ingests must use the same")

// oversampling is how many times the vectors asked for are compared in full.
const oversampling = 3

// Search returns the nearest passages.
func (x *Index) Search(ctx context.Context, q vector.Query) ([]vector.Hit, error) {
	if len(q.Vector) != x.Dim {
		return nil, fmt.Errorf("searching vectors: the question has %d components, the index takes %d: was it made by another model?", len(q.Vector), x.Dim)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if q.K <= 0 || q.Passages != nil && len(q.Passages) == 0 {
		return nil, nil
	}
	points, err := x.query(ctx, x.collection, &api.QueryPoints{
		Query: api.NewQueryDense(q.Vector), Using: api.PtrOf(dense), Limit: api.PtrOf(uint64(q.K)), Filter: conditions(&q.Filter, q.Passages),
		Params: &api.SearchParams{Quantization: &api.QuantizationSearchParams{Rescore: api.PtrOf(true), Oversampling: api.PtrOf(float64(oversampling))}},
	})
	if err != nil {
		if missing(err) {
			return nil, fmt.Errorf("%w (%s)", ErrNoModel, x.Model)
		}
		return nil, err
	}
	hits := make([]vector.Hit, len(points))
	for i, p := range points {
		hits[i] = vector.Hit{
			Document: p.GetPayload()[fieldDocument].GetStringValue(), Passage: p.GetPayload()[fieldPassage].GetStringValue(),
			Score: math.Max(-1, math.Min(1, float64(p.GetScore()))),
		}
	}
	return hits, nil
}

// settleTries bounds how often a search is repeated while documents that it found
// are being replaced.
const settleTries = 8

// query asks for points, and asks again, without those that a replacement has
// outdated or not shown yet, until what was found belongs together: each
// document in a generation that its entry named before the points were read, so
// that all of them were there, and after it, so that none of them had gone.
func (x *Index) query(ctx context.Context, collection string, q *api.QueryPoints) ([]*api.ScoredPoint, error) {
	ctx, cancel := context.WithTimeout(ctx, x.Timeout)
	defer cancel()
	q.CollectionName = collection
	q.WithPayload = api.NewWithPayloadInclude(fieldDocument, fieldPassage, fieldGeneration)
	seen := map[int64]string{} // generation → its document
	var without []int64
	for range settleTries {
		q.Filter.MustNot = nil
		if len(without) > 0 {
			q.Filter.MustNot = []*api.Condition{api.NewMatchInts(fieldGeneration, without...)}
		}
		start := x.shown.now()
		found, err := x.client.Query(ctx, q)
		if err != nil {
			return nil, x.explain(err)
		}
		for _, p := range found {
			seen[p.GetPayload()[fieldGeneration].GetIntegerValue()] = p.GetPayload()[fieldDocument].GetStringValue()
		}
		stale, sure, err := x.stale(ctx, collection, seen, start)
		if err != nil {
			return nil, err
		}
		if sure && slices.Equal(stale, without) {
			return found, nil
		}
		without = stale
	}
	return nil, errors.New("searching qdrant: its documents change faster than they can be read")
}

// stale returns, in their order, those of the generations that do not count now,
// and whether the others counted already at start.
func (x *Index) stale(ctx context.Context, collection string, seen map[int64]string, start int64) (out []int64, sure bool, err error) {
	if len(seen) == 0 {
		return nil, true, nil
	}
	documents := slices.Compact(slices.Sorted(maps.Values(seen)))
	current, err := x.entries(ctx, collection, documents)
	if err != nil {
		return nil, false, err
	}
	sure = true
	for generation, document := range seen {
		if current[document].generation != generation {
			out = append(out, generation)
		} else if !x.shown.before(collection, document, generation, start) {
			sure = false
		}
	}
	slices.Sort(out)
	return out, sure, nil
}

// shown remembers since when the entry of a document names a generation. In a
// collection at rest it spares each search the second query. The time is a
// counter of its own.
type shown struct {
	mu    sync.Mutex
	clock int64
	since map[string]sighting
}

type sighting struct{ generation, since int64 }

func (s *shown) now() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock++
	return s.clock
}

// before tells whether the generation was seen before start, and notes that it
// is seen now.
func (s *shown) before(collection, document string, generation, start int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := collection + "\x00" + document
	if have := s.since[key]; have.generation == generation {
		return have.since < start
	}
	s.clock++
	if s.since == nil {
		s.since = map[string]sighting{}
	}
	s.since[key] = sighting{generation, s.clock}
	return false
}
