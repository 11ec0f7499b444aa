package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// RequestIDHeader carries the id under which a request stands in the log.
const RequestIDHeader = "X-Request-Id"

// Problem is the body of every failed request (RFC 9457).
type Problem struct {
	Type      string          `json:"type"` // always about:blank: the status says what kind it is
	Title     string          `json:"title"`
	Status    int             `json:"status"`
	Detail    string          `json:"detail"` // Danish, fit to show to a caseworker
	RequestID string          `json:"request_id,omitempty"`
	Verdict   *policy.Verdict `json:"verdict,omitempty"` // where policy refused the text
}

// Error is a fault whose status and wording are known where it is found.
type Error struct {
	Status     int
	Detail     string          // Danish, fit to show
	Verdict    *policy.Verdict // where policy is the reason
	RetryAfter time.Duration   // 0 where trying again does not help
	Err        error           // for the log; may be nil
}

// Error describes the fault for a log, without the words of the request.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return http.StatusText(e.Status)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ErrShuttingDown is the cause of a request's cancelled context when the server
// stops before the request is done.
var ErrShuttingDown = errors.New("the server is shutting down")

// StatusClientClosed stands in log and metrics for a request whose client went
// away before the reply. No client ever reads it.
const StatusClientClosed = 499

// titles are the short Danish names of the statuses.
var titles = map[int]string{
	http.StatusBadRequest:            "Forespørgslen kan ikke forstås",
	http.StatusUnauthorized:          "Log ind",
	http.StatusForbidden:             "Ikke tilladt",
	http.StatusNotFound:              "Findes ikke",
	http.StatusMethodNotAllowed:      "Kan ikke bruges sådan",
	http.StatusRequestEntityTooLarge: "For stort",
	http.StatusMisdirectedRequest:    "Forkert adresse",
	http.StatusUnprocessableEntity:   "Kan ikke behandles her",
	http.StatusTooManyRequests:       "For mange forespørgsler",
	StatusClientClosed:               "Afbrudt",
	http.StatusServiceUnavailable:    "Optaget lige nu",
	http.StatusGatewayTimeout:        "Det tog for lang tid",
	http.StatusInsufficientStorage:   "Der mangler plads",
}

// asError is the one place where errors become a status and a Danish sentence.
func asError(ctx context.Context, err error) *Error {
	var known *Error
	var input *assistant.InputError
	var failure *assistant.Failure
	var refused policy.RefusedError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &input):
		return &Error{Status: http.StatusBadRequest, Detail: input.Message, Err: err}
	case errors.As(err, &refused):
		return Refusal(refused.Verdict)
	case errors.As(err, &large):
		return &Error{Status: http.StatusRequestEntityTooLarge, Err: err,
			Detail: fmt.Sprintf("Forespørgslen er for stor: den må højst fylde %s.", size(large.Limit))}
	case errors.Is(err, activity.ErrNotFound):
		return &Error{Status: http.StatusNotFound, Detail: noConversation, Err: err}
	case errors.Is(err, corpus.ErrNotFound):
		return &Error{Status: http.StatusNotFound, Detail: "Det, du leder efter, findes ikke i samlingen.", Err: err}
	case errors.Is(err, context.Canceled) && errors.Is(context.Cause(ctx), ErrShuttingDown):
		return &Error{Status: http.StatusServiceUnavailable, Detail: "Hjemmel lukker ned. Prøv igen om lidt.", RetryAfter: 10 * time.Second, Err: err}
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return &Error{Status: StatusClientClosed, Detail: "Forespørgslen blev afbrudt.", Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Status: http.StatusGatewayTimeout, Detail: "Det tog for lang tid at svare. Prøv igen om lidt.", Err: err}
	case errors.Is(err, retrieval.ErrUnavailable):
		return &Error{Status: http.StatusServiceUnavailable, Detail: "Søgningen svarer ikke lige nu. Prøv igen om lidt.", RetryAfter: 5 * time.Second, Err: err}
	}
	switch corpus.Fault(err) {
	case corpus.ErrFull, corpus.ErrReadOnly:
		return &Error{Status: http.StatusInsufficientStorage, Detail: "Det kan ikke gemmes: disken er fuld eller skrivebeskyttet. Det, der er gemt, er ikke berørt. Kontakt driften.", Err: err}
	case corpus.ErrCorrupt:
		return &Error{Status: http.StatusInternalServerError, Detail: "Samlingens database er beskadiget. Kontakt driften: den undersøges med »hjemmel doctor« og gendannes med »hjemmel restore«.", Err: err}
	}
	switch {
	case errors.As(err, &failure):
		return &Error{Status: http.StatusInternalServerError, Detail: failure.Message, Err: err}
	}
	return &Error{Status: http.StatusInternalServerError, Detail: "Der opstod en uventet fejl. Prøv igen, og kontakt driften, hvis det fortsætter.", Err: err}
}

// Explain returns err as every way in tells it: a status and a Danish sentence.
func Explain(ctx context.Context, err error) *Error { return asError(ctx, err) }

// StatusOf returns the status that err stands for, which is also that of a
// stream that err ended after it had begun with 200.
func StatusOf(ctx context.Context, err error) int { return asError(ctx, err).Status }

// Refusal is the fault of a text that policy does not let in.
func Refusal(v policy.Verdict) *Error {
	detail := v.Reason
	if v.Instead != "" {
		detail += " " + v.Instead
	}
	return &Error{Status: http.StatusUnprocessableEntity, Detail: detail, Verdict: &v}
}

// badRequest is the fault of a request that cannot be understood.
func badRequest(format string, args ...any) *Error {
	return &Error{Status: http.StatusBadRequest, Detail: fmt.Sprintf(format, args...)}
}

// notFound words a look-up that failed with corpus.ErrNotFound; other errors
// pass as they are.
func notFound(err error, detail string) error {
	if errors.Is(err, corpus.ErrNotFound) {
		return &Error{Status: http.StatusNotFound, Detail: detail, Err: err}
	}
	return err
}

func (e *Error) problem(requestID string) Problem {
	title := titles[e.Status]
	if title == "" {
		title = "Noget gik galt"
	}
	return Problem{Type: "about:blank", Title: title, Status: e.Status, Detail: e.Detail, RequestID: requestID, Verdict: e.Verdict}
}

// WriteProblem answers a request with err, worded for the person who made it.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	e := asError(r.Context(), err)
	h := w.Header()
	body, err := json.Marshal(e.problem(h.Get(RequestIDHeader)))
	if err != nil { // a Problem holds only strings and numbers
		panic(err)
	}
	for _, name := range []string{"Etag", "Last-Modified", "Content-Length", "Content-Disposition"} {
		h.Del(name) // they were meant for the reply that failed
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
	if e.Status == http.StatusRequestEntityTooLarge {
		h.Set("Connection", "close") // the rest of the body is not worth reading
	}
	w.WriteHeader(e.Status)
	_, _ = w.Write(append(body, '\n'))
}

// size words a number of bytes.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d byte", n)
}
