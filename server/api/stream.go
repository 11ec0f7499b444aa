package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// stream writes server-sent events. Nothing is sent before the first event, so
// that a fault found until then can still be told by the status. While the
// stream is silent, a comment now and then keeps proxies from closing it and
// finds out whether the client is still there.
type stream struct {
	w     http.ResponseWriter
	rc    *http.ResponseController
	stall time.Duration // the longest time one write may take

	mu      sync.Mutex
	started bool
	err     error // an *Error of the first write that failed; later writes repeat it
}

// openStream returns a stream to c's client and a context that ends when the
// client can no longer be reached. close waits for the heartbeat to stop; the
// handler must call it before it returns.
func openStream(ctx context.Context, c *gin.Context, l Limits) (s *stream, streamCtx context.Context, close func()) {
	s = &stream{w: c.Writer, rc: http.NewResponseController(c.Writer), stall: l.WriteStall}
	ctx, cancel := context.WithCancel(ctx)
	var heart sync.WaitGroup
	heart.Go(func() {
		ticker := time.NewTicker(l.Heartbeat)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if s.write([]byte(": ping\n\n")) != nil {
					cancel()
					return
				}
			}
		}
	})
	return s, ctx, func() { cancel(); heart.Wait() }
}

// send writes one event and pushes it out. name must be without line breaks;
// JSON has none.
func (s *stream) send(name string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encoding the event %s: %w", name, err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", name, data)
	return s.write(b.Bytes())
}

func (s *stream) write(p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	if !s.started {
		s.started = true
		h := s.w.Header()
		h.Set("Content-Type", "text/event-stream; charset=utf-8")
		h.Set("X-Accel-Buffering", "no") // nginx would hold the events back
	}
	_ = s.rc.SetWriteDeadline(time.Now().Add(s.stall))
	_, err := s.w.Write(p)
	if err == nil {
		err = s.rc.Flush()
	}
	if err != nil {
		s.err = &Error{Status: StatusClientClosed, Detail: "Forbindelsen blev afbrudt.", Err: err}
	}
	return s.err
}

// begun tells whether anything was sent, so that the status is settled.
func (s *stream) begun() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started
}

// cause returns why work on the stream ended with err: because the client could
// not be reached, if so, and otherwise err itself.
func (s *stream) cause(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	return err
}
