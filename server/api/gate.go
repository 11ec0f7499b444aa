package api

import (
	"context"
	"net/http"
	"time"
)

// gate lets a few requests in at once and makes the rest wait their turn, for a
// while.
type gate struct {
	slots chan struct{}
	wait  time.Duration
}

func newGate(size int, wait time.Duration) gate {
	return gate{slots: make(chan struct{}, size), wait: wait}
}

// enter waits for a turn. The caller must call leave when it is done. It fails
// with a 503 *Error when the wait was in vain, or with ctx's error.
func (g gate) enter(ctx context.Context) (leave func(), err error) {
	leave = func() { <-g.slots }
	select {
	case g.slots <- struct{}{}:
		return leave, nil
	default:
	}
	timer := time.NewTimer(g.wait)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, &Error{Status: http.StatusServiceUnavailable, RetryAfter: g.wait, Detail: "Der er mange, som bruger Hjemmel lige nu. Prøv igen om lidt."}
	}
}

// Turn waits until there is room for one more answer, for the other ways in: all
// share the places of Limits.Chats. The caller must call leave when it is done.
func (a *API) Turn(ctx context.Context) (leave func(), err error) { return a.chats.enter(ctx) }
