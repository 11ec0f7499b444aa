package eval

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Metric computes a figure of one query from the ids of its texts, the best
// first, and its judgements. Figures are those of trec_eval 9.
type Metric struct {
	Name    string
	compute func(ranking []string, qrels map[string]int) float64
}

// ParseMetric reads "nDCG@10", "R@100", "RR@10", "Success@1", "P@5" or "AP";
// without @k the whole run counts.
func ParseMetric(name string) (Metric, error) {
	base, cutoff, hasCutoff := strings.Cut(name, "@")
	k, err := strconv.Atoi(cutoff)
	if hasCutoff && (err != nil || k < 1) {
		return Metric{}, fmt.Errorf("metric %q: the number after @ must be 1 or more", name)
	}
	if !hasCutoff {
		k = math.MaxInt
	}
	compute, ok := map[string]func([]string, map[string]int, int) float64{
		"ndcg": ndcg, "r": recall, "rr": reciprocalRank, "success": success, "p": precision, "ap": averagePrecision,
	}[strings.ToLower(base)]
	if !ok || strings.EqualFold(base, "P") && !hasCutoff {
		return Metric{}, fmt.Errorf("unknown metric %q: use nDCG@k, R@k, RR@k, P@k, Success@k or AP", name)
	}
	return Metric{Name: name, compute: func(ranking []string, qrels map[string]int) float64 { return compute(ranking, qrels, k) }}, nil
}

func top(ranking []string, k int) []string { return ranking[:min(k, len(ranking))] }

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
func ndcg(ranking []string, qrels map[string]int, k int) float64 {
	dcg := 0.0
	for i, id := range top(ranking, k) {
		dcg += float64(max(0, qrels[id])) / math.Log2(float64(i+2))
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

func found(ranking []string, qrels map[string]int, k int) int {
	n := 0
	for _, id := range top(ranking, k) {
		if qrels[id] > 0 {
			n++
		}
	}
	return n
}

func recall(ranking []string, qrels map[string]int, k int) float64 {
	if n := relevant(qrels); n > 0 {
		return float64(found(ranking, qrels, k)) / float64(n)
	}
	return 0
}

func precision(ranking []string, qrels map[string]int, k int) float64 {
	return float64(found(ranking, qrels, k)) / float64(k)
}

func success(ranking []string, qrels map[string]int, k int) float64 {
	return min(1, float64(found(ranking, qrels, k)))
}

func reciprocalRank(ranking []string, qrels map[string]int, k int) float64 {
	for i, id := range top(ranking, k) {
		if qrels[id] > 0 {
			return 1 / float64(i+1)
		}
	}
	return 0
}

func averagePrecision(ranking []string, qrels map[string]int, k int) float64 {
	sum, hits := 0.0, 0
	for i, id := range top(ranking, k) {
		if qrels[id] > 0 {
			hits++
			sum += float64(hits) / float64(i+1)
		}
	}
	if n := relevant(qrels); n > 0 {
		return sum / float64(n)
	}
	return 0
}
