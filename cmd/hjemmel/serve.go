package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/frontend"
	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/samples"
	"github.com/hjemmel/hjemmel/ingest/schedule"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server"
	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/policy"
)

func (a *app) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: "Answer questions in the browser and over HTTP", Args: cobra.NoArgs,
		Long: `Serves the web UI and the API on the loopback address. The first start on an
empty data folder ingests the sample documents of a fictitious municipality;
they are marked as examples and removed with one click, or by
"hjemmel documents delete --samples". Ctrl-C lets running answers finish.

With --read-only it answers from a collection that another server writes, with
vectors and words from Qdrant and the texts from the same data folder: any
number of such servers may run beside the one that ingests.`,
		Example: `  hjemmel serve
  hjemmel serve --data /srv/hjemmel --addr 127.0.0.1:9000
  hjemmel serve --data /srv/hjemmel --vector-index qdrant
  hjemmel serve --data /srv/hjemmel --vector-index qdrant --read-only --addr 127.0.0.1:9001`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd) },
	}
	for _, name := range []string{"addr", "hosts", "embed-origins", "samples", "max-upload-mb", "shutdown-timeout", "policy", "read-only"} {
		cmd.Flags().AddFlag(a.config.flags.Lookup(name))
	}
	for _, name := range slices.Concat(modelFlags, qdrantFlags, accessFlags, activityFlags) {
		cmd.Flags().AddFlag(a.config.flags.Lookup(name))
	}
	return cmd
}

func (a *app) serve(cmd *cobra.Command) (err error) {
	log, err := a.logger(cmd)
	if err != nil {
		return usageError{err}
	}
	useWords, err := a.config.words()
	if err != nil {
		return usageError{err}
	}
	rules, err := a.policy()
	if err != nil {
		return usageError{err}
	}
	watched, err := a.scheduled(rules)
	if err != nil {
		return usageError{err}
	}
	vectors, err := a.vectors(cmd.Context(), log)
	if err != nil {
		return usageError{err}
	}
	guard, accessStore, err := a.access(cmd.Context())
	if err != nil {
		return err
	}
	if accessStore != nil {
		defer func() { err = errors.Join(err, accessStore.Close()) }()
	}
	lib, err := a.openServed(cmd, rules, vectors)
	if err != nil {
		return err
	}
	if lib.Discarded != nil {
		log.Warn("the word index cannot be used and is built again from the database", "reason", lib.Discarded)
	}
	useWords(lib.Engine)
	record, err := a.openActivity(cmd.Context())
	if err != nil {
		return errors.Join(err, lib.Close())
	}
	var background sync.WaitGroup
	ctx, stop := context.WithCancel(cmd.Context())
	defer func() {
		stop()
		background.Wait()
		err = errors.Join(err, record.Close(), lib.Close())
	}()
	helper, closeModel, err := a.compose(a.assistant(lib, rules), nil)
	if err != nil {
		return err
	}
	defer closeModel()
	sources := a.scheduler(watched, lib, rules, log)
	srv, err := a.newServer(lib, rules, helper, guard, sources, record, log)
	if err != nil {
		return usageError{err}
	}
	if !a.config.ReadOnly {
		if err := a.ingestSamples(ctx, lib, log); err != nil {
			return err
		}
		background.Go(func() {
			catchUp(ctx, lib, log)
			sources.Run(ctx)
		})
	}
	background.Go(func() { record.Run(ctx, a.config.Activity.retention(), log) })
	background.Go(func() {
		if err := lib.Engine.Warm(ctx); err != nil && ctx.Err() == nil {
			log.Warn("the first search failed", "error", err)
		}
	})
	if lib.Builder != nil {
		background.Go(func() { lib.Builder.Run(ctx) })
	}
	at := "http://" + a.config.Addr
	if guard != nil {
		at = guard.Public().String()
		log.Info("access control is on", "login", guard.HasLogin())
	}
	fmt.Fprintf(cmd.OutOrStdout(), "Hjemmel svarer på %s (stop med Ctrl-C)\n", at)
	return srv.Run(ctx)
}

// newServer puts a library behind the ways in.
func (a *app) newServer(lib *ingest.Library, rules *policy.Policy, helper *assistant.Assistant, guard *access.Access, sources *schedule.Scheduler, record *activity.Store, log *slog.Logger) (*server.Server, error) {
	return server.New(server.Config{
		Addr: a.config.Addr, Hosts: a.config.Hosts, EmbedOrigins: a.config.EmbedOrigins, Version: buildVersion(), Kernels: kernels(lib.Embedder), Frontend: frontend.Files(), Logger: log,
		Activity: record, KeptDays: a.config.Activity.Conversations,
		Access: guard, Rates: a.config.Access.Rates, TrustedProxies: a.config.Access.TrustedProxies,
		Assistant: patientAssistant{helper, lib}, Searcher: patientSearcher{lib.Engine, lib},
		Library: a.served(lib, rules), Gaps: gaps.NewChecker(lib), Ingests: sources, Ready: a.indexHealth(lib),
		Check: rules.Check, CheckName: rules.CheckName, Policy: rules.Explain(),
		MaxUpload: int64(a.config.MaxUploadMB) << 20, ShutdownTimeout: a.config.ShutdownTimeout,
	})
}

// catchUp reconciles the index with the store while the server answers already.
func catchUp(ctx context.Context, lib *ingest.Library, log *slog.Logger) {
	err := lib.Sync(ctx, func(p ingest.Progress) { log.Info("indexing", "documents", p.Done, "of", p.Total) })
	if err != nil && ctx.Err() == nil {
		log.Error("the index could not be brought up to date: restart; if that does not help, delete the folder bleve", "error", err)
	}
}

// ingestSamples fills an empty data folder, so that the first question has an
// answer. A start that was killed half-way is completed by the next.
func (a *app) ingestSamples(ctx context.Context, lib *ingest.Library, log *slog.Logger) error {
	if !a.config.Samples {
		return nil
	}
	if wants, err := lib.WantsSamples(ctx); err != nil || !wants {
		return err
	}
	items, err := source.FS(samples.Files(), samples.Collection)
	if err != nil {
		return err
	}
	report, err := lib.Pipeline.Run(ctx, items, ingest.Options{Collection: samples.Collection, Sample: true})
	if err != nil {
		return fmt.Errorf("ingesting the sample documents: %w", err)
	}
	log.Info("sample documents ingested", "documents", report.Counts[ingest.Read], "ms", int(report.MS))
	return lib.MarkSamples(ctx)
}

func (a *app) logger(cmd *cobra.Command) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(a.config.LogLevel)); err != nil {
		return nil, fmt.Errorf("log_level %q: use debug, info, warn or error", a.config.LogLevel)
	}
	opts := &slog.HandlerOptions{Level: level}
	switch a.config.LogFormat {
	case "json":
		return slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), opts)), nil
	case "text":
		return slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), opts)), nil
	}
	return nil, fmt.Errorf("log_format %q: use text or json", a.config.LogFormat)
}

// library shows a data folder to the server in the server's words.
type library struct {
	*ingest.Library
	rules  *policy.Policy
	access *accessSettings
}

// citedBy is how many citing places a section page lists.
const citedBy = 50

func (l library) References(ctx context.Context, section string) ([]corpus.Reference, error) {
	return l.Library.References(ctx, section, "")
}

func (l library) CitedBy(ctx context.Context, section string) ([]corpus.Reference, error) {
	return l.Library.CitedBy(ctx, section, "", citedBy)
}

func (l library) Upload(ctx context.Context, name string, data []byte, to server.Target) ([]server.UploadResult, error) {
	items, refused := refuseNames(source.Unpack(name, data), l.rules) // an archive brings names of its own
	report, err := l.Pipeline.Run(ctx, items, ingest.Options{Collection: to.Collection, Groups: l.access.groups(to.Collection, to.Groups)})
	if err != nil || ctx.Err() != nil {
		return nil, errors.Join(err, ctx.Err())
	}
	for _, f := range refused {
		report.Add(f)
	}
	results := make([]server.UploadResult, len(report.Files))
	for i, f := range report.Files {
		results[i] = server.UploadResult{
			Name: f.Path, Status: string(f.Status), Document: f.Document, Title: f.Title, Reason: f.Reason, Sections: f.Sections, Warnings: f.Warnings,
		}
		var refused policy.RefusedError
		if errors.As(f.Err, &refused) {
			results[i].Verdict = &refused.Verdict
		}
	}
	return results, nil
}

func (l library) Draft(ctx context.Context, name string, data []byte) (*corpus.Contents, error) {
	return ingest.Draft(ctx, name, data, l.rules.RefuseDocument)
}

func (l library) Stats(ctx context.Context) (server.Stats, error) {
	t, err := l.Totals(ctx)
	vectors, err2 := l.VectorProgress(ctx)
	return server.Stats{
		Documents: t.Documents, Sections: t.Sections, Passages: t.Passages, Samples: t.Samples, Indexing: l.Syncing(),
		Vectors: server.Vectors(vectors),
	}, errors.Join(err, withoutQdrant(err2))
}
