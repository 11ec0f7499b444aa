// Package qdranttest is a Qdrant server for tests, in the process and in memory.
// It implements the part of Qdrant's gRPC interface that Hjemmel uses, after its
// published description: a request that uses anything else fails, and so does a
// filter on a field without an index, so that a test cannot pass by a server that
// looked the other way. Changes of several points are visible one by one, as
// Qdrant's are. It looks at every vector in full.
package qdranttest

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	api "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Server holds what was put, also while it is down.
type Server struct {
	Addr   string
	APIKey string // asked of every call, where set

	fault   atomic.Pointer[Fault]
	grpc    *grpc.Server
	serving sync.WaitGroup

	mu          sync.RWMutex // guards what follows; held for one point at a time
	collections map[string]*collection
	aliases     map[string]string
}

// Fault is asked before every call, by its name ("Upsert"); its error is the
// answer. It may wait, as a slow server does.
type Fault func(ctx context.Context, call string) error

// SetFault lets calls go wrong from now on; nil ends that.
func (s *Server) SetFault(f Fault) { s.fault.Store(&f) }

// Start starts a server on a free port of this machine, until the test ends.
func Start(t *testing.T) *Server {
	t.Helper()
	s := &Server{Addr: "127.0.0.1:0", collections: map[string]*collection{}, aliases: map[string]string{}}
	s.Up(t)
	t.Cleanup(s.Down)
	return s
}

// Up starts a server that is down, at the address that it had.
func (s *Server) Up(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	s.Addr = listener.Addr().String()
	s.grpc = grpc.NewServer(
		grpc.UnaryInterceptor(s.intercept),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
	)
	api.RegisterQdrantServer(s.grpc, health{})
	api.RegisterCollectionsServer(s.grpc, &collectionsService{Server: s})
	api.RegisterPointsServer(s.grpc, &pointsService{Server: s})
	serving := s.grpc
	s.serving.Go(func() { _ = serving.Serve(listener) }) // ends by Down
}

// Down cuts every connection, as a kill does. What was put stays.
func (s *Server) Down() {
	s.grpc.Stop()
	s.serving.Wait()
}

func (s *Server) intercept(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if md, _ := metadata.FromIncomingContext(ctx); s.APIKey != "" && (len(md["api-key"]) != 1 || md["api-key"][0] != s.APIKey) {
		return nil, status.Error(codes.Unauthenticated, "Must provide an API key or an Authorization bearer token")
	}
	if fault := s.fault.Load(); fault != nil && *fault != nil {
		if err := (*fault)(ctx, callName(info.FullMethod)); err != nil {
			return nil, err
		}
	}
	if err := checkKnown(req); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

// Points counts all points of a collection, shown or not.
func (s *Server) Points(collection string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if c, err := s.find(collection); err == nil {
		return len(c.points)
	}
	return 0
}

// Collections lists the collections.
func (s *Server) Collections() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []string
	for name := range s.collections {
		out = append(out, name)
	}
	return out
}

// find resolves a name or an alias.
func (s *Server) find(name string) (*collection, error) {
	if to, ok := s.aliases[name]; ok {
		name = to
	}
	if c := s.collections[name]; c != nil {
		return c, nil
	}
	return nil, status.Errorf(codes.NotFound, "Not found: Collection `%s` doesn't exist!", name)
}

type health struct{ api.UnimplementedQdrantServer }

func (health) HealthCheck(context.Context, *api.HealthCheckRequest) (*api.HealthCheckReply, error) {
	return &api.HealthCheckReply{Title: "qdrant - vector search engine", Version: "1.16.0"}, nil
}
