package qdrant

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	api "github.com/qdrant/go-client/qdrant"

	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// ErrReadOnly is returned by writes to an index that was opened for reading.
var ErrReadOnly = errors.New("the vector index was opened for reading")

const (
	// batchPoints go in one call: some 20 kB each, most of it grams.
	batchPoints = 64
	// inFlight is how many calls of a document wait for the server at once. Each is
	// answered when it is applied, so that a slow server slows the ingest down
	// instead of being buried.
	inFlight = 4
	// pageEntries are read in one call.
	pageEntries = 1000
)

// Put replaces all passages of a document: those in items, and those that
// o.Texts gives, which are then found by their words alone.
func (x *Index) Put(ctx context.Context, doc vector.Document, items []vector.Item) error {
	if x.ReadOnly {
		return ErrReadOnly
	}
	points, generation, err := x.points(ctx, &doc, items)
	if err == nil {
		err = x.replace(ctx, &doc, generation, points)
	}
	if err != nil {
		return fmt.Errorf("indexing the vectors of %s: %w", doc.ID, err)
	}
	return nil
}

// points makes the points of a document's next generation.
func (x *Index) points(ctx context.Context, doc *vector.Document, items []vector.Item) ([]*api.PointStruct, int64, error) {
	vectors := map[string]map[string]*api.Vector{}
	if x.Texts != nil {
		texts, err := x.Texts(ctx, doc.ID)
		if err != nil {
			return nil, 0, err
		}
		for _, t := range texts {
			vectors[t.Passage] = map[string]*api.Vector{}
			for name, s := range map[string]lexical.Sparse{words: t.Words, grams: t.Grams} {
				if len(s.Terms) > 0 {
					vectors[t.Passage][name] = api.NewVectorSparse(s.Terms, s.Weights)
				}
			}
		}
	}
	for _, item := range items {
		if len(item.Vector) != x.Dim {
			return nil, 0, fmt.Errorf("passage %s: the vector has %d components, the index takes %d", item.Passage, len(item.Vector), x.Dim)
		}
		named := vectors[item.Passage]
		if named == nil {
			named = map[string]*api.Vector{}
			vectors[item.Passage] = named
		}
		if named[dense] != nil {
			return nil, 0, fmt.Errorf("passage %s is given twice", item.Passage)
		}
		named[dense] = api.NewVectorDense(item.Vector)
	}
	generation := x.generation.Add(1)
	points := make([]*api.PointStruct, 0, len(vectors))
	for _, passage := range slices.Sorted(maps.Keys(vectors)) {
		fields := api.NewValueMap(payload(doc, generation))
		fields[fieldPassage] = api.NewValueString(passage)
		points = append(points, &api.PointStruct{Id: passageID(passage, generation), Payload: fields, Vectors: api.NewVectorsMap(vectors[passage])})
	}
	return points, generation, nil
}

// replace puts a document's points, shows them, and removes those before.
func (x *Index) replace(ctx context.Context, doc *vector.Document, generation int64, points []*api.PointStruct) error {
	known, err := x.known(ctx, doc.ID)
	if err != nil {
		return err
	}
	if !known { // what a kill leaves behind must have an entry
		if err := x.upsert(ctx, entry{doc.ID, 0, unfinished}.point()); err != nil {
			return err
		}
	}
	if err := x.upsertAll(ctx, points); err != nil {
		return err
	}
	if err := x.upsert(ctx, entry{doc.ID, generation, doc.Revision}.point()); err != nil {
		return err
	}
	return x.remove(ctx, &api.Filter{
		Must:    []*api.Condition{api.NewMatchKeyword(fieldDocument, doc.ID)},
		MustNot: []*api.Condition{api.NewMatchInt(fieldGeneration, generation)},
	})
}

// Delete removes a document; one that the index does not hold is no error.
func (x *Index) Delete(ctx context.Context, document string) error {
	if x.ReadOnly {
		return ErrReadOnly
	}
	if err := x.delete(ctx, document); err != nil {
		return fmt.Errorf("removing the vectors of %s: %w", document, err)
	}
	return nil
}

// delete hides the document first; its entry goes last, so that a delete that
// was cut off is seen and done again.
func (x *Index) delete(ctx context.Context, document string) error {
	known, err := x.known(ctx, document)
	if err != nil || !known {
		return err
	}
	if err := x.upsert(ctx, entry{document, 0, unfinished}.point()); err != nil {
		return err
	}
	if err := x.remove(ctx, &api.Filter{
		Must:    []*api.Condition{api.NewMatchKeyword(fieldDocument, document)},
		MustNot: []*api.Condition{api.NewMatchKeyword(fieldRole, roleEntry)},
	}); err != nil {
		return err
	}
	return x.remove(ctx, &api.Filter{Must: []*api.Condition{api.NewMatchKeyword(fieldDocument, document)}})
}

// upsertAll puts points, a few batches at a time, and waits for all of them.
func (x *Index) upsertAll(ctx context.Context, points []*api.PointStruct) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	turns := make(chan struct{}, inFlight)
	var work sync.WaitGroup
	for batch := range slices.Chunk(points, batchPoints) {
		turns <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		work.Go(func() {
			defer func() { <-turns }()
			if err := x.upsert(ctx, batch...); err != nil {
				cancel(err) // the first one counts
			}
		})
	}
	work.Wait()
	return context.Cause(ctx)
}

func (x *Index) upsert(ctx context.Context, points ...*api.PointStruct) error {
	return x.again(ctx, func(ctx context.Context) error {
		_, err := x.client.Upsert(ctx, &api.UpsertPoints{CollectionName: x.collection, Wait: api.PtrOf(true), Points: points})
		return err
	})
}

func (x *Index) remove(ctx context.Context, f *api.Filter) error {
	return x.again(ctx, func(ctx context.Context) error {
		_, err := x.client.Delete(ctx, &api.DeletePoints{CollectionName: x.collection, Wait: api.PtrOf(true), Points: api.NewPointsSelectorFilter(f)})
		return err
	})
}

// Revisions returns the revision of each document that the index holds.
func (x *Index) Revisions(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	var from *api.PointId
	for {
		page, next, err := x.page(ctx, from)
		if err != nil {
			return nil, fmt.Errorf("reading what qdrant holds: %w", err)
		}
		for _, p := range page {
			e, err := readEntry(p)
			if err != nil {
				return nil, err
			}
			out[e.document] = e.revision
		}
		if next == nil {
			return out, nil
		}
		from = next
	}
}

func (x *Index) page(ctx context.Context, from *api.PointId) (page []*api.RetrievedPoint, next *api.PointId, err error) {
	err = x.again(ctx, func(ctx context.Context) error {
		page, next, err = x.client.ScrollAndOffset(ctx, &api.ScrollPoints{
			CollectionName: x.collection, Offset: from, Limit: api.PtrOf(uint32(pageEntries)), WithPayload: api.NewWithPayload(true),
			Filter: &api.Filter{Must: []*api.Condition{api.NewMatchKeyword(fieldRole, roleEntry)}},
		})
		return err
	})
	return page, next, err
}

// known tells whether the document has an entry.
func (x *Index) known(ctx context.Context, document string) (known bool, err error) {
	err = x.again(ctx, func(ctx context.Context) error {
		points, err := x.client.Get(ctx, &api.GetPoints{CollectionName: x.collection, Ids: []*api.PointId{entryID(document)}, WithPayload: api.NewWithPayload(false)})
		known = len(points) > 0
		return err
	})
	return known, err
}

// entries reads the entries of some documents; those without one are left out.
func (x *Index) entries(ctx context.Context, collection string, documents []string) (map[string]entry, error) {
	ids := make([]*api.PointId, len(documents))
	for i, d := range documents {
		ids[i] = entryID(d)
	}
	points, err := x.client.Get(ctx, &api.GetPoints{CollectionName: collection, Ids: ids, WithPayload: api.NewWithPayload(true)})
	if err != nil {
		return nil, x.explain(err)
	}
	out := make(map[string]entry, len(points))
	for _, p := range points {
		e, err := readEntry(p)
		if err != nil {
			return nil, err
		}
		out[e.document] = e
	}
	return out, nil
}
