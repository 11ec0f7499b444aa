package llm

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/openai"
)

// Stream sends the prompt and calls each with every piece of text as it comes.
// An error of each ends the call and is returned as it is; so is ctx's. Every
// other failure is an *Error. The usage is set as far as it is known, also
// beside an error: what was generated is paid for.
func (m *Model) Stream(ctx context.Context, p Prompt, each func(text string) error) (Usage, error) {
	if err := m.enter(ctx); err != nil {
		return Usage{}, err
	}
	defer func() { <-m.places }()
	if !m.breaker.allow() {
		return Usage{}, &Error{Fault: FaultUnavailable, Detail: "not asked: it failed several times in a row a moment ago"}
	}
	r := &reply{limits: m.limits, prompt: p, each: each}
	usage, err := m.generate(ctx, r)
	var fault *Error
	switch {
	case err == nil:
		m.breaker.done(true)
	case errors.As(err, &fault) && fault.trips():
		m.breaker.done(false)
	default:
		m.breaker.forget()
	}
	return usage, err
}

// enter waits for a free place.
func (m *Model) enter(ctx context.Context) error {
	timer := time.NewTimer(m.limits.Queue)
	defer timer.Stop()
	select {
	case m.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return &Error{Fault: FaultBusy, Detail: "no free place within " + m.limits.Queue.String()}
	}
}

// reply follows one call from its request to its end.
type reply struct {
	limits Limits
	prompt Prompt
	each   func(string) error
	text   strings.Builder
	wire   wire
	stop   error // from each, or our own limit
}

// The causes with which a call is cut off.
var (
	errFirstToken    = &Error{Fault: FaultTimeout, Detail: "no text in time"}
	errBetweenTokens = &Error{Fault: FaultTimeout, Detail: "the text stalled"}
	errTotal         = &Error{Fault: FaultTimeout, Detail: "the reply took too long"}
)

func (m *Model) generate(ctx context.Context, r *reply) (Usage, error) {
	call, cut := context.WithCancelCause(ctx)
	defer cut(nil)
	total := time.AfterFunc(r.limits.Total, func() { cut(errTotal) })
	defer total.Stop()
	var stall *time.Timer
	first := time.AfterFunc(r.limits.FirstToken, func() { cut(errFirstToken) })
	defer first.Stop()
	streamed := func(_ context.Context, chunk []byte) error {
		if len(chunk) == 0 {
			return call.Err()
		}
		first.Stop()
		if stall == nil {
			stall = time.AfterFunc(r.limits.BetweenTokens, func() { cut(errBetweenTokens) })
		} else {
			stall.Reset(r.limits.BetweenTokens)
		}
		return r.take(call, string(chunk))
	}
	options := []llms.CallOption{llms.WithStreamingFunc(streamed), llms.WithTemperature(0), llms.WithMaxTokens(m.cfg.MaxTokens)}
	if m.cfg.Kind == KindOllama || m.cfg.Kind == KindOpenAI && !strings.Contains(m.cfg.URL, "api.openai.com") {
		options = append(options, openai.WithLegacyMaxTokensField())
	}
	response, err := m.client.GenerateContent(withWire(call, &r.wire), []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeSystem, r.prompt.System),
		llms.TextParts(llms.ChatMessageTypeHuman, r.prompt.User),
	}, options...)
	if stall != nil {
		stall.Stop()
	}
	return m.usage(r, response), r.outcome(ctx, call, response, err)
}

// take hands text on, within the limit.
func (r *reply) take(call context.Context, text string) error {
	if err := call.Err(); err != nil {
		return err
	}
	if r.text.Len()+len(text) > r.limits.ReplyBytes {
		r.stop = &Error{Fault: FaultTooLong, Detail: "the reply does not end"}
		return r.stop
	}
	r.text.WriteString(text)
	r.stop = r.each(text)
	return r.stop
}

// outcome tells how the call ended. langchaingo gives a broken or cancelled
// stream back as partial text without an error and without a StopReason, and
// drops status and cause of what failed, so each is looked for.
func (r *reply) outcome(ctx, call context.Context, response *llms.ContentResponse, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if r.stop != nil {
		return r.stop
	}
	if fault := r.wire.fault(); fault != nil && fault.Status != 0 {
		return fault // says more than that waiting for another attempt took too long
	}
	if call.Err() != nil {
		return context.Cause(call)
	}
	if fault := r.wire.fault(); fault != nil {
		return fault
	}
	if err != nil {
		return &Error{Fault: FaultBroken, Err: err}
	}
	reason := ""
	if len(response.Choices) > 0 {
		reason = response.Choices[0].StopReason
	}
	switch {
	case reason == "length":
		return &Error{Fault: FaultTooLong, Detail: "cut off at the limit of tokens"}
	case reason == "content_filter":
		return &Error{Fault: FaultRejected, Detail: "stopped by the server's content filter"}
	case reason == "" && !r.wire.finished():
		return &Error{Fault: FaultBroken, Detail: "the stream ended before the reply did"}
	}
	return nil
}

func (m *Model) usage(r *reply, response *llms.ContentResponse) Usage {
	var u Usage
	if response != nil && len(response.Choices) > 0 {
		info := response.Choices[0].GenerationInfo
		u.In, _ = info["PromptTokens"].(int)
		u.Out, _ = info["CompletionTokens"].(int)
	}
	if u.In <= 0 || u.Out < 0 || u.Out == 0 && r.text.Len() > 0 {
		if !r.wire.accepted() {
			return Usage{} // nothing was generated
		}
		u = Usage{In: estimateTokens(r.prompt.System + r.prompt.User), Out: estimateTokens(r.text.String()), Estimated: true}
	}
	u.CostDKK = m.cfg.Prices.cost(u.In, u.Out)
	return u
}
