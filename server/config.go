package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
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
	Target       = api.Target
	Limits       = api.Limits
)

// Config is what a server needs. Addr, Assistant, Searcher, Library, Gaps, Check
// and Frontend must be set; the rest has defaults.
type Config struct {
	Addr    string   // host:port to listen on; without Access only a loopback host is accepted
	Hosts   []string // further names, or name:port, by which browsers reach the server (a proxy on this machine)
	Version string
	Kernels string // the instructions that the built-in model uses, for the metrics; "" where it is not used

	Access         *access.Access // who may come in; nil: whoever reaches the loopback address may do everything
	Rates          Rates          // where Access is set; see DefaultRates
	EmbedOrigins   []string       // origins whose pages may embed <hjemmel-chat>
	TrustedProxies []string       // addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are believed

	Assistant Assistant
	Searcher  Searcher
	Library   Library
	Gaps      api.GapChecker
	Ingests   api.Ingests                      // the configured sources; nil: none
	Check     func(text string) policy.Verdict // judges searches
	CheckName func(name string) policy.Verdict // judges names of files and collections; default Check
	Policy    policy.Explanation               // shown to users
	Frontend  fs.FS                            // index.html and assets/
	Activity  *activity.Store                  // records what is asked, and serves it; nil: nothing is recorded
	KeptDays  int                              // how many days conversations are kept, to be told; 0 for ever

	// Ready, where set, is a further condition of /readyz: an error says that no
	// request should be sent here, a notice (Danish) that answers are not at their best.
	Ready func(ctx context.Context) (notice string, err error)

	Logger   *slog.Logger         // default: slog.Default
	Registry *prometheus.Registry // default: a new one with the Go runtime's and the process's metrics

	Limits          Limits        // zero fields: api.DefaultLimits
	MaxUpload       int64         // bytes of one file; overrides Limits.Upload where set
	ShutdownTimeout time.Duration // how long running requests may take to finish; default 20 s
}

const defaultShutdownTimeout = 20 * time.Second

// ErrExposed is returned for an address that others than this machine can
// reach, while there is no way to tell who they are.
var ErrExposed = errors.New("the server listens on this machine only: access control must be set up before other addresses are allowed (OIDC by access_oidc_issuer and access_oidc_client_id, or a key by »hjemmel keys create«)")

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
	return checkAddr(cfg.Addr, cfg.Access != nil)
}

// checkAddr accepts host:port where host is localhost or a loopback address, or
// any where access is controlled.
func checkAddr(addr string, controlled bool) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %q: use host:port, for example 127.0.0.1:8080: %w", addr, err)
	}
	if !controlled && !isLoopback(host) {
		return fmt.Errorf("address %q: %w", addr, ErrExposed)
	}
	return nil
}

// checkListener accepts a listener that only this machine can reach, or any
// where access is controlled.
func checkListener(l net.Listener, controlled bool) error {
	tcp, ok := l.Addr().(*net.TCPAddr)
	if !ok || !controlled && !tcp.IP.IsLoopback() {
		return fmt.Errorf("listener on %s: %w", l.Addr(), ErrExposed)
	}
	return nil
}
