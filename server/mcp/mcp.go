// Package mcp offers Hjemmel's search, sources, comparison and answers as tools
// of the Model Context Protocol, to Copilot Studio and to clients on the desktop,
// over HTTP and over a pipe. It decides nothing itself: every call passes the
// policy, reads the collection with the eyes of the caller, and is audited with
// the way in "mcp". It keeps no session and no conversation: a client has its own.
package mcp

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/policy"
)

// Library is what the tools read of the collection. Look-ups of an unknown id, or
// one that the caller may not read, fail with corpus.ErrNotFound.
type Library interface {
	Document(ctx context.Context, id string) (corpus.Document, error)
	Section(ctx context.Context, id string) (corpus.Section, error)
	SectionsOf(ctx context.Context, docID string) ([]corpus.Section, error)
	References(ctx context.Context, sectionID string) ([]corpus.Reference, error)
	CitedBy(ctx context.Context, sectionID string) ([]corpus.Reference, error)
	Draft(ctx context.Context, name string, data []byte) (*corpus.Contents, error)
}

// Config is what the tools call. Recorder may be nil where nothing is recorded,
// Turn where nobody else waits, Observer where nothing is counted.
type Config struct {
	Version   string
	Assistant api.Assistant // audits its own answers, where anything is audited
	Gaps      api.GapChecker
	Searcher  api.Searcher
	Library   Library
	Check     func(string) policy.Verdict
	Recorder  *activity.Recorder
	Observer  api.Observer
	Logger    *slog.Logger
	// Turn waits for the right to do costly work: a place, and the caller's rate.
	Turn    func(ctx context.Context) (leave func(), err error)
	Answer  time.Duration // how long costly work may take; 0 for as long as it takes
	MaxBody int64         // bytes of one request over HTTP
}

// Server holds the tools.
type Server struct {
	Config
	server *sdk.Server
}

const instructions = `Hjemmel finder hjemlen i lovgivning og kommunens egne vejledninger.

- Find bestemmelser med search, læs dem hele med get_section, og citér dem ordret med henvisning ("reference").
- Spørg med ask, når der skal et samlet svar med kilder til. Hver sætning bærer numrene på sine kilder. Er der ingen kilde, er der intet svar: gæt ikke.
- Tjek et udkasts henvisninger med check_references, og hold det op mod loven med find_gaps.
- Send aldrig CPR-numre, navne eller oplysninger om en bestemt borgers sag: kaldet afvises og siger, hvad der kan gøres i stedet.
- Svar er forslag til en sagsbehandler, ikke afgørelser.`

// New returns the tools over cfg.
func New(cfg Config) *Server {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Turn == nil {
		cfg.Turn = func(context.Context) (func(), error) { return func() {}, nil }
	}
	s := &Server{Config: cfg}
	s.server = sdk.NewServer(
		&sdk.Implementation{Name: "hjemmel", Title: "Hjemmel", Version: cfg.Version},
		&sdk.ServerOptions{Instructions: instructions, Capabilities: &sdk.ServerCapabilities{Tools: &sdk.ToolCapabilities{}}},
	)
	s.addSearch()
	s.addSection()
	s.addGaps()
	s.addAnswers()
	return s
}

// Handler answers over HTTP, each request on its own: whom it acts for stands in
// its context, and no session can outlive a key or pass from one caller to
// another. The caller must guard hosts and origins.
func (s *Server) Handler() http.Handler {
	return sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return s.server }, &sdk.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, MaxRequestBodyBytes: s.MaxBody, PropagateRequestCancellation: true,
		DisableLocalhostProtection: true, // package server checks the host, and knows the names of proxies
	})
}

// Serve answers the one client at the other end of in and out, for whom ctx
// acts, until it leaves or ctx ends.
func (s *Server) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	session, err := s.server.Connect(ctx, &sdk.IOTransport{Reader: io.NopCloser(in), Writer: keepOpen{out}}, nil)
	if err != nil {
		return err
	}
	left := make(chan error, 1)
	go func() { left <- session.Wait() }()
	select {
	case err := <-left:
		return err
	case <-ctx.Done():
		return session.Close()
	}
}

// keepOpen is a writer that its user must not close.
type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }
