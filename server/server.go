// Package server runs Hjemmel over HTTP: it puts the ways in behind one set of
// guards (addresses, hosts, origins, sizes, times), measures them, and lets
// running answers finish when it is told to stop.
package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/policy"
)

// The types that the library behind a server speaks; they belong to its API.
type (
	UploadResult = api.UploadResult
	Stats        = api.Stats
)

// Config is what a server is made of. All but Hosts, Logger and the limits must
// be set.
type Config struct {
	Addr      string   // host:port; loopback only
	Hosts     []string // names by which browsers may reach it, besides localhost
	Version   string
	Frontend  fs.FS // index.html and assets/
	Logger    *slog.Logger
	Assistant api.Assistant
	Searcher  api.Searcher
	Library   api.Library
	Check     func(string) policy.Verdict

	MaxUpload       int64         // bytes of one file; 0 means 200 MB
	ShutdownTimeout time.Duration // for running answers; 0 means 20 s
}

// Time-outs of connections. Answers and uploads set their own (package api).
const (
	headerTimeout   = 10 * time.Second
	readTimeout     = 30 * time.Second
	writeTimeout    = 60 * time.Second
	idleTimeout     = 2 * time.Minute
	maxHeader       = 64 << 10
	defaultShutdown = 20 * time.Second
	defaultUpload   = 200 << 20
)

// answersPerCore is how many answers run at the same time for each core: they
// are bound by the processor, more would only make all of them slower.
const answersPerCore = 4

// Server answers HTTP requests.
type Server struct {
	config  Config
	http    *http.Server
	handler http.Handler
}

// ErrNotLoopback is wrapped by New's error for an address that others can reach.
var ErrNotLoopback = errors.New("serving other machines needs access control, which is not configured")

// New checks the configuration and builds the server.
func New(config Config) (*Server, error) {
	if err := requireLoopback(config.Addr); err != nil {
		return nil, err
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.MaxUpload <= 0 {
		config.MaxUpload = defaultUpload
	}
	if config.ShutdownTimeout <= 0 {
		config.ShutdownTimeout = defaultShutdown
	}
	s := &Server{config: config}
	handler, err := s.routes(newMetrics(config.Library), answersPerCore*runtime.GOMAXPROCS(0))
	if err != nil {
		return nil, err
	}
	s.handler = handler
	s.http = &http.Server{
		Addr: config.Addr, Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(config.Logger.Handler(), slog.LevelWarn),
	}
	return s, nil
}

// requireLoopback refuses addresses that other machines reach.
func requireLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("the address %q is not host:port: %w", addr, err)
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("%q: %w: use 127.0.0.1, and put a proxy with login in front if colleagues are to reach it", addr, ErrNotLoopback)
}

// Handler is the server without its listener, for tests.
func (s *Server) Handler() http.Handler { return s.handler }

// Run listens on the configured address and serves until ctx ends.
func (s *Server) Run(ctx context.Context) error {
	listener, err := net.Listen("tcp", s.config.Addr)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	return s.Serve(ctx, listener)
}

// Serve serves on listener until ctx ends. Then it takes no new requests, lets
// running ones finish within ShutdownTimeout, and cuts off the rest.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(listener) }()
	s.config.Logger.Info("listening", "addr", listener.Addr().String(), "version", s.config.Version)
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	s.config.Logger.Info("shutting down: running answers may finish", "within", s.config.ShutdownTimeout)
	// ctx has ended already; the time for finishing is the server's own.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.ShutdownTimeout)
	defer cancel()
	err := s.http.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		s.config.Logger.Warn("some answers did not finish in time")
		err = s.http.Close()
	}
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

func init() { gin.SetMode(gin.ReleaseMode) } // gin prints its routes otherwise
