package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/server/assistant"
)

// running is a world that really listens, as the program does.
type running struct {
	*world
	url  string
	stop context.CancelFunc
	done chan error
}

func run(t *testing.T, change ...func(*Config)) *running {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &running{world: newWorld(t, change...), url: "http://" + l.Addr().String(), done: make(chan error, 1)}
	ctx, stop := context.WithCancel(t.Context())
	r.stop = stop
	go func() { r.done <- r.server.Serve(ctx, l) }()
	t.Cleanup(func() { stop(); http.DefaultClient.CloseIdleConnections() })
	return r
}

func (r *running) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.done:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("the server does not stop")
		return nil
	}
}

func (r *running) stream(t *testing.T) *http.Response {
	t.Helper()
	req, _ := http.NewRequestWithContext(t.Context(), "POST", r.url+"/api/v1/chat", strings.NewReader(ask("a")))
	req.Header.Set("Accept", eventStream)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func TestShutdownFinishesARunningAnswer(t *testing.T) {
	r := run(t)
	release := make(chan struct{})
	r.assistant.ask = func(ctx context.Context, _ assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
		err := emit(assistant.Event{Type: assistant.EventStatus, Status: "Søger"})
		<-release
		return assistant.Answer{}, errors.Join(err, emit(assistant.Event{Type: assistant.EventDone, Answer: &assistant.Answer{}}))
	}
	res := r.stream(t) // the first event is here
	r.stop()
	deadline := time.Now().Add(5 * time.Second)
	for {
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err != nil {
			break // no longer accepting
		}
		_ = conn.Close()
		if time.Now().After(deadline) {
			t.Fatal("the server still accepts")
		}
	}
	close(release)
	if got := fmt.Sprint(names(events(t, res.Body))); got != "[status done]" {
		t.Errorf("events %s", got)
	}
	if err := r.wait(t); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestShutdownCutsOffWhatDoesNotFinish(t *testing.T) {
	r := run(t, func(c *Config) { c.ShutdownTimeout = 50 * time.Millisecond })
	r.assistant.ask = func(ctx context.Context, _ assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
		_ = emit(assistant.Event{Type: assistant.EventStatus, Status: "Søger"})
		<-ctx.Done()
		return assistant.Answer{}, ctx.Err()
	}
	res := r.stream(t)
	r.stop()
	list := events(t, res.Body)
	if got := fmt.Sprint(names(list)); got != "[status error]" || !strings.Contains(list[1].data, "lukker ned") {
		t.Errorf("events %v", list)
	}
	if err := r.wait(t); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if !strings.Contains(r.log.String(), "cutting off") {
		t.Error("the log does not say so")
	}
}

func TestHandlerThatHangsIsLeftBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the cut-off time-out")
	}
	r := run(t, func(c *Config) { c.ShutdownTimeout = 10 * time.Millisecond })
	hang := make(chan struct{})
	r.assistant.ask = func(_ context.Context, _ assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
		_ = emit(assistant.Event{Type: assistant.EventStatus, Status: "Søger"})
		<-hang
		return assistant.Answer{}, nil
	}
	res := r.stream(t)
	r.stop()
	if err := r.wait(t); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("the stream ends as if it were whole")
	}
	close(hang)
}

func TestServeKnowsItsOwnPort(t *testing.T) {
	r := run(t)
	for host, status := range map[string]int{"": 200, "localhost:1": http.StatusMisdirectedRequest} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", r.url+"/healthz", nil)
		req.Host = host
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != status {
			t.Errorf("host %q: %d", host, res.StatusCode)
		}
	}
	r.stop()
	if err := r.wait(t); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestServeRefusesAnExposedListener(t *testing.T) {
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Skip(err)
	}
	if err := newWorld(t).server.Serve(t.Context(), l); !errors.Is(err, ErrExposed) {
		t.Errorf("Serve: %v", err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Error("the listener stays open")
	}
}

func TestRun(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	w := newWorld(t, func(c *Config) { c.Addr = taken.Addr().String() })
	if err := w.server.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "listening on") {
		t.Errorf("a port that is taken: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := newWorld(t).server.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("Run: %v", err)
	}
}
