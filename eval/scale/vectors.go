package scale

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// synthetic stands for a model: embedding hundreds of thousands of passages
// would take a day, and what is measured is how they are searched. Its vectors
// are real ones, moved a little, so that they lie as those of the model do: a
// large common part, and neighbours at the usual distances.
type synthetic struct {
	dim  int
	real [][]float32
}

// noise is how far a vector is moved: length of the move over that of the
// vector. Passages of one act are about 0.4 apart (cosine 0.92).
const noise = 0.15

// readVectors reads a file of signed bytes, dim a vector.
func readVectors(path string, dim int) (*synthetic, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(data) < dim || len(data)%dim != 0 {
		return nil, fmt.Errorf("%s: %d bytes are no vectors of %d components", path, len(data), dim)
	}
	s := &synthetic{dim: dim}
	codes := make([]int8, dim)
	for ; len(data) > 0; data = data[dim:] {
		for i := range codes {
			codes[i] = int8(data[i])
		}
		s.real = append(s.real, vector.Dequantize(codes))
	}
	return s, nil
}

func (s *synthetic) Model() string { return "synthetic" }
func (s *synthetic) Dim() int      { return s.dim }

func (s *synthetic) Queries(ctx context.Context, texts []string) ([][]float32, error) {
	return s.Passages(ctx, texts)
}

func (s *synthetic) Passages(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		sum := sha256.Sum256([]byte(text))
		random := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:])))
		v := make([]float32, s.dim)
		step := noise / math.Sqrt(float64(s.dim))
		for j, x := range s.real[random.IntN(len(s.real))] {
			v[j] = x + float32(random.NormFloat64()*step)
		}
		codes, _ := vector.Quantize(v)
		out[i] = vector.Dequantize(codes)
	}
	return out, ctx.Err()
}

// embedAll stores the vectors of a document at a time, and indexes them: the
// builder's small batches are made for a model that takes tenths of a second.
func embedAll(ctx context.Context, lib *ingest.Library) error {
	docs, err := lib.Documents(ctx, corpus.DocumentFilter{})
	if err != nil {
		return err
	}
	model := lib.Embedder
	for i := range docs {
		passages, err := lib.VectorsOf(ctx, docs[i].ID, model.Model())
		if err != nil {
			return err
		}
		var hashes []corpus.TextHash
		var seeds []string
		for _, p := range passages {
			if p.Codes == nil {
				hashes, seeds = append(hashes, p.Text), append(seeds, string(p.Text[:]))
			}
		}
		vectors, err := model.Passages(ctx, seeds)
		if err != nil {
			return err
		}
		stored := make([]corpus.TextVector, len(vectors))
		for j, v := range vectors {
			codes, scale := vector.Quantize(v)
			stored[j] = corpus.TextVector{Text: hashes[j], Scale: scale, Codes: make([]byte, len(codes))}
			for k, c := range codes {
				stored[j].Codes[k] = byte(c)
			}
		}
		if _, err := lib.PutVectors(ctx, model.Model(), stored); err != nil {
			return err
		}
	}
	return lib.Builder.Build(ctx, nil)
}
