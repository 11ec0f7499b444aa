package lexical

import (
	"sync"
	"time"

	index "github.com/blevesearch/bleve_index_api"
)

// vocabularyCache keeps the vocabulary. After a write it is read anew: at once
// in a small index, else beside the searches, which go on with the old one. It
// says how words are split and spelt, which one document more hardly changes.
type vocabularyCache struct {
	mu         sync.Mutex
	current    *vocabulary
	generation uint64
	failed     error // of the last reading in the background
	reading    bool
	rest       time.Time // when reading may begin again
	background sync.WaitGroup
}

const (
	// smallVocabulary is how many stems are read in some 20 ms.
	smallVocabulary = 20_000
	// restFor is how much longer than reading it the old vocabulary is used: an
	// ingest writes all the time.
	restFor = 5
)

// get returns the vocabulary of a generation, or an older one that open will
// soon replace.
func (c *vocabularyCache) get(reader index.IndexReader, generation uint64, open func() (index.IndexReader, error)) (*vocabulary, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.failed; err != nil {
		c.failed = nil
		return nil, err
	}
	switch {
	case c.current != nil && c.generation == generation:
	case c.current == nil || len(c.current.stems) < smallVocabulary:
		v, err := readVocabulary(reader)
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
func (c *vocabularyCache) renew(generation uint64, open func() (index.IndexReader, error)) {
	start := time.Now()
	v, err := func() (*vocabulary, error) {
		reader, err := open()
		if err != nil {
			return nil, err
		}
		defer reader.Close()
		return readVocabulary(reader)
	}()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reading, c.failed = false, err
	c.rest = time.Now().Add(restFor * time.Since(start))
	if err == nil {
		c.current, c.generation = v, generation
	}
}
