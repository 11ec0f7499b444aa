package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// summarize sums up a stored text that a JSON body names, or the one file of a
// form, which is not stored; as events or as one JSON answer.
func (a *API) summarize(c *gin.Context) error {
	start := time.Now()
	req, err := a.summaryRequest(c)
	answer := assistant.Answer{}
	if err == nil {
		answer, err = a.answer(c, func(ctx context.Context, emit emitter) (assistant.Answer, error) {
			return a.Assistant.Summarize(ctx, req, emit)
		})
	}
	a.Observer.Answered(Outcome(c.Request.Context(), answer, err), time.Since(start))
	return err
}

func (a *API) summaryRequest(c *gin.Context) (assistant.SummaryRequest, error) {
	var req assistant.SummaryRequest
	if !isForm(c.Request) {
		return req, readJSON(c, a.Limits.Body, &req)
	}
	draft, fields, err := a.draft(c, "length", "as_of")
	if err != nil {
		return req, err
	}
	return assistant.SummaryRequest{Draft: draft, Length: assistant.Length(fields["length"]), AsOf: corpus.Date(fields["as_of"])}, nil
}

func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}

// draft reads the one file of a form as a text that is not stored, and returns
// the values of the other fields beside it.
func (a *API) draft(c *gin.Context, fields ...string) (*corpus.Contents, map[string]string, error) {
	leave, err := a.uploads.enter(c.Request.Context())
	if err != nil {
		return nil, nil, err
	}
	defer leave()
	form, err := a.receive(c, fields...)
	defer form.close()
	if err != nil {
		return nil, nil, err
	}
	if len(form.files) != 1 {
		return nil, nil, badRequest("Send én fil ad gangen.")
	}
	name, refused := a.nameOf(form.files[0])
	if refused != nil {
		if refused.Verdict != nil {
			return nil, nil, Refusal(*refused.Verdict)
		}
		return nil, nil, badRequest("%s", refused.Reason)
	}
	data, err := form.files[0].bytes()
	if err != nil {
		return nil, nil, err
	}
	allowSlowWrite(c, a.Limits.Answer)
	ctx, cancel := context.WithTimeout(c.Request.Context(), a.Limits.Answer)
	defer cancel()
	draft, err := Draft(ctx, a.Library, name, data)
	return draft, form.fields, err
}

// Drafter reads a file without storing it; a Library is one.
type Drafter interface {
	Draft(ctx context.Context, name string, data []byte) (*corpus.Contents, error)
}

// Draft reads bytes as a text that is not stored, and words what is wrong with
// them as an *Error, which tells of a refusal by its Verdict.
func Draft(ctx context.Context, lib Drafter, name string, data []byte) (*corpus.Contents, error) {
	draft, err := lib.Draft(ctx, name, data)
	var verdict policy.RefusedError
	switch {
	case err == nil:
		return draft, nil
	case errors.As(err, &verdict):
		return nil, Refusal(verdict.Verdict)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return nil, &Error{Status: http.StatusUnprocessableEntity, Detail: sentence(err.Error()), Err: err}
}

// sentence makes a sentence of a reader's error.
func sentence(text string) string {
	return strings.TrimSuffix(text, ".") + "."
}
