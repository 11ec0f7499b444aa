package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
)

func (a *app) evalVerifyCommand() *cobra.Command {
	opts := eval.VerifyOptions{}
	var suite string
	var list bool
	cmd := &cobra.Command{
		Use: "verify --suite DIR --acts DIR", Short: "Measure how a model's sentences are verified", Args: cobra.NoArgs,
		Long: `Falsifies sentences of the acts and faithful paraphrases in every way that a
model may (citation, number, date, reference, negation, modality, unit,
comparator, actor) and counts what verification lets through; and how many of
the faithful ones it keeps. Exit code 1 where a falsified citation, number,
date, reference or negation passes.`,
		Example: "  hjemmel eval verify --suite eval/suites/verify --acts ../shared/corpus/law",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if suite != "" {
				opts.Paraphrases = filepath.Join(suite, "paraphrases.tsv")
			}
			report, err := eval.Verify(cmd.Context(), opts)
			if err != nil {
				return err
			}
			return a.printVerify(cmd, report, list)
		},
	}
	f := cmd.Flags()
	f.StringVar(&suite, "suite", "", "the suite's `folder`: paraphrases.tsv")
	f.StringVar(&opts.Acts, "acts", "", "`folder` of acts as Markdown")
	f.IntVar(&opts.Sentences, "sentences", 600, "how many sentences of the acts are falsified")
	f.Uint64Var(&opts.Seed, "seed", 1, "which ones")
	f.BoolVar(&list, "list", false, "list what passed and what was lost")
	a.addJSON(cmd)
	return cmd
}

func (a *app) printVerify(cmd *cobra.Command, report *eval.VerifyReport, list bool) error {
	w := cmd.OutOrStdout()
	if a.json {
		if err := printJSON(w, report); err != nil {
			return err
		}
	} else {
		rows := [][]string{{"SENTENCES", "TOTAL", "VERIFIED"}}
		for _, kinds := range [][]eval.VerifyKind{report.Faithful, report.Kinds} {
			for _, k := range kinds {
				rows = append(rows, []string{k.Name, fmt.Sprint(k.Total), fmt.Sprint(k.Verified)})
			}
		}
		table(w, rows)
		total, passed := report.Mutated()
		fmt.Fprintf(w, "falsified: %d, passed: %d\n", total, passed)
	}
	if list {
		for _, items := range [][]eval.VerifyItem{report.Passed, report.Lost} {
			for _, it := range items {
				fmt.Fprintf(w, "%s\t%s\t%s %s\t%s\n", it.Kind, it.Section, it.Reason, it.Detail, it.Sentence)
			}
		}
	}
	for _, k := range report.Kinds {
		if k.Gate && k.Verified > 0 {
			return findingsError{}
		}
	}
	return nil
}
