package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
)

// wire is what one call's connection tells: langchaingo reads the stream in a
// goroutine of its own and passes over lines that it does not understand.
type wire struct {
	mu    sync.Mutex
	err   *Error
	began bool // the server took the request
	ended bool // [DONE] or a finish_reason came
}

type wireKey struct{}

func withWire(ctx context.Context, w *wire) context.Context {
	return context.WithValue(ctx, wireKey{}, w)
}

func wireOf(ctx context.Context) *wire {
	w, ok := ctx.Value(wireKey{}).(*wire)
	if !ok {
		return &wire{}
	}
	return w
}

func (w *wire) fail(e *Error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = e
	}
}

func (w *wire) set(flag *bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*flag = true
}

func (w *wire) accept() { w.set(&w.began) }
func (w *wire) finish() { w.set(&w.ended) }

func (w *wire) fault() *Error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

func (w *wire) accepted() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.began
}

func (w *wire) finished() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ended
}

// maxEvent is the longest line that langchaingo's scanner takes.
const maxEvent = 60 << 10

// events reads a stream of server-sent events on their way to langchaingo and
// ends it with an error at the first that says one or that is no JSON.
type events struct {
	body io.ReadCloser
	wire *wire
	line []byte
	err  error
}

// Read implements io.Reader.
func (e *events) Read(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	n, err := e.body.Read(p)
	good := 0 // bytes of p up to the last event that may pass
	for e.err == nil {
		i := bytes.IndexByte(p[good:n], '\n')
		if i < 0 {
			break
		}
		e.event(append(e.line, p[good:good+i]...))
		if e.err == nil {
			e.line, good = e.line[:0], good+i+1
		}
	}
	if e.err != nil { // what came before the bad event is handed on first
		if good > 0 {
			return good, nil
		}
		return 0, e.err
	}
	e.line = append(e.line, p[good:n]...)
	switch {
	case len(e.line) > maxEvent:
		e.stop(&Error{Fault: FaultForm, Detail: "an event is too long"})
		return 0, e.err
	case err != nil && !errors.Is(err, io.EOF):
		e.wire.fail(&Error{Fault: FaultBroken, Detail: "the connection broke", Err: err})
	case err != nil && len(e.line) > 0:
		e.event(e.line)
	}
	return n, err
}

// Close implements io.Closer.
func (e *events) Close() error { return e.body.Close() }

func (e *events) stop(fault *Error) {
	e.err = fault
	e.wire.fail(fault)
}

func (e *events) event(line []byte) {
	data, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("data:"))
	if !ok {
		return // comments, event names, ids
	}
	data = bytes.TrimSpace(data)
	if string(data) == "[DONE]" {
		e.wire.finish()
		return
	}
	var said struct {
		Error   json.RawMessage `json:"error"`
		Choices []struct {
			FinishReason string `json:"finish_reason"`
		} `json:"choices"`
	}
	switch err := json.Unmarshal(data, &said); {
	case err != nil:
		e.stop(&Error{Fault: FaultForm, Detail: "an event is no JSON of the protocol"})
	case len(said.Error) > 0 && string(said.Error) != "null":
		e.stop(&Error{Fault: FaultBroken, Detail: "the server reported an error in mid-stream"})
	case len(said.Choices) > 0 && said.Choices[0].FinishReason != "":
		e.wire.finish()
	}
}
