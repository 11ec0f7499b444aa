// Package vectors embeds the passages of the store in the background and keeps
// the vector index in step with what is embedded. The vectors themselves are in
// the store: what is computed once is kept, whatever becomes of the index or of
// this process. It neither ranks nor knows a model; package embed does.
package vectors

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/embed"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// Builder embeds what has no vector yet: what questions wanted first, then the
// most cited documents. It is safe for concurrent use; there must be one for a
// data folder, in the process that may write to it.
type Builder struct {
	// Words says that the index also holds the passages' words, so that a document
	// belongs into it before it has vectors.
	Words bool

	store *corpus.Store
	index vector.Index
	model embed.Embedder
	log   *slog.Logger

	syncing sync.Mutex // one Sync at a time
	synced  int64      // the store's last revision, at the last one; guarded by syncing
	wake    chan struct{}
	running atomic.Bool

	mu        sync.Mutex // guards what follows
	lacking   map[string]lack
	changed   []string // documents that have got vectors since the last Sync
	missing   int      // sum over lacking
	fresh     int      // texts embedded since lacking was counted
	total     int      // passages, at the last Sync
	queue     []string // documents of lacking, the most cited first; nil when it must be made anew
	counts    corpus.Citations
	countedAt time.Time
	wanted    []string // passages
	questions int      // being answered
	idle      chan struct{}
	interrupt context.CancelFunc // of the batch that is being embedded
	building  bool
	pace      pace
}

// lack is how many passages of a document have no vector, in a revision.
type lack struct {
	revision int64
	passages int
}

// NewBuilder returns a builder that reads and fills store, and fills index.
func NewBuilder(store *corpus.Store, index vector.Index, model embed.Embedder, log *slog.Logger) *Builder {
	return &Builder{store: store, index: index, model: model, log: log, synced: -1, wake: make(chan struct{}, 1), lacking: map[string]lack{}}
}

// Run waits after a failure, of a remote model or index say: longer each time.
const (
	firstPause = 2 * time.Second
	maxPause   = time.Minute
)

// Run embeds until ctx ends, and sleeps while nothing is left to do. Its caller
// waits for it before it closes store and index.
func (b *Builder) Run(ctx context.Context) {
	b.running.Store(true)
	defer b.running.Store(false)
	pause := firstPause
	for {
		err := b.Build(ctx, nil)
		if ctx.Err() != nil {
			return
		}
		var retry <-chan time.Time
		if err != nil {
			b.log.Error("embedding stopped; it will be tried again", "pause", pause.String(), "error", err)
			retry = time.After(pause)
			pause = min(2*pause, maxPause)
		} else {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
			return
		case <-retry:
		case <-b.wake:
		}
	}
}

// Running tells whether Run runs, and so does what could not be done elsewhere.
func (b *Builder) Running() bool { return b.running.Load() }

// Wake tells Run that the store has changed; it never waits.
func (b *Builder) Wake() {
	select {
	case b.wake <- struct{}{}:
	default: // it will see this change too
	}
}

// Build embeds until nothing is left, then removes the vectors of other models.
// progress, if not nil, is told after every batch. What was embedded before an
// error, or the end of ctx, is kept.
func (b *Builder) Build(ctx context.Context, progress func(Progress)) error {
	b.setBuilding(true)
	defer b.setBuilding(false)
	for {
		if err := b.Sync(ctx); err != nil {
			return err
		}
		b.counted()
		work, err := b.next(ctx)
		if err != nil {
			return fmt.Errorf("choosing what to embed: %w", err)
		}
		if work == nil {
			return b.finish(ctx)
		}
		if err := b.embed(ctx, work, progress); err != nil {
			return err
		}
	}
}

func (b *Builder) setBuilding(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.building = on
	if on {
		b.pace.start(time.Now())
	}
}

// counted says that what was embedded is now counted in lacking.
func (b *Builder) counted() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fresh = 0
}

// finish says that every passage has its vector.
func (b *Builder) finish(ctx context.Context) error {
	if index, ok := b.index.(interface {
		Completed(ctx context.Context) error
	}); ok {
		if err := index.Completed(ctx); err != nil {
			return err
		}
	}
	return b.dropOthers(ctx)
}

// dropOthers ends a change of model: until the new vectors were complete, the
// old ones could have been needed to go back.
func (b *Builder) dropOthers(ctx context.Context) error {
	models, err := b.store.OtherModels(ctx, b.model.Model())
	if err != nil {
		return err
	}
	for _, model := range models {
		if err := b.store.DropModel(ctx, model); err != nil {
			return err
		}
		b.log.Info("vectors of another model removed", "model", model)
	}
	return nil
}

// Sync brings the index to the state of the store, without embedding anything.
// A document that still lacks vectors is indexed with those it has, as revision
// 0, so that it is looked at again after a restart.
func (b *Builder) Sync(ctx context.Context) error {
	b.syncing.Lock()
	defer b.syncing.Unlock()
	if err := b.sync(ctx); err != nil {
		return fmt.Errorf("bringing the vectors up to date: %w", err)
	}
	return nil
}

func (b *Builder) sync(ctx context.Context) error {
	last, err := b.store.LastRevision(ctx)
	if err != nil {
		return err
	}
	if last != b.synced {
		if err := b.syncAll(ctx); err != nil {
			return err
		}
		b.synced = last
	}
	for _, id := range b.takeChanged() {
		if err := b.load(ctx, id, true); err != nil && !errors.Is(err, corpus.ErrNotFound) {
			return err
		}
	}
	return nil
}

// syncAll compares every document of store and index.
func (b *Builder) syncAll(ctx context.Context) error {
	want, err := b.store.Revisions(ctx)
	if err != nil {
		return err
	}
	have, err := b.index.Revisions(ctx)
	if err != nil {
		return err
	}
	for id := range have {
		if _, ok := want[id]; !ok {
			if err := b.index.Delete(ctx, id); err != nil {
				return err
			}
		}
	}
	b.forget(want)
	for id, revision := range want {
		if have[id] == revision || b.known(id, revision) {
			continue
		}
		_, indexed := have[id]
		if err := b.load(ctx, id, indexed); err != nil && !errors.Is(err, corpus.ErrNotFound) {
			return err
		}
	}
	totals, err := b.store.Totals(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.total = totals.Passages
	return err
}

// load indexes the vectors that the store has of a document, and notes how many
// are missing.
func (b *Builder) load(ctx context.Context, id string, indexed bool) error {
	doc, err := b.store.Document(ctx, id)
	if err != nil {
		return err
	}
	passages, err := b.passages(ctx, id)
	if err != nil {
		return err
	}
	var items []vector.Item
	for _, p := range passages {
		if p.Codes != nil {
			items = append(items, vector.Item{Passage: p.Passage, Vector: decode(p.TextVector)})
		}
	}
	missing, revision := len(passages)-len(items), doc.Revision
	if missing > 0 {
		revision = 0
	}
	switch {
	case len(items) > 0 || missing == 0 || b.Words:
		err = b.index.Put(ctx, describe(&doc, revision), items)
	case indexed: // what it holds is of texts that are gone
		err = b.index.Delete(ctx, id)
	}
	if err == nil {
		b.note(id, lack{doc.Revision, missing})
	}
	return err
}

// passages returns a document's passages with their vectors, and sees to it
// that all of them have hashes.
func (b *Builder) passages(ctx context.Context, id string) ([]corpus.PassageVector, error) {
	list, err := b.store.VectorsOf(ctx, id, b.model.Model())
	if err != nil || len(list) == 0 || list[0].Text != (corpus.TextHash{}) {
		return list, err
	}
	if err := b.store.HashTexts(ctx, id); err != nil {
		return nil, err
	}
	return b.store.VectorsOf(ctx, id, b.model.Model())
}

func describe(d *corpus.Document, revision int64) vector.Document {
	return vector.Document{
		ID: d.ID, Revision: revision, Collection: d.Collection, Kind: d.Kind, From: d.InForceFrom, To: d.InForceTo, Groups: d.Groups,
	}
}

func decode(v corpus.TextVector) []float32 {
	out := make([]float32, len(v.Codes))
	for i, c := range v.Codes {
		out[i] = v.Scale * float32(int8(c))
	}
	return out
}

func encode(text corpus.TextHash, v []float32) corpus.TextVector {
	codes, scale := vector.Quantize(v)
	out := corpus.TextVector{Text: text, Scale: scale, Codes: make([]byte, len(codes))}
	for i, c := range codes {
		out.Codes[i] = byte(c)
	}
	return out
}

// known tells whether a document is already known to lack vectors.
func (b *Builder) known(id string, revision int64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.lacking[id]
	return ok && l.revision == revision
}

// note records what a document lacks.
func (b *Builder) note(id string, l lack) {
	b.mu.Lock()
	defer b.mu.Unlock()
	before, known := b.lacking[id]
	b.missing += l.passages - before.passages
	if l.passages == 0 {
		delete(b.lacking, id)
		return
	}
	b.lacking[id] = l
	if !known {
		b.queue = nil
	}
}

// forget drops what is known of documents that are gone.
func (b *Builder) forget(want map[string]int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, l := range b.lacking {
		if _, ok := want[id]; !ok {
			b.missing -= l.passages
			delete(b.lacking, id)
		}
	}
}
