// Package qdrant is a vector index on a Qdrant server (gRPC), for collections
// that several servers answer from. A collection of Qdrant holds a point for each
// passage: its vector ("dense"), its words and its grams as sparse vectors
// ("words", "grams"), and what filters ask for. So a server finds passages by
// meaning and by words with no index of its own. Texts stay in the store.
//
// A collection belongs to one embedding model and is named by it; the alias,
// which is the configured name, points to the one whose vectors are complete.
// Searches by words go through the alias, searches by meaning to the collection
// of their own model: while a new model's vectors are made, all words and the
// old model's vectors are still there.
//
// A document is replaced in three steps: the points of its new state are put
// beside the old ones, under a generation of their own; then one small point,
// the document's entry, names the new generation; then the old points go.
// Searches drop what is not of the generation that the entry names. So a
// document is there in one state or the other, whatever dies at which moment.
package qdrant

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	api "github.com/qdrant/go-client/qdrant"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// Quantization says how the vectors that searches look at first are shortened;
// the nearest are compared in full.
type Quantization string

// The quantizations.
const (
	Scalar Quantization = "scalar" // 8 bits a component
	Binary Quantization = "binary" // 1 bit a component
)

// Options say where the server is and what the index holds.
type Options struct {
	Addr         string // host:port of gRPC, 6334 by default
	APIKey       string
	TLS          bool
	CAFile       string       // PEM; certificates to trust besides the system's
	Collection   string       // the alias; collections are called after it and the model
	Quantization Quantization // of a collection that is made; "" means Scalar
	Model        string       // "" for search by words alone
	Dim          int          // components of each vector
	ReadOnly     bool         // make and change nothing
	Timeout      time.Duration

	// Texts returns the words of all passages of a document, for Put; documents
	// that it does not know give none. It may be nil.
	Texts func(ctx context.Context, document string) ([]Text, error)
}

// DefaultCollection is the alias where none is configured.
const DefaultCollection = "hjemmel"

// Text is the words of a passage.
type Text struct {
	Passage string // id
	lexical.Weighted
}

// Time-outs of the calls. Timeout of the options replaces that of searches.
const (
	searchTimeout = 3 * time.Second
	openTimeout   = 10 * time.Second
	writeTimeout  = time.Minute // of a batch: it is answered once it is applied
	healthTimeout = 2 * time.Second
)

// Index implements vector.Index, and retrieval.Index by Words.
type Index struct {
	Options
	client     *api.Client
	collection string // of the model; "" without one
	generation atomic.Int64
	words      vocabularyCache
	shown      shown
	background sync.WaitGroup

	mu      sync.Mutex
	counted map[string]counted // vectors, by who asks
}

type counted struct {
	vectors int
	at      time.Time
}

var _ vector.Index = (*Index)(nil)

// Open connects to the server, and makes the model's collection where it is
// missing unless o.ReadOnly is set. It fails with an *UnreachableError where no
// server answers.
func Open(ctx context.Context, o Options) (*Index, error) {
	o = o.withDefaults()
	client, err := connect(o)
	if err != nil {
		return nil, err
	}
	x := &Index{Options: o, client: client}
	if o.Model != "" {
		x.collection = collectionName(o)
	}
	x.generation.Store(time.Now().UnixNano())
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	err = x.reach(ctx)
	if err == nil && o.Model != "" {
		err = x.prepare(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the vector index in qdrant: %w", closing(err, client))
	}
	return x, nil
}

func (o Options) withDefaults() Options {
	if o.Collection == "" {
		o.Collection = DefaultCollection
	}
	if o.Quantization == "" {
		o.Quantization = Scalar
	}
	if o.Timeout <= 0 {
		o.Timeout = searchTimeout
	}
	return o
}

// Close ends the connection. Nothing may be searched after it.
func (x *Index) Close() error {
	x.background.Wait()
	return x.client.Close()
}

// Health fails where the server does not answer, or holds no collection yet.
func (x *Index) Health(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	if _, err := x.client.HealthCheck(ctx); err != nil {
		return x.explain(err)
	}
	to, err := x.target(ctx)
	if err == nil && to == "" {
		return fmt.Errorf("qdrant at %s has no collection %q yet: start the server that ingests", x.Addr, x.Collection)
	}
	return err
}

const (
	countFor   = 5 * time.Second // how long a count of the vectors is used
	maxCounted = 100             // readers whose counts are kept
)

// Count returns how many passages that r may find have a vector, as of the last
// seconds. While documents are replaced, both states of them count.
func (x *Index) Count(ctx context.Context, r corpus.Reader) (int, error) {
	if x.Model == "" {
		return 0, nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	key := fmt.Sprintf("%t %q", r.Everything, r.Groups)
	if have := x.counted[key]; time.Since(have.at) < countFor {
		return have.vectors, nil
	}
	ctx, cancel := context.WithTimeout(ctx, x.Timeout)
	defer cancel()
	f := conditions(&vector.Filter{Reader: r}, nil)
	f.Must = append(f.Must, api.NewHasVector(dense))
	n, err := x.client.Count(ctx, &api.CountPoints{CollectionName: x.collection, Filter: f, Exact: api.PtrOf(true)})
	if missing(err) {
		n, err = 0, nil // the writer has not made the collection yet
	}
	if err != nil {
		return 0, fmt.Errorf("counting vectors: %w", x.explain(err))
	}
	if x.counted == nil || len(x.counted) >= maxCounted {
		x.counted = map[string]counted{}
	}
	x.counted[key] = counted{int(n), time.Now()}
	return int(n), nil
}
