package llm

import (
	"fmt"
	"time"
)

// Fault says in what way a call failed.
type Fault string

// The faults.
const (
	FaultTimeout     Fault = "timeout"     // one of the time-outs of Limits
	FaultBusy        Fault = "busy"        // no free place in time, or the server said 429
	FaultUnavailable Fault = "unavailable" // no connection, a 5xx, or the breaker is open
	FaultRejected    Fault = "rejected"    // another 4xx: key, model's name or request are wrong
	FaultBroken      Fault = "broken"      // the stream ended early or with an error
	FaultForm        Fault = "form"        // what came is not the protocol
	FaultTooLong     Fault = "too long"    // more text than Limits.ReplyBytes, or cut off at MaxTokens
)

// Error is a call that failed. It carries no text of the prompt or the reply.
type Error struct {
	Fault      Fault
	Status     int           // HTTP status, 0 where there was none
	RetryAfter time.Duration // as the server said, else 0
	Detail     string
	Err        error
}

// Error describes the fault for a log.
func (e *Error) Error() string {
	s := "language model: " + string(e.Fault)
	if e.Status != 0 {
		s += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// trips tells whether the fault is the server's, so that further calls are
// likely to fail too.
func (e *Error) trips() bool {
	switch e.Fault {
	case FaultTimeout, FaultUnavailable, FaultBroken, FaultForm:
		return true
	}
	return false
}
