package exact

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// crowd returns n unit vectors with a common part, as those of a model have.
func crowd(n, dim int) [][]float32 {
	random := rand.New(rand.NewPCG(3, 4))
	out := make([][]float32, n)
	for i := range out {
		v := make([]float32, dim)
		for j := range v {
			v[j] = float32(2 + random.NormFloat64())
		}
		codes, _ := vector.Quantize(v)
		out[i] = vector.Dequantize(codes)
	}
	return out
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		x, err := Open(b.TempDir(), Options{Model: "e5", Dim: realDim})
		if err != nil {
			b.Fatal(err)
		}
		vectors := crowd(n, realDim)
		fill(b, x, vectors)
		for _, k := range []int{10, 1000} {
			b.Run(fmt.Sprintf("n=%d/k=%d", n, k), func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					if _, err := x.Search(b.Context(), vector.Query{Vector: vectors[i%n], K: k}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		shut(b, x)
	}
}

// BenchmarkScan is the first stage: bits only.
func BenchmarkScan(b *testing.B) {
	vectors := crowd(20_000, realDim)
	d, f := benchDocument(b, vectors)
	p := f.probe(vectors[0])
	s := newPass(len(vectors))
	b.SetBytes(int64(len(vectors)) * 48)
	for b.Loop() {
		s.scan(&p, d, s.keys)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(vectors)), "ns/vector")
}

// BenchmarkRescore is the second stage: eight bits a component.
func BenchmarkRescore(b *testing.B) {
	vectors := crowd(20_000, realDim)
	d, f := benchDocument(b, vectors)
	p := f.probe(vectors[0])
	var sum float32
	for b.Loop() {
		for i := range d.len() {
			sum += d.score(&p, i, realDim)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(vectors)), "ns/vector")
	if sum == 0 {
		b.Error("all products are 0")
	}
}

func benchDocument(b *testing.B, vectors [][]float32) (*document, frame) {
	items := make([]vector.Item, len(vectors))
	for i, v := range vectors {
		items[i] = vector.Item{Passage: fmt.Sprintf("d#%06d/1", i), Vector: v}
	}
	d, err := newDocument(vector.Document{ID: "d"}, items, realDim)
	if err != nil {
		b.Fatal(err)
	}
	f := newFrame(realDim, d.each(realDim))
	d.encode(&f, realDim)
	return d, f
}
