// Package openai answers questions in the form of OpenAI's chat completions, so
// that Open WebUI and other programs that speak it can show Hjemmel's answers
// with their citations. There is no model to prompt: the last message of the user
// is the question, earlier ones are its history, and settings such as temperature
// mean nothing here. Conversations are the client's; none is stored.
package openai

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// Asker answers questions, and audits them where anything is audited.
type Asker interface {
	Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error)
}

// Collections are those that the reader of ctx sees.
type Collections interface {
	Collections(ctx context.Context) ([]corpus.CollectionCount, error)
}

// Config is what the handlers need; every field must be set.
type Config struct {
	Assistant Asker
	Library   Collections
	Check     func(string) policy.Verdict // of earlier messages
	Turn      func(ctx context.Context) (leave func(), err error)
	Observer  api.Observer
	Logger    *slog.Logger
	Public    func(*http.Request) string // where people reach the pages, without a slash at the end
	Limits    api.Limits
}

// API holds the handlers.
type API struct{ Config }

// New returns the handlers over cfg.
func New(cfg Config) *API { return &API{cfg} }

// Models lists what may stand as "model": the whole collection, and each
// collection that the caller sees.
func (a *API) Models(w http.ResponseWriter, r *http.Request) {
	models, err := a.models(r.Context())
	if err != nil {
		a.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, modelList{Object: "list", Data: models})
}

// wholeModel answers from everything; collectionModel begins the name of one
// that answers from one collection.
const (
	wholeModel      = "hjemmel"
	collectionModel = "hjemmel/"
)

func (a *API) models(ctx context.Context) ([]model, error) {
	collections, err := a.Library.Collections(ctx)
	models := []model{{ID: wholeModel, Object: "model", OwnedBy: "hjemmel"}}
	for _, c := range collections {
		models = append(models, model{ID: collectionModel + c.Name, Object: "model", OwnedBy: "hjemmel"})
	}
	return models, err
}

// Chat answers the last message of the user, whole or as a stream.
func (a *API) Chat(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	ctx := activity.WithWay(r.Context(), activity.WayOpenAI)
	answer, err := a.chat(ctx, w, r)
	a.Observer.Answered(api.Outcome(ctx, answer, err), time.Since(start))
}

func (a *API) chat(ctx context.Context, w http.ResponseWriter, r *http.Request) (assistant.Answer, error) {
	req, question, err := a.read(ctx, w, r)
	if err != nil {
		a.fail(w, r, err)
		return assistant.Answer{}, err
	}
	leave, err := a.Turn(ctx)
	if err != nil {
		a.fail(w, r, err)
		return assistant.Answer{}, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, a.Limits.Answer)
	defer cancel()
	out := &reply{w: w, rc: http.NewResponseController(w), stall: a.Limits.WriteStall, stream: req.Stream, model: req.Model,
		id: newID(), created: time.Now().Unix(), text: text{public: a.Public(r)}}
	_ = out.rc.SetWriteDeadline(time.Now().Add(a.Limits.Answer + a.Limits.WriteStall))
	answer, err := a.Assistant.Ask(ctx, question, out.event)
	if err == nil {
		err = out.end(answer, req.StreamOptions.IncludeUsage)
	}
	switch {
	case err == nil:
	case out.begun:
		out.fault(errorOf(ctx, err))
	default:
		a.fail(w, r, err)
	}
	return answer, err
}

// fail answers with an error, and logs what is no fault of the caller's.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	if api.StatusOf(r.Context(), err) >= http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
		a.Logger.Error("an answer failed", "error", err)
	}
	WriteError(w, r, err)
}
