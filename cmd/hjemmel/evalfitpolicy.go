package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
	"github.com/hjemmel/hjemmel/server/policy"
)

func (a *app) evalFitPolicyCommand() *cobra.Command {
	opts := eval.PolicyFitOptions{Policy: policy.Default()}
	var out string
	cmd := &cobra.Command{
		Use: "policy --suite DIR [--out FILE]", Short: "Fit the judge that stands beside the policy's rules", Args: cobra.NoArgs,
		Long: `Makes prompts of the templates in DIR/material, learns them and the splits that
are named, and says how the judge alone, without the rules, does on templates
and words that it was not fitted on and on the --test splits. The judge kept
with --out is fitted on all of the material and the learnt splits; the built-in
one is server/policy/judge.bin.`,
		Example: `  hjemmel eval fit policy --suite eval/suites/policy --learn dev,test,fresh --test hands-last
  hjemmel eval fit policy --suite eval/suites/policy --out server/policy/judge.bin`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.Suite == "" {
				return usageError{errors.New("name the suite's folder with --suite")}
			}
			fit, err := eval.FitPolicy(opts)
			if err != nil {
				return err
			}
			if out != "" {
				if err := os.WriteFile(out, fit.Packed, 0o644); err != nil {
					return err
				}
			}
			if a.json {
				return printJSON(cmd.OutOrStdout(), fit)
			}
			printPolicyFit(cmd, fit)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.Suite, "suite", "", "the suite's `folder`")
	f.StringSliceVar(&opts.Learn, "learn", []string{"dev", "test", "fresh", "hands-dev", "hands-after", "hands-last", "hands-judge"}, "`splits` that are learnt too")
	f.StringSliceVar(&opts.Test, "test", nil, "`splits` that are only measured")
	f.IntVar(&opts.Each, "each", 14, "prompts made of each template")
	f.StringVar(&out, "out", "", "write the judge to this `file`")
	a.addJSON(cmd)
	return cmd
}

func printPolicyFit(cmd *cobra.Command, fit *eval.PolicyFit) {
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "%d prompts learnt, %d bytes. The judge alone, without the rules:\n", fit.Learnt, len(fit.Packed))
	rows := [][]string{{"PROMPTS", "NUMBER", "PASSING BELOW", "RECALL", "FALSE REFUSALS"}}
	for _, c := range fit.Curves {
		for _, p := range c.Points {
			rows = append(rows, []string{c.Of, fmt.Sprint(c.Prompts), fmt.Sprint(p.Below), fmt.Sprintf("%.3f", p.Recall), fmt.Sprintf("%.3f", p.FalseRefusals)})
		}
	}
	table(w, rows)
}
