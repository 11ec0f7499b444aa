package lexical

import (
	"slices"
	"sync"
	"time"

	index "github.com/blevesearch/bleve_index_api"
)

// vocabularies keeps the vocabulary of each view. Goroutines that read one
// outlive its being dropped, and are waited for.
type vocabularies struct {
	mu         sync.Mutex
	views      map[string]*vocabularyCache
	order      []string // of views, the one used last at the end; not of ""
	background sync.WaitGroup
}

// of returns the cache of a view. The view that hides nothing is always kept.
func (v *vocabularies) of(view string) *vocabularyCache {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.views == nil {
		v.views = map[string]*vocabularyCache{}
	}
	c := v.views[view]
	if c == nil {
		c = &vocabularyCache{background: &v.background}
		v.views[view] = c
	}
	if view == "" {
		return c
	}
	v.order = append(slices.DeleteFunc(v.order, func(name string) bool { return name == view }), view)
	if len(v.order) > maxViews {
		delete(v.views, v.order[0])
		v.order = v.order[1:]
	}
	return c
}

// vocabularyCache keeps the vocabulary of one view. After a write it is read anew: at once
// in a small index, else beside the searches, which go on with the old one. It
// says how words are split and spelt, which one document more hardly changes.
type vocabularyCache struct {
	mu         sync.Mutex
	current    *vocabulary
	generation uint64
	failed     error // of the last reading in the background
	reading    bool
	rest       time.Time // when reading may begin again
	background *sync.WaitGroup
}

const (
	// smallVocabulary is how many stems are read in some 20 ms.
	smallVocabulary = 20_000
	// restFor is how much longer than reading it the old vocabulary is used: an
	// ingest writes all the time.
	restFor = 5
)

// openView opens the index as it is now, as the view shows it.
type openView func() (index.IndexReader, []segmentReader, error)

// get returns the vocabulary of a generation, or an older one that open will
// soon replace.
func (c *vocabularyCache) get(segments []segmentReader, generation uint64, open openView) (*vocabulary, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.failed; err != nil {
		c.failed = nil
		return nil, err
	}
	switch {
	case c.current != nil && c.generation == generation:
	case c.current == nil || len(c.current.stems) < smallVocabulary:
		v, err := readVocabulary(segments)
		if err != nil {
			return nil, err
		}
		c.current, c.generation = v, generation
	case !c.reading && time.Now().After(c.rest):
		c.reading = true
		c.background.Go(func() { c.renew(generation, open) })
	}
	return c.current, nil
}

// renew reads the vocabulary of generation or one that is newer still.
func (c *vocabularyCache) renew(generation uint64, open openView) {
	start := time.Now()
	v, err := func() (*vocabulary, error) {
		reader, segments, err := open()
		if reader != nil {
			defer reader.Close()
		}
		if err != nil {
			return nil, err
		}
		return readVocabulary(segments)
	}()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reading, c.failed = false, err
	c.rest = time.Now().Add(restFor * time.Since(start))
	if err == nil {
		c.current, c.generation = v, generation
	}
}
