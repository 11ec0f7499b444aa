// Package server puts Hjemmel on the network: it listens, guards (hosts, cross
// origin requests, sizes, time), logs and counts, serves the pages, and hands
// the API's requests to package api. It turns nothing into an answer itself,
// and it logs no question, search or path of a document.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/teams"
)

// Time-outs of a connection. Handlers that need longer ask for it themselves.
const (
	readHeaderTimeout = 10 * time.Second
	readBodyTimeout   = 30 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
	cutOffTimeout     = 2 * time.Second // for handlers to return once they are told to stop at shutdown
)

// Server answers HTTP requests. Its life is New, then Run or Serve once.
type Server struct {
	cfg      Config
	log      *slog.Logger
	hosts    hosts
	proxies  proxies
	origins  origins
	rates    rates
	metrics  *metrics
	pages    *pages
	registry *prometheus.Registry
	recorder *activity.Recorder // nil where nothing is recorded
	bot      *teams.Bot         // nil where Teams is not set up
	engine   *gin.Engine
	draining atomic.Bool
}

// New returns a server that is ready to listen. It fails with ErrExposed where
// cfg.Addr can be reached from other machines.
func New(cfg Config) (*Server, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	s := &Server{cfg: cfg, log: cfg.Logger, registry: cfg.Registry}
	if s.registry == nil {
		s.registry = newRegistry()
	}
	var err error
	if s.metrics, err = newMetrics(s.registry, cfg.Library, buildInfo(&cfg)); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(cfg.Frontend); err != nil {
		return nil, err
	}
	if cfg.Access != nil {
		cfg.Hosts = append(slices.Clone(cfg.Hosts), cfg.Access.Public().Host)
		s.rates = rates{newBuckets(cfg.Rates.Requests), newBuckets(cfg.Rates.Answers)}
	}
	if s.hosts, err = newHosts(cfg.Hosts); err != nil {
		return nil, err
	}
	if s.origins, err = newOrigins(cfg.EmbedOrigins); err != nil {
		return nil, err
	}
	if s.proxies, err = newProxies(cfg.TrustedProxies); err != nil {
		return nil, err
	}
	s.record()
	shared := s.api()
	if err := s.openTeams(shared); err != nil {
		return nil, err
	}
	s.engine = s.routes(shared)
	return s, nil
}

// record puts the recorder around what answers, for every way in.
func (s *Server) record() {
	if s.cfg.Activity == nil {
		return
	}
	s.recorder = activity.NewRecorder(s.cfg.Activity, s.log, s.metrics.activityFailed)
	s.cfg.Assistant, s.cfg.Gaps = s.recorder.Assistant(s.cfg.Assistant), s.recorder.Gaps(s.cfg.Gaps)
}

// Handler returns what answers the requests, for tests and for other listeners.
// Until Serve knows the port, the host check accepts every port.
func (s *Server) Handler() http.Handler { return s.engine }

// Run listens on the configured address and serves until ctx ends.
func (s *Server) Run(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.cfg.Addr)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", s.cfg.Addr, err)
	}
	return s.Serve(ctx, listener)
}

// Serve answers on l, which it closes, until ctx ends; then it stops accepting
// and lets running requests finish for up to the shutdown time-out. Those that
// are still running are cut off, which is logged and no error.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if err := checkListener(l, s.cfg.Access != nil); err != nil {
		return errors.Join(err, l.Close())
	}
	s.hosts.port.Store(int32(l.Addr().(*net.TCPAddr).Port))
	// Running answers outlive ctx: they end by themselves or by cut.
	base, cut := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cut(nil)
	server := &http.Server{
		Handler:           s.engine,
		BaseContext:       func(net.Listener) context.Context { return base },
		ReadHeaderTimeout: readHeaderTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	s.log.Info("listening", "addr", l.Addr().String())
	select {
	case err := <-served:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	s.draining.Store(true)
	err := s.shutDown(ctx, server, cut)
	<-served
	return err
}

func (s *Server) shutDown(ctx context.Context, server *http.Server, cut context.CancelCauseFunc) error {
	s.log.Info("shutting down: running answers may finish", "timeout", s.cfg.ShutdownTimeout.String())
	ctx = context.WithoutCancel(ctx)
	finish, cancel := context.WithTimeout(ctx, s.cfg.ShutdownTimeout)
	defer cancel()
	err := server.Shutdown(finish)
	if s.bot != nil {
		s.bot.Stop(finish, api.ErrShuttingDown)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	s.log.Warn("cutting off requests that did not finish")
	cut(api.ErrShuttingDown)
	last, cancel := context.WithTimeout(ctx, cutOffTimeout)
	defer cancel()
	if err := server.Shutdown(last); errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return nil
}
