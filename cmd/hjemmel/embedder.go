package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/embed"
	"github.com/hjemmel/hjemmel/retrieval/embed/e5"
	"github.com/hjemmel/hjemmel/server/assistant"
)

// embedder returns the model of the setting, nil for none.
func (a *app) embedder() (embed.Embedder, error) {
	switch a.config.Embedder {
	case "builtin":
		return e5.New(), nil
	case "none":
		return nil, nil
	}
	return nil, fmt.Errorf("embedder %q: use builtin or none", a.config.Embedder)
}

// vectors opens a data folder with the model's vectors.
func (a *app) vectors(log *slog.Logger) ([]ingest.Option, error) {
	e, err := a.embedder()
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
func (a *app) quietVectors() ([]ingest.Option, error) {
	return a.vectors(slog.New(slog.DiscardHandler))
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
