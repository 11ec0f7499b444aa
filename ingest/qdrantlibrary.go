package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/vector"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant"
)

// WithQdrant keeps vectors and words in Qdrant, besides WithEmbedder. Model, Dim,
// ReadOnly and Texts are filled in.
func WithQdrant(o qdrant.Options) Option { return func(to *options) { to.qdrant = &o } }

func (l *Library) openQdrant(ctx context.Context, readOnly bool, o *options) (vector.Index, error) {
	settings := *o.qdrant
	settings.ReadOnly = readOnly
	if o.embedder != nil {
		settings.Model, settings.Dim = o.embedder.Model(), o.embedder.Dim()
	}
	if !readOnly {
		settings.Texts = l.texts
	}
	var err error
	l.qdrant, err = qdrant.Open(ctx, settings)
	return l.qdrant, err
}

// texts weighs the words of a document's passages.
func (l *Library) texts(ctx context.Context, id string) ([]qdrant.Text, error) {
	doc, err := l.Document(ctx, id)
	if errors.Is(err, corpus.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	passages, err := l.PassagesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]qdrant.Text, len(passages))
	for i := range passages {
		out[i] = qdrant.Text{Passage: passages[i].ID, Weighted: lexical.PassageVectors(&doc, &passages[i])}
	}
	return out, nil
}

// settleTimeout bounds how long an upload waits for Qdrant.
const settleTimeout = 20 * time.Second

// settleQdrant lets Qdrant follow a change of the store. A server goes on where
// Qdrant is away: its store and its own index have the change already, and the
// builder tries again.
func (l *Library) settleQdrant(ctx context.Context, log *slog.Logger) error {
	ctx = corpus.AsOperator(ctx)
	if !l.Builder.Running() {
		return errors.Join(l.Builder.Sync(ctx), l.publishWords(ctx))
	}
	defer l.Builder.Wake()
	short, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	err := l.Builder.Sync(short)
	if err == nil {
		err = l.publishWords(short)
	}
	if err != nil && ctx.Err() == nil {
		log.Error("qdrant does not follow the collection; it will be tried again", "error", err)
		return nil
	}
	return err
}

// publisher bounds how often the vocabulary is published.
type publisher struct {
	mu   sync.Mutex
	rest time.Time
}

// publishRest is how many times the duration of publishing lies between two: in
// a large collection it takes seconds, and one document more hardly changes it.
const publishRest = 20

// publishWords lets replicas know the vocabulary of the collection.
func (l *Library) publishWords(ctx context.Context) error {
	if l.qdrant == nil {
		return nil
	}
	l.publish.mu.Lock()
	defer l.publish.mu.Unlock()
	start := time.Now()
	if start.Before(l.publish.rest) {
		return nil
	}
	v, err := l.index.Vocabulary()
	if err == nil {
		err = l.qdrant.PutVocabulary(ctx, v)
	}
	if err != nil {
		return err
	}
	l.publish.rest = time.Now().Add(publishRest * time.Since(start))
	return nil
}

// ErrNoQdrant is returned by OpenReplica without WithQdrant.
var ErrNoQdrant = errors.New("a read-only server finds its passages in qdrant: set vector_index to qdrant")

// OpenReplica opens the collection that another process writes, to answer from
// it: texts from the shared store, all searches from Qdrant. It has no index, no
// pipeline and no lock. What the writer adds is there as soon as it is in Qdrant.
func OpenReplica(ctx context.Context, dir string, opts ...Option) (*Library, error) {
	o := collectOptions(opts)
	if o.qdrant == nil {
		return nil, ErrNoQdrant
	}
	store, err := corpus.OpenShared(ctx, dir)
	if err != nil {
		return nil, err
	}
	lib := &Library{Store: store, dir: dir}
	index, err := lib.openQdrant(ctx, true, &o)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	lib.Engine = retrieval.NewEngine(store, lib.qdrant.Words())
	if o.embedder != nil {
		lib.Embedder, lib.Vectors = o.embedder, index
		lib.searchVectors(o.log)
	}
	return lib, nil
}

// IndexHealth fails where Qdrant, if it is used, does not answer.
func (l *Library) IndexHealth(ctx context.Context) error {
	if l.qdrant == nil {
		return nil
	}
	if err := l.qdrant.Health(ctx); err != nil {
		return fmt.Errorf("the index: %w", err)
	}
	return nil
}
