package ingest

import (
	"context"
	"log/slog"
	"path/filepath"

	"github.com/hjemmel/hjemmel/ingest/vectors"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/embed"
	"github.com/hjemmel/hjemmel/retrieval/vector"
	"github.com/hjemmel/hjemmel/retrieval/vector/exact"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant"
)

// VectorFolder is the vector index's folder in the data folder. It may be
// deleted: it is built again from the vectors in the store.
const VectorFolder = "vectors"

// Option changes how a data folder is opened.
type Option func(*options)

type options struct {
	embedder embed.Embedder
	log      *slog.Logger
	qdrant   *qdrant.Options
}

// WithEmbedder opens the vectors of a model too. What goes wrong with them in the
// background or in a search is told to log.
func WithEmbedder(e embed.Embedder, log *slog.Logger) Option {
	return func(o *options) { o.embedder, o.log = e, log }
}

func collectOptions(opts []Option) options {
	o := options{log: slog.New(slog.DiscardHandler)}
	for _, set := range opts {
		set(&o)
	}
	return o
}

// openVectors fills in the fields of the Library that are about vectors.
func (l *Library) openVectors(ctx context.Context, readOnly bool, opts []Option) (err error) {
	o := collectOptions(opts)
	if o.embedder == nil {
		return nil
	}
	var index vector.Index
	if o.qdrant != nil {
		index, err = l.openQdrant(ctx, readOnly, &o)
	} else {
		index, err = l.openExact(readOnly, &o)
	}
	if err != nil {
		return err
	}
	l.Embedder, l.Vectors = embed.Remember(o.embedder), index
	if readOnly {
		l.searchVectors(o.log)
		return nil
	}
	l.Builder = vectors.NewBuilder(l.Store, index, o.embedder, o.log)
	l.Builder.Words = l.qdrant != nil
	l.Vectors = l.Builder.Wanting(index)
	l.searchVectors(o.log)
	l.Pipeline.settle = l.settleVectors
	if l.qdrant != nil {
		l.Pipeline.settle = func(ctx context.Context) error { return l.settleQdrant(ctx, o.log) }
	}
	return nil
}

func (l *Library) openExact(readOnly bool, o *options) (index vector.Index, err error) {
	l.exact, err = exact.Open(filepath.Join(l.dir, VectorFolder), exact.Options{
		Model: o.embedder.Model(), Dim: o.embedder.Dim(), ReadOnly: readOnly,
	})
	return l.exact, err
}

// settleVectors lets the vectors follow a change of the store.
func (l *Library) settleVectors(ctx context.Context) error {
	defer l.Builder.Wake()
	return l.Builder.Sync(corpus.AsOperator(ctx))
}

// searchVectors lets the engine search by meaning as well.
func (l *Library) searchVectors(log *slog.Logger) {
	l.Engine.SetVectors(retrieval.Vectors{
		Index: l.Vectors, Embedder: l.Embedder, Log: log,
		Coverage: func(ctx context.Context) (retrieval.Coverage, error) {
			p, err := l.VectorProgress(ctx)
			return retrieval.Coverage{Done: p.Done, Total: p.Total}, err
		},
	})
}

// VectorProgress says how many passages have vectors in the index: what hybrid
// search can see. It counts what the reader of ctx may see, and is zero where the
// folder was opened without a model.
func (l *Library) VectorProgress(ctx context.Context) (vectors.Progress, error) {
	if l.Vectors == nil {
		return vectors.Progress{}, nil
	}
	reader := corpus.ReaderOf(ctx)
	if l.Builder != nil && reader.Everything {
		if p := l.Builder.Progress(); p.Total > 0 {
			return p, nil
		}
	}
	n, err := l.countVectors(ctx, reader)
	if err != nil {
		return vectors.Progress{}, err
	}
	totals, err := l.Totals(ctx)
	return vectors.Progress{Model: l.Embedder.Model(), Done: min(n, totals.Passages), Total: totals.Passages}, err
}

func (l *Library) countVectors(ctx context.Context, r corpus.Reader) (int, error) {
	if l.qdrant != nil {
		return l.qdrant.Count(ctx, r)
	}
	return l.exact.LenFor(r), nil
}

// Busy says that a question is being answered, until done is called: embedding
// waits meanwhile.
func (l *Library) Busy() (done func()) {
	if l.Builder == nil {
		return func() {}
	}
	return l.Builder.Busy()
}
