package eval

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/embed"
)

// remembering is an embedder that keeps its vectors in a file from one run to the
// next: a suite is measured often, and embedding it takes up to an hour. It is
// safe for concurrent use.
type remembering struct {
	embed.Embedder
	path string

	mu      sync.Mutex
	vectors map[corpus.TextHash][]float32
	fresh   int // not yet in the file
}

// vectorFile is what the file holds, in encoding/gob.
type vectorFile struct {
	Model   string
	Vectors map[corpus.TextHash][]float32 // by the hash of kind and text
}

// openRemembering reads the file, which need not be there yet.
func openRemembering(e embed.Embedder, path string) (*remembering, error) {
	r := &remembering{Embedder: e, path: path, vectors: map[corpus.TextHash][]float32{}}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var held vectorFile
	if err := gob.NewDecoder(file).Decode(&held); err != nil {
		return nil, fmt.Errorf("%s is no file of vectors, or it is damaged: delete it: %w", path, err)
	}
	if held.Model != e.Model() {
		return nil, fmt.Errorf("%s holds vectors of %s, not of %s: name another file", path, held.Model, e.Model())
	}
	r.vectors = held.Vectors
	return r, nil
}

// Passages embeds the texts that it does not remember.
func (r *remembering) Passages(ctx context.Context, texts []string) ([][]float32, error) {
	return r.remember(ctx, "passage: ", texts, r.Embedder.Passages)
}

// Queries is Passages for questions.
func (r *remembering) Queries(ctx context.Context, texts []string) ([][]float32, error) {
	return r.remember(ctx, "query: ", texts, r.Embedder.Queries)
}

func (r *remembering) remember(ctx context.Context, kind string, texts []string, embed func(context.Context, []string) ([][]float32, error)) ([][]float32, error) {
	out := r.recall(kind, texts)
	var missing []string
	for i, v := range out {
		if v == nil {
			missing = append(missing, texts[i])
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	made, err := embed(ctx, missing)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range out {
		if out[i] == nil {
			out[i], made = made[0], made[1:]
			r.vectors[corpus.HashText(kind+texts[i])] = out[i]
			r.fresh++
		}
	}
	return out, nil
}

func (r *remembering) recall(kind string, texts []string) [][]float32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([][]float32, len(texts))
	for i, text := range texts {
		out[i] = r.vectors[corpus.HashText(kind+text)]
	}
	return out
}

// save writes the file anew where there is something new. A file of that name is
// whole.
func (r *remembering) save() (err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fresh == 0 {
		return nil
	}
	file, err := os.CreateTemp(filepath.Dir(r.path), filepath.Base(r.path)+".*")
	if err != nil {
		return err
	}
	err = gob.NewEncoder(file).Encode(vectorFile{r.Model(), r.vectors})
	if err := errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	r.fresh = 0
	return os.Rename(file.Name(), r.path)
}
