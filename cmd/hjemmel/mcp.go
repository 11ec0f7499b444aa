package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/mcp"
)

func (a *app) mcpCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "mcp", Short: "Offer the collection to a program on this machine (Model Context Protocol)", Args: cobra.NoArgs,
		Long: `Speaks the Model Context Protocol on standard input and output, for programs
that start it themselves, such as desktop clients: search, get_section,
check_references, find_gaps, summarize and ask. It reads the data folder, all of
it, as whoever starts it may do. Programs elsewhere use /mcp of "hjemmel serve".`,
		Example: `  hjemmel mcp --data /srv/hjemmel`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			rules, err := a.policy()
			if err != nil {
				return usageError{err}
			}
			log, err := a.logger(cmd)
			if err != nil {
				return usageError{err}
			}
			return a.reading(cmd, func(lib *ingest.Library) (err error) {
				helper, done, err := a.compose(a.assistant(lib, rules), nil)
				if err != nil {
					return err
				}
				defer done()
				record, err := a.audit(cmd)
				if err != nil {
					return err
				}
				defer func() { err = errors.Join(err, record.close()) }()
				cfg := mcp.Config{
					Version: buildVersion(), Assistant: record.assistant(helper), Gaps: record.gaps(gaps.NewChecker(lib)), Searcher: lib.Engine,
					Library: library{lib, rules, &a.config.Access}, Check: rules.Check, Logger: log,
				}
				if record != nil {
					cfg.Recorder = record.recorder
				}
				return mcp.New(cfg).Serve(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout())
			})
		},
	}
	for _, name := range modelFlags {
		cmd.Flags().AddFlag(a.config.flags.Lookup(name))
	}
	return cmd
}
