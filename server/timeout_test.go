package server

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/server/assistant"
)

// dial opens a connection and writes raw to it.
func dial(t *testing.T, w *world, raw string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", w.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, raw); err != nil {
		t.Fatal(err)
	}
	return conn
}

// The server's own time-outs are for the header and the body; an answer may
// take longer than both.
func TestSlowAnswerOutlivesTheTimeouts(t *testing.T) {
	w := newWorld(t)
	w.Server = httptest.NewUnstartedServer(w.server.Handler())
	w.Config.ReadTimeout, w.Config.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	w.Start()
	t.Cleanup(w.Close)
	fake := &fakeAssistant{}
	w.assistant.ask = func(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
		select {
		case <-time.After(150 * time.Millisecond):
		case <-ctx.Done():
		}
		return fake.Ask(ctx, req, emit)
	}
	for _, accept := range []string{"", eventStream} {
		res := w.do(t, "POST", "/api/v1/chat", ask(question), "Accept", accept)
		if body := text(t, res); res.StatusCode != 200 || !strings.Contains(body, `"answered":true`) {
			t.Errorf("Accept %q: %d %s", accept, res.StatusCode, body)
		}
	}
	w.library.upload = func(ctx context.Context, name string) (UploadResult, error) {
		time.Sleep(150 * time.Millisecond)
		return UploadResult{Name: name, Status: "read"}, ctx.Err()
	}
	if got := decode[files](t, w.send(t, "", "file:a.md=a")).Files; len(got) != 1 {
		t.Errorf("upload %+v", got)
	}
}

func TestClientThatStopsReadingIsLeft(t *testing.T) {
	w := start(t, func(c *Config) { c.Limits.WriteStall = 50 * time.Millisecond })
	ended := make(chan error, 1)
	w.assistant.ask = func(ctx context.Context, _ assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
		for {
			if err := emit(assistant.Event{Type: assistant.EventStatus, Status: strings.Repeat("x", 1<<20)}); err != nil {
				ended <- err
				return assistant.Answer{}, err
			}
		}
	}
	body := ask("a")
	dial(t, w, fmt.Sprintf("POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the answer waits for ever")
	}
	w.Close() // waits for the handler
	if log := w.log.String(); !strings.Contains(log, `"status":499`) {
		t.Errorf("log %s", log)
	}
}

func TestUploadThatFallsSilentIsEnded(t *testing.T) {
	w := start(t, func(c *Config) { c.Limits.ReadStall = 50 * time.Millisecond })
	conn := dial(t, w, "POST /api/v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n"+
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\r\nen")
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	reply, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(reply), "HTTP/1.1 400") || !strings.Contains(string(reply), "nåede ikke frem") {
		t.Errorf("%v: %s", err, reply)
	}
}

func TestClientThatLeavesTheQueueIsNotAnswered(t *testing.T) {
	w := start(t, func(c *Config) { c.Limits.Chats = 1 })
	running, release := make(chan struct{}, 2), make(chan struct{})
	w.assistant.ask = func(context.Context, assistant.Request, func(assistant.Event) error) (assistant.Answer, error) {
		running <- struct{}{}
		<-release
		return assistant.Answer{}, nil
	}
	body := ask("a")
	raw := fmt.Sprintf("POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	dial(t, w, raw)
	<-running
	_ = dial(t, w, raw).Close()
	for deadline := time.Now().Add(5 * time.Second); !strings.Contains(w.log.String(), `"status":499`); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the second request still waits: %s", w.log.String())
		}
	}
	close(release)
	if w.Close(); len(running) != 0 {
		t.Error("the question of a client that left was asked")
	}
}
