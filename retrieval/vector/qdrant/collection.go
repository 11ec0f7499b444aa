package qdrant

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	api "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
)

// schema is raised when points are written in another way: a collection of
// another schema is another collection.
const schema = 1

// The vectors of a point.
const (
	dense = "dense"
	words = "words" // stems of the text and the context line
	grams = "grams" // character 5-grams
)

// collectionName names the model's collection: hjemmel-3fa9c1d2.
func collectionName(o Options) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%d\x00%s", schema, o.Dim, o.Model))
	return o.Collection + "-" + hex.EncodeToString(sum[:4])
}

// prepare sees to it that the model's collection is there and takes its vectors.
// A reader does without it until the writer has made it.
func (x *Index) prepare(ctx context.Context) error {
	exists, err := x.client.CollectionExists(ctx, x.collection)
	if err != nil {
		return x.explain(err)
	}
	switch {
	case exists:
		if err := x.check(ctx); err != nil {
			return err
		}
	case x.ReadOnly:
		return nil
	default:
		if err := x.create(ctx); err != nil {
			return err
		}
	}
	if x.ReadOnly {
		return nil
	}
	return x.prepareAlias(ctx)
}

// check compares an existing collection with what this index will put into it.
func (x *Index) check(ctx context.Context) error {
	info, err := x.client.GetCollectionInfo(ctx, x.collection)
	if err != nil {
		return x.explain(err)
	}
	params := info.GetConfig().GetParams()
	have := params.GetVectorsConfig().GetParamsMap().GetMap()[dense].GetSize()
	sparse := params.GetSparseVectorsConfig().GetMap()
	if have != uint64(x.Dim) || sparse[words] == nil || sparse[grams] == nil {
		return fmt.Errorf("collection %q of qdrant at %s is not of this program: its vectors have %d components, model %s makes %d: delete it there, or set another qdrant_collection",
			x.collection, x.Addr, have, x.Model, x.Dim)
	}
	return nil
}

// create makes the collection: quantised vectors in memory, originals on disk.
func (x *Index) create(ctx context.Context) error {
	quantization := api.NewQuantizationScalar(&api.ScalarQuantization{Type: api.QuantizationType_Int8, Quantile: api.PtrOf(float32(0.99)), AlwaysRam: api.PtrOf(true)})
	if x.Quantization == Binary {
		quantization = api.NewQuantizationBinary(&api.BinaryQuantization{AlwaysRam: api.PtrOf(true)})
	}
	sparse := &api.SparseVectorParams{Modifier: api.Modifier_Idf.Enum(), Index: &api.SparseIndexConfig{OnDisk: api.PtrOf(false)}}
	err := x.client.CreateCollection(ctx, &api.CreateCollection{
		CollectionName: x.collection,
		VectorsConfig: api.NewVectorsConfigMap(map[string]*api.VectorParams{
			dense: {Size: uint64(x.Dim), Distance: api.Distance_Cosine, OnDisk: api.PtrOf(true), QuantizationConfig: quantization},
		}),
		SparseVectorsConfig: api.NewSparseVectorsConfig(map[string]*api.SparseVectorParams{words: sparse, grams: sparse}),
		OnDiskPayload:       api.PtrOf(true),
		Metadata:            api.NewValueMap(map[string]any{"model": x.Model}),
	})
	if err != nil {
		return fmt.Errorf("creating collection %q: %w", x.collection, x.explain(err))
	}
	return x.createFields(ctx)
}

// createFields indexes what filters ask for.
func (x *Index) createFields(ctx context.Context) error {
	for _, f := range fields {
		_, err := x.client.CreateFieldIndex(ctx, &api.CreateFieldIndexCollection{
			CollectionName: x.collection, Wait: api.PtrOf(true), FieldName: f.name, FieldType: f.kind.Enum(),
		})
		if err != nil {
			return fmt.Errorf("indexing the field %q of %q: %w", f.name, x.collection, x.explain(err))
		}
	}
	return nil
}

// target is the collection that the alias points to, "" for none.
func (x *Index) target(ctx context.Context) (string, error) {
	aliases, err := x.client.ListAliases(ctx)
	if err != nil {
		return "", x.explain(err)
	}
	for _, a := range aliases {
		if a.GetAliasName() == x.Collection {
			return a.GetCollectionName(), nil
		}
	}
	return "", nil
}

// prepareAlias lets the alias point to the first collection that there is.
func (x *Index) prepareAlias(ctx context.Context) error {
	to, err := x.target(ctx)
	if err != nil || to != "" {
		return err
	}
	if err := x.client.CreateAlias(ctx, x.Collection, x.collection); err != nil {
		return fmt.Errorf("naming collection %q %q: %w", x.collection, x.Collection, x.explain(err))
	}
	return nil
}

// Completed says that every passage has its vector: the alias moves to the
// model's collection, and the one of the model before is deleted.
func (x *Index) Completed(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	before, err := x.target(ctx)
	if err != nil || before == x.collection {
		return err
	}
	actions := []*api.AliasOperations{api.NewAliasCreate(x.Collection, x.collection)}
	if before != "" {
		actions = []*api.AliasOperations{api.NewAliasDelete(x.Collection), actions[0]} // one change, never without
	}
	if err := x.client.UpdateAliases(ctx, actions); err != nil {
		return fmt.Errorf("moving %q to the collection of model %s: %w", x.Collection, x.Model, x.explain(err))
	}
	if before == "" {
		return nil
	}
	if err := x.client.DeleteCollection(ctx, before); err != nil {
		return fmt.Errorf("deleting the collection of the model before: %w", x.explain(err))
	}
	return nil
}

// missing tells whether a call failed because there is no such collection.
func missing(err error) bool { return code(err) == codes.NotFound }
