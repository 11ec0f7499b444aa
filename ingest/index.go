package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
)

// Index is what the pipeline keeps in step with the store: *lexical.Index.
type Index interface {
	Revisions(ctx context.Context) (map[string]int64, error)
	PutMany(ctx context.Context, docs []lexical.DocumentEntries) error
	Delete(ctx context.Context, document string) error
}

// batchPassages is how many passages go into the index at once: larger batches
// index faster and make a search wait longer for the first document.
const batchPassages = 3000

// Sync brings the index to the state of the store: it indexes what is missing
// or older, and deletes what the store no longer has. It is what a start after
// a kill needs, and what every run does after its writes.
func (p *Pipeline) Sync(ctx context.Context, progress func(Progress)) error {
	p.turn.Lock()
	defer p.turn.Unlock()
	return p.sync(ctx, progress)
}

func (p *Pipeline) sync(ctx context.Context, progress func(Progress)) error {
	ctx = corpus.AsOperator(ctx)
	want, err := p.store.Revisions(ctx)
	if err != nil {
		return fmt.Errorf("bringing the index up to date: %w", err)
	}
	have, err := p.index.Revisions(ctx)
	if err != nil {
		return fmt.Errorf("bringing the index up to date: %w", err)
	}
	for id := range have {
		if _, ok := want[id]; ok {
			continue
		}
		if err := p.index.Delete(ctx, id); err != nil {
			return fmt.Errorf("removing %s from the index: %w", id, err)
		}
	}
	var stale []string
	for id, revision := range want {
		if have[id] != revision {
			stale = append(stale, id)
		}
	}
	return p.indexAll(ctx, stale, progress)
}

func (p *Pipeline) indexAll(ctx context.Context, ids []string, progress func(Progress)) error {
	var batch []lexical.DocumentEntries
	passages := 0
	for i, id := range ids {
		doc, err := p.entries(ctx, id)
		if errors.Is(err, corpus.ErrNotFound) {
			continue // deleted meanwhile: the next Sync removes it
		}
		if err != nil {
			return err
		}
		batch = append(batch, doc)
		for _, e := range doc.Entries {
			passages += len(e.Passages)
		}
		if passages < batchPassages && i+1 < len(ids) {
			continue
		}
		if err := p.index.PutMany(ctx, batch); err != nil {
			return fmt.Errorf("indexing: %w", err)
		}
		if progress != nil {
			progress(Progress{Phase: Indexing, Done: i + 1, Total: len(ids)})
		}
		batch, passages = nil, 0
	}
	return nil
}

// entries loads a document as the index takes it.
func (p *Pipeline) entries(ctx context.Context, id string) (lexical.DocumentEntries, error) {
	doc, err := p.store.Document(ctx, id)
	if err != nil {
		return lexical.DocumentEntries{}, err
	}
	sections, err := p.store.SectionsOf(ctx, id)
	if err != nil {
		return lexical.DocumentEntries{}, err
	}
	passages, err := p.store.PassagesOf(ctx, id)
	if err != nil {
		return lexical.DocumentEntries{}, err
	}
	bySection := make(map[string][]corpus.Passage, len(sections))
	for _, passage := range passages {
		bySection[passage.Section] = append(bySection[passage.Section], passage)
	}
	entries := make([]lexical.Entry, len(sections))
	for i, section := range sections {
		entries[i] = lexical.Entry{Section: section, Document: doc, Passages: bySection[section.ID]}
	}
	return lexical.DocumentEntries{Document: doc, Entries: entries}, nil
}

// indexer brings the index up to date beside a run, each time it is woken.
type indexer struct {
	signal chan struct{}
	done   sync.WaitGroup
	err    error
}

func startIndexer(ctx context.Context, p *Pipeline, progress func(Progress)) *indexer {
	x := &indexer{signal: make(chan struct{}, 1)}
	x.done.Go(func() {
		for range x.signal {
			if x.err == nil {
				x.err = p.sync(ctx, nil)
			}
		}
		if x.err == nil {
			x.err = p.sync(ctx, progress)
		}
	})
	return x
}

// wake says that the store has changed; it never waits.
func (x *indexer) wake() {
	select {
	case x.signal <- struct{}{}:
	default: // it will see this change too
	}
}

// finish waits until the index holds all that was stored. After an abandoned
// run it only waits for the work under way, and its error is not news.
func (x *indexer) finish(abandoned bool) error {
	close(x.signal)
	x.done.Wait()
	if abandoned {
		return nil
	}
	return x.err
}
