// Command hjemmel finds the legal basis: it ingests legislation and guidelines,
// searches them, and answers questions with cited sources.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant"
	"github.com/hjemmel/hjemmel/server/activity"
)

// Exit codes: DESIGN 5.
const (
	exitOK       = 0
	exitFindings = 1 // files that failed, a gate that was missed, a question without an answer is not one
	exitUsage    = 2
	exitFailed   = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ())
	stop()
	os.Exit(code)
}

// run is main without the process: tests call it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, environ []string) int {
	app := &app{config: newConfig(), environ: environ}
	root := app.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	for _, end := range app.atEnd {
		end()
	}
	if err == nil {
		return exitOK
	}
	var silent findingsError
	if errors.As(err, &silent) {
		return exitFindings
	}
	fmt.Fprintln(stderr, "hjemmel: "+explain(err))
	// cobra has no error type for a command that does not exist.
	if errors.As(err, new(usageError)) || strings.HasPrefix(err.Error(), "unknown command") {
		return exitUsage
	}
	return exitFailed
}

// app is what the commands share.
type app struct {
	config     *config
	configFile string
	environ    []string
	json       bool
	atEnd      []func() // what ends with the command
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "hjemmel",
		Short: "Find the legal basis: cited answers from Danish legislation and guidelines",
		Long: `Hjemmel ingests legislation and the municipality's own guidelines, searches
them, and answers questions in Danish with cited sources that can be checked.

Exit codes: 0 ok · 1 findings (some files failed, a gate was missed) ·
2 wrong use · 3 failed.`,
		SilenceUsage: true, SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.config.load(a.configFile, a.environ); err != nil {
				return usageError{err}
			}
			return nil
		},
	}
	root.PersistentFlags().StringVar(&a.configFile, configFlag, "", "configuration `file` (default hjemmel.yaml, if there is one)")
	root.PersistentFlags().AddFlag(a.config.flags.Lookup("data"))
	root.PersistentFlags().AddFlag(a.config.flags.Lookup("thesaurus"))
	for _, name := range embedFlags {
		flag := a.config.flags.Lookup(name)
		flag.Hidden = name != "embedder" // ten flags in the help of every command; "hjemmel config" lists them
		root.PersistentFlags().AddFlag(flag)
	}
	root.PersistentFlags().AddFlag(a.config.flags.Lookup("register"))
	root.PersistentFlags().AddFlag(a.config.flags.Lookup("log-level"))
	root.PersistentFlags().AddFlag(a.config.flags.Lookup("log-format"))
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(
		a.serveCommand(),
		a.healthCommand(),
		a.ingestCommand(),
		a.documentsCommand(),
		a.vectorsCommand(),
		a.keysCommand(),
		a.mcpCommand(),
		a.searchCommand(),
		a.askCommand(),
		a.summarizeCommand(),
		a.gapsCommand(),
		a.lintCommand(),
		a.evalCommand(),
		a.policyCommand(),
		a.doctorCommand(),
		a.backupCommand(),
		a.restoreCommand(),
		a.auditCommand(),
		a.activityCommand(),
		a.configCommand(),
		a.versionCommand(),
	)
	for _, c := range root.Commands() {
		wrapArgs(c)
	}
	return root
}

// wrapArgs makes wrong arguments a usage error, of all subcommands too.
func wrapArgs(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usageError{fmt.Errorf("%w\nsee: %s --help", err, cmd.CommandPath())}
			}
			return nil
		}
	}
	for _, c := range cmd.Commands() {
		wrapArgs(c)
	}
}

func (a *app) addJSON(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.json, "json", false, "print JSON")
}

// usageError is about how the command was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// findingsError ends a command with exit code 1; its output says why.
type findingsError struct{}

func (findingsError) Error() string { return "findings" }

// explain words the errors that a user can mend.
func explain(err error) string {
	var locked *corpus.LockedError
	var unreachable *qdrant.UnreachableError
	switch {
	case errors.As(err, &unreachable):
		return fmt.Sprintf("Qdrant på %s svarer ikke: start den, ret qdrant_addr (og qdrant_tls), eller brug vector_index: exact\n%v", unreachable.Addr, err)
	case errors.Is(err, qdrant.ErrRefused):
		return "Qdrant afviser nøglen: sæt HJEMMEL_QDRANT_API_KEY til den, Qdrant er startet med"
	case errors.As(err, &locked):
		text := fmt.Sprintf("datamappen %s er i brug af »hjemmel %s« (proces %d)", locked.Dir, locked.Owner.Command, locked.Owner.PID)
		if locked.Owner.Addr != "" {
			return text + fmt.Sprintf(": tilføj og fjern dokumenter på http://%s/samling, eller stop den først", locked.Owner.Addr)
		}
		return text + ": vent, til den er færdig"
	case errors.Is(err, corpus.ErrNoCollection):
		return "der er ingen samling i datamappen: indlæs dokumenter med »hjemmel ingest MAPPE«, eller angiv en anden mappe med --data"
	case errors.Is(err, activity.ErrNone):
		return "der er ikke registreret nogen brug i datamappen: angiv en anden mappe med --data, eller databasen med --activity"
	case errors.Is(err, corpus.ErrNotFound):
		return strings.TrimSuffix(err.Error(), ": "+corpus.ErrNotFound.Error()) + " findes ikke i samlingen: se »hjemmel documents list«"
	case errors.Is(err, context.Canceled):
		return "afbrudt"
	}
	if text := explainUpkeep(err); text != "" {
		return text
	}
	return err.Error()
}
