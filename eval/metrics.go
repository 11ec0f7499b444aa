package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// Ranked is one line of a run: a text with its score.
type Ranked struct {
	ID    string
	Score float64
}

// order sorts a run as trec_eval does: by score, ties by id, both descending.
func order(run []Ranked) {
	slices.SortFunc(run, func(a, b Ranked) int {
		if a.Score != b.Score {
			if a.Score > b.Score {
				return -1
			}
			return 1
		}
		return strings.Compare(b.ID, a.ID)
	})
}

// Metric computes a figure of one query from its run, in order, and its
// judgements. Figures are those of trec_eval 9.
type Metric struct {
	Name    string
	compute func(run []Ranked, qrels map[string]int) float64
}

// ParseMetric reads "nDCG@10", "R@100", "RR@10", "Success@1", "P@5" or "AP".
func ParseMetric(name string) (Metric, error) {
	base, cutoff, hasCutoff := strings.Cut(name, "@")
	k, err := strconv.Atoi(cutoff)
	if hasCutoff && (err != nil || k < 1) {
		return Metric{}, fmt.Errorf("metric %q: the number after @ must be 1 or more", name)
	}
	if !hasCutoff {
		k = math.MaxInt
	}
	compute, ok := map[string]func([]Ranked, map[string]int, int) float64{
		"ndcg": ndcg, "r": recall, "rr": reciprocalRank, "success": success, "p": precision, "ap": averagePrecision,
	}[strings.ToLower(base)]
	if !ok || base == "P" && !hasCutoff {
		return Metric{}, fmt.Errorf("unknown metric %q: use nDCG@k, R@k, RR@k, P@k, Success@k or AP", name)
	}
	return Metric{Name: name, compute: func(run []Ranked, qrels map[string]int) float64 { return compute(run, qrels, k) }}, nil
}

func top(run []Ranked, k int) []Ranked { return run[:min(k, len(run))] }

func relevant(qrels map[string]int) int {
	n := 0
	for _, r := range qrels {
		if r > 0 {
			n++
		}
	}
	return n
}

// ndcg is nDCG with gain = relevance and discount log2(rank + 1) (Järvelin and
// Kekäläinen 2002, as trec_eval's ndcg_cut).
func ndcg(run []Ranked, qrels map[string]int, k int) float64 {
	dcg := 0.0
	for i, r := range top(run, k) {
		dcg += float64(max(0, qrels[r.ID])) / math.Log2(float64(i+2))
	}
	var gains []int
	for _, g := range qrels {
		if g > 0 {
			gains = append(gains, g)
		}
	}
	slices.SortFunc(gains, func(a, b int) int { return b - a })
	ideal := 0.0
	for i, g := range gains[:min(k, len(gains))] {
		ideal += float64(g) / math.Log2(float64(i+2))
	}
	if ideal == 0 {
		return 0
	}
	return dcg / ideal
}

func found(run []Ranked, qrels map[string]int, k int) int {
	n := 0
	for _, r := range top(run, k) {
		if qrels[r.ID] > 0 {
			n++
		}
	}
	return n
}

func recall(run []Ranked, qrels map[string]int, k int) float64 {
	if n := relevant(qrels); n > 0 {
		return float64(found(run, qrels, k)) / float64(n)
	}
	return 0
}

func precision(run []Ranked, qrels map[string]int, k int) float64 {
	return float64(found(run, qrels, k)) / float64(k)
}

func success(run []Ranked, qrels map[string]int, k int) float64 {
	return min(1, float64(found(run, qrels, k)))
}

func reciprocalRank(run []Ranked, qrels map[string]int, k int) float64 {
	for i, r := range top(run, k) {
		if qrels[r.ID] > 0 {
			return 1 / float64(i+1)
		}
	}
	return 0
}

func averagePrecision(run []Ranked, qrels map[string]int, k int) float64 {
	sum, hits := 0.0, 0
	for i, r := range top(run, k) {
		if qrels[r.ID] > 0 {
			hits++
			sum += float64(hits) / float64(i+1)
		}
	}
	if n := relevant(qrels); n > 0 {
		return sum / float64(n)
	}
	return 0
}

// Figure is a metric's mean over the queries, with its 95 % confidence interval
// by the percentile bootstrap (Efron 1979).
type Figure struct {
	Metric string  `json:"metric"`
	Mean   float64 `json:"mean"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// resamples of the bootstrap; the seed is fixed so that equal runs print equal
// intervals.
const resamples = 2000

func figure(name string, values []float64) Figure {
	rng := rand.New(rand.NewPCG(1, 1))
	means := make([]float64, resamples)
	for i := range means {
		sum := 0.0
		for range values {
			sum += values[rng.IntN(len(values))]
		}
		means[i] = sum / float64(len(values))
	}
	slices.Sort(means)
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return Figure{Metric: name, Mean: sum / float64(len(values)), Low: means[resamples*25/1000], High: means[resamples*975/1000]}
}
