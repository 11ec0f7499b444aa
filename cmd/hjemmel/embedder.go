package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/pflag"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/embed"
	"github.com/hjemmel/hjemmel/retrieval/embed/e5"
	"github.com/hjemmel/hjemmel/retrieval/embed/remote"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/llm"
)

// embedSettings say which server embeds, where the built-in model does not.
type embedSettings struct {
	URL, Model, QueryModel, Key, KeyEnv, APIVersion string
	QueryPrefix, PassagePrefix                      string

	Dimensions int
}

// The kinds of embedder.
const (
	embedBuiltin = "builtin"
	embedOpenAI  = "openai"
	embedAzure   = "azure"
	embedOllama  = "ollama"
	embedNone    = "none"
)

const ollamaURL = "http://127.0.0.1:11434/v1"

// embedFlags are the settings of the embedder, in the order of the README.
var embedFlags = []string{"embedder", "embed-url", "embed-model", "embed-query-model", "embed-key", "embed-key-env", "embed-dimensions",
	"embed-query-prefix", "embed-passage-prefix", "embed-api-version"}

func (s *embedSettings) addFlags(f *pflag.FlagSet) {
	f.StringVar(&s.URL, "embed-url", "", "`address` of the server that embeds, with /v1 (default for ollama "+ollamaURL+")")
	f.StringVar(&s.Model, "embed-model", "", "`name` of its model (of azure: of its deployment)")
	f.StringVar(&s.QueryModel, "embed-query-model", "", "`name` of the model for questions, where it has another one")
	f.StringVar(&s.Key, "embed-key", "", "`key` for the server; better kept out of files, by embed_key_env")
	f.StringVar(&s.KeyEnv, "embed-key-env", "", "environment `variable` that holds the key")
	f.IntVar(&s.Dimensions, "embed-dimensions", 0, "how many `components` a vector has; 0 asks the server")
	f.StringVar(&s.QueryPrefix, "embed-query-prefix", "", "`text` before every question, where the model was trained with one")
	f.StringVar(&s.PassagePrefix, "embed-passage-prefix", "", "`text` before every passage")
	f.StringVar(&s.APIVersion, "embed-api-version", llm.DefaultAPIVersion, "`version` of Azure's API")
}

// embedder returns the model of the settings, nil for none. A server is asked for
// a vector, so that a wrong address, key or model shows at once; one that does not
// answer is no hindrance where the settings say how large its vectors are, as
// search goes on by words. The connections end with the command.
func (a *app) embedder(ctx context.Context, log *slog.Logger) (embed.Embedder, error) {
	s := &a.config.Embed
	c := remote.Config{
		URL: s.URL, Model: s.Model, QueryModel: s.QueryModel, Dimensions: s.Dimensions,
		QueryPrefix: s.QueryPrefix, PassagePrefix: s.PassagePrefix,
	}
	switch a.config.Embedder {
	case embedBuiltin:
		return e5.New(), nil
	case embedNone:
		return nil, nil
	case embedOllama:
		if c.URL == "" {
			c.URL = ollamaURL
		}
	case embedAzure:
		c.AzureVersion = s.APIVersion
	case embedOpenAI:
	default:
		return nil, fmt.Errorf("embedder %q: use builtin, openai, azure, ollama or none", a.config.Embedder)
	}
	var err error
	if c.Key, err = a.secret(s.Key, s.KeyEnv, "embed_key_env"); err != nil {
		return nil, err
	}
	e, err := remote.New(c)
	if err != nil {
		return nil, fmt.Errorf("embed_url and embed_model: %w", err)
	}
	a.atEnd = append(a.atEnd, e.Close)
	return e, checkEmbedder(ctx, e, log)
}

// kernels names the instructions of the built-in model, "" where another embeds.
func kernels(e embed.Embedder) string {
	if builtin, ok := e.(*e5.Embedder); ok {
		return builtin.Kernels()
	}
	return ""
}

// checkTimeout is how long a start waits for the server that embeds.
const checkTimeout = 15 * time.Second

func checkEmbedder(ctx context.Context, e *remote.Embedder, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	switch err := e.Check(ctx); {
	case err != nil && e.Dim() == 0:
		return fmt.Errorf("%w\nset embed_dimensions to start without it", err)
	case err != nil:
		log.Warn("the embedding server does not answer: search goes by words until it does", "error", err)
	}
	return nil
}

// vectors opens a data folder with the model's vectors.
func (a *app) vectors(ctx context.Context, log *slog.Logger) ([]ingest.Option, error) {
	e, err := a.embedder(ctx, log)
	if err != nil {
		return nil, err
	}
	opts := []ingest.Option{ingest.WithEmbedder(e, log)}
	remote, err := a.config.Qdrant.option()
	switch {
	case err != nil:
		return nil, err
	case remote == nil:
		return opts, nil
	case e == nil && !a.config.ReadOnly:
		return nil, errors.New("vector_index qdrant needs an embedder: set embedder to builtin, or vector_index to exact")
	}
	return append(opts, remote), nil
}

// quietVectors is for commands whose output is not a log: what goes wrong with
// vectors reaches them as an error.
func (a *app) quietVectors(ctx context.Context) ([]ingest.Option, error) {
	return a.vectors(ctx, slog.New(slog.DiscardHandler))
}

// patientAssistant lets embedding wait while it answers.
type patientAssistant struct {
	*assistant.Assistant
	lib *ingest.Library
}

func (p patientAssistant) Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
	defer p.lib.Busy()()
	return p.Assistant.Ask(ctx, req, emit)
}

func (p patientAssistant) Summarize(ctx context.Context, req assistant.SummaryRequest, emit func(assistant.Event) error) (assistant.Answer, error) {
	defer p.lib.Busy()()
	return p.Assistant.Summarize(ctx, req, emit)
}

// patientSearcher lets embedding wait while it searches.
type patientSearcher struct {
	*retrieval.Engine
	lib *ingest.Library
}

func (p patientSearcher) Search(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
	defer p.lib.Busy()()
	return p.Engine.Search(ctx, q)
}
