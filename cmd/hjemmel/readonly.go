package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant"
	"github.com/hjemmel/hjemmel/server"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/policy"
)

// openServed opens the data folder for a server: to write it, or, with
// --read-only, to answer from what another server writes.
func (a *app) openServed(cmd *cobra.Command, rules *policy.Policy, vectors []ingest.Option) (*ingest.Library, error) {
	if !a.config.ReadOnly {
		owner := corpus.Owner{Command: "serve", Addr: a.config.Addr}
		return ingest.OpenWriter(cmd.Context(), a.config.Data, owner, rules.RefuseDocument, vectors...)
	}
	lib, err := ingest.OpenReplica(cmd.Context(), a.config.Data, vectors...)
	if errors.Is(err, ingest.ErrNoQdrant) {
		err = usageError{err}
	}
	return lib, err
}

// served shows the library as the server may use it.
func (a *app) served(lib *ingest.Library, rules *policy.Policy) server.Library {
	if a.config.ReadOnly {
		return readOnlyLibrary{library{lib, rules, &a.config.Access}}
	}
	return library{lib, rules, &a.config.Access}
}

// readOnlyLibrary refuses what a replica cannot do.
type readOnlyLibrary struct{ library }

var errReadOnly = &api.Error{
	Status: http.StatusForbidden,
	Detail: "Denne server kan kun læse samlingen. Tilføj og fjern dokumenter på den server, der indlæser.",
	Err:    errors.New("the server is read-only"),
}

func (readOnlyLibrary) Upload(context.Context, string, []byte, server.Target) ([]server.UploadResult, error) {
	return nil, errReadOnly
}
func (readOnlyLibrary) SetGroups(context.Context, string, []string) error {
	return errReadOnly
}
func (readOnlyLibrary) Delete(context.Context, string) error       { return errReadOnly }
func (readOnlyLibrary) DeleteSamples(context.Context) (int, error) { return 0, errReadOnly }

// indexHealth is the condition of /readyz that is about Qdrant: a server with an
// index of its own goes on by words without it, a replica cannot.
func (a *app) indexHealth(lib *ingest.Library) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		err := lib.IndexHealth(ctx)
		if err == nil || a.config.ReadOnly {
			return "", err
		}
		return "Betydningssøgning svarer ikke lige nu: der søges på ord alene.", nil
	}
}

// withoutQdrant leaves out the progress of vectors that cannot be counted while
// Qdrant is away: /readyz and the answers tell of that.
func withoutQdrant(err error) error {
	if errors.As(err, new(*qdrant.UnreachableError)) {
		return nil
	}
	return err
}
