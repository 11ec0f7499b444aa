package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
	"github.com/hjemmel/hjemmel/retrieval"
)

func (a *app) evalRetrievalCommand() *cobra.Command {
	var opts eval.Options
	var output runOutput
	var mode string
	cmd := &cobra.Command{
		Use: "retrieval --suite DIR", Short: "Measure search on a suite in BEIR's layout", Args: cobra.NoArgs,
		Long: `Builds the suite's collection in a temporary folder, asks its queries through
the product's own engine and prints trec_eval's figures with 95 % confidence
intervals. --min makes a gate of it: exit code 1 where a figure is lower.
--scored measures a run file, of another system say, instead of searching.`,
		Example: `  hjemmel eval retrieval --suite ../suites/os2bos-ret --run-file run.trec --out run.json
  hjemmel eval retrieval --suite ../suites/os2bos-ret --report report.html --per-query queries.tsv
  hjemmel eval retrieval --suite ../suites/os2bos-ret --min nDCG@10=0.58 --json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.Suite == "" {
				return errNoSuite
			}
			gates, err := output.gates()
			if err != nil {
				return err
			}
			if err := gated(&opts, gates); err != nil {
				return usageError{err}
			}
			if opts.Words, err = a.config.words(); err != nil {
				return usageError{err}
			}
			if err := a.suiteEmbedder(cmd, &opts); err != nil {
				return usageError{err}
			}
			opts.Mode = retrieval.Mode(mode)
			var done func()
			opts.Progress, done = a.evalProgress(cmd)
			run, err := eval.Retrieval(cmd.Context(), opts)
			done()
			if err != nil {
				return err
			}
			return a.finish(cmd, run, &output, gates)
		},
	}
	f := cmd.Flags()
	addSuiteFlags(cmd, &opts)
	f.StringVar(&opts.RunFile, "run-file", "", "write the run to this `file` in TREC's format")
	f.StringVar(&opts.Scored, "scored", "", "measure this run `file` in TREC's format instead of searching")
	f.StringVar(&mode, "mode", "", "hybrid, lexical or vector (default hybrid where there are vectors)")
	output.addFlags(f)
	a.addJSON(cmd)
	return cmd
}

var errNoSuite = usageError{errors.New("name the suite's folder with --suite")}

// suiteEmbedder takes the model of the settings, where vectors are asked for.
func (a *app) suiteEmbedder(cmd *cobra.Command, opts *eval.Options) (err error) {
	if opts.Vectors == "" || opts.Vectors == eval.VectorsOff {
		return nil
	}
	opts.Embedder, err = a.embedder(cmd.Context(), slog.New(slog.DiscardHandler))
	return err
}

func addSuiteFlags(cmd *cobra.Command, opts *eval.Options) {
	f := cmd.Flags()
	f.StringVar(&opts.Suite, "suite", "", "the suite's `folder`: corpus.jsonl[.gz], queries.jsonl, qrels/")
	f.StringVar(&opts.Split, "split", "test", "the `name` of the judgements: qrels/NAME.tsv")
	f.IntVar(&opts.Depth, "depth", 100, "how many sections are ranked for each query")
	f.StringVar((*string)(&opts.Vectors), "vectors", "off", "off; lazy: vectors of each query's best 300 sections by words; full: of all")
	f.StringVar(&opts.VectorFile, "vector-file", "", "keep the vectors in this `file` for the next run")
	f.StringSliceVar(&opts.Metrics, "metric", nil, "`metrics` to print: nDCG@k, R@k, RR@k, P@k, Success@k, AP")
}

// gated has every metric measured that a gate names, and finds misspelt ones
// before the run.
func gated(opts *eval.Options, gates []eval.Gate) error {
	for _, g := range gates {
		if _, err := eval.ParseMetric(g.Metric); err != nil {
			return err
		}
		if len(opts.Metrics) == 0 {
			opts.Metrics = slices.Clone(eval.DefaultMetrics)
		}
		if !slices.Contains(opts.Metrics, g.Metric) {
			opts.Metrics = append(opts.Metrics, g.Metric)
		}
	}
	return nil
}

func (a *app) evalAblationCommand() *cobra.Command {
	var opts eval.Options
	cmd := &cobra.Command{
		Use: "ablation --suite DIR", Short: "Print what each signal of the ranking gives", Args: cobra.NoArgs,
		Long: `Measures the ranking signal by signal on a suite in BEIR's layout: the first
row has words alone, each row after it one signal more. The stars say how likely
the change from the row before is chance (paired randomisation test):
* p < 0.05, ** p < 0.01, *** p < 0.001.`,
		Example: "  hjemmel eval ablation --suite ../suites/os2bos-ret",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.Suite == "" {
				return errNoSuite
			}
			if err := a.suiteEmbedder(cmd, &opts); err != nil {
				return usageError{err}
			}
			var done func()
			opts.Progress, done = a.evalProgress(cmd)
			report, err := eval.Ablation(cmd.Context(), opts)
			done()
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(cmd.OutOrStdout(), report)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s, %s: %d sections, %d queries\n", report.Suite, report.Split, report.Collection.Sections, report.Queries)
			table(cmd.OutOrStdout(), ablationRows(report))
			return nil
		},
	}
	addSuiteFlags(cmd, &opts)
	a.addJSON(cmd)
	return cmd
}

func ablationRows(report *eval.AblationReport) [][]string {
	header := []string{"RANKED BY"}
	for _, f := range report.Components[0].Figures {
		header = append(header, f.Metric)
	}
	rows := [][]string{append(header, "MS A QUERY")}
	for _, c := range report.Components {
		row := []string{c.Name}
		for i, f := range c.Figures {
			cell := decimal(f.Mean)
			if i < len(c.P) {
				cell += stars(c.P[i])
			}
			row = append(row, cell)
		}
		rows = append(rows, append(row, fmt.Sprintf("%.1f", c.QueryMS)))
	}
	return rows
}

func stars(p float64) string {
	switch {
	case p < 0.001:
		return "***"
	case p < 0.01:
		return "**"
	case p < 0.05:
		return "*"
	}
	return ""
}
