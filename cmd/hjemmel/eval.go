package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
	"github.com/hjemmel/hjemmel/retrieval"
)

func (a *app) evalCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "eval", Short: "Measure Hjemmel on suites, offline", Args: cobra.NoArgs,
		Example: "  hjemmel eval retrieval --suite ../suites/os2bos-ret",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.evalRetrievalCommand(), a.evalPolicyCommand())
	return cmd
}

func (a *app) evalRetrievalCommand() *cobra.Command {
	var opts eval.Options
	var mode string
	var gates []string
	cmd := &cobra.Command{
		Use: "retrieval --suite DIR", Short: "Measure search on a suite in BEIR's layout", Args: cobra.NoArgs,
		Long: `Builds the suite's collection in a temporary folder, asks its queries through
the product's own engine and prints trec_eval's figures with 95 % confidence
intervals. --min makes a gate of it: exit code 1 where a figure is lower.`,
		Example: `  hjemmel eval retrieval --suite ../suites/os2bos-ret --run-file run.trec
  hjemmel eval retrieval --suite ../suites/os2bos-ret --min nDCG@10=0.58 --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			minimum, err := parseGates(gates)
			if err != nil {
				return usageError{err}
			}
			if opts.Suite == "" {
				return usageError{fmt.Errorf("name the suite's folder with --suite")}
			}
			opts.Mode = retrieval.Mode(mode)
			done := a.evalProgress(cmd, &opts)
			report, err := eval.Retrieval(cmd.Context(), opts)
			done()
			if err != nil {
				return err
			}
			return a.printEval(cmd, &report, minimum)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.Suite, "suite", "", "the suite's `folder`: corpus.jsonl[.gz], queries.jsonl, qrels/")
	f.StringVar(&opts.Split, "split", "test", "the `name` of the judgements: qrels/NAME.tsv")
	f.StringVar(&opts.RunFile, "run-file", "", "write the run to this `file` in TREC's format")
	f.IntVar(&opts.Depth, "depth", 100, "how many sections are ranked for each query")
	f.StringSliceVar(&opts.Metrics, "metric", nil, "`metrics` to print: nDCG@k, R@k, RR@k, P@k, Success@k, AP")
	f.StringVar(&mode, "mode", "lexical", "hybrid or lexical")
	f.StringArrayVar(&gates, "min", nil, "`metric=value` that must be reached")
	a.addJSON(cmd)
	return cmd
}

func parseGates(gates []string) (map[string]float64, error) {
	out := map[string]float64{}
	for _, g := range gates {
		name, value, _ := strings.Cut(g, "=")
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, fmt.Errorf("--min %q: write it as nDCG@10=0.58", g)
		}
		if _, err := eval.ParseMetric(name); err != nil {
			return nil, err
		}
		out[name] = v
	}
	return out, nil
}

// evalProgress shows a bar for each phase on a terminal.
func (a *app) evalProgress(cmd *cobra.Command, opts *eval.Options) (done func()) {
	p := newProgress(cmd.ErrOrStderr())
	phase := ""
	if p.tty {
		opts.Progress = func(name string, n, total int) {
			if name != phase {
				p.finish()
				phase = name
				p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(name),
					progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
			}
			_ = p.bar.Set(n)
		}
	}
	return p.finish
}

func (a *app) printEval(cmd *cobra.Command, report *eval.Report, minimum map[string]float64) error {
	w := cmd.OutOrStdout()
	if a.json {
		if err := printJSON(w, report); err != nil {
			return err
		}
	} else {
		rows := [][]string{{"METRIC", "MEAN", "95 % INTERVAL"}}
		for _, f := range report.Figures {
			rows = append(rows, []string{f.Metric, fmt.Sprintf("%.4f", f.Mean), fmt.Sprintf("%.4f–%.4f", f.Low, f.High)})
		}
		fmt.Fprintf(w, "%s, %d texts, %d queries, %s\n", report.Suite, report.Texts, len(report.Queries), report.Mode)
		table(w, rows)
		fmt.Fprintf(w, "built in %.1f s, %.1f ms a query\n", report.BuildMS/1000, report.QueryMS)
	}
	for _, name := range sortedKeys(minimum) {
		got, measured := 0.0, false
		for _, f := range report.Figures {
			if strings.EqualFold(f.Metric, name) {
				got, measured = f.Mean, true
			}
		}
		if !measured {
			return usageError{fmt.Errorf("--min %s: add --metric %s", name, name)}
		}
		if got < minimum[name] {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s is %.4f, below %.4f\n", name, got, minimum[name])
			return findingsError{}
		}
	}
	return nil
}
