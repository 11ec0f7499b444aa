package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// firstPause is the longest pause before the second attempt; it doubles.
	firstPause = time.Second
	// longestPause bounds each pause. A server that asks for a longer one is
	// taken to be out of service.
	longestPause = time.Minute
	// maxAnswer bounds what is read of an answer: 32 vectors of 4,096 components
	// take some 3 MB as JSON.
	maxAnswer = 64 << 20

	// noKey stands for an empty key inside langchaingo, which refuses one; it is
	// never sent.
	noKey = "-"
)

// call collects what langchaingo does not hand on: why a request failed.
type call struct{ err error }

type callKey struct{}

// transport sends a request until it is answered, and checks the answer: order,
// count and the name of the model. It is safe for concurrent use.
type transport struct {
	base    http.RoundTripper
	timeout time.Duration
	retries int
	key     bool

	mu     sync.Mutex
	models map[string]string // as asked for → as the first answer named it
}

func newTransport(c Config) *transport {
	return &transport{base: c.Transport, timeout: c.Timeout, retries: c.Retries, key: c.Key != "", models: map[string]string{}}
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := t.roundTrip(req)
	if c, ok := req.Context().Value(callKey{}).(*call); ok && err != nil {
		c.err = err
	}
	return res, err
}

func (t *transport) roundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	req.Body.Close()
	if err != nil {
		return nil, err
	}
	for attempt := 0; ; attempt++ {
		res, answer, err := t.attempt(req, body)
		if err == nil && res.StatusCode == http.StatusOK {
			if answer, err = t.check(body, answer); err != nil {
				return nil, err
			}
			res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(answer)), int64(len(answer))
			return res, nil
		}
		pause, again := pauseAfter(res, err, attempt)
		if err == nil {
			err = refusal(res, answer)
		}
		if req.Context().Err() != nil || !again || attempt >= t.retries {
			return nil, after(attempt, err)
		}
		if err := sleep(req.Context(), pause); err != nil {
			return nil, err
		}
	}
}

func after(attempt int, err error) error {
	if attempt == 0 {
		return err
	}
	return fmt.Errorf("after %d attempts: %w", attempt+1, err)
}

// attempt sends the request once and reads the whole answer.
func (t *transport) attempt(req *http.Request, body []byte) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeoutCause(req.Context(), t.timeout, fmt.Errorf("no answer within %v", t.timeout))
	defer cancel()
	try := req.Clone(ctx)
	try.Body = io.NopCloser(bytes.NewReader(body))
	if !t.key {
		try.Header.Del("Authorization")
		try.Header.Del("api-key")
	}
	res, err := t.base.RoundTrip(try)
	if err == nil {
		defer res.Body.Close()
		var answer []byte
		answer, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
		if len(answer) > maxAnswer {
			return nil, nil, errTooLong
		}
		if err == nil {
			return res, answer, nil
		}
		err = fmt.Errorf("reading the answer: %w", err)
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return nil, nil, err
}

var errTooLong = fmt.Errorf("the answer is longer than %d MB", maxAnswer>>20)

// pauseAfter says whether trying again may help, and after how long.
func pauseAfter(res *http.Response, err error, attempt int) (pause time.Duration, again bool) {
	pause = min(firstPause<<min(attempt, 16), longestPause)
	pause = pause/2 + rand.N(pause/2)
	switch {
	case err != nil:
		return pause, !errors.Is(err, errTooLong)
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode == http.StatusRequestTimeout,
		res.StatusCode >= 500 && res.StatusCode != http.StatusNotImplemented:
	default:
		return 0, false
	}
	if asked, ok := retryAfter(res.Header.Get("Retry-After"), time.Now()); ok {
		// A little later than asked, and not all callers at once.
		return asked + rand.N(firstPause/4), asked <= longestPause
	}
	return pause, true
}

// retryAfter reads seconds or a date (RFC 9110, 10.2.3).
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 1<<30)) * time.Second, true
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, date.Sub(now)), true
	}
	return 0, false
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refusal is what a status says, with the server's own words where there are any.
func refusal(res *http.Response, answer []byte) error {
	var said struct {
		Error struct{ Message string }
	}
	text := ""
	if json.Unmarshal(answer, &said) == nil {
		text = said.Error.Message
	}
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		return fmt.Errorf("the server answers %s", res.Status)
	}
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "…"
	}
	return fmt.Errorf("the server answers %s: %s", res.Status, text)
}

// check returns the answer with its vectors in the order of the texts: servers
// may number them in another, and langchaingo does not look at the numbers.
func (t *transport) check(request, answer []byte) ([]byte, error) {
	var asked struct {
		Model string
		Input []string
	}
	if err := json.Unmarshal(request, &asked); err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	type datum struct {
		Index     int       `json:"index"`
		Embedding []float32 `json:"embedding"`
	}
	var got struct {
		Model string  `json:"model"`
		Data  []datum `json:"data"`
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		return nil, fmt.Errorf("the answer is not a list of vectors: %w", err)
	}
	if len(got.Data) != len(asked.Input) {
		return nil, fmt.Errorf("%d vectors came for %d texts", len(got.Data), len(asked.Input))
	}
	sort.SliceStable(got.Data, func(i, j int) bool { return got.Data[i].Index < got.Data[j].Index })
	for i, d := range got.Data {
		// Some servers number nothing: then all are 0 and their order is kept.
		if d.Index != i && got.Data[len(got.Data)-1].Index != 0 {
			return nil, fmt.Errorf("vectors are numbered wrongly: %d stands for text %d", d.Index, i)
		}
	}
	if err := t.sameModel(asked.Model, got.Model); err != nil {
		return nil, err
	}
	return json.Marshal(got)
}

// sameModel notices a server that changes its model while we run.
func (t *transport) sameModel(asked, answered string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	first, ok := t.models[asked]
	if !ok {
		t.models[asked] = answered
		return nil
	}
	if first != answered {
		return fmt.Errorf("the server answers as model %q, before as %q: its vectors do not compare", answered, first)
	}
	return nil
}
