package eval

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

func TestRandomisationByHand(t *testing.T) {
	for _, c := range []struct {
		name        string
		differences []float64
		want        float64 // exact, over all 2ⁿ swaps
	}{
		{"no difference", []float64{0, 0, 0, 0}, 1},
		{"one item says nothing", []float64{0.5}, 1},
		{"three alike: 2 of 8 swaps are as extreme", []float64{0.2, 0.2, 0.2}, 2.0 / 8},
		{"one against two: 8 of 8", []float64{0.2, 0.2, -0.2}, 1},
		{"the great one decides: 6 of 8", []float64{1, 0.1, -0.1}, 6.0 / 8},
		{"eight alike: 2 of 256", []float64{1, 1, 1, 1, 1, 1, 1, 1}, 2.0 / 256},
	} {
		// 10,000 permutations estimate p within 0.02 at five standard deviations.
		if got := randomisation(c.differences); math.Abs(got-c.want) > 0.025 {
			t.Errorf("%s: p = %v, want about %v", c.name, got, c.want)
		}
	}
}

func TestRandomisationIsTwoSidedAndRepeatable(t *testing.T) {
	sharedtest.Figure(t) // 10,000 permutations, some hundred times
	rapid.Check(t, func(t *rapid.T) {
		differences := rapid.SliceOfN(rapid.Float64Range(-1, 1), 1, 20).Draw(t, "differences")
		negated := make([]float64, len(differences))
		for i, d := range differences {
			negated[i] = -d
		}
		p := randomisation(differences)
		if p <= 0 || p > 1 || p != randomisation(differences) {
			t.Fatalf("p = %v", p)
		}
		if q := randomisation(negated); math.Abs(p-q) > 1e-9 {
			t.Fatalf("p = %v, but %v with the systems exchanged", p, q)
		}
	})
}

func TestBootstrapByHand(t *testing.T) {
	if f := figure("x", []float64{0.5, 0.5, 0.5}); f.Low != 0.5 || f.High != 0.5 {
		t.Errorf("equal values leave nothing open: %+v", f)
	}
	// Of 100 items half are 1: the mean's standard error is 0.05.
	values := make([]float64, 100)
	for i := range 50 {
		values[i] = 1
	}
	f := figure("x", values)
	if f.Mean != 0.5 || math.Abs(f.Low-0.402) > 0.02 || math.Abs(f.High-0.598) > 0.02 {
		t.Errorf("%+v, want about 0.40 to 0.60", f)
	}
	if f != figure("x", values) {
		t.Error("equal values must give equal intervals")
	}
}

func TestPercentileByHand(t *testing.T) {
	values := []float64{40, 10, 30, 20}
	for share, want := range map[float64]float64{0.5: 20, 0.75: 30, 0.99: 40, 0.01: 10} {
		if got := percentile("p", values, share).Mean; got != want {
			t.Errorf("percentile %v = %v, want %v", share, got, want)
		}
	}
}
