package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/server/activity"
)

func (a *app) auditCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "audit", Short: "Verify or take out the audit log", Args: cobra.NoArgs,
		Example: `  hjemmel audit verify
  hjemmel audit export --format csv -o audit.csv`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().AddFlag(a.config.flags.Lookup("activity"))
	cmd.AddCommand(a.auditVerifyCommand(), a.auditExportCommand())
	return cmd
}

func (a *app) auditVerifyCommand() *cobra.Command {
	var expect string
	cmd := &cobra.Command{
		Use: "verify", Short: "Check that no row was changed, deleted or put in", Args: cobra.NoArgs,
		Long: `Checks the chain of hashes from the oldest row to the head. It finds rows that
were changed, deleted or put in, and an end that was cut off. It cannot find that
somebody who may write to the database wrote the whole chain anew: note the head
that it prints elsewhere (the server logs it every hour) and give it with
--expect later. Exit code 1: the log is not whole.`,
		Example: `  hjemmel audit verify
  hjemmel audit verify --expect 1234:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var noted *activity.Head
			if expect != "" {
				head, err := activity.ParseHead(expect)
				if err != nil {
					return usageError{err}
				}
				noted = &head
			}
			return a.withActivity(cmd.Context(), func(s *activity.Store) error {
				v, err := s.Verify(cmd.Context(), noted)
				if err != nil {
					return err
				}
				return a.printVerification(cmd.OutOrStdout(), v)
			})
		},
	}
	cmd.Flags().StringVar(&expect, "expect", "", "a `head` that was noted before, as NUMBER:HASH")
	a.addJSON(cmd)
	return cmd
}

// printVerification returns a findingsError where the log is not whole.
func (a *app) printVerification(w io.Writer, v activity.Verification) error {
	if a.json {
		if err := printJSON(w, v); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(w, "entries: %d (from %d; %d removed by retention)\nhead: %s\n", v.Entries, v.First, v.Removed, v.Head)
		for _, f := range v.Faults {
			fmt.Fprintf(w, "fault: %s\n", f.What)
		}
		if v.OK {
			fmt.Fprintln(w, "the audit log is whole")
		}
	}
	if !v.OK {
		return findingsError{}
	}
	return nil
}

func (a *app) auditExportCommand() *cobra.Command {
	var format, output, from, to string
	cmd := &cobra.Command{
		Use: "export", Short: "Write the audit log as JSON Lines or CSV", Args: cobra.NoArgs,
		Example: `  hjemmel audit export > audit.jsonl
  hjemmel audit export --format csv --from 2026-11-01 --to 2026-11-30 -o november.csv`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !activity.Format(format).Valid() {
				return usageError{fmt.Errorf("--format %q: use jsonl or csv", format)}
			}
			filter, err := auditDays(from, to)
			if err != nil {
				return usageError{err}
			}
			return a.withActivity(cmd.Context(), func(s *activity.Store) (err error) {
				w := cmd.OutOrStdout()
				if output != "" {
					file, err := os.Create(output)
					if err != nil {
						return err
					}
					defer func() { err = errors.Join(err, file.Close()) }()
					w = file
				}
				return s.WriteAudit(cmd.Context(), w, activity.Format(format), filter)
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", string(activity.JSONLines), "`format`: jsonl, csv")
	cmd.Flags().StringVarP(&output, "output", "o", "", "write to this `file`")
	cmd.Flags().StringVar(&from, "from", "", "the first `day`")
	cmd.Flags().StringVar(&to, "to", "", "the last `day`")
	return cmd
}

// auditDays makes a filter of two days, both included.
func auditDays(from, to string) (f activity.Filter, err error) {
	for _, bound := range []struct {
		text  string
		later int
		at    *time.Time
	}{{from, 0, &f.From}, {to, 1, &f.To}} {
		if bound.text == "" {
			continue
		}
		date, err := parseAsOf(bound.text)
		if err != nil {
			return f, err
		}
		day, err := time.ParseInLocation(time.DateOnly, string(date), time.Local)
		if err != nil {
			return f, err
		}
		*bound.at = day.AddDate(0, 0, bound.later)
	}
	return f, nil
}
