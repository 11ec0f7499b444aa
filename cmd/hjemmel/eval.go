package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hjemmel/hjemmel/eval"
)

func (a *app) evalCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "eval", Short: "Measure Hjemmel on suites, offline", Args: cobra.NoArgs,
		Example: `  hjemmel eval retrieval --suite ../suites/os2bos-ret
  hjemmel eval answers --suite eval/suites/answers --split dev --report answers.html
  hjemmel eval compare before.json after.json`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		a.evalRetrievalCommand(),
		a.evalFitCommand(),
		a.evalAnswersCommand(),
		a.evalPolicyCommand(),
		a.evalGapsCommand(),
		a.evalAblationCommand(),
		a.evalCompareCommand(),
		a.evalScaleCommand(),
		a.evalLoadCommand(),
		a.evalVerifyCommand(),
	)
	return cmd
}

// runOutput is what every run can be turned into beside its table.
type runOutput struct {
	out, report, perItem string
	min, max             []string
}

func (o *runOutput) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.out, "out", "", "write the whole run to this `file`, for eval compare")
	f.StringVar(&o.report, "report", "", "write an HTML report to this `file`")
	f.StringVar(&o.perItem, "per-query", "", "write a line an item to this `file`: columns if it ends in .tsv, else JSON lines")
	f.StringArrayVar(&o.min, "min", nil, "`metric=value` that must be reached")
	f.StringArrayVar(&o.max, "max", nil, "`metric=value` that may not be exceeded")
}

// gates reads --min and --max before anything is measured.
func (o *runOutput) gates() ([]eval.Gate, error) {
	var gates []eval.Gate
	for _, flag := range []struct {
		texts []string
		most  bool
	}{{o.min, false}, {o.max, true}} {
		for _, text := range flag.texts {
			g, err := eval.ParseGate(text, flag.most)
			if err != nil {
				return nil, usageError{err}
			}
			gates = append(gates, g)
		}
	}
	return gates, nil
}

// finish prints a run, writes what was asked for, and holds it against the gates.
func (a *app) finish(cmd *cobra.Command, run *eval.Run, o *runOutput, gates []eval.Gate) error {
	run.Versions["hjemmel"] = buildVersion()
	if err := o.write(run); err != nil {
		return err
	}
	if a.json {
		if err := printJSON(cmd.OutOrStdout(), run); err != nil {
			return err
		}
	} else {
		printRun(cmd.OutOrStdout(), run)
	}
	missed, err := run.Check(gates)
	if err != nil {
		return usageError{err}
	}
	for _, m := range missed {
		fmt.Fprintln(cmd.ErrOrStderr(), m)
	}
	if len(missed) > 0 {
		return findingsError{}
	}
	return nil
}

func (o *runOutput) write(run *eval.Run) error {
	var errs []error
	if o.out != "" {
		errs = append(errs, run.WriteFile(o.out))
	}
	if o.report != "" {
		errs = append(errs, writeTo(o.report, func(w io.Writer) error { return eval.WriteReport(w, run) }))
	}
	if o.perItem != "" {
		errs = append(errs, writeTo(o.perItem, func(w io.Writer) error { return run.WriteItems(w, strings.HasSuffix(o.perItem, ".tsv")) }))
	}
	return errors.Join(errs...)
}

func writeTo(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

func printRun(w io.Writer, run *eval.Run) {
	fmt.Fprintf(w, "%s, %s: %d items, %d with a failure", run.Suite, run.Split, len(run.Items), run.Failures())
	if c := run.Collection; c.Sections > 0 {
		fmt.Fprintf(w, "; %d documents, %d sections, fingerprint %s", c.Documents, c.Sections, c.Fingerprint)
	}
	fmt.Fprintln(w)
	rows := [][]string{{"METRIC", "VALUE", "95 % INTERVAL", "ITEMS"}}
	for _, f := range run.Figures {
		rows = append(rows, []string{f.Metric, decimal(f.Mean), decimal(f.Low) + "–" + decimal(f.High), fmt.Sprint(f.N)})
	}
	table(w, rows)
	printGroups(w, run.Groups())
	if run.ItemMS > 0 {
		fmt.Fprintf(w, "collection made in %.1f s, %.1f ms an item\n", run.BuildMS/1000, run.ItemMS)
	}
}

func printGroups(w io.Writer, groups []eval.Group) {
	if len(groups) == 0 {
		return
	}
	rows := [][]string{append([]string{"BY", "GROUP", "ITEMS", "ALL RIGHT"}, eval.GroupMetrics...)}
	for _, g := range groups {
		row := []string{g.By, g.Name, fmt.Sprint(g.Items), fmt.Sprintf("%.2f", g.Right)}
		for _, m := range eval.GroupMetrics {
			cell := "–"
			if v, ok := g.Values[m]; ok {
				cell = fmt.Sprintf("%.2f", v)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	table(w, rows)
}

// decimal prints shares with four places and larger figures with one.
func decimal(v float64) string {
	if v > 1 || v < -1 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.4f", v)
}

// evalProgress returns a function that shows a bar for each phase on a
// terminal, and nothing elsewhere.
func (a *app) evalProgress(cmd *cobra.Command) (show func(phase string, done, total int), finish func()) {
	p := newProgress(cmd.ErrOrStderr())
	if !p.tty {
		return nil, p.finish
	}
	phase := ""
	return func(name string, n, total int) {
		if name != phase || p.bar == nil {
			p.finish()
			phase = name
			p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(name),
				progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
		}
		_ = p.bar.Set(n) // a bar that cannot be drawn stops nothing
	}, p.finish
}
