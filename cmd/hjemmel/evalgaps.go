package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

func (a *app) evalGapsCommand() *cobra.Command {
	var opts eval.GapsOptions
	var out runOutput
	cmd := &cobra.Command{
		Use: "gaps --suite DIR", Short: "Measure gap finding on guidelines with planted defects", Args: cobra.NoArgs,
		Long: `Checks the guidelines of a suite against the collection in the data folder,
which must hold the acts that the suite is about, and gives precision and recall
by kind of finding.`,
		Example: `  hjemmel eval gaps --suite eval/suites/gaps --split dev
  hjemmel eval gaps --suite eval/suites/gaps --min precision/outdated=0.98 --report gaps.html`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.Suite == "" {
				return usageError{fmt.Errorf("--suite is missing: name the folder of a suite")}
			}
			gates, err := out.gates()
			if err != nil {
				return err
			}
			rules, err := a.policy()
			if err != nil {
				return usageError{err}
			}
			opts.Check = rules.RefuseDocument
			return a.reading(cmd, func(lib *ingest.Library) error {
				show, finish := a.evalProgress(cmd)
				opts.Progress = show
				run, err := eval.Gaps(cmd.Context(), gaps.NewChecker(lib), lib, opts)
				finish()
				if err != nil {
					return err
				}
				return a.finish(cmd, run, &out, gates)
			})
		},
	}
	cmd.Flags().StringVar(&opts.Suite, "suite", "", "`folder` with guidelines/ and truth.tsv")
	cmd.Flags().StringVar(&opts.Split, "split", "test", "`part` of the suite: dev or test")
	out.addFlags(cmd.Flags())
	a.addJSON(cmd)
	return cmd
}
