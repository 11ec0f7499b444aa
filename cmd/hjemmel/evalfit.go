package main

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
)

func (a *app) evalFitCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "fit", Short: "Fit what the program judges by", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.evalFitAnswerabilityCommand(), a.evalFitPolicyCommand())
	return cmd
}

func (a *app) evalFitAnswerabilityCommand() *cobra.Command {
	var opts eval.FitOptions
	cmd := &cobra.Command{
		Use: "answerability --documents DIR", Short: "Fit the score that says whether the collection answers at all", Args: cobra.NoArgs,
		Long: `Makes questions of the words before references between acts, asks them with and
without the act referred to, and fits the score that tells the two apart. The
figures are cross-validated by act. The weights go into retrieval/answerable.go.`,
		Example: "  hjemmel eval fit answerability --documents ../shared/corpus/law --foreign ../shared/data/obliqa",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if len(opts.Documents) == 0 {
				return usageError{errors.New("name the acts with --documents")}
			}
			var done func()
			opts.Progress, done = a.evalProgress(cmd)
			fit, err := eval.FitAnswerability(cmd.Context(), opts)
			done()
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(cmd.OutOrStdout(), fit)
			}
			printFit(cmd, fit)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&opts.Documents, "documents", nil, "files and folders with acts that refer to each other")
	f.StringVar(&opts.Foreign, "foreign", "", "a suite's `folder` whose questions these acts do not answer")
	f.StringVar(&opts.Split, "split", "dev", "the `name` of its questions: never those of a test")
	a.addJSON(cmd)
	return cmd
}

func printFit(cmd *cobra.Command, fit *eval.Fit) {
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "%d answerable and %d unanswerable questions, AUC %.3f, Brier %.3f (cross-validated)\n", fit.Answerable, fit.Unanswerable, fit.AUC, fit.Brier)
	rows := [][]string{{"FEATURE", "WEIGHT"}, {"bias", fmt.Sprintf("%.3f", fit.Bias)}}
	for i, name := range fit.Names {
		rows = append(rows, []string{name, fmt.Sprintf("%.3f", fit.Weights[i])})
	}
	table(w, rows)
	rows = [][]string{{"QUESTIONS", "SAID", "WAS"}}
	for _, b := range fit.Curve {
		rows = append(rows, []string{strconv.Itoa(b.Questions), decimal(b.Said), decimal(b.Was)})
	}
	table(w, rows)
}
