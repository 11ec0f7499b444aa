package qdranttest

import (
	"context"

	api "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// collection is a set of points with the same vectors.
type collection struct {
	config  *api.CreateCollection
	points  map[string]*point
	indexed map[string]api.FieldType
}

func (c *collection) dense(name string) *api.VectorParams {
	return c.config.GetVectorsConfig().GetParamsMap().GetMap()[name]
}

func (c *collection) sparse(name string) *api.SparseVectorParams {
	return c.config.GetSparseVectorsConfig().GetMap()[name]
}

type collectionsService struct {
	api.UnimplementedCollectionsServer
	*Server
}

func (s *collectionsService) Create(_ context.Context, r *api.CreateCollection) (*api.CollectionOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.find(r.GetCollectionName()); err == nil {
		return nil, status.Errorf(codes.AlreadyExists, "Wrong input: Collection `%s` already exists!", r.GetCollectionName())
	}
	for _, v := range r.GetVectorsConfig().GetParamsMap().GetMap() {
		if v.GetDistance() != api.Distance_Cosine || v.GetSize() == 0 {
			return nil, status.Error(codes.Unimplemented, "qdranttest knows the distance Cosine only")
		}
	}
	for _, v := range r.GetSparseVectorsConfig().GetMap() {
		if v.GetModifier() != api.Modifier_Idf {
			return nil, status.Error(codes.Unimplemented, "qdranttest knows the modifier Idf only")
		}
	}
	s.collections[r.GetCollectionName()] = &collection{config: r, points: map[string]*point{}, indexed: map[string]api.FieldType{}}
	return &api.CollectionOperationResponse{Result: true}, nil
}

func (s *collectionsService) Delete(_ context.Context, r *api.DeleteCollection) (*api.CollectionOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, had := s.collections[r.GetCollectionName()]
	delete(s.collections, r.GetCollectionName())
	for alias, to := range s.aliases {
		if to == r.GetCollectionName() {
			delete(s.aliases, alias)
		}
	}
	return &api.CollectionOperationResponse{Result: had}, nil
}

func (s *collectionsService) CollectionExists(_ context.Context, r *api.CollectionExistsRequest) (*api.CollectionExistsResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.collections[r.GetCollectionName()]
	return &api.CollectionExistsResponse{Result: &api.CollectionExists{Exists: ok}}, nil
}

func (s *collectionsService) Get(_ context.Context, r *api.GetCollectionInfoRequest) (*api.GetCollectionInfoResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, err := s.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	return &api.GetCollectionInfoResponse{Result: &api.CollectionInfo{
		Status: api.CollectionStatus_Green, PointsCount: api.PtrOf(uint64(len(c.points))),
		Config: &api.CollectionConfig{Metadata: c.config.GetMetadata(), Params: &api.CollectionParams{
			VectorsConfig: c.config.GetVectorsConfig(), SparseVectorsConfig: c.config.GetSparseVectorsConfig(),
		}},
	}}, nil
}

func (s *collectionsService) ListAliases(context.Context, *api.ListAliasesRequest) (*api.ListAliasesResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &api.ListAliasesResponse{}
	for alias, to := range s.aliases {
		out.Aliases = append(out.Aliases, &api.AliasDescription{AliasName: alias, CollectionName: to})
	}
	return out, nil
}

// UpdateAliases makes all changes or none.
func (s *collectionsService) UpdateAliases(_ context.Context, r *api.ChangeAliases) (*api.CollectionOperationResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	after := map[string]string{}
	for alias, to := range s.aliases {
		after[alias] = to
	}
	for _, action := range r.GetActions() {
		if create := action.GetCreateAlias(); create != nil {
			if s.collections[create.GetCollectionName()] == nil {
				return nil, status.Errorf(codes.NotFound, "Not found: Collection `%s` doesn't exist!", create.GetCollectionName())
			}
			after[create.GetAliasName()] = create.GetCollectionName()
		}
		if remove := action.GetDeleteAlias(); remove != nil {
			delete(after, remove.GetAliasName())
		}
	}
	s.aliases = after
	return &api.CollectionOperationResponse{Result: true}, nil
}
