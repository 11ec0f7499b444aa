package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/assistant/gaps/export"
)

// reportFlags are the flags of commands that write a comparison's report.
type reportFlags struct {
	format, output, asOf string
	min                  float64
}

func (f *reportFlags) add(a *app, cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.format, "format", "text", "`format` of the report: text, json, md, csv, docx or sarif")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "write the report to this `file`")
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "compare with what was in force that `day` (2024-03-01 or 1.3.2024; default today)")
	cmd.Flags().Float64Var(&f.min, "min-confidence", gaps.DefaultConfidence, "leave out findings below this `confidence`, 0 to 1")
	a.addJSON(cmd)
}

// options checks the flags.
func (f *reportFlags) options(a *app) (gaps.Options, error) {
	if a.json {
		f.format = string(export.JSON)
	}
	if !export.Format(f.format).Valid() {
		return gaps.Options{}, usageError{fmt.Errorf("--format %q: use text, json, md, csv, docx or sarif", f.format)}
	}
	if f.min <= 0 || f.min > 1 {
		return gaps.Options{}, usageError{fmt.Errorf("--min-confidence %v: use a number above 0 and up to 1", f.min)}
	}
	day, err := parseAsOf(f.asOf)
	if err != nil {
		return gaps.Options{}, usageError{err}
	}
	return gaps.Options{AsOf: day, MinConfidence: f.min}, nil
}

// write writes the reports and fails with findingsError where there are findings.
func (f *reportFlags) write(cmd *cobra.Command, reports []gaps.Report) (err error) {
	var w io.Writer = cmd.OutOrStdout()
	if f.output != "" {
		file, err := os.Create(f.output)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		w = file
	}
	if err := export.Write(w, export.Format(f.format), buildVersion(), reports...); err != nil {
		return err
	}
	if slices.ContainsFunc(reports, func(r gaps.Report) bool { return len(r.Findings) > 0 }) {
		return findingsError{}
	}
	return nil
}

func (a *app) gapsCommand() *cobra.Command {
	var flags reportFlags
	var against []string
	cmd := &cobra.Command{
		Use: "gaps FILE|DOCUMENT", Short: "Compare a guideline with the law: outdated, contradicted, missing", Args: cobra.ExactArgs(1),
		Long: `Compares a guideline, a file or a document of the collection, with the law of
the collection: references that no longer hold, figures and deadlines that
differ, duties that are missing or turned round. Each finding shows both places.
A file is not stored; one with a CPR number is refused. Exit code 1: findings.`,
		Example: `  hjemmel gaps vejledning.docx
  hjemmel gaps --against lbk-2025-282 --format docx -o rapport.docx vejledning.pdf
  hjemmel gaps --as-of 2023-12-31 --json underretninger-4f1c2a`,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts, err := flags.options(a)
			if err != nil {
				return err
			}
			opts.Against = against
			return a.reading(cmd, func(lib *ingest.Library) (err error) {
				text, err := a.readGuideline(cmd.Context(), lib, args[0])
				if err != nil {
					return err
				}
				record, err := a.audit(cmd)
				if err != nil {
					return err
				}
				defer func() { err = errors.Join(err, record.close()) }()
				report, err := record.gaps(gaps.NewChecker(lib)).Check(cmd.Context(), text, opts)
				if err != nil {
					return err
				}
				return flags.write(cmd, []gaps.Report{report})
			})
		},
	}
	cmd.Flags().StringSliceVar(&against, "against", nil, "compare with this `document` or section of the collection (default: what the guideline cites)")
	flags.add(a, cmd)
	return cmd
}

// readGuideline reads a file, past the policy, or where there is none of that
// name a document of the collection.
func (a *app) readGuideline(ctx context.Context, lib *ingest.Library, arg string) (gaps.Text, error) {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.Mode().IsRegular():
		rules, err := a.policy()
		if err != nil {
			return gaps.Text{}, usageError{err}
		}
		draft, err := readDraft(ctx, rules, arg)
		if err != nil {
			return gaps.Text{}, err
		}
		return gaps.OfDraft(filepath.ToSlash(arg), draft), nil
	case err == nil:
		return gaps.Text{}, usageError{fmt.Errorf("%s is no file: name a file or a document", arg)}
	case !errors.Is(err, fs.ErrNotExist):
		return gaps.Text{}, err
	}
	text, err := gaps.OfDocument(ctx, lib, arg)
	if errors.Is(err, corpus.ErrNotFound) {
		return text, usageError{fmt.Errorf("»%s« er hverken en fil eller et dokument i samlingen: se »hjemmel documents list«", arg)}
	}
	return text, err
}
