package eval

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Figure is a metric's mean over the items that it applies to, with its 95 %
// confidence interval by the percentile bootstrap (Efron 1979).
type Figure struct {
	Metric string  `json:"metric"`
	Mean   float64 `json:"mean"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	N      int     `json:"n"`
}

// Seeds and sizes are fixed, so that equal runs print equal figures.
const (
	resamples    = 2000
	permutations = 10000
	seed         = 1
)

func figure(name string, values []float64) Figure {
	low, high := bootstrap(values, mean)
	return Figure{Metric: name, Mean: mean(values), Low: low, High: high, N: len(values)}
}

// percentile makes a figure of a percentile instead of the mean.
func percentile(name string, values []float64, share float64) Figure {
	at := func(v []float64) float64 {
		sorted := slices.Sorted(slices.Values(v))
		return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)]
	}
	low, high := bootstrap(values, at)
	return Figure{Metric: name, Mean: at(values), Low: low, High: high, N: len(values)}
}

func mean(values []float64) float64 {
	return sum(values) / float64(len(values))
}

// bootstrap returns the 2.5th and the 97.5th percentile of a statistic over
// samples drawn with replacement.
func bootstrap(values []float64, statistic func([]float64) float64) (low, high float64) {
	rng := rand.New(rand.NewPCG(seed, seed))
	sample := make([]float64, len(values))
	drawn := make([]float64, resamples)
	for i := range drawn {
		for j := range sample {
			sample[j] = values[rng.IntN(len(values))]
		}
		drawn[i] = statistic(sample)
	}
	slices.Sort(drawn)
	return drawn[resamples*25/1000], drawn[resamples*975/1000-1]
}

// randomisation is the two-sided paired randomisation test (Fisher 1935; Smucker
// and others 2007 for retrieval): how often a difference of this size comes up
// when the two systems' values of each item are swapped by a coin. The observed
// assignment counts as one of the permutations, so that p is never 0.
func randomisation(differences []float64) float64 {
	observed := math.Abs(sum(differences))
	rng := rand.New(rand.NewPCG(seed, seed))
	// Sums of the same terms in another order may differ in the last bits.
	tolerance := 1e-12 * float64(len(differences))
	extreme := 1
	for range permutations {
		total := 0.0
		var coins uint64
		for i, d := range differences {
			if i%64 == 0 {
				coins = rng.Uint64()
			}
			if coins&1 == 0 {
				d = -d
			}
			coins >>= 1
			total += d
		}
		if math.Abs(total) >= observed-tolerance {
			extreme++
		}
	}
	return float64(extreme) / (permutations + 1)
}

func sum(values []float64) float64 {
	s := 0.0
	for _, v := range values {
		s += v
	}
	return s
}
