package ingest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/ingest/vectors"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/embed"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/vector"
	"github.com/hjemmel/hjemmel/retrieval/vector/exact"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant"
)

// IndexFolder is the lexical index's folder in the data folder. It may be
// deleted: the next start builds it again from the store.
const IndexFolder = "bleve"

// Library is a data folder opened for use. One opened by OpenReader has no
// pipeline and must not be written to.
type Library struct {
	*corpus.Store
	Engine   *retrieval.Engine
	Pipeline *Pipeline

	// Embedder, Vectors and Builder are nil unless the folder was opened
	// WithEmbedder; a reader has no Builder. Candidates that a search of Vectors
	// names and that have no vector yet are embedded next.
	Embedder embed.Embedder
	Vectors  vector.Index
	Builder  *vectors.Builder

	// Discarded is why OpenWriter threw the word index away to make it anew; nil
	// where it could be used.
	Discarded error

	exact   *exact.Index  // what Vectors shows,
	qdrant  *qdrant.Index // or this
	dir     string
	index   *lexical.Index // nil in a replica
	lock    *corpus.Lock
	syncing atomic.Bool
	publish publisher
}

// OpenWriter opens the data folder for reading and writing, and creates what it
// lacks. An index that is damaged or was made by another analysis is made anew.
// The index may lag behind the store until Sync. It fails with a
// *corpus.LockedError where another process writes.
func OpenWriter(ctx context.Context, dir string, owner corpus.Owner, check func(text string) error, opts ...Option) (*Library, error) {
	lock, err := corpus.AcquireLock(dir, owner)
	if err != nil {
		return nil, err
	}
	store, err := corpus.Open(ctx, dir)
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	index, discarded, err := openIndex(filepath.Join(dir, IndexFolder))
	if err != nil {
		return nil, errors.Join(err, store.Close(), lock.Release())
	}
	lib := &Library{
		Store: store, Engine: retrieval.NewEngine(store, index), Pipeline: NewPipeline(store, index, check),
		dir: dir, index: index, lock: lock, Discarded: discarded,
	}
	if err := lib.openVectors(ctx, false, opts); err != nil {
		return nil, errors.Join(err, lib.Close())
	}
	return lib, nil
}

// openIndex opens the word index for writing; one that cannot be used is thrown
// away, and discarded says why.
func openIndex(dir string) (index *lexical.Index, discarded, err error) {
	index, err = lexical.Open(dir, false)
	if errors.Is(err, lexical.ErrCorrupt) || errors.Is(err, lexical.ErrVersion) {
		discarded = err
		if err := os.RemoveAll(dir); err != nil {
			return nil, nil, fmt.Errorf("removing the unusable index: %w", err)
		}
		index, err = lexical.Open(dir, false)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("opening the index %s: %w", dir, err)
	}
	return index, discarded, nil
}

// OpenReader opens an existing collection for reading, also while another
// process writes. If nobody writes and the index lags behind the store, after a
// kill say, it is brought up to date first.
func OpenReader(ctx context.Context, dir string, progress func(Progress), opts ...Option) (*Library, error) {
	lib, err := openReader(ctx, dir, progress)
	if err != nil {
		return nil, err
	}
	if err := lib.openVectors(ctx, true, opts); err != nil {
		return nil, errors.Join(err, lib.Close())
	}
	return lib, nil
}

func openReader(ctx context.Context, dir string, progress func(Progress)) (*Library, error) {
	store, err := corpus.OpenExisting(ctx, dir)
	if err != nil {
		return nil, err
	}
	lib := &Library{Store: store, dir: dir}
	if err := lib.openReadOnly(); err == nil && lib.inStep(ctx) {
		return lib, nil
	}
	if lib.index != nil {
		if err := lib.index.Close(); err != nil {
			return nil, errors.Join(err, store.Close())
		}
	}
	// Where another process writes, what the index holds now has to do.
	if err := mend(ctx, dir, progress); err != nil && !errors.As(err, new(*corpus.LockedError)) {
		return nil, errors.Join(err, store.Close())
	}
	if err := lib.openReadOnly(); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the index: %w", err), store.Close())
	}
	return lib, nil
}

func (l *Library) openReadOnly() (err error) {
	if l.index, err = lexical.Open(filepath.Join(l.dir, IndexFolder), true); err != nil {
		l.index = nil
		return err
	}
	l.Engine = retrieval.NewEngine(l.Store, l.index)
	return nil
}

func (l *Library) inStep(ctx context.Context) bool {
	want, err1 := l.Revisions(ctx)
	have, err2 := l.index.Revisions(ctx)
	return err1 == nil && err2 == nil && maps.Equal(want, have)
}

// mend brings the index of a folder up to date, if no other process writes.
func mend(ctx context.Context, dir string, progress func(Progress)) error {
	lib, err := OpenWriter(ctx, dir, corpus.Owner{Command: "reconcile"}, nil)
	if err != nil {
		return err
	}
	return errors.Join(lib.Sync(ctx, progress), lib.Close())
}

// Sync brings the index to the state of the store.
func (l *Library) Sync(ctx context.Context, progress func(Progress)) error {
	l.syncing.Store(true)
	defer l.syncing.Store(false)
	if err := l.Pipeline.Sync(ctx, progress); err != nil {
		return err
	}
	return l.publishWords(ctx)
}

// Syncing tells whether the index is being brought up to date at start.
func (l *Library) Syncing() bool { return l.syncing.Load() }

// SetGroups changes who may read a document, in store and indexes. It fails with
// corpus.ErrNotFound.
func (l *Library) SetGroups(ctx context.Context, id string, groups []string) error {
	l.Pipeline.turn.Lock()
	defer l.Pipeline.turn.Unlock()
	if _, err := l.Document(ctx, id); err != nil {
		return err
	}
	if err := l.Store.SetGroups(ctx, id, tidyGroups(groups)); err != nil {
		return err
	}
	return errors.Join(l.Pipeline.sync(ctx, nil), l.Pipeline.settle(ctx))
}

// SetOwner rewrites what the lock file says, once the address is known.
func (l *Library) SetOwner(owner corpus.Owner) error { return l.lock.Describe(owner) }

// Delete removes a document from the store and the index. It fails with
// corpus.ErrNotFound, also where the reader of ctx may not read it.
func (l *Library) Delete(ctx context.Context, id string) error {
	l.Pipeline.turn.Lock()
	defer l.Pipeline.turn.Unlock()
	if _, err := l.Document(ctx, id); err != nil {
		return err
	}
	if err := l.Store.Delete(ctx, id); err != nil {
		return err
	}
	// The other versions of an act are dated anew, so more than one may change.
	return errors.Join(l.Pipeline.sync(ctx, nil), l.Pipeline.settle(ctx))
}

// DeleteSamples removes the sample documents and returns how many there were.
func (l *Library) DeleteSamples(ctx context.Context) (int, error) {
	l.Pipeline.turn.Lock()
	defer l.Pipeline.turn.Unlock()
	n, err := l.Store.DeleteSamples(ctx)
	if err != nil {
		return n, err
	}
	return n, errors.Join(l.Pipeline.sync(ctx, nil), l.Pipeline.settle(ctx))
}

// ErrNoPages is returned by PageImage for a document that is not a PDF.
var ErrNoPages = errors.New("dokumentet har ingen sider at vise: kun PDF-filer har sidebilleder")

// PageImage draws a page of a PDF as PNG, width pixels wide.
func (l *Library) PageImage(ctx context.Context, id string, page, width int) ([]byte, error) {
	data, media, err := l.Original(ctx, id)
	if err != nil {
		return nil, err
	}
	if media != "application/pdf" {
		return nil, fmt.Errorf("%s: %w", id, ErrNoPages)
	}
	return parse.RenderPage(ctx, data, page, width)
}

// Close releases the indexes, the store and the lock, in this order. Whoever runs
// Builder has stopped it before.
func (l *Library) Close() error {
	if l.Engine != nil {
		l.Engine.Close()
	}
	var err error
	if l.exact != nil {
		err = l.exact.Close()
	}
	if l.qdrant != nil {
		err = l.qdrant.Close()
	}
	if l.index != nil {
		err = errors.Join(err, l.index.Close())
	}
	err = errors.Join(err, l.Store.Close())
	if l.lock != nil {
		err = errors.Join(err, l.lock.Release())
	}
	return err
}
