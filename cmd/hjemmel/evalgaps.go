package main

import (
	"fmt"
	"html"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/policy"
)

func (a *app) evalGapsCommand() *cobra.Command {
	var suite, page string
	var minimum []string
	cmd := &cobra.Command{
		Use: "gaps --suite DIR", Short: "Measure gap finding on guidelines with planted defects", Args: cobra.NoArgs,
		Long: `Checks the guidelines of a suite against the collection in the data folder,
which must hold the acts that the suite is about, and gives precision and recall
by kind, for the development and the test part apart. --min names a figure of
the test part: precision/outdated, recall/figure …`,
		Example: `  hjemmel eval gaps --suite eval/suites/gaps
  hjemmel eval gaps --suite eval/suites/gaps --min precision/outdated=0.98 --report gaps.html`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if suite == "" {
				return usageError{fmt.Errorf("--suite is missing: name the folder of a suite")}
			}
			return a.reading(cmd, func(lib *ingest.Library) error {
				report, err := eval.Gaps(cmd.Context(), gaps.NewChecker(lib), eval.GapsOptions{Suite: suite, Check: policy.RefuseDocument})
				if err != nil {
					return err
				}
				if page != "" {
					if err := os.WriteFile(page, []byte(gapsPage(&report)), 0o644); err != nil {
						return err
					}
				}
				return a.printGaps(cmd, &report, minimum)
			})
		},
	}
	cmd.Flags().StringVar(&suite, "suite", "", "`folder` with guidelines/ and truth.tsv")
	cmd.Flags().StringVar(&page, "report", "", "write a report to this HTML `file`")
	cmd.Flags().StringArrayVar(&minimum, "min", nil, "`metric=value` that the test part must reach")
	a.addJSON(cmd)
	return cmd
}

func (a *app) printGaps(cmd *cobra.Command, r *eval.GapsReport, minimum []string) error {
	w := cmd.OutOrStdout()
	if a.json {
		if err := printJSON(w, r); err != nil {
			return err
		}
	} else {
		rows := [][]string{{"METRIC", "DEV", "OF", "TEST", "OF"}}
		half := len(r.Figures) / 2
		for i, f := range r.Figures[:half] {
			g := r.Figures[half+i]
			rows = append(rows, []string{f.Metric, fmt.Sprintf("%.3f", f.Value), strconv.Itoa(f.Of), fmt.Sprintf("%.3f", g.Value), strconv.Itoa(g.Of)})
		}
		fmt.Fprintf(w, "%s, %d guidelines, %.0f ms each\n", r.Suite, r.Guidelines, r.MS)
		table(w, rows)
	}
	for _, m := range minimum {
		name, value, _ := strings.Cut(m, "=")
		want, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return usageError{fmt.Errorf("--min %q: write it as precision/outdated=0.98", m)}
		}
		known := false
		for _, f := range r.Figures {
			if f.Split != "test" || f.Metric != name {
				continue
			}
			known = true
			if f.Value < want {
				fmt.Fprintf(cmd.ErrOrStderr(), "%s is %.4f, below %.4f\n", name, f.Value, want)
				return findingsError{}
			}
		}
		if !known {
			return usageError{fmt.Errorf("--min %s: there is no such figure", name)}
		}
	}
	return nil
}

// gapsPage writes the report as a plain page: figures, what was missed, false
// alarms.
func gapsPage(r *eval.GapsReport) string {
	var b strings.Builder
	e := html.EscapeString
	fmt.Fprintf(&b, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>%s</title><h1>%s</h1><table><tr><th>split<th>metric<th>value<th>of", e(r.Suite), e(r.Suite))
	for _, f := range r.Figures {
		fmt.Fprintf(&b, "<tr><td>%s<td>%s<td>%.3f<td>%d", e(f.Split), e(f.Metric), f.Value, f.Of)
	}
	b.WriteString("</table><h2>Missed</h2><ul>")
	for _, d := range r.Defects {
		if d.Kind != "correct" && !d.Found {
			fmt.Fprintf(&b, "<li>%s, %s (%s): %s [%s]", e(d.File), e(d.Kind), e(d.Split), e(d.Quote), e(d.Law))
		}
	}
	b.WriteString("</ul><h2>False alarms</h2><ul>")
	for _, f := range r.FalseAlarms {
		fmt.Fprintf(&b, "<li>%s, %s (%s, %.2f): %s – %s", e(f.File), e(string(f.Finding.Kind)), e(f.Split), f.Finding.Confidence, e(f.Finding.At.Quote), e(f.Finding.Explanation))
	}
	b.WriteString("</ul></html>\n")
	return b.String()
}
