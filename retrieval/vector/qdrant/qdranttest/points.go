package qdranttest

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"

	api "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// point is one point as it is searched.
type point struct {
	id      string
	payload map[string]*api.Value
	dense   map[string][]float32 // of unit length
	sparse  map[string]sparse
}

// sparse is a sparse vector in the order of its terms.
type sparse struct {
	terms   []uint32
	weights []float32
}

type pointsService struct {
	api.UnimplementedPointsServer
	*Server
}

var done = &api.PointsOperationResponse{Result: &api.UpdateResult{Status: api.UpdateStatus_Completed}}

func (s *pointsService) CreateFieldIndex(_ context.Context, r *api.CreateFieldIndexCollection) (*api.PointsOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	c.indexed[r.GetFieldName()] = r.GetFieldType()
	return done, nil
}

func (s *pointsService) Upsert(_ context.Context, r *api.UpsertPoints) (*api.PointsOperationResponse, error) {
	s.mu.RLock()
	c, err := s.find(r.GetCollectionName())
	s.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	points := make([]*point, len(r.GetPoints()))
	for i, p := range r.GetPoints() {
		if points[i], err = c.read(p); err != nil {
			return nil, err
		}
	}
	for _, p := range points {
		s.mu.Lock()
		c.points[p.id] = p
		s.mu.Unlock()
	}
	return done, nil
}

// read checks a point against the collection.
func (c *collection) read(from *api.PointStruct) (*point, error) {
	p := &point{id: from.GetId().GetUuid(), payload: from.GetPayload(), dense: map[string][]float32{}, sparse: map[string]sparse{}}
	if len(p.id) != 36 {
		return nil, status.Errorf(codes.InvalidArgument, "Unable to parse UUID: %s", p.id)
	}
	for name, v := range from.GetVectors().GetVectors().GetVectors() {
		switch params := c.dense(name); {
		case params != nil && v.GetDense() != nil:
			if len(v.GetDense().GetData()) != int(params.GetSize()) {
				return nil, status.Errorf(codes.InvalidArgument, "Wrong input: Vector dimension error: expected dim: %d, got %d", params.GetSize(), len(v.GetDense().GetData()))
			}
			p.dense[name] = unit(v.GetDense().GetData())
		case c.sparse(name) != nil && v.GetSparse() != nil:
			weights, err := readSparse(v.GetSparse())
			if err != nil {
				return nil, err
			}
			p.sparse[name] = weights
		default:
			return nil, status.Errorf(codes.InvalidArgument, "Wrong input: Not existing vector name error: %s", name)
		}
	}
	return p, nil
}

// readSparse takes vectors in the order of their terms only, which is how Hjemmel
// makes them; Qdrant takes any order.
func readSparse(v *api.SparseVector) (sparse, error) {
	if len(v.GetIndices()) != len(v.GetValues()) {
		return sparse{}, status.Error(codes.InvalidArgument, "Validation error: values: must be the same length as indices")
	}
	for i, term := range v.GetIndices() {
		if i > 0 && v.GetIndices()[i-1] >= term {
			return sparse{}, status.Error(codes.InvalidArgument, "Validation error: indices: must be unique")
		}
	}
	return sparse{v.GetIndices(), v.GetValues()}, nil
}

// has tells whether a vector holds anything.
func (v sparse) has() bool { return len(v.terms) > 0 }

// common calls f for every term of both vectors, with its places in them.
func (v sparse) common(w sparse, f func(i, j int)) {
	for i, j := 0, 0; i < len(v.terms) && j < len(w.terms); {
		switch a, b := v.terms[i], w.terms[j]; {
		case a < b:
			i++
		case a > b:
			j++
		default:
			f(i, j)
			i++
			j++
		}
	}
}

func unit(v []float32) []float32 {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	out := slices.Clone(v)
	if sum > 0 {
		for i := range out {
			out[i] = float32(float64(out[i]) / math.Sqrt(sum))
		}
	}
	return out
}

func (s *pointsService) Delete(_ context.Context, r *api.DeletePoints) (*api.PointsOperationResponse, error) {
	c, points, err := s.matching(r.GetCollectionName(), r.GetPoints().GetFilter())
	if err != nil {
		return nil, err
	}
	for _, p := range points {
		s.mu.Lock()
		delete(c.points, p.id)
		s.mu.Unlock()
	}
	return done, nil
}

// matching returns the points that a filter lets through.
func (s *Server) matching(name string, f *api.Filter) (*collection, []*point, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, err := s.find(name)
	if err == nil {
		err = c.checkFilter(f)
	}
	if err != nil {
		return nil, nil, err
	}
	var points []*point
	for _, p := range c.points {
		if p.fits(f) {
			points = append(points, p)
		}
	}
	return c, points, nil
}

func (s *pointsService) Get(_ context.Context, r *api.GetPoints) (*api.GetResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, err := s.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	out := &api.GetResponse{}
	for _, id := range r.GetIds() {
		if p := c.points[id.GetUuid()]; p != nil {
			out.Result = append(out.Result, p.retrieved(r.GetWithPayload()))
		}
	}
	return out, nil
}

func (p *point) retrieved(with *api.WithPayloadSelector) *api.RetrievedPoint {
	return &api.RetrievedPoint{Id: api.NewIDUUID(p.id), Payload: p.selected(with)}
}

func (p *point) selected(with *api.WithPayloadSelector) map[string]*api.Value {
	if with.GetEnable() {
		return p.payload
	}
	out := maps.Clone(p.payload)
	maps.DeleteFunc(out, func(field string, _ *api.Value) bool { return !slices.Contains(with.GetInclude().GetFields(), field) })
	return out
}

func (s *pointsService) Count(_ context.Context, r *api.CountPoints) (*api.CountResponse, error) {
	_, points, err := s.matching(r.GetCollectionName(), r.GetFilter())
	if err != nil {
		return nil, err
	}
	return &api.CountResponse{Result: &api.CountResult{Count: uint64(len(points))}}, nil
}

func (s *pointsService) Scroll(_ context.Context, r *api.ScrollPoints) (*api.ScrollResponse, error) {
	_, points, err := s.matching(r.GetCollectionName(), r.GetFilter())
	if err != nil {
		return nil, err
	}
	slices.SortFunc(points, func(a, b *point) int { return cmp.Compare(a.id, b.id) })
	from, _ := slices.BinarySearchFunc(points, r.GetOffset().GetUuid(), func(p *point, id string) int { return cmp.Compare(p.id, id) })
	out := &api.ScrollResponse{}
	for _, p := range points[from:] {
		if len(out.Result) == int(r.GetLimit()) {
			out.NextPageOffset = api.NewIDUUID(p.id)
			break
		}
		out.Result = append(out.Result, p.retrieved(r.GetWithPayload()))
	}
	return out, nil
}
