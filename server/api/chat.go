package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/assistant"
)

// chat answers a question, as events or as one JSON answer.
func (a *API) chat(c *gin.Context) error {
	start := time.Now()
	var req assistant.Request
	answer, err := assistant.Answer{}, readJSON(c, a.Limits.Body, &req)
	if err == nil {
		answer, err = a.answer(c, func(ctx context.Context, emit emitter) (assistant.Answer, error) {
			return a.Assistant.Ask(ctx, req, emit)
		})
	}
	a.Observer.Answered(Outcome(c.Request.Context(), answer, err), time.Since(start))
	return err
}

type emitter = func(assistant.Event) error

// answer runs a task of the assistant, when it is this request's turn, and sends
// its events or its whole answer.
func (a *API) answer(c *gin.Context, task func(context.Context, emitter) (assistant.Answer, error)) (assistant.Answer, error) {
	leave, err := a.chats.enter(c.Request.Context())
	if err != nil {
		return assistant.Answer{}, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(c.Request.Context(), a.Limits.Answer)
	defer cancel()
	if wantsEvents(c.Request) {
		return a.streamAnswer(ctx, c, task)
	}
	allowSlowWrite(c, a.Limits.Answer+a.Limits.WriteStall)
	answer, err := task(ctx, func(assistant.Event) error { return ctx.Err() })
	if err != nil {
		return answer, err
	}
	return answer, reply(c, withLists(answer))
}

func (a *API) streamAnswer(ctx context.Context, c *gin.Context, task func(context.Context, emitter) (assistant.Answer, error)) (assistant.Answer, error) {
	s, ctx, done := openStream(ctx, c, a.Limits)
	defer done()
	told := false
	answer, err := task(ctx, func(e assistant.Event) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		told = told || e.Type == assistant.EventError
		if e.Answer != nil {
			whole := withLists(*e.Answer)
			e.Answer = &whole
		}
		return s.send(string(e.Type), e)
	})
	if err == nil {
		return answer, nil
	}
	err = s.cause(err)
	if s.begun() && !told {
		detail := asError(c.Request.Context(), err).Detail
		_ = s.send(string(assistant.EventError), assistant.Event{Type: assistant.EventError, Error: detail})
	}
	return answer, err
}

// withLists makes absent lists empty, so that clients may count on arrays.
func withLists(a assistant.Answer) assistant.Answer {
	if a.Answer == nil {
		a.Answer = []assistant.Sentence{}
	}
	if a.Sources == nil {
		a.Sources = []assistant.Source{}
	}
	return a
}

// Outcome names how a question ended, as an Observer counts it.
func Outcome(ctx context.Context, a assistant.Answer, err error) string {
	switch {
	case err == nil && !a.Verdict.Allowed:
		return OutcomeRefused
	case err == nil && !a.Answered:
		return OutcomeNoSource
	case err == nil:
		return OutcomeAnswered
	}
	switch status := StatusOf(ctx, err); {
	case status == StatusClientClosed || ctx.Err() != nil:
		return OutcomeCancelled
	case status == http.StatusServiceUnavailable:
		return OutcomeBusy
	case status < 500:
		return OutcomeInvalid
	}
	return OutcomeFailed
}
