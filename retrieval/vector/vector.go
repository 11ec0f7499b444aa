// Package vector finds passages by the nearness of their vectors. It computes
// no vectors (package embed does) and reads no store.
package vector

import (
	"context"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Document is what an index knows of a document: what filters ask for, and the
// revision of the store that its vectors belong to.
type Document struct {
	ID         string
	Revision   int64
	Collection string
	Kind       corpus.Kind
	From, To   corpus.Date // in force: first day, first day no longer
	Groups     []string    // access groups; none means everyone
}

// Item is the vector of one passage.
type Item struct {
	Passage string // id; the section's id is what stands before the last "/"
	Vector  []float32
}

// Filter limits a search; empty fields do not limit, but for Reader. It is
// applied before the scan, so that neither scores nor counts tell of what it hides.
type Filter struct {
	Reader      corpus.Reader // who searches; the zero value sees what is open to everyone
	AsOf        corpus.Date   // only documents in force that day; empty means all
	Collections []string
	Kinds       []corpus.Kind
	Documents   []string
}

// Query asks for the nearest passages.
type Query struct {
	Vector   []float32 // of unit length
	K        int       // how many passages
	Passages []string  // if not nil, only these are scored: ids, unknown ones are passed over
	Filter   Filter
}

// Hit is a passage and the cosine between its vector and the query's.
type Hit struct {
	Document, Passage string
	Score             float64 // from -1 to 1
}

// Index holds one vector for each passage of a document. It is safe for
// concurrent use.
type Index interface {
	// Put replaces all vectors of a document: all of them are there or none.
	Put(ctx context.Context, doc Document, items []Item) error
	// Delete removes a document; one that the index does not hold is no error.
	Delete(ctx context.Context, document string) error
	// Search returns the nearest passages, the nearest first.
	Search(ctx context.Context, q Query) ([]Hit, error)
	// Revisions returns the revision of each document that the index holds.
	Revisions(ctx context.Context) (map[string]int64, error)
	Close() error
}
