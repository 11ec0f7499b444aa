package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/policy"
)

func (a *app) searchCommand() *cobra.Command {
	var q retrieval.Query
	var asOf, mode string
	cmd := &cobra.Command{
		Use: "search QUERY", Short: "Rank the sections that match a query", Args: cobra.MinimumNArgs(1),
		Example: `  hjemmel search "tabt arbejdsfortjeneste"
  hjemmel search "SEL § 85, stk. 2"
  hjemmel search -k 3 --as-of 2024-03-01 --json "frist for klage"`,
		RunE: func(cmd *cobra.Command, args []string) error {
			q.Text, q.Mode = strings.Join(args, " "), retrieval.Mode(mode)
			var err error
			if q.AsOf, err = parseAsOf(asOf); err != nil {
				return usageError{err}
			}
			rules, err := a.policy()
			if err != nil {
				return usageError{err}
			}
			if verdict := rules.Check(q.Text); !verdict.Allowed {
				return usageError{policy.RefusedError{Verdict: verdict}}
			}
			return a.reading(cmd, func(lib *ingest.Library) error {
				res, err := lib.Engine.Search(cmd.Context(), q)
				if err != nil {
					return err
				}
				if a.json {
					return printJSON(cmd.OutOrStdout(), res)
				}
				printHits(cmd.OutOrStdout(), &res)
				return nil
			})
		},
	}
	cmd.Flags().IntVarP(&q.K, "k", "k", 10, "how many sections")
	cmd.Flags().StringVar(&asOf, "as-of", "", "only what was in force that `day` (2024-03-01 or 1.3.2024; default today)")
	cmd.Flags().StringVar(&mode, "mode", "", "hybrid, lexical or vector")
	cmd.Flags().StringSliceVar(&q.Filter.Collections, "collection", nil, "only these collections")
	cmd.Flags().StringSliceVar(&q.Filter.Documents, "document", nil, "only these documents")
	a.addJSON(cmd)
	return cmd
}

// parseAsOf reads the flag --as-of; empty means today.
func parseAsOf(s string) (corpus.Date, error) {
	if s == "" {
		return "", nil
	}
	return corpus.ParseDate(s)
}

func printHits(w io.Writer, res *retrieval.Result) {
	if len(res.Hits) == 0 {
		fmt.Fprintln(w, "Intet fundet.")
		return
	}
	for _, h := range res.Hits {
		mark := ""
		if !h.InForce {
			mark = " (ikke gældende)"
		}
		fmt.Fprintf(w, "%2d. %s%s  [%s]\n    %s\n", h.Rank, h.Reference, mark, h.Section, shorten(h.Snippet, 160))
	}
	if why := res.Shortfall(); why != "" {
		fmt.Fprintln(w, why)
	}
	fmt.Fprintf(w, "%d afsnit fundet på %.0f ms (%s, gældende %s)\n", res.Total, res.MS, res.Mode, res.AsOf)
}
