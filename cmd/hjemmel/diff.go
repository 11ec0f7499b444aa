package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/assistant/gaps/export"
)

var errFormat = errors.New("--format: use text, json or md")

func (a *app) documentsDiffCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use: "diff OLD NEW", Short: "Compare two versions of a document section by section", Args: cobra.ExactArgs(2),
		Long: `Tells what became of each section: unchanged, changed (word by word),
renumbered, moved to another act, gone, new; and which documents of the
collection cite what changed.`,
		Example: `  hjemmel documents diff lbk-2023-1089 lbk-2025-1129
  hjemmel documents diff --format md lbk-2024-890 lbk-2025-282`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.json {
				format = string(export.JSON)
			}
			if f := export.Format(format); f != export.Text && f != export.JSON && f != export.Markdown {
				return usageError{errFormat}
			}
			return a.reading(cmd, func(lib *ingest.Library) error {
				changes, err := gaps.Compare(cmd.Context(), lib, args[0], args[1])
				if err != nil {
					return err
				}
				return export.WriteChanges(cmd.OutOrStdout(), export.Format(format), &changes)
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "`format`: text, json or md")
	a.addJSON(cmd)
	return cmd
}
