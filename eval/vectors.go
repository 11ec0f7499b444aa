package eval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/vectors"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// VectorsMode says which passages of a suite get vectors.
type VectorsMode string

// The modes.
const (
	VectorsOff  VectorsMode = "off"
	VectorsLazy VectorsMode = "lazy" // the best lazyDepth sections of each query by words
	VectorsFull VectorsMode = "full"
)

const (
	lazyDepth = 300 // DESIGN 7: no vector below it changes the first ten
	lazyBatch = 32  // texts embedded in one call
)

// normalVectors makes the mode of search follow from the vectors, unless it is set.
func (o *Options) normalVectors() error {
	switch o.Vectors {
	case "":
		o.Vectors = VectorsOff
	case VectorsOff, VectorsLazy, VectorsFull:
	default:
		return fmt.Errorf("vectors %q: use off, lazy or full", o.Vectors)
	}
	if o.Vectors != VectorsOff && o.Embedder == nil {
		return errors.New("vectors need an embedder")
	}
	if o.Mode == "" {
		o.Mode = retrieval.Hybrid
	}
	if o.Vectors == VectorsOff && o.Mode == retrieval.Hybrid {
		o.Mode = retrieval.Lexical
	}
	return nil
}

// rememberVectors lets the embedder use VectorFile. What is embedded until save
// is called, be it because the run was stopped, is kept.
func (o *Options) rememberVectors() (save func() error, err error) {
	if o.VectorFile == "" || o.Vectors == VectorsOff {
		return func() error { return nil }, nil
	}
	r, err := openRemembering(o.Embedder, o.VectorFile)
	if err != nil {
		return nil, err
	}
	o.Embedder = r
	return r.save, nil
}

func (o *Options) libraryOptions() []ingest.Option {
	if o.Vectors == VectorsOff {
		return nil
	}
	return []ingest.Option{ingest.WithEmbedder(o.Embedder, slog.New(slog.DiscardHandler))}
}

// embed makes the vectors that o asks for.
func (b *built) embed(ctx context.Context, suite *Suite, o *Options) error {
	switch o.Vectors {
	case VectorsFull:
		return b.lib.Builder.Build(ctx, func(p vectors.Progress) { o.Progress("embedding", p.Done, p.Total) })
	case VectorsLazy:
		return b.embedCandidates(ctx, suite, o)
	}
	return nil
}

// embedCandidates makes the vectors of the sections that the queries find by
// words, and shows them to the engine.
func (b *built) embedCandidates(ctx context.Context, suite *Suite, o *Options) error {
	sections := map[string]map[string]bool{} // by document
	for _, q := range suite.Queries {
		res, err := b.lib.Engine.Search(ctx, retrieval.Query{Text: q.Text, K: lazyDepth, Mode: retrieval.Lexical})
		if err != nil {
			return fmt.Errorf("query %s: %w", q.ID, err)
		}
		for _, h := range res.Hits {
			if sections[h.Document] == nil {
				sections[h.Document] = map[string]bool{}
			}
			sections[h.Document][h.Section] = true
		}
	}
	totals, err := b.lib.Totals(ctx)
	if err != nil {
		return err
	}
	done := retrieval.Coverage{Total: totals.Passages}
	documents := 0
	for id, wanted := range sections {
		n, err := b.embedSections(ctx, id, wanted, o)
		if err != nil {
			return fmt.Errorf("embedding %s: %w", id, err)
		}
		done.Done += n
		documents++
		o.Progress("embedding", documents, len(sections))
	}
	b.lib.Engine.SetVectors(retrieval.Vectors{
		Index: b.lib.Vectors, Embedder: o.Embedder,
		Coverage: func(context.Context) (retrieval.Coverage, error) { return done, nil },
	})
	return nil
}

// embedSections puts the passages of some sections of a document into the index
// and returns how many they are.
func (b *built) embedSections(ctx context.Context, id string, wanted map[string]bool, o *Options) (int, error) {
	doc, err := b.lib.Document(ctx, id)
	if err != nil {
		return 0, err
	}
	all, err := b.lib.PassagesOf(ctx, id)
	if err != nil {
		return 0, err
	}
	var items []vector.Item
	var texts []string
	for _, p := range all {
		if wanted[p.Section] {
			items = append(items, vector.Item{Passage: p.ID})
			texts = append(texts, corpus.EmbeddedText(doc.Title, p.Text))
		}
	}
	for at := 0; at < len(texts); at += lazyBatch {
		batch, err := o.Embedder.Passages(ctx, texts[at:min(at+lazyBatch, len(texts))])
		if err != nil {
			return 0, err
		}
		for i, v := range batch {
			items[at+i].Vector = v
		}
	}
	return len(items), b.lib.Vectors.Put(ctx, vector.Document{ID: id, Revision: doc.Revision, Collection: doc.Collection, Kind: doc.Kind}, items)
}
