// Package llm turns a prompt into streamed text through a language model that
// speaks OpenAI's chat protocol: OpenAI itself, Azure, vLLM, a llama.cpp server,
// or Ollama by its /v1. It keeps what a shared and costly service needs: named
// time-outs, retries, a limit on concurrent calls, a circuit breaker, and the
// count of tokens with their price. It knows nothing of questions, sources or
// answers, and it logs no text.
package llm

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tmc/langchaingo/llms/openai"
)

// The kinds of server.
const (
	KindOpenAI = "openai" // OpenAI and what imitates it: vLLM, llama.cpp, TGI, LM Studio
	KindAzure  = "azure"
	KindOllama = "ollama"
)

// Config says which model answers, and how long and how much it may.
type Config struct {
	Kind       string // one of the kinds; "" is openai
	URL        string // of openai and ollama: up to and with /v1; of azure: the resource's address
	Name       string // of azure: the deployment's name
	Key        string // "" where the server wants none
	APIVersion string // azure only; "" is DefaultAPIVersion
	MaxTokens  int    // longest reply; 0 is DefaultMaxTokens
	Limits     Limits
	Prices     Prices
	Transport  http.RoundTripper // for tests; nil is one of its own with the system's proxy settings
}

// DefaultAPIVersion is the Azure API that is asked where none is configured.
const DefaultAPIVersion = "2024-10-21"

// DefaultMaxTokens is ample for an answer of a few sentences.
const DefaultMaxTokens = 800

// Limits bound one call and all of them together. Zero fields take
// DefaultLimits.
type Limits struct {
	FirstToken    time.Duration // from the request to the first text
	BetweenTokens time.Duration // from one piece of text to the next
	Total         time.Duration // the whole reply, retries included
	Queue         time.Duration // waiting for a free place
	Concurrent    int           // calls at once
	Attempts      int           // requests in one call, the first included
	ReplyBytes    int           // longest reply, in bytes of its text
	OpenAfter     int           // failures in a row that open the breaker
	OpenFor       time.Duration // how long an open breaker refuses calls
}

// DefaultLimits suit a model that writes some 20 tokens a second.
var DefaultLimits = Limits{
	FirstToken: 20 * time.Second, BetweenTokens: 10 * time.Second, Total: 60 * time.Second, Queue: 10 * time.Second,
	Concurrent: 4, Attempts: 3, ReplyBytes: 32 << 10, OpenAfter: 5, OpenFor: 30 * time.Second,
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits
	for _, f := range []struct{ have, def *time.Duration }{
		{&l.FirstToken, &d.FirstToken}, {&l.BetweenTokens, &d.BetweenTokens}, {&l.Total, &d.Total}, {&l.Queue, &d.Queue}, {&l.OpenFor, &d.OpenFor},
	} {
		if *f.have <= 0 {
			*f.have = *f.def
		}
	}
	for _, f := range []struct{ have, def *int }{
		{&l.Concurrent, &d.Concurrent}, {&l.Attempts, &d.Attempts}, {&l.ReplyBytes, &d.ReplyBytes}, {&l.OpenAfter, &d.OpenAfter},
	} {
		if *f.have <= 0 {
			*f.have = *f.def
		}
	}
	return l
}

// Prompt is what the model is told, and what it is asked.
type Prompt struct {
	System string
	User   string
}

// Model is one configured language model. It may be used by many goroutines.
type Model struct {
	cfg     Config
	limits  Limits
	client  *openai.LLM
	http    *http.Client
	places  chan struct{}
	breaker *breaker
}

// New checks the configuration and returns the model; it sends nothing yet.
func New(cfg Config) (*Model, error) {
	if cfg.Kind == "" {
		cfg.Kind = KindOpenAI
	}
	if cfg.MaxTokens <= 0 {
		cfg.MaxTokens = DefaultMaxTokens
	}
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	m := &Model{cfg: cfg, limits: cfg.Limits.withDefaults()}
	m.places = make(chan struct{}, m.limits.Concurrent)
	m.breaker = newBreaker(m.limits.OpenAfter, m.limits.OpenFor)
	base := cfg.Transport
	if base == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConnsPerHost = m.limits.Concurrent
		base = own
	}
	m.http = &http.Client{
		Transport: &transport{base: base, attempts: m.limits.Attempts, anonymous: cfg.Key == ""},
		// A redirect would carry the key and the question to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	client, err := openai.New(m.options()...)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", cfg.Name, err)
	}
	m.client = client
	return m, nil
}

func (cfg *Config) validate() error {
	switch cfg.Kind {
	case KindOpenAI, KindAzure, KindOllama:
	default:
		return fmt.Errorf("model kind %q: use %s, %s or %s", cfg.Kind, KindOpenAI, KindAzure, KindOllama)
	}
	if cfg.Name == "" {
		return errors.New("model name is missing: name the model that the server is to use")
	}
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("model url %q: give the whole address, for example http://127.0.0.1:11434/v1", cfg.URL)
	}
	if u.User != nil {
		return errors.New("model url: leave name and password out, and set the key instead")
	}
	if cfg.Kind == KindAzure && cfg.Key == "" {
		return errors.New("model key is missing: Azure answers no call without one")
	}
	return nil
}

// options sets every field that langchaingo would read from the environment
// otherwise: only our own configuration counts.
func (m *Model) options() []openai.Option {
	base := strings.TrimRight(m.cfg.URL, "/")
	if m.cfg.Kind == KindOllama && !strings.HasSuffix(base, "/v1") {
		base += "/v1"
	}
	key := m.cfg.Key
	if key == "" {
		key = "none" // langchaingo refuses an empty one; the transport removes it
	}
	options := []openai.Option{
		openai.WithToken(key), openai.WithModel(m.cfg.Name), openai.WithBaseURL(base), openai.WithOrganization(""), openai.WithHTTPClient(m.http),
	}
	if m.cfg.Kind == KindAzure {
		version := m.cfg.APIVersion
		if version == "" {
			version = DefaultAPIVersion
		}
		options = append(options, openai.WithAPIType(openai.APITypeAzure), openai.WithAPIVersion(version))
	}
	return options
}

// Name is the model's name as configured, for logs and answers.
func (m *Model) Name() string { return m.cfg.Name }

// Close ends idle connections. Calls that are under way go on.
func (m *Model) Close() { m.http.CloseIdleConnections() }
