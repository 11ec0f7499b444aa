package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
)

// listed is how many of the greatest changes are printed.
const listed = 10

func (a *app) evalCompareCommand() *cobra.Command {
	var report string
	var all bool
	cmd := &cobra.Command{
		Use: "compare A B", Short: "Compare two runs that --out wrote", Args: cobra.ExactArgs(2),
		Long: `Compares run B with run A item by item: means, the change with its 95 %
interval, wins and losses, and how likely the change is chance (two-sided paired
randomisation test with 10,000 permutations and a fixed seed).`,
		Example: `  hjemmel eval compare before.json after.json
  hjemmel eval compare --report comparison.html before.json after.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			runA, err := eval.ReadRun(args[0])
			if err != nil {
				return err
			}
			runB, err := eval.ReadRun(args[1])
			if err != nil {
				return err
			}
			c, err := eval.Compare(filepath.Base(args[0]), runA, filepath.Base(args[1]), runB)
			if err != nil {
				return err
			}
			if report != "" {
				if err := writeTo(report, func(w io.Writer) error { return eval.WriteComparison(w, c) }); err != nil {
					return err
				}
			}
			if a.json {
				return printJSON(cmd.OutOrStdout(), c)
			}
			printComparison(cmd.OutOrStdout(), c, all)
			return nil
		},
	}
	cmd.Flags().StringVar(&report, "report", "", "write both runs side by side to this HTML `file`")
	cmd.Flags().BoolVar(&all, "all", false, "list every item that changed, not only the greatest changes")
	a.addJSON(cmd)
	return cmd
}

func printComparison(w io.Writer, c *eval.Comparison, all bool) {
	fmt.Fprintf(w, "A %s\nB %s\n", c.A.Name, c.B.Name)
	for _, note := range c.Notes {
		fmt.Fprintln(w, "note: "+note)
	}
	rows := [][]string{{"METRIC", "A", "B", "CHANGE", "95 % INTERVAL", "P", "WINS", "LOSSES", "TIES"}}
	for _, d := range c.Differences {
		rows = append(rows, []string{d.Metric, decimal(d.A), decimal(d.B), signed(d.Change), signed(d.Low) + " to " + signed(d.High),
			fmt.Sprintf("%.4f", d.P), fmt.Sprint(d.Wins), fmt.Sprint(d.Losses), fmt.Sprint(d.Ties)})
	}
	table(w, rows)
	printPairs(w, c, all)
}

// printPairs lists the changes of the first metric that differs: the greatest
// losses, then the greatest wins.
func printPairs(w io.Writer, c *eval.Comparison, all bool) {
	first := c.Leading().Metric
	rows := [][]string{{"ITEM", strings.ToUpper(first), "QUESTION"}}
	for i, p := range c.Items {
		if all || i < listed || i >= len(c.Items)-listed {
			rows = append(rows, []string{p.ID, signed(p.Change[first]), shorten(p.Question, 80)})
		}
	}
	if len(rows) > 1 {
		fmt.Fprintf(w, "\n%d items changed; the greatest losses first, the greatest wins last\n", len(c.Items))
		table(w, rows)
	}
}

func signed(v float64) string {
	if v > 0 {
		return "+" + decimal(v)
	}
	return decimal(v)
}
