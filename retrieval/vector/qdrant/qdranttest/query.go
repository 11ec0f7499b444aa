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
	c, ids, err := s.matching(r.GetCollectionName(), r.GetFilter())
	if err != nil {
		return nil, err
	}
	score, err := s.scorer(c, r)
	if err != nil {
		return nil, err
	}
	var found []*api.ScoredPoint
	for _, id := range ids {
		s.mu.RLock()
		p := c.points[id] // may be gone meanwhile
		s.mu.RUnlock()
		if p == nil {
			continue
		}
		if value, ok := score(p); ok {
			found = append(found, &api.ScoredPoint{Id: api.NewIDUUID(id), Score: value, Payload: p.selected(r.GetWithPayload())})
		}
	}
	slices.SortStableFunc(found, func(a, b *api.ScoredPoint) int { return cmp.Compare(b.GetScore(), a.GetScore()) })
	return &api.QueryResponse{Result: found[:min(len(found), int(r.GetLimit()))]}, nil
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
		s.multiplyIDF(c, name, query)
		return func(p *point) (float32, bool) { return sparseDot(query, p.sparse[name]) }, nil
	}
	return nil, status.Errorf(codes.InvalidArgument, "Wrong input: Not existing vector name error: %s", name)
}

// multiplyIDF is the modifier Idf: as Qdrant's, it counts every point of the
// collection.
func (s *Server) multiplyIDF(c *collection, name string, query map[uint32]float32) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	df := map[uint32]float64{}
	for _, p := range c.points {
		for term := range query {
			if _, ok := p.sparse[name][term]; ok {
				df[term]++
			}
		}
	}
	n := float64(len(c.points))
	for term := range query {
		query[term] *= float32(math.Log((n-df[term]+0.5)/(df[term]+0.5) + 1))
	}
}

func dot(a, b []float32) (sum float32) {
	for i := range b {
		sum += a[i] * b[i]
	}
	return sum
}

func sparseDot(query, p map[uint32]float32) (sum float32, ok bool) {
	for term, w := range query {
		if v, has := p[term]; has {
			sum, ok = sum+w*v, true
		}
	}
	return sum, ok
}
