package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/eval"
	"github.com/hjemmel/hjemmel/ingest"
)

func (a *app) evalAnswersCommand() *cobra.Command {
	var opts eval.AnswerOptions
	var output runOutput
	cmd := &cobra.Command{
		Use: "answers --suite DIR", Short: "Measure answers: what they cite, what they say, when they refuse", Args: cobra.NoArgs,
		Long: `Asks every question of a suite through the assistant, as "hjemmel ask" does, and
holds the answer against the references and key facts that its author wrote down.
The collection is --documents (read anew, without vectors), else the one that the
suite brings along, else the data folder with its vectors. Package eval documents
the suite's format and each figure.`,
		Example: `  hjemmel eval answers --suite eval/suites/smoke --min recall=0.8 --max wrongly-refused=0.1
  hjemmel eval answers --suite eval/suites/answers --split dev --documents ../shared/corpus/law,../shared/corpus/law-older
  hjemmel eval answers --suite our-suite --data ./data --report answers.html --out answers.json`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.evalAnswers(cmd, opts, &output) },
	}
	f := cmd.Flags()
	f.StringVar(&opts.Suite, "suite", "", "the suite's `folder`")
	f.StringVar(&opts.Split, "split", "test", "the `name` of the items: NAME.jsonl")
	f.StringSliceVar(&opts.Documents, "documents", nil, "files and folders to ask, read into a temporary folder")
	output.addFlags(f)
	a.addJSON(cmd)
	return cmd
}

// answerGates finds a misspelt metric before the run.
func answerGates(gates []eval.Gate) error {
	for _, g := range gates {
		if !slices.Contains(eval.AnswerMetrics, g.Metric) {
			return fmt.Errorf("unknown metric %q: use one of %s", g.Metric, strings.Join(eval.AnswerMetrics, ", "))
		}
	}
	return nil
}

// evalAnswers measures the assistant that "hjemmel ask" asks.
func (a *app) evalAnswers(cmd *cobra.Command, opts eval.AnswerOptions, output *runOutput) error {
	if opts.Suite == "" {
		return errNoSuite
	}
	gates, err := output.gates()
	if err != nil {
		return err
	}
	if err := answerGates(gates); err != nil {
		return usageError{err}
	}
	rules, err := a.policy()
	if err != nil {
		return usageError{err}
	}
	useWords, err := a.config.words()
	if err != nil {
		return usageError{err}
	}
	vectors, err := a.quietVectors(cmd.Context())
	if err != nil {
		return usageError{err}
	}
	opts.Data, opts.Library = a.config.Data, vectors
	closeModel := func() {}
	defer func() { closeModel() }()
	opts.Assistant = func(lib *ingest.Library) (eval.Asker, error) {
		useWords(lib.Engine)
		helper, done, err := a.compose(a.assistant(lib, rules), nil)
		if err == nil {
			closeModel = done
		}
		return helper, err
	}
	opts.Config = map[string]string{"composition": "extractive"}
	if m := a.config.Model; m.URL != "" {
		opts.Config["composition"] = cmp.Or(m.Name, m.URL)
	}
	var done func()
	opts.Progress, done = a.evalProgress(cmd)
	run, err := eval.Answers(cmd.Context(), opts)
	done()
	if err != nil {
		return err
	}
	return a.finish(cmd, run, output, gates)
}
