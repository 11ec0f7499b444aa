package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

func (a *app) summarizeCommand() *cobra.Command {
	var req assistant.SummaryRequest
	var asOf, length string
	cmd := &cobra.Command{
		Use: "summarize DOCUMENT|SECTION|FILE", Short: "Sum up a text: key points and points to watch, each quoted", Args: cobra.ExactArgs(1),
		Long: `Sums up a document, a chapter or a section of the collection, or a file, which
is read and not stored. The key points come part by part, then what to watch
out for: deadlines, prohibitions, amounts, delegations, exceptions, discretion,
duties, conditions. Every point is a quotation with its place.`,
		Example: `  hjemmel summarize lbk-2025-1129 --chapter "Kapitel 16"
  hjemmel summarize 'lbk-2025-1129#85'
  hjemmel summarize --length short retningslinje.docx`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if req.AsOf, err = parseAsOf(asOf); err != nil {
				return usageError{err}
			}
			req.Length = assistant.Length(length)
			answer, err := a.summarize(cmd, args[0], req)
			if errors.As(err, new(*assistant.InputError)) {
				return usageError{err}
			}
			if err != nil {
				return err
			}
			if a.json {
				return printJSON(cmd.OutOrStdout(), answer)
			}
			printAnswer(cmd.OutOrStdout(), &answer)
			return nil
		},
	}
	cmd.Flags().StringVar(&length, "length", "medium", "`short`, medium or long")
	cmd.Flags().StringVar(&req.Chapter, "chapter", "", "only the `chapter` of the document whose heading begins so")
	cmd.Flags().StringVar(&asOf, "as-of", "", "say of each source whether it was in force that `day`")
	a.addJSON(cmd)
	return cmd
}

// summarize takes what is a file on disk for a draft, and anything else for the
// id of a document or section. A draft needs no collection.
func (a *app) summarize(cmd *cobra.Command, what string, req assistant.SummaryRequest) (answer assistant.Answer, err error) {
	emit := func(assistant.Event) error { return nil }
	rules, err := a.policy()
	if err != nil {
		return answer, usageError{err}
	}
	record, err := a.audit(cmd)
	if err != nil {
		return answer, err
	}
	defer func() { err = errors.Join(err, record.close()) }()
	req.Conversation = activity.NoConversation
	if info, statErr := os.Stat(what); statErr == nil && info.Mode().IsRegular() {
		if req.Draft, err = readDraft(cmd.Context(), rules, what); err != nil {
			return answer, err
		}
		return record.assistant(assistant.New(nil, nil, rules.Check)).Summarize(cmd.Context(), req, emit)
	}
	if strings.Contains(what, "#") {
		req.Section = what
	} else {
		req.Document = what
	}
	err = a.reading(cmd, func(lib *ingest.Library) error {
		answer, err = record.assistant(assistant.New(lib.Engine, lib, rules.Check)).Summarize(cmd.Context(), req, emit)
		return err
	})
	return answer, err
}

// readDraft reads a file as a text that is not stored.
func readDraft(ctx context.Context, rules *policy.Policy, path string) (*corpus.Contents, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("filen kan ikke læses: %w", err)
	}
	return ingest.Draft(ctx, filepath.Base(path), data, rules.RefuseDocument)
}
