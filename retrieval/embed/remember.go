package embed

import (
	"context"

	lru "github.com/hashicorp/golang-lru/v2"
)

// rememberedQueries bounds the cache: 1.5 kB each, and the text.
const rememberedQueries = 1024

// remembering keeps the vectors of the questions asked last. The search and the
// choice of sentences embed the same question, one after the other, and pages ask
// it again on another day or in another collection.
type remembering struct {
	Embedder
	known *lru.Cache[string, []float32]
}

// Remember returns an embedder that embeds no question twice in a row. Its
// vectors are shared: they must not be changed.
func Remember(e Embedder) Embedder {
	known, err := lru.New[string, []float32](rememberedQueries)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	return &remembering{e, known}
}

// Queries embeds the questions that are not known.
func (r *remembering) Queries(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	var fresh []string
	var at []int
	for i, text := range texts {
		if v, ok := r.known.Get(text); ok {
			out[i] = v
			continue
		}
		fresh, at = append(fresh, text), append(at, i)
	}
	if len(fresh) == 0 {
		return out, ctx.Err()
	}
	vectors, err := r.Embedder.Queries(ctx, fresh)
	if err != nil {
		return nil, err
	}
	for i, v := range vectors {
		out[at[i]] = v
		r.known.Add(fresh[i], v)
	}
	return out, nil
}
