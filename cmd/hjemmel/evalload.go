package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
	"github.com/hjemmel/hjemmel/eval/load"
)

func (a *app) evalLoadCommand() *cobra.Command {
	o := load.Options{}
	gates := runOutput{}
	cmd := &cobra.Command{
		Use: "load --url URL", Short: "Let many people at once use a running server, and measure how it bears it", Args: cobra.NoArgs,
		Long: `Lets many streams at once look up, ask on, search, open sections, sum up, find
gaps, read slowly and go away, over HTTP as browsers do. Prints errors, times to
the first event and to the whole answer, memory, and whether the server's
goroutines come to rest afterwards, read from /metrics.

Figures for --max and --min: errors, error-rate, p50, p99, first-p50, first-p99
(seconds, of lookups and follow-ups), per-second, peak-mb, left (goroutines more
than before), rested (seconds).`,
		Example: `  hjemmel eval load --url http://127.0.0.1:8080 --streams 200 --duration 1m
  hjemmel eval load --url http://127.0.0.1:8080 --streams 50 --duration 15s --max errors=0 --max p99=1 --json`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.evalLoad(cmd, o, &gates) },
	}
	f := cmd.Flags()
	f.StringVar(&o.URL, "url", "http://127.0.0.1:8080", "`address` of the server")
	f.IntVar(&o.Streams, "streams", 200, "`people` who ask at the same time")
	f.DurationVar(&o.Duration, "duration", time.Minute, "`how long` they go on")
	f.DurationVar(&o.Think, "think", 0, "how long each reads before asking on, on average (default: asks at once)")
	f.DurationVar(&o.Rest, "rest", 30*time.Second, "how long the server may take to come to rest afterwards")
	f.StringSliceVar(&o.Only, "only", nil, "only these `tasks` (default: the mix of all)")
	f.StringVar(&o.Key, "key", os.Getenv("HJEMMEL_LOAD_KEY"), "API `key` of an administrator, where the server has a login (or HJEMMEL_LOAD_KEY)")
	f.Uint64Var(&o.Seed, "seed", 1, "of the order of tasks")
	f.StringArrayVar(&gates.min, "min", nil, "`figure=value` that must be reached")
	f.StringArrayVar(&gates.max, "max", nil, "`figure=value` that may not be exceeded")
	a.addJSON(cmd)
	return cmd
}

func (a *app) evalLoad(cmd *cobra.Command, o load.Options, bounds *runOutput) error {
	gates, err := bounds.gates()
	if err != nil {
		return err
	}
	o.Tell = func(s load.Sample) { fmt.Fprintln(cmd.ErrOrStderr(), s.Line()) }
	report, err := load.Run(cmd.Context(), o)
	if err != nil {
		return err
	}
	if a.json {
		err = printJSON(cmd.OutOrStdout(), report)
	} else {
		printLoad(cmd.OutOrStdout(), report)
	}
	missed, err2 := eval.CheckGates(gates, report.Value)
	if err2 != nil {
		return usageError{err2}
	}
	for _, m := range missed {
		fmt.Fprintln(cmd.ErrOrStderr(), m)
	}
	if err == nil && len(missed) > 0 {
		return findingsError{}
	}
	return err
}

func printLoad(w io.Writer, r load.Report) {
	fmt.Fprintf(w, "%d streams for %.0f s: %d asked, %.1f a second, %d errors\n\n", r.Streams, r.Seconds, r.Asked, r.PerSecond, r.Errors)
	rows := [][]string{{"TASK", "ASKED", "ERRORS", "FIRST P50", "FIRST P99", "P50", "P99", "MAX"}}
	row := func(name string, t load.Times) {
		times := []string{name, fmt.Sprint(t.N), fmt.Sprint(t.Errors)}
		for _, s := range []float64{t.FirstP50, t.FirstP99, t.P50, t.P99, t.Max} {
			times = append(times, fmt.Sprintf("%.3f s", s))
		}
		rows = append(rows, times)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Tasks)) {
		row(name, r.Tasks[name])
	}
	row("all chats", r.Chats)
	table(w, rows)
	for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
		fmt.Fprintf(w, "%d × %s\n", r.Reasons[reason], reason)
	}
	res := r.Resources
	fmt.Fprintf(w, "\nmemory %.0f MB before, %.0f MB at most, %.0f MB after; goroutines %d, %d, %d, at rest after %.1f s\n",
		res.Before.ResidentMB, res.PeakMB, res.After.ResidentMB, res.Before.Goroutines, res.PeakGo, res.After.Goroutines, res.Rested)
	fmt.Fprintf(w, "processor %.1f s: %.1f ms a request, %.2f cores while it lasted\n", res.CPU, 1000*res.CPU/float64(max(1, r.Asked)), res.CPU/r.Seconds)
	if !res.AtRest {
		fmt.Fprintf(w, "NOT AT REST: %d goroutines more than before\n", res.Left)
	}
}
