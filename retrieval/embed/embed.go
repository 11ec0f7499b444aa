// Package embed turns texts into vectors whose cosine tells how near two texts
// are in meaning. It holds the built-in model and the remote ones; it stores no
// vectors and ranks nothing.
package embed

import "context"

// Embedder makes vectors of unit length. Implementations are safe for
// concurrent use and stop early, with ctx's error, when ctx ends.
type Embedder interface {
	// Model identifies the model and how it is used. Vectors of different
	// models do not compare: an index holds those of one Model only.
	Model() string
	// Dim is the number of components of each vector.
	Dim() int
	// Queries embeds questions, in their order. Texts that exceed the model's
	// length are cut.
	Queries(ctx context.Context, texts []string) ([][]float32, error)
	// Passages embeds texts to be found, in their order.
	Passages(ctx context.Context, texts []string) ([][]float32, error)
}
