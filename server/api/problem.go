package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// Problem is an error as RFC 9457 shapes it. Detail is a Danish sentence fit to
// show to a caseworker.
type Problem struct {
	Type      string          `json:"type"`
	Title     string          `json:"title"`
	Status    int             `json:"status"`
	Detail    string          `json:"detail"`
	RequestID string          `json:"request_id,omitempty"`
	Verdict   *policy.Verdict `json:"verdict,omitempty"`
}

func (p *Problem) Error() string { return p.Detail }

// problem makes a Problem that a handler fails with.
func problem(status int, detail string) *Problem {
	return &Problem{Status: status, Detail: detail}
}

// RequestIDKey is where the middleware leaves the request's id.
const RequestIDKey = "request_id"

// Fail ends a request with an error: the one place that turns errors into a
// status and a Danish sentence. What has no sentence of its own is logged, and
// told only as "something failed".
func Fail(c *gin.Context, err error) {
	p := asProblem(err)
	p.Type, p.Title, p.RequestID = "about:blank", http.StatusText(p.Status), c.GetString(RequestIDKey)
	if p.Status >= http.StatusInternalServerError {
		slog.ErrorContext(c.Request.Context(), "request failed", "route", c.FullPath(), "request_id", p.RequestID, "error", policy.Mask(err.Error()))
	}
	c.Abort()
	if c.Writer.Written() {
		return // a stream has begun: it tells its own errors
	}
	c.Header("Content-Type", "application/problem+json")
	c.JSON(p.Status, p)
}

func asProblem(err error) *Problem {
	var own *Problem
	var input *assistant.InputError
	var failure *assistant.Failure
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &own):
		copied := *own
		return &copied
	case errors.As(err, &input):
		return problem(http.StatusBadRequest, input.Message)
	case errors.Is(err, retrieval.ErrEmptyQuery):
		return problem(http.StatusBadRequest, "Skriv, hvad du vil søge efter.")
	case errors.Is(err, retrieval.ErrNoVectors):
		return problem(http.StatusBadRequest, "Samlingen har ingen vektorer: brug søgemåden lexical.")
	case errors.Is(err, retrieval.ErrUnknownMode):
		return problem(http.StatusBadRequest, "Søgemåden kendes ikke: brug hybrid, lexical eller vector.")
	case errors.Is(err, corpus.ErrNotFound):
		return problem(http.StatusNotFound, "Dokumentet eller afsnittet findes ikke i samlingen. Det kan være fjernet.")
	case errors.As(err, &tooLarge):
		return problem(http.StatusRequestEntityTooLarge, "Det sendte er for stort.")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem(http.StatusServiceUnavailable, "Det tog for lang tid. Prøv igen om lidt.")
	case errors.As(err, &failure):
		return problem(http.StatusInternalServerError, failure.Message)
	}
	return problem(http.StatusInternalServerError, "Der opstod en fejl. Prøv igen, og giv driften dette nummer, hvis den bliver ved.")
}
