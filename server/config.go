package server

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/policy"
)

// What the server calls; each is declared, with its contract, in package api.
type (
	Assistant    = api.Assistant
	Searcher     = api.Searcher
	Library      = api.Library
	Stats        = api.Stats
	Vectors      = api.VectorProgress
	UploadResult = api.UploadResult
	Limits       = api.Limits
)

// Config is what a server needs. Addr, Assistant, Searcher, Library, Gaps, Check
// and Frontend must be set; the rest has defaults.
type Config struct {
	Addr    string   // host:port to listen on; only a loopback host is accepted
	Hosts   []string // further names, or name:port, by which browsers reach the server (a proxy on this machine)
	Version string

	Assistant Assistant
	Searcher  Searcher
	Library   Library
	Gaps      api.GapChecker
	Ingests   api.Ingests                      // the configured sources; nil: none
	Check     func(text string) policy.Verdict // judges searches
	CheckName func(name string) policy.Verdict // judges names of files and collections; default Check
	Policy    policy.Explanation               // shown to users
	Frontend  fs.FS                            // index.html and assets/

	Logger   *slog.Logger         // default: slog.Default
	Registry *prometheus.Registry // default: a new one with the Go runtime's and the process's metrics

	Limits          Limits        // zero fields: api.DefaultLimits
	MaxUpload       int64         // bytes of one file; overrides Limits.Upload where set
	ShutdownTimeout time.Duration // how long running requests may take to finish; default 20 s
}

const defaultShutdownTimeout = 20 * time.Second

// ErrExposed is returned for an address that others than this machine can
// reach, while there is no way to tell who they are.
var ErrExposed = errors.New("the server listens on this machine only: access control (OIDC or API keys) must be configured before other addresses are allowed")

func (cfg Config) withDefaults() Config {
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if cfg.MaxUpload != 0 {
		cfg.Limits.Upload = cfg.MaxUpload
	}
	cfg.Limits = cfg.Limits.WithDefaults()
	if cfg.CheckName == nil {
		cfg.CheckName = cfg.Check
	}
	if cfg.ShutdownTimeout == 0 {
		cfg.ShutdownTimeout = defaultShutdownTimeout
	}
	return cfg
}

func (cfg Config) validate() error {
	switch {
	case cfg.Assistant == nil, cfg.Searcher == nil, cfg.Library == nil, cfg.Gaps == nil:
		return errors.New("server config: Assistant, Searcher, Library and Gaps must be set")
	case cfg.Check == nil:
		return errors.New("server config: Check must be set: without the policy nothing may be let in")
	case cfg.Frontend == nil:
		return errors.New("server config: Frontend must be set")
	}
	return checkAddr(cfg.Addr)
}

// checkAddr accepts host:port where host is localhost or a loopback address.
func checkAddr(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %q: use host:port, for example 127.0.0.1:8080: %w", addr, err)
	}
	if !isLoopback(host) {
		return fmt.Errorf("address %q: %w", addr, ErrExposed)
	}
	return nil
}

// checkListener accepts a listener that only this machine can reach.
func checkListener(l net.Listener) error {
	tcp, ok := l.Addr().(*net.TCPAddr)
	if !ok || !tcp.IP.IsLoopback() {
		return fmt.Errorf("listener on %s: %w", l.Addr(), ErrExposed)
	}
	return nil
}
