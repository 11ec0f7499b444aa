package retrieval

import (
	"context"
	"errors"
	"fmt"
)

var errNoneYet = errors.New("no passage has a vector yet")

// degraded says in Danish why a search went by words alone. The cause itself may
// name addresses: it is for the log.
func degraded(cause error) string {
	const wordsOnly = "Der er kun søgt på spørgsmålets ord: "
	switch {
	case errors.Is(cause, errNoneYet):
		return wordsOnly + "betydningssøgningen er ikke klar endnu."
	case errors.Is(cause, context.DeadlineExceeded):
		return wordsOnly + "betydningssøgningen svarede ikke i tide."
	}
	return wordsOnly + "betydningssøgningen virker ikke lige nu."
}

// Shortfall says in Danish what the search could not do by meaning, or "" where it
// did all that it was asked for.
func (r *Result) Shortfall() string {
	v := r.Vectors
	if r.Degraded != "" || v.Done >= v.Total {
		return r.Degraded
	}
	return fmt.Sprintf("Betydningssøgningen er klar for %d %% af samlingen; resten er kun søgt på ord.", 100*v.Done/v.Total)
}

// tell logs why the vectors took no part, unless they are only not there yet.
func (v *Vectors) tell(ctx context.Context, cause error) {
	if v.Log != nil && ctx.Err() == nil && !errors.Is(cause, errNoneYet) {
		v.Log.WarnContext(ctx, "search went by words alone", "error", cause)
	}
}
