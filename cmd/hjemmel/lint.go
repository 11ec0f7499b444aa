package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

func (a *app) lintCommand() *cobra.Command {
	var flags reportFlags
	var collection string
	cmd := &cobra.Command{
		Use: "lint FILE… | lint --collection NAME", Short: "Check the legal references of files or of a whole collection",
		Long: `Looks up every legal reference: sections that are repealed or moved, acts and
sections that do not exist, superseded numbers. Made for CI: exit code 1 where
there are findings, SARIF for code hosts. With --collection it lists the stale
references of all documents in a collection.`,
		Example: `  hjemmel lint vejledninger/*.md
  hjemmel lint --format sarif -o lint.sarif vejledning.docx
  hjemmel lint --collection vejledninger`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if (collection == "") == (len(args) == 0) {
				return usageError{fmt.Errorf("name the files to check, or give --collection")}
			}
			opts, err := flags.options(a)
			if err != nil {
				return err
			}
			opts.ReferencesOnly = true
			return a.reading(cmd, func(lib *ingest.Library) error {
				if collection != "" {
					docs, err := lib.Documents(cmd.Context(), corpus.DocumentFilter{Collection: collection})
					if err != nil {
						return err
					}
					if len(docs) == 0 {
						return usageError{fmt.Errorf("there are no documents in the collection %q: see hjemmel documents list", collection)}
					}
					for i := range docs {
						if docs[i].InForce(opts.AsOf) { // what is superseded is stale by nature
							args = append(args, docs[i].ID)
						}
					}
				}
				reports, err := a.lint(cmd, lib, args, opts)
				if err != nil {
					return err
				}
				return flags.write(cmd, reports)
			})
		},
	}
	cmd.Flags().StringVar(&collection, "collection", "", "check all documents of this `collection`")
	flags.add(a, cmd)
	return cmd
}

func (a *app) lint(cmd *cobra.Command, lib *ingest.Library, names []string, opts gaps.Options) ([]gaps.Report, error) {
	checker := gaps.NewChecker(lib)
	var reports []gaps.Report
	for _, name := range names {
		text, err := a.readGuideline(cmd.Context(), lib, name)
		if err != nil {
			return nil, err
		}
		report, err := checker.Check(cmd.Context(), text, opts)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		reports = append(reports, report)
	}
	return reports, nil
}
