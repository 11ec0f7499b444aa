package eval

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// lower are the metrics of which less is better.
var lower = []string{"wrongly-refused", "length", "tokens", "cost", "p50-ms", "p99-ms"}

// LowerIsBetter tells whether a smaller figure is the better one.
func LowerIsBetter(metric string) bool {
	return slices.ContainsFunc(lower, func(m string) bool { return strings.EqualFold(m, metric) })
}

// timing tells whether a figure is a percentile of times: items have no value
// of it, and two runs on one machine differ in it by chance.
func timing(metric string) bool { return strings.HasSuffix(metric, "-ms") }

// Gate is a figure that a run must reach, or may not exceed.
type Gate struct {
	Metric string
	Bound  float64
	Most   bool // the bound is the most that passes, not the least
}

// ParseGate reads "metric=value".
func ParseGate(text string, most bool) (Gate, error) {
	name, value, ok := strings.Cut(text, "=")
	bound, err := strconv.ParseFloat(value, 64)
	if !ok || name == "" || err != nil {
		return Gate{}, fmt.Errorf("gate %q: write it as nDCG@10=0.58", text)
	}
	return Gate{Metric: name, Bound: bound, Most: most}, nil
}

// Check returns what is wrong with each figure that misses its gate. A gate on
// a metric that the run has not is an error: it would hold for ever.
func (r *Run) Check(gates []Gate) (missed []string, err error) { return CheckGates(gates, r.Value) }

// CheckGates is Run.Check for figures of any kind of run.
func CheckGates(gates []Gate, value func(metric string) (float64, bool)) (missed []string, err error) {
	for _, g := range gates {
		got, ok := value(g.Metric)
		if !ok {
			return nil, fmt.Errorf("the run has no figure %q to hold against %g", g.Metric, g.Bound)
		}
		switch {
		case g.Most && got > g.Bound:
			missed = append(missed, fmt.Sprintf("%s is %.4f, above %.4f", g.Metric, got, g.Bound))
		case !g.Most && got < g.Bound:
			missed = append(missed, fmt.Sprintf("%s is %.4f, below %.4f", g.Metric, got, g.Bound))
		}
	}
	return missed, nil
}
