package qdranttest

import (
	"cmp"
	"context"
	"math"
	"slices"

	api "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func (s *pointsService) Query(_ context.Context, r *api.QueryPoints) (*api.QueryResponse, error) {
	c, points, err := s.matching(r.GetCollectionName(), r.GetFilter())
	if err != nil {
		return nil, err
	}
	score, err := s.scorer(c, r)
	if err != nil {
		return nil, err
	}
	var found []scored
	for _, p := range points {
		if value, ok := score(p); ok {
			found = append(found, scored{p, value})
		}
	}
	slices.SortFunc(found, func(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id)) })
	out := &api.QueryResponse{}
	for _, s := range found[:min(len(found), int(r.GetLimit()))] {
		out.Result = append(out.Result, &api.ScoredPoint{Id: api.NewIDUUID(s.id), Score: s.score, Payload: s.selected(r.GetWithPayload())})
	}
	return out, nil
}

type scored struct {
	*point
	score float32
}

// scorer returns what scores a point, false where it lacks the vector or shares
// nothing with the query.
func (s *Server) scorer(c *collection, r *api.QueryPoints) (func(*point) (float32, bool), error) {
	near, name := r.GetQuery().GetNearest(), r.GetUsing()
	switch params := c.dense(name); {
	case params != nil && near.GetDense() != nil:
		if len(near.GetDense().GetData()) != int(params.GetSize()) {
			return nil, status.Errorf(codes.InvalidArgument, "Wrong input: Vector dimension error: expected dim: %d, got %d", params.GetSize(), len(near.GetDense().GetData()))
		}
		query := unit(near.GetDense().GetData())
		return func(p *point) (float32, bool) { return dot(query, p.dense[name]), p.dense[name] != nil }, nil
	case c.sparse(name) != nil && near.GetSparse() != nil:
		query, err := readSparse(near.GetSparse())
		if err != nil {
			return nil, err
		}
		query.weights = s.timesIDF(c, name, query)
		return func(p *point) (float32, bool) { return sparseDot(query, p.sparse[name]) }, nil
	}
	return nil, status.Errorf(codes.InvalidArgument, "Wrong input: Not existing vector name error: %s", name)
}

// timesIDF is the modifier Idf: as Qdrant's of late, it counts the points that
// have the vector.
func (s *Server) timesIDF(c *collection, name string, query sparse) []float32 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	df := make([]float64, len(query.terms))
	n := 0.0
	for _, p := range c.points {
		if p.sparse[name].has() {
			n++
		}
		query.common(p.sparse[name], func(i, _ int) { df[i]++ })
	}
	out := slices.Clone(query.weights)
	for i := range out {
		out[i] *= float32(math.Log((n-df[i]+0.5)/(df[i]+0.5) + 1))
	}
	return out
}

func dot(a, b []float32) (sum float32) {
	for i := range b {
		sum += a[i] * b[i]
	}
	return sum
}

func sparseDot(query, p sparse) (sum float32, ok bool) {
	query.common(p, func(i, j int) { sum, ok = sum+query.weights[i]*p.weights[j], true })
	return sum, ok
}
