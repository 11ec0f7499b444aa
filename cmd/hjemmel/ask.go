package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/assistant/verify"
)

func (a *app) askCommand() *cobra.Command {
	var req assistant.Request
	var asOf string
	var stopped bool
	cmd := &cobra.Command{
		Use: "ask QUESTION | ask -", Short: "Answer a question with cited sources", Args: cobra.MinimumNArgs(1),
		Long: `Answers from the collection, each statement with a citation. A question that
the collection does not answer is told so; a question that the policy refuses is
told so before anything is searched. "ask -" reads a question a line.`,
		Example: `  hjemmel ask "Hvornår kan vi yde tabt arbejdsfortjeneste?"
  hjemmel ask --as-of 2024-03-01 --json "Hvad er fristen for partshøring?"
  hjemmel ask - < questions.txt > answers.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if req.AsOf, err = parseAsOf(asOf); err != nil {
				return usageError{err}
			}
			rules, err := a.policy()
			if err != nil {
				return usageError{err}
			}
			return a.reading(cmd, func(lib *ingest.Library) (err error) {
				helper, done, err := a.compose(a.assistant(lib, rules), showStopped(cmd, stopped))
				if err != nil {
					return err
				}
				defer done()
				record, err := a.audit(cmd)
				if err != nil {
					return err
				}
				defer func() { err = errors.Join(err, record.close()) }()
				answering := record.assistant(helper)
				req.Conversation = activity.NoConversation // a terminal has none to come back to
				if len(args) == 1 && args[0] == "-" {
					return a.askLines(cmd, answering, req)
				}
				req.Question = strings.Join(args, " ")
				return a.askOne(cmd.Context(), cmd.OutOrStdout(), answering, req, a.json)
			})
		},
	}
	cmd.Flags().StringVar(&asOf, "as-of", "", "answer from what was in force that `day` (2024-03-01 or 1.3.2024; default today)")
	cmd.Flags().StringSliceVar(&req.Collections, "collection", nil, "only these collections")
	cmd.Flags().BoolVar(&stopped, "stopped", false, "tell on standard error which sentences of a language model were not verified, and why")
	for _, name := range modelFlags {
		cmd.Flags().AddFlag(a.config.flags.Lookup(name))
	}
	cmd.Flags().StringSliceVar(&req.Documents, "document", nil, "only these documents")
	a.addJSON(cmd)
	return cmd
}

// showStopped tells an evaluator what verification made of a model's sentences.
func showStopped(cmd *cobra.Command, on bool) func(string, verify.Result) {
	if !on {
		return nil
	}
	return func(sentence string, r verify.Result) {
		outcome := "verified"
		if !r.OK() {
			outcome = strings.TrimSpace("stopped: " + string(r.Reason) + " " + r.Detail)
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "%s\t%s\n", outcome, sentence)
	}
}

// askLines answers a question a line, always as JSON: a line each.
func (a *app) askLines(cmd *cobra.Command, helper activity.Assistant, req assistant.Request) error {
	lines := bufio.NewScanner(cmd.InOrStdin())
	for lines.Scan() {
		if req.Question = strings.TrimSpace(lines.Text()); req.Question == "" {
			continue
		}
		if err := a.askOne(cmd.Context(), cmd.OutOrStdout(), helper, req, true); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (a *app) askOne(ctx context.Context, w io.Writer, helper activity.Assistant, req assistant.Request, asJSON bool) error {
	answer, err := helper.Ask(ctx, req, func(assistant.Event) error { return nil })
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(w, answer)
	}
	printAnswer(w, &answer)
	return nil
}

func printAnswer(w io.Writer, a *assistant.Answer) {
	if a.Degraded != "" {
		fmt.Fprintf(w, "%s\n\n", a.Degraded)
	}
	if !a.Answered {
		fmt.Fprintln(w, a.Refused)
		if !a.Verdict.Allowed {
			fmt.Fprintf(w, "%s\n%s\n", a.Verdict.Ground, a.Verdict.Instead)
		}
		return
	}
	if a.Notice != "" {
		fmt.Fprintf(w, "%s\n\n", a.Notice)
	}
	var role assistant.Role
	part := ""
	for _, s := range a.Answer {
		if s.Role != role {
			role = s.Role
			fmt.Fprintf(w, "%s\n", role.Title())
		}
		if s.Part != part {
			part = s.Part
			fmt.Fprintf(w, "\n  %s\n", part)
		}
		fmt.Fprintf(w, "  %s", strings.ReplaceAll(s.Text, "\n", "\n  "))
		for _, n := range s.Citations {
			fmt.Fprintf(w, " [%d]", n)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "\nKilder")
	for _, s := range a.Sources {
		mark := ""
		if !s.InForce {
			mark = ", ikke gældende"
		}
		if s.Sample {
			mark += ", eksempel"
		}
		fmt.Fprintf(w, "  [%d] %s (%s%s)\n", s.N, s.Reference, s.Section, mark)
		if s.URL != "" {
			fmt.Fprintf(w, "      %s\n", s.URL)
		}
	}
}
