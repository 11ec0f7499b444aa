package qdranttest

import (
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
	sparse  map[string]map[uint32]float32
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
	p := &point{id: from.GetId().GetUuid(), payload: from.GetPayload(), dense: map[string][]float32{}, sparse: map[string]map[uint32]float32{}}
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

func readSparse(v *api.SparseVector) (map[uint32]float32, error) {
	if len(v.GetIndices()) != len(v.GetValues()) {
		return nil, status.Error(codes.InvalidArgument, "Validation error: values: must be the same length as indices")
	}
	out := make(map[uint32]float32, len(v.GetIndices()))
	for i, term := range v.GetIndices() {
		if _, twice := out[term]; twice {
			return nil, status.Error(codes.InvalidArgument, "Validation error: indices: must be unique")
		}
		out[term] = v.GetValues()[i]
	}
	return out, nil
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
	c, ids, err := s.matching(r.GetCollectionName(), r.GetPoints().GetFilter())
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		s.mu.Lock()
		delete(c.points, id)
		s.mu.Unlock()
	}
	return done, nil
}

// matching returns the ids of the points that a filter lets through, in order.
func (s *Server) matching(name string, f *api.Filter) (*collection, []string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, err := s.find(name)
	if err == nil {
		err = c.checkFilter(f)
	}
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for id, p := range c.points {
		if p.fits(f) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return c, ids, nil
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
	_, ids, err := s.matching(r.GetCollectionName(), r.GetFilter())
	if err != nil {
		return nil, err
	}
	return &api.CountResponse{Result: &api.CountResult{Count: uint64(len(ids))}}, nil
}

func (s *pointsService) Scroll(_ context.Context, r *api.ScrollPoints) (*api.ScrollResponse, error) {
	c, ids, err := s.matching(r.GetCollectionName(), r.GetFilter())
	if err != nil {
		return nil, err
	}
	from, _ := slices.BinarySearch(ids, r.GetOffset().GetUuid())
	out := &api.ScrollResponse{}
	for _, id := range ids[from:] {
		if len(out.Result) == int(r.GetLimit()) {
			out.NextPageOffset = api.NewIDUUID(id)
			break
		}
		s.mu.RLock()
		if p := c.points[id]; p != nil {
			out.Result = append(out.Result, p.retrieved(r.GetWithPayload()))
		}
		s.mu.RUnlock()
	}
	return out, nil
}
