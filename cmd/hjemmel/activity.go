package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hjemmel/hjemmel/eval"
	"github.com/hjemmel/hjemmel/server/activity"
)

// activitySettings say where activity is recorded, and how long it is kept.
type activitySettings struct {
	Address                        string
	Conversations, Feedback, Audit int // days; 0 is for ever
}

// activityFlags are the settings of activity, in the order of the README.
var activityFlags = []string{"activity", "conversations-days", "feedback-days", "audit-days"}

func (s *activitySettings) addFlags(f *pflag.FlagSet) {
	f.StringVar(&s.Address, "activity", "", "PostgreSQL `database` for conversations, feedback, audit log and costs, in place of activity.db in the data folder")
	f.IntVar(&s.Conversations, "conversations-days", 30, "`days` that a conversation is kept after its last question; 0 for ever")
	f.IntVar(&s.Feedback, "feedback-days", 365, "`days` that feedback is kept; 0 for ever")
	f.IntVar(&s.Audit, "audit-days", 365, "`days` that the audit log is kept; 0 for ever")
}

const day = 24 * time.Hour

func (s *activitySettings) retention() activity.Retention {
	return activity.Retention{
		Conversations: time.Duration(s.Conversations) * day, Feedback: time.Duration(s.Feedback) * day, Audit: time.Duration(s.Audit) * day,
	}
}

func (s *activitySettings) check() error {
	for i, days := range []int{s.Conversations, s.Feedback, s.Audit} {
		if days < 0 || days > 36_500 {
			return usageError{fmt.Errorf("%s: use a number of days, 0 for ever", activityFlags[i+1])}
		}
	}
	return nil
}

// openActivity opens what serve records into.
func (a *app) openActivity(ctx context.Context) (*activity.Store, error) {
	if err := a.config.Activity.check(); err != nil {
		return nil, err
	}
	return activity.Open(ctx, a.config.Data, a.config.Activity.Address)
}

// withActivity runs f on what was recorded.
func (a *app) withActivity(ctx context.Context, f func(*activity.Store) error) (err error) {
	store, err := activity.OpenExisting(ctx, a.config.Data, a.config.Activity.Address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return f(store)
}

func (a *app) activityCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "activity", Short: "Take out or delete what is recorded of a person; make a suite of feedback", Args: cobra.NoArgs,
		Example: `  hjemmel activity export --user anna@kommune.dk > anna.json
  hjemmel activity delete --user anna@kommune.dk
  hjemmel activity suite OUR-SUITE`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().AddFlag(a.config.flags.Lookup("activity"))
	cmd.AddCommand(a.activityExportCommand(), a.activityDeleteCommand(), a.activitySuiteCommand())
	return cmd
}

func addUser(cmd *cobra.Command, user *string) {
	cmd.Flags().StringVar(user, "user", "", "the person's `id` as the audit log shows it (without login: local)")
	_ = cmd.MarkFlagRequired("user") // the flag exists
}

func (a *app) activityExportCommand() *cobra.Command {
	var user string
	cmd := &cobra.Command{
		Use: "export --user ID", Short: "Print all that is stored about a person as JSON", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withActivity(cmd.Context(), func(s *activity.Store) error {
				all, err := s.Export(cmd.Context(), user)
				if err != nil {
					return err
				}
				return printJSON(cmd.OutOrStdout(), all)
			})
		},
	}
	addUser(cmd, &user)
	return cmd
}

func (a *app) activityDeleteCommand() *cobra.Command {
	var user string
	cmd := &cobra.Command{
		Use: "delete --user ID", Short: "Delete all that is stored about a person", Args: cobra.NoArgs,
		Long: `Deletes a person's conversations and feedback. Rows of the audit log stay until
their own retention ends, but no longer say whose they are; that a person was
deleted is audited, without saying who.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withActivity(cmd.Context(), func(s *activity.Store) error {
				erased, err := s.Erase(cmd.Context(), user, time.Now())
				if err != nil {
					return err
				}
				if a.json {
					return printJSON(cmd.OutOrStdout(), erased)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "slettet: %d samtaler, %d tilbagemeldinger\n", erased.Conversations, erased.Feedback)
				if erased.Pseudonym {
					fmt.Fprintln(cmd.OutOrStdout(), "auditloggen siger ikke længere, hvem personens rækker handler om")
				}
				return nil
			})
		},
	}
	addUser(cmd, &user)
	a.addJSON(cmd)
	return cmd
}

func (a *app) activitySuiteCommand() *cobra.Command {
	return &cobra.Command{
		Use: "suite DIR", Short: "Make an answer suite of feedback", Args: cobra.ExactArgs(1),
		Long: `Writes DIR/feedback.jsonl in the format of eval/suites/answers: of an answer
that somebody called good, its sources are expected; where a § was missing, that
§ is. What says only that something is wrong expects nothing that could be
measured, and is counted as left out. Read the file before you rely on it.`,
		Example: `  hjemmel activity suite OUR-SUITE
  hjemmel eval answers --suite OUR-SUITE --split feedback --data ./data`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withActivity(cmd.Context(), func(s *activity.Store) error {
				all, err := s.AllFeedback(cmd.Context())
				if err != nil {
					return err
				}
				return writeSuite(cmd.OutOrStdout(), args[0], all)
			})
		},
	}
}

// feedbackSplit is the split of a suite that feedback makes.
const feedbackSplit = "feedback"

func writeSuite(w io.Writer, dir string, all []activity.Feedback) (err error) {
	items, left := eval.ItemsOfFeedback(all)
	if len(items) == 0 {
		fmt.Fprintf(w, "ingen opgaver: %d tilbagemeldinger siger ikke, hvad et rigtigt svar henviser til\n", left)
		return findingsError{}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	path := filepath.Join(dir, feedbackSplit+".jsonl")
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	for _, item := range items {
		if err := printJSON(file, item); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "%s: %d opgaver, %d tilbagemeldinger udeladt\n", path, len(items), left)
	return nil
}
