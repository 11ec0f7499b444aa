package llm

import (
	"context"
	"io"
	"math/rand/v2"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// transport retries what may succeed later, refuses what is no event stream,
// and keeps on the call's wire what langchaingo would lose.
type transport struct {
	base      http.RoundTripper
	attempts  int
	anonymous bool // no key: send no Authorization header
}

// Waiting between attempts: doubled each time, with some chance in it so that
// many callers do not come back at once.
const (
	firstPause = 300 * time.Millisecond
	maxPause   = 8 * time.Second // a server that asks for longer is busy for us
)

// CloseIdleConnections is called by http.Client.
func (t *transport) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	w := wireOf(req.Context())
	for attempt := 1; ; attempt++ {
		response, err := t.send(req)
		fault := judge(response, err)
		if fault == nil {
			w.accept()
			response.Body = &events{body: response.Body, wire: w}
			return response, nil
		}
		pause, again := t.pause(attempt, fault)
		if !again || wait(req.Context(), pause) != nil {
			w.fail(fault)
			return nil, fault
		}
	}
}

func (t *transport) send(req *http.Request) (*http.Response, error) {
	again := req.Clone(req.Context())
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		again.Body = body
	}
	if t.anonymous {
		again.Header.Del("Authorization")
	}
	return t.base.RoundTrip(again)
}

// judge returns nil for a reply that can be read, and closes any other.
func judge(response *http.Response, err error) *Error {
	if err != nil {
		return &Error{Fault: FaultUnavailable, Detail: "no connection", Err: err}
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if response.StatusCode == http.StatusOK && kind == "text/event-stream" {
		return nil
	}
	io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) //nolint:errcheck // only to use the connection again
	response.Body.Close()
	fault := &Error{Status: response.StatusCode, RetryAfter: retryAfter(response.Header.Get("Retry-After"))}
	switch code := response.StatusCode; {
	case code == http.StatusOK:
		fault.Fault, fault.Detail = FaultForm, "the reply is no event stream but "+strconv.Quote(kind)
	case code == http.StatusTooManyRequests:
		fault.Fault = FaultBusy
	case code >= 500 || code == http.StatusRequestTimeout:
		fault.Fault = FaultUnavailable
	default:
		fault.Fault = FaultRejected
	}
	return fault
}

// pause tells whether a further attempt is worth making, and after how long.
func (t *transport) pause(attempt int, fault *Error) (time.Duration, bool) {
	if attempt >= t.attempts || fault.Fault != FaultBusy && fault.Fault != FaultUnavailable || fault.RetryAfter > maxPause {
		return 0, false
	}
	pause := firstPause << (attempt - 1)
	pause += rand.N(pause / 2)
	return min(maxPause, max(pause, fault.RetryAfter)), true
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// retryAfter reads seconds or a date.
func retryAfter(value string) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
