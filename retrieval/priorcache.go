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
	maxDays  = 4 // kept at once: today, and what people look back to
)

// priorCache keeps what the document prior asks of the store. Counts that are
// too old are used once more while they are made anew in the background.
type priorCache struct {
	background sync.WaitGroup
	counting   sync.Mutex // one count at a time
	closed     chan struct{}

	mu        sync.Mutex
	days      map[corpus.Date]dayCounts
	documents map[string]corpus.Document // id and family only; read anew with every count
}

type dayCounts struct {
	revision int64
	read     time.Time
	counts   corpus.Citations
	renewing bool
}

// citations returns the counts of the reference graph as of day.
func (c *priorCache) citations(ctx context.Context, store Store, day corpus.Date) (corpus.Citations, error) {
	revision, err := store.LastRevision(ctx)
	if err != nil {
		return corpus.Citations{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	have, ok := c.days[day]
	switch {
	case !ok:
		c.mu.Unlock()
		counts, err := c.count(ctx, store, day, revision)
		c.mu.Lock()
		return counts, err
	case have.revision != revision && time.Since(have.read) >= staleFor && !have.renewing:
		have.renewing = true
		c.days[day] = have
		c.background.Go(func() { c.renew(ctx, store, day, revision) })
	}
	return have.counts, nil
}

// count counts the citations of day and keeps them.
func (c *priorCache) count(ctx context.Context, store Store, day corpus.Date, revision int64) (corpus.Citations, error) {
	c.counting.Lock()
	defer c.counting.Unlock()
	c.mu.Lock()
	have, ok := c.days[day]
	c.mu.Unlock()
	if ok && have.revision >= revision {
		return have.counts, nil // another search counted meanwhile
	}
	counts, err := store.Citations(ctx, day)
	if err != nil {
		return corpus.Citations{}, err
	}
	families, err := store.Families(ctx)
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
		c.days = map[corpus.Date]dayCounts{}
	}
	c.days[day] = dayCounts{revision: revision, read: time.Now(), counts: counts}
	c.documents = documents
	return counts, nil
}

// renew replaces counts beside the search that found them old, which it outlives.
// Where it fails, the next search tries again.
func (c *priorCache) renew(ctx context.Context, store Store, day corpus.Date, revision int64) {
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
	if _, err := c.count(ctx, store, day, revision); err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		if have, ok := c.days[day]; ok {
			have.renewing = false
			c.days[day] = have
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
