package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// chunk is one event of the protocol.
func chunk(w io.Writer, text string) {
	fmt.Fprintf(w, "data: {\"choices\":[{\"delta\":{\"content\":%q}}]}\n\n", text)
	w.(http.Flusher).Flush()
}

const (
	stopEvent  = `data: {"choices":[{"delta":{},"finish_reason":"stop"}]}` + "\n\n"
	usageEvent = `data: {"choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}` + "\n\n"
	doneEvent  = "data: [DONE]\n\n"
)

var quick = Limits{FirstToken: 200 * time.Millisecond, BetweenTokens: 150 * time.Millisecond, Total: 3 * time.Second, Queue: 100 * time.Millisecond, Attempts: 2}

// serve starts a hostile server and returns a model that asks it.
func serve(t *testing.T, limits Limits, handle http.HandlerFunc) *Model {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		handle(w, r)
	}))
	m, err := New(Config{URL: server.URL + "/v1", Name: "prøve", Limits: limits, Prices: Prices{In: 10, Out: 30}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close(); server.CloseClientConnections(); server.Close() })
	return m
}

func sse(handle func(w http.ResponseWriter, r *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		handle(w, r)
	}
}

func TestStream(t *testing.T) {
	m := serve(t, quick, sse(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("a key was sent that nobody configured")
		}
		fmt.Fprint(w, ": hold ud\n\n")
		chunk(w, "Kommunen ")
		chunk(w, "skal.")
		fmt.Fprint(w, stopEvent, usageEvent, doneEvent)
	}))
	var got strings.Builder
	usage, err := m.Stream(t.Context(), Prompt{"system", "bruger"}, func(s string) error { got.WriteString(s); return nil })
	if err != nil || got.String() != "Kommunen skal." {
		t.Fatalf("%q, %v", got.String(), err)
	}
	if want := (Usage{In: 1000, Out: 100, CostDKK: 0.013}); usage != want {
		t.Errorf("usage %+v, want %+v", usage, want)
	}
}

func TestStreamFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  Fault
		status int
		handle http.HandlerFunc
	}{
		{"breaks off", FaultBroken, 0, sse(func(w http.ResponseWriter, _ *http.Request) { chunk(w, "Kommunen skal"); panic(http.ErrAbortHandler) })},
		{"ends without a reason", FaultBroken, 0, sse(func(w http.ResponseWriter, _ *http.Request) { chunk(w, "Kommunen skal") })},
		{"never begins", FaultTimeout, 0, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
		{"sends comments only", FaultTimeout, 0, sse(func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				fmt.Fprint(w, ": vent\n\n")
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		})},
		{"stalls", FaultTimeout, 0, sse(func(w http.ResponseWriter, r *http.Request) { chunk(w, "Kommunen"); <-r.Context().Done() })},
		{"error in mid-stream", FaultBroken, 0, sse(func(w http.ResponseWriter, _ *http.Request) {
			chunk(w, "Kommunen")
			fmt.Fprint(w, `data: {"error":{"message":"out of memory"}}`+"\n\n", doneEvent)
		})},
		{"no JSON in mid-stream", FaultForm, 0, sse(func(w http.ResponseWriter, _ *http.Request) {
			chunk(w, "Kommunen")
			fmt.Fprint(w, "data: {\"choices\":[{\"delta\":{\"cont\n\n")
			chunk(w, " skal ikke")
			fmt.Fprint(w, stopEvent, doneEvent)
		})},
		{"other JSON", FaultBroken, 0, sse(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data: {\"svar\":\"ja\"}\n\n") })},
		{"HTML", FaultForm, 200, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html>Log ind</html>")
		}},
		{"a huge event", FaultForm, 0, sse(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data: "+strings.Repeat("a", 200<<10)) })},
		{"does not end", FaultTooLong, 0, sse(func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				chunk(w, strings.Repeat("bla ", 500))
			}
		})},
		{"cut off at its limit", FaultTooLong, 0, sse(func(w http.ResponseWriter, _ *http.Request) {
			chunk(w, "Kommunen")
			fmt.Fprint(w, `data: {"choices":[{"delta":{},"finish_reason":"length"}]}`+"\n\n", doneEvent)
		})},
		{"wrong key", FaultRejected, 401, func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"error":{"message":"no"}}`, http.StatusUnauthorized)
		}},
		{"redirects", FaultRejected, 307, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/x", http.StatusTemporaryRedirect)
		}},
		{"always 500", FaultUnavailable, 500, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "nej", http.StatusInternalServerError) }},
		{"429 for an hour", FaultBusy, 429, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			http.Error(w, "travlt", http.StatusTooManyRequests)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := serve(t, quick, c.handle)
			_, err := m.Stream(t.Context(), Prompt{"s", "u"}, func(string) error { return nil })
			var fault *Error
			if !errors.As(err, &fault) || fault.Fault != c.fault || fault.Status != c.status {
				t.Errorf("got %v, want %s (HTTP %d)", err, c.fault, c.status)
			}
		})
	}
}

func TestRetries(t *testing.T) {
	var calls atomic.Int32
	m := serve(t, Limits{FirstToken: 5 * time.Second}, func(w http.ResponseWriter, r *http.Request) {
		switch calls.Add(1) {
		case 1:
			w.Header().Set("Retry-After", "1")
			http.Error(w, "travlt", http.StatusTooManyRequests)
		case 2:
			http.Error(w, "nede", http.StatusServiceUnavailable)
		default:
			sse(func(w http.ResponseWriter, _ *http.Request) { chunk(w, "ja"); fmt.Fprint(w, stopEvent, doneEvent) })(w, r)
		}
	})
	start := time.Now()
	usage, err := m.Stream(t.Context(), Prompt{"s", "u"}, func(string) error { return nil })
	if err != nil || calls.Load() != 3 {
		t.Fatalf("%v after %d calls", err, calls.Load())
	}
	if took := time.Since(start); took < time.Second {
		t.Errorf("came back after %s although Retry-After says 1 s", took)
	}
	if !usage.Estimated || usage.In == 0 || usage.Out == 0 {
		t.Errorf("usage %+v: no count came, so it must be estimated", usage)
	}
}

func TestCancelled(t *testing.T) {
	m := serve(t, Limits{}, sse(func(w http.ResponseWriter, r *http.Request) { chunk(w, "Kommunen"); <-r.Context().Done() }))
	ctx, cancel := context.WithCancel(t.Context())
	_, err := m.Stream(ctx, Prompt{"s", "u"}, func(string) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	own := errors.New("nok")
	if _, err := m.Stream(t.Context(), Prompt{"s", "u"}, func(string) error { return own }); !errors.Is(err, own) {
		t.Errorf("got %v, want the callback's error", err)
	}
}

func TestQueue(t *testing.T) {
	limits := quick
	limits.Concurrent = 1
	limits.FirstToken = 2 * time.Second
	begun := make(chan struct{})
	m := serve(t, limits, sse(func(_ http.ResponseWriter, r *http.Request) { close(begun); <-r.Context().Done() }))
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() {
		_, err := m.Stream(ctx, Prompt{"s", "u"}, func(string) error { return nil })
		first <- err
	}()
	<-begun
	_, err := m.Stream(t.Context(), Prompt{"s", "u"}, func(string) error { return nil })
	var fault *Error
	if !errors.As(err, &fault) || fault.Fault != FaultBusy {
		t.Errorf("got %v, want busy", err)
	}
	cancel()
	<-first
}

func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBreaker(2, time.Minute)
		fail := func() { b.allow(); b.done(false) }
		fail()
		if !b.allow() {
			t.Error("open after one failure")
		}
		b.done(true)
		fail()
		fail()
		if b.allow() {
			t.Error("closed after two failures in a row")
		}
		time.Sleep(59 * time.Second)
		if b.allow() {
			t.Error("closed before its time")
		}
		time.Sleep(2 * time.Second)
		if !b.allow() || b.allow() {
			t.Error("half open lets one call through, and one only")
		}
		b.done(false)
		if b.allow() {
			t.Error("closed although the probe failed")
		}
		time.Sleep(time.Minute)
		b.allow()
		b.done(true)
		for range 2 { // a probe would be let through once
			if !b.allow() {
				t.Error("not closed after the probe went well")
			}
		}
	})
}

func TestConfigIsChecked(t *testing.T) {
	for _, c := range []Config{
		{}, {Name: "x"}, {Name: "x", URL: "localhost:11434"}, {Name: "x", URL: "http://a:b@host/v1"}, {Name: "x", URL: "http://host", Kind: "bard"},
		{Name: "x", URL: "https://host", Kind: KindAzure},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}
