package api

import (
	"context"
	"time"

	"github.com/hjemmel/hjemmel/server/assistant"
)

// Turn waits for a turn among all answers that are being written, for a way in
// beside the API. The caller must call leave when it is done.
func (a *API) Turn(ctx context.Context) (leave func(), err error) { return a.chats.enter(ctx) }

// Answered counts an answer that was given by a way in beside the API.
func (a *API) Answered(ctx context.Context, answer assistant.Answer, err error, took time.Duration) {
	a.Observer.Answered(outcome(ctx, answer, err), took)
}

// Explain words an error for the person whose request it ended, in Danish.
func Explain(ctx context.Context, err error) string { return asError(ctx, err).Detail }
