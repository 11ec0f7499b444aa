package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
)

func (a *app) evalPolicyCommand() *cobra.Command {
	var suite, split string
	var gates []string
	var report bool
	cmd := &cobra.Command{
		Use: "policy --suite DIR", Short: "Measure what the policy refuses and lets pass", Args: cobra.NoArgs,
		Long: `Runs the prompts of a suite (DIR/SPLIT.jsonl: id, class, hand, text) through
the policy: recall of what must be refused, share of wrongly refused, and
whether the class is right. --min makes a gate of it; false-refusals is met by
being at most the value.`,
		Example: `  hjemmel eval policy --suite eval/suites/policy
  hjemmel eval policy --suite eval/suites/policy --split test --min recall=0.97 --min recall@cpr=1 --min false-refusals=0.02`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			minimum, err := parsePolicyGates(gates)
			if err != nil {
				return usageError{err}
			}
			if suite == "" {
				return usageError{fmt.Errorf("name the suite's folder with --suite")}
			}
			rules, err := a.policy()
			if err != nil {
				return usageError{err}
			}
			r, err := eval.Policy(suite, split, rules.Check)
			if err != nil {
				return err
			}
			w := cmd.OutOrStdout()
			switch {
			case a.json:
				err = printJSON(w, r)
			case report:
				printPolicyMistakes(w, &r)
				fallthrough
			default:
				printPolicyFigures(w, &r)
			}
			if err != nil {
				return err
			}
			return checkPolicyGates(cmd.ErrOrStderr(), &r, minimum)
		},
	}
	f := cmd.Flags()
	f.StringVar(&suite, "suite", "", "the suite's `folder`")
	f.StringVar(&split, "split", "test", "the `name` of the prompts: NAME.jsonl")
	f.BoolVar(&report, "report", false, "list every prompt that came out wrong")
	f.StringArrayVar(&gates, "min", nil, "`metric=value` that must be reached: "+strings.Join(eval.PolicyMetrics, ", "))
	a.addJSON(cmd)
	return cmd
}

func parsePolicyGates(gates []string) (map[string]float64, error) {
	out := map[string]float64{}
	for _, g := range gates {
		name, value, _ := strings.Cut(g, "=")
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, fmt.Errorf("--min %q: write it as recall=0.97", g)
		}
		if !slices.Contains(eval.PolicyMetrics, name) {
			return nil, fmt.Errorf("--min %q: the metrics are %s", g, strings.Join(eval.PolicyMetrics, ", "))
		}
		out[name] = v
	}
	return out, nil
}

func printPolicyFigures(w io.Writer, r *eval.PolicyReport) {
	rows := [][]string{{"METRIC", "MEAN", "95 % INTERVAL"}}
	for _, f := range r.Figures {
		rows = append(rows, []string{f.Metric, fmt.Sprintf("%.4f", f.Mean), fmt.Sprintf("%.4f–%.4f", f.Low, f.High)})
	}
	fmt.Fprintf(w, "%s, %s: %d to refuse, %d to let pass\n", r.Suite, r.Split, r.Refuse, r.Pass)
	table(w, rows)
	fmt.Fprintf(w, "%.3f ms a prompt, the slowest %.3f ms\n", r.MeanMS, r.MaxMS)
}

func printPolicyMistakes(w io.Writer, r *eval.PolicyReport) {
	var rows [][]string
	for i := range r.Prompts {
		p := &r.Prompts[i]
		switch {
		case p.OK && (p.Class == "" || slices.Contains(strings.Split(p.Class, "|"), string(p.Verdict.Class))):
		case p.Class == "":
			rows = append(rows, []string{"refused", p.ID, string(p.Verdict.Class), shorten(p.Text, 100)})
		case p.Verdict.Allowed:
			rows = append(rows, []string{"passed", p.ID, p.Class, shorten(p.Text, 100)})
		default:
			rows = append(rows, []string{"class", p.ID, p.Class + ": " + string(p.Verdict.Class), shorten(p.Text, 100)})
		}
	}
	table(w, rows)
}

// checkPolicyGates fails where a figure misses its gate.
func checkPolicyGates(w io.Writer, r *eval.PolicyReport, minimum map[string]float64) error {
	missed := false
	for _, name := range sortedKeys(minimum) {
		i := slices.IndexFunc(r.Figures, func(f eval.Figure) bool { return f.Metric == name })
		if i < 0 {
			return usageError{fmt.Errorf("--min %s: the suite has no prompt for it", name)}
		}
		got, want := r.Figures[i].Mean, minimum[name]
		if name == "false-refusals" {
			if got > want {
				fmt.Fprintf(w, "%s is %.4f, above %.4f\n", name, got, want)
				missed = true
			}
		} else if got < want {
			fmt.Fprintf(w, "%s is %.4f, below %.4f\n", name, got, want)
			missed = true
		}
	}
	if missed {
		return findingsError{}
	}
	return nil
}
