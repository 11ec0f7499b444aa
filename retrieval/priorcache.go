package retrieval

import (
	"context"
	"sync"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

const (
	// staleFor is how long counts are used after the store has changed. Counting
	// takes seconds in a large collection, and an ingest changes the store all the
	// time; a prior that is half a minute old ranks as well.
	staleFor = 30 * time.Second
	// maxDays are kept at once: today and what people look back to, for each set of
	// documents that people may see.
	maxDays = 16
)

// dayView is what counts differ by: which day, and which documents are seen.
type dayView struct {
	day  corpus.Date
	view string // corpus.Store.View
}

// priorCache keeps what the document prior asks of the store. Counts that are
// too old are used once more while they are made anew in the background.
type priorCache struct {
	background sync.WaitGroup
	counting   sync.Mutex // one count at a time
	closed     chan struct{}

	mu        sync.Mutex
	days      map[dayView]dayCounts
	documents map[string]corpus.Document // id and family only; read anew with every count
}

type dayCounts struct {
	revision int64
	read     time.Time
	counts   corpus.Citations
	renewing bool
}

// citations returns the counts of the reference graph as of day, by what the
// reader of ctx sees.
func (c *priorCache) citations(ctx context.Context, store Store, day corpus.Date) (corpus.Citations, error) {
	revision, err := store.LastRevision(ctx)
	if err != nil {
		return corpus.Citations{}, err
	}
	view, err := store.View(ctx)
	if err != nil {
		return corpus.Citations{}, err
	}
	at := dayView{day, view}
	c.mu.Lock()
	defer c.mu.Unlock()
	have, ok := c.days[at]
	switch {
	case !ok:
		c.mu.Unlock()
		counts, err := c.count(ctx, store, at, revision)
		c.mu.Lock()
		return counts, err
	case have.revision != revision && time.Since(have.read) >= staleFor && !have.renewing:
		have.renewing = true
		c.days[at] = have
		c.background.Go(func() { c.renew(ctx, store, at, revision) })
	}
	return have.counts, nil
}

// count counts the citations of a day, as a view shows them, and keeps them.
func (c *priorCache) count(ctx context.Context, store Store, at dayView, revision int64) (corpus.Citations, error) {
	c.counting.Lock()
	defer c.counting.Unlock()
	c.mu.Lock()
	have, ok := c.days[at]
	c.mu.Unlock()
	if ok && have.revision >= revision {
		return have.counts, nil // another search counted meanwhile
	}
	counts, err := store.Citations(ctx, at.day)
	if err != nil {
		return corpus.Citations{}, err
	}
	families, err := store.Families(corpus.AsOperator(ctx)) // only of documents that the index let the reader find
	if err != nil {
		return corpus.Citations{}, err
	}
	documents := make(map[string]corpus.Document, len(families))
	for id, family := range families {
		documents[id] = corpus.Document{ID: id, Family: family}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.days == nil || len(c.days) >= maxDays && !ok {
		c.days = map[dayView]dayCounts{}
	}
	c.days[at] = dayCounts{revision: revision, read: time.Now(), counts: counts}
	c.documents = documents
	return counts, nil
}

// renew replaces counts beside the search that found them old, which it outlives.
// Where it fails, the next search tries again.
func (c *priorCache) renew(ctx context.Context, store Store, at dayView, revision int64) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	done := make(chan struct{})
	defer close(done)
	c.background.Go(func() {
		select {
		case <-c.closed:
			cancel()
		case <-done:
		}
	})
	if _, err := c.count(ctx, store, at, revision); err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		if have, ok := c.days[at]; ok {
			have.renewing = false
			c.days[at] = have
		}
	}
}

// document returns the id and family of a document. One that was deleted since
// has neither; it is dropped when the hit is shown.
func (c *priorCache) document(ctx context.Context, store Store, id string) corpus.Document {
	c.mu.Lock()
	doc, ok := c.documents[id]
	c.mu.Unlock()
	if ok {
		return doc
	}
	read, err := store.Document(ctx, id)
	if err != nil {
		return corpus.Document{}
	}
	doc = corpus.Document{ID: read.ID, Family: read.Family}
	c.mu.Lock()
	if c.documents != nil {
		c.documents[id] = doc
	}
	c.mu.Unlock()
	return doc
}
