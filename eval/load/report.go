package load

import (
	"fmt"
	"slices"
	"time"
)

// Report is what a run found. Times are seconds.
type Report struct {
	URL       string           `json:"url"`
	Streams   int              `json:"streams"`
	Seconds   float64          `json:"seconds"`
	Think     float64          `json:"think_s"`
	Asked     int              `json:"asked"`
	PerSecond float64          `json:"per_second"`
	Errors    int              `json:"errors"`
	Reasons   map[string]int   `json:"reasons,omitempty"` // of errors
	Chats     Times            `json:"chats"`             // lookups and follow-ups together
	Tasks     map[string]Times `json:"tasks"`
	Resources Resources        `json:"resources"`
}

// Times of one kind of task. Those that failed or left on purpose have none.
type Times struct {
	N        int     `json:"n"`
	Errors   int     `json:"errors"`
	FirstP50 float64 `json:"first_p50"` // to the first event
	FirstP99 float64 `json:"first_p99"`
	P50      float64 `json:"p50"` // to the end of the answer
	P99      float64 `json:"p99"`
	Max      float64 `json:"max"`
}

func report(o Options, results []result, took time.Duration) Report {
	r := Report{
		URL: o.URL, Streams: o.Streams, Seconds: took.Seconds(), Think: o.Think.Seconds(), Asked: len(results),
		PerSecond: float64(len(results)) / took.Seconds(), Reasons: map[string]int{}, Tasks: map[string]Times{},
	}
	by := map[string][]result{}
	var chats []result
	for _, res := range results {
		by[res.task] = append(by[res.task], res)
		if res.task == "lookup" || res.task == "follow-up" {
			chats = append(chats, res)
		}
		if res.err != nil {
			r.Errors++
			r.Reasons[res.task+": "+res.err.Error()]++
		}
	}
	for name, list := range by {
		r.Tasks[name] = times(list)
	}
	r.Chats = times(chats)
	return r
}

func times(list []result) Times {
	t := Times{N: len(list)}
	var first, whole []float64
	for _, r := range list {
		if r.err != nil {
			t.Errors++
			continue
		}
		first, whole = append(first, r.first.Seconds()), append(whole, r.whole.Seconds())
	}
	slices.Sort(first)
	slices.Sort(whole)
	t.FirstP50, t.FirstP99 = percentile(first, 0.50), percentile(first, 0.99)
	t.P50, t.P99, t.Max = percentile(whole, 0.50), percentile(whole, 0.99), percentile(whole, 1)
	return t
}

// percentile of sorted values: the smallest that at least the share p reaches; 0
// of none.
func percentile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := int(p*float64(len(sorted))+0.999999) - 1
	return sorted[min(max(at, 0), len(sorted)-1)]
}

// Value returns the figure that a gate names.
func (r *Report) Value(name string) (float64, bool) {
	figures := map[string]float64{
		"errors": float64(r.Errors), "error-rate": float64(r.Errors) / float64(max(1, r.Asked)),
		"p50": r.Chats.P50, "p99": r.Chats.P99, "first-p50": r.Chats.FirstP50, "first-p99": r.Chats.FirstP99,
		"per-second": r.PerSecond, "peak-mb": r.Resources.PeakMB, "left": float64(r.Resources.Left), "rested": r.Resources.Rested,
	}
	v, ok := figures[name]
	return v, ok
}

// Line tells of a sample while the load lasts.
func (s Sample) Line() string {
	return fmt.Sprintf("%3.0f s: %d being answered, %d goroutines, %.0f MB", s.Seconds, s.InFlight, s.Goroutines, s.ResidentMB)
}
