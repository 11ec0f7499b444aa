package assistant

import (
	"fmt"

	"github.com/hjemmel/hjemmel/server/policy"
)

// InputError says that a request cannot be answered as it is written.
type InputError struct {
	Field   string // the request's field by its JSON name
	Message string // Danish, fit to show
}

// Error describes the fault for a log.
func (e *InputError) Error() string { return "invalid " + e.Field + ": " + e.Message }

// Failure says that answering went wrong for a reason outside the question.
type Failure struct {
	Message string // Danish, fit to show; tells nothing of the inside
	Err     error
}

// Error describes the fault for a log.
func (e *Failure) Error() string { return "answering: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Failure) Unwrap() error { return e.Err }

func failed(err error, format string, args ...any) error {
	return &Failure{
		Message: "Der opstod en fejl under søgningen. Prøv igen om lidt.",
		Err:     fmt.Errorf(format+": %w", append(args, err)...),
	}
}

func refusedByPolicy(v policy.Verdict) string {
	text := v.Reason
	if text == "" {
		text = "Spørgsmålet kan ikke behandles her."
	}
	if v.Instead != "" {
		text += " " + v.Instead
	}
	return text
}
