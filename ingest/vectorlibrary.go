package ingest

import (
	"context"
	"log/slog"
	"path/filepath"

	"github.com/hjemmel/hjemmel/ingest/vectors"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/embed"
	"github.com/hjemmel/hjemmel/retrieval/vector/exact"
)

// VectorFolder is the vector index's folder in the data folder. It may be
// deleted: it is built again from the vectors in the store.
const VectorFolder = "vectors"

// Option changes how a data folder is opened.
type Option func(*options)

type options struct {
	embedder embed.Embedder
	log      *slog.Logger
}

// WithEmbedder opens the vectors of a model too. A writer logs to log.
func WithEmbedder(e embed.Embedder, log *slog.Logger) Option {
	return func(o *options) { o.embedder, o.log = e, log }
}

// openVectors fills in the fields of the Library that are about vectors.
func (l *Library) openVectors(readOnly bool, opts []Option) (err error) {
	var o options
	for _, set := range opts {
		set(&o)
	}
	if o.embedder == nil {
		return nil
	}
	l.exact, err = exact.Open(filepath.Join(l.dir, VectorFolder), exact.Options{
		Model: o.embedder.Model(), Dim: o.embedder.Dim(), ReadOnly: readOnly,
	})
	if err != nil {
		return err
	}
	l.Embedder, l.Vectors = embed.Remember(o.embedder), l.exact
	if readOnly {
		l.searchVectors()
		return nil
	}
	l.Builder = vectors.NewBuilder(l.Store, l.exact, o.embedder, o.log)
	l.Vectors = l.Builder.Wanting(l.exact)
	l.searchVectors()
	l.Pipeline.settle = func(ctx context.Context) error {
		defer l.Builder.Wake()
		return l.Builder.Sync(ctx)
	}
	return nil
}

// searchVectors lets the engine search by meaning as well.
func (l *Library) searchVectors() {
	l.Engine.SetVectors(retrieval.Vectors{
		Index: l.Vectors, Embedder: l.Embedder,
		Coverage: func(ctx context.Context) (retrieval.Coverage, error) {
			p, err := l.VectorProgress(ctx)
			return retrieval.Coverage{Done: p.Done, Total: p.Total}, err
		},
	})
}

// VectorProgress says how many passages have vectors in the index: what hybrid
// search can see. It is zero where the folder was opened without a model.
func (l *Library) VectorProgress(ctx context.Context) (vectors.Progress, error) {
	if l.exact == nil {
		return vectors.Progress{}, nil
	}
	if l.Builder != nil {
		if p := l.Builder.Progress(); p.Total > 0 {
			return p, nil
		}
	}
	totals, err := l.Totals(ctx)
	return vectors.Progress{Model: l.Embedder.Model(), Done: min(l.exact.Len(), totals.Passages), Total: totals.Passages}, err
}

// Busy says that a question is being answered, until done is called: embedding
// waits meanwhile.
func (l *Library) Busy() (done func()) {
	if l.Builder == nil {
		return func() {}
	}
	return l.Builder.Busy()
}
