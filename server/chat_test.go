package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/assistant"
)

const eventStream = "text/event-stream"

func ask(q string) string {
	body, _ := json.Marshal(assistant.Request{Question: q})
	return string(body)
}

type event struct{ name, data string }

// events reads a whole stream.
func events(t *testing.T, body io.Reader) (out []event) {
	t.Helper()
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	var e event
	for lines.Scan() {
		switch name, value, _ := strings.Cut(lines.Text(), ": "); {
		case name == "event":
			e.name = value
		case name == "data":
			e.data = value
		case lines.Text() == "" && e.name != "":
			out = append(out, e)
			e = event{}
		}
	}
	return out
}

func names(list []event) (out []string) {
	for _, e := range list {
		out = append(out, e.name)
	}
	return out
}

func TestChatStreamsEventsInOrder(t *testing.T) {
	w := start(t)
	res := w.do(t, "POST", "/api/v1/chat", ask(question), "Accept", eventStream)
	if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, eventStream) {
		t.Fatalf("Content-Type %q", got)
	}
	list := events(t, res.Body)
	if got := fmt.Sprint(names(list)); got != "[verdict status source sentence done]" {
		t.Fatalf("events %s", got)
	}
	schema := servedDocument(t, w).Components.Schemas["Event"].Value
	for _, e := range list {
		var value any
		if err := json.Unmarshal([]byte(e.data), &value); err != nil {
			t.Fatal(err)
		}
		if err := schema.VisitJSON(value); err != nil {
			t.Errorf("%s: %v", e.name, err)
		}
	}
}

func TestChatAnswersAsOneJSONValue(t *testing.T) {
	w := start(t)
	for _, accept := range []string{"", "application/json", "*/*", "application/json, text/event-stream"} {
		res := w.do(t, "POST", "/api/v1/chat", ask(question), "Accept", accept)
		if a := decode[assistant.Answer](t, res); !a.Answered || len(a.Sources) != 1 {
			t.Errorf("Accept %q: %+v", accept, a)
		}
	}
}

func TestRefusedQuestionIsAnAnswerWithAVerdict(t *testing.T) {
	w := start(t)
	res := w.do(t, "POST", "/api/v1/chat", ask("Hvad kan "+cpr+" få?"))
	a := decode[assistant.Answer](t, res)
	if res.StatusCode != http.StatusOK || a.Answered || a.Verdict.Class != "cpr" || a.Sources == nil || a.Answer == nil {
		t.Errorf("%d %+v", res.StatusCode, a)
	}
	if metrics := text(t, w.do(t, "GET", "/metrics", "")); !strings.Contains(metrics, `hjemmel_answers_total{outcome="refused"} 1`) {
		t.Error("the refusal is not counted")
	}
}

func TestChatFaults(t *testing.T) {
	fail := func(err error) func(*world) {
		return func(w *world) {
			w.assistant.ask = func(context.Context, assistant.Request, func(assistant.Event) error) (assistant.Answer, error) {
				return assistant.Answer{}, err
			}
		}
	}
	tests := []struct {
		name, body string
		set        func(*world)
		status     int
		detail     string
	}{
		{"no JSON", "hvad?", nil, 400, "ikke gyldig JSON"},
		{"two values", `{"question":"a"} {"question":"b"}`, nil, 400, "ét JSON-objekt"},
		{"misspelt field", `{"question":"a","asof":"2024-01-01"}`, nil, 400, "»asof« kendes ikke"},
		{"wrong type", `{"question":7}`, nil, 400, "»question« har en forkert type"},
		{"too large", ask(strings.Repeat("å", 40_000)), nil, 413, "højst fylde 64 kB"},
		{"input", ask(""), fail(&assistant.InputError{Field: "question", Message: "Skriv et spørgsmål."}), 400, "Skriv et spørgsmål."},
		{"failure", ask("a"), fail(&assistant.Failure{Message: "Søgningen fejlede.", Err: errors.New("disk")}), 500, "Søgningen fejlede."},
		{"slow below", ask("a"), fail(&assistant.Failure{Message: "m", Err: context.DeadlineExceeded}), 504, "for lang tid"},
		{"surprise", ask("a"), fail(errors.New("hemmelig sti")), 500, "uventet fejl"},
		{"panic", ask("a"), func(w *world) {
			w.assistant.ask = func(context.Context, assistant.Request, func(assistant.Event) error) (assistant.Answer, error) {
				panic("itu")
			}
		}, 500, "uventet fejl"},
	}
	for _, test := range tests {
		for _, accept := range []string{"application/json", eventStream} {
			t.Run(test.name+" "+accept, func(t *testing.T) {
				w := start(t)
				if test.set != nil {
					test.set(w)
				}
				p := wantProblem(t, w.do(t, "POST", "/api/v1/chat", test.body, "Accept", accept), test.status, test.detail)
				if strings.Contains(p.Detail, "hemmelig") {
					t.Errorf("the inside shows: %s", p.Detail)
				}
			})
		}
	}
}

func TestStreamThatFailsHalfWayEndsWithOneError(t *testing.T) {
	for name, told := range map[string]bool{"assistant tells": true, "server tells": false} {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			w.assistant.ask = func(_ context.Context, _ assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
				_ = emit(assistant.Event{Type: assistant.EventStatus, Status: "Søger"})
				if told {
					_ = emit(assistant.Event{Type: assistant.EventError, Error: "Der opstod en fejl."})
				}
				return assistant.Answer{}, &assistant.Failure{Message: "Der opstod en fejl.", Err: errors.New("disk")}
			}
			list := events(t, w.do(t, "POST", "/api/v1/chat", ask("a"), "Accept", eventStream).Body)
			if got := fmt.Sprint(names(list)); got != "[status error]" {
				t.Fatalf("events %s", got)
			}
			if !strings.Contains(list[1].data, `"error":"Der opstod en fejl."`) {
				t.Errorf("error %s", list[1].data)
			}
		})
	}
}

func TestPanicHalfWayBreaksTheConnection(t *testing.T) {
	w := start(t)
	w.assistant.ask = func(_ context.Context, _ assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
		_ = emit(assistant.Event{Type: assistant.EventStatus, Status: "Søger"})
		panic("itu")
	}
	res := w.do(t, "POST", "/api/v1/chat", ask("a"), "Accept", eventStream)
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("the stream ends as if it were whole")
	}
}

func TestDisconnectCancelsTheAnswer(t *testing.T) {
	for _, accept := range []string{"application/json", eventStream} {
		t.Run(accept, func(t *testing.T) {
			w := start(t)
			asked, cancelled := make(chan struct{}), make(chan error, 1)
			w.assistant.ask = func(ctx context.Context, _ assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
				_ = emit(assistant.Event{Type: assistant.EventStatus, Status: "Søger"})
				close(asked)
				<-ctx.Done()
				cancelled <- emit(assistant.Event{Type: assistant.EventStatus, Status: "for sent"})
				return assistant.Answer{}, ctx.Err()
			}
			ctx, leave := context.WithCancel(t.Context())
			req, _ := http.NewRequestWithContext(ctx, "POST", w.URL+"/api/v1/chat", strings.NewReader(ask("a")))
			req.Header.Set("Accept", accept)
			go func() { <-asked; leave() }()
			if res, err := w.Client().Do(req); err == nil {
				_ = res.Body.Close()
			}
			select {
			case err := <-cancelled:
				if !errors.Is(err, context.Canceled) {
					t.Errorf("emit returned %v", err)
				}
			case <-time.After(5 * time.Second):
				t.Fatal("the answer goes on")
			}
		})
	}
}

func TestSilentStreamHasAHeartbeat(t *testing.T) {
	w := start(t, func(c *Config) { c.Limits.Heartbeat = 10 * time.Millisecond })
	heard := make(chan struct{})
	w.assistant.ask = func(ctx context.Context, _ assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
		<-heard
		return assistant.Answer{}, emit(assistant.Event{Type: assistant.EventDone, Answer: &assistant.Answer{}})
	}
	body := bufio.NewReader(w.do(t, "POST", "/api/v1/chat", ask("a"), "Accept", eventStream).Body)
	if line, err := body.ReadString('\n'); err != nil || line != ": ping\n" {
		t.Fatalf("%q %v", line, err)
	}
	close(heard)
	if list := events(t, body); len(list) != 1 || list[0].name != "done" {
		t.Errorf("events %v", list)
	}
}

func TestAnswerThatTakesTooLongIsStopped(t *testing.T) {
	w := start(t, func(c *Config) { c.Limits.Answer = 20 * time.Millisecond })
	w.assistant.ask = func(ctx context.Context, _ assistant.Request, _ func(assistant.Event) error) (assistant.Answer, error) {
		<-ctx.Done()
		return assistant.Answer{}, ctx.Err()
	}
	wantProblem(t, w.do(t, "POST", "/api/v1/chat", ask("a")), 504, "for lang tid")
}

func TestFullQueueIsRefusedWithRetryAfter(t *testing.T) {
	w := start(t, func(c *Config) { c.Limits.Chats, c.Limits.Queue = 1, 20*time.Millisecond })
	running, release := make(chan struct{}), make(chan struct{})
	w.assistant.ask = func(context.Context, assistant.Request, func(assistant.Event) error) (assistant.Answer, error) {
		close(running)
		<-release
		return assistant.Answer{}, nil
	}
	var first sync.WaitGroup
	first.Go(func() {
		if res, err := w.Client().Post(w.URL+"/api/v1/chat", "application/json", strings.NewReader(ask("a"))); err == nil {
			_ = res.Body.Close()
		}
	})
	<-running
	res := w.do(t, "POST", "/api/v1/chat", ask("b"), "Accept", eventStream)
	wantProblem(t, res, 503, "Prøv igen")
	if res.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	close(release)
	first.Wait()
}

func TestManyChatsAtOnce(t *testing.T) {
	const chats = 200
	w := start(t)
	var running, most atomic.Int32
	fake := &fakeAssistant{}
	w.assistant.ask = func(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
		now := running.Add(1)
		defer running.Add(-1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		time.Sleep(5 * time.Millisecond)
		return fake.Ask(ctx, req, emit)
	}
	var all sync.WaitGroup
	var failed atomic.Int32
	for i := range chats {
		all.Go(func() {
			req, _ := http.NewRequestWithContext(t.Context(), "POST", w.URL+"/api/v1/chat", strings.NewReader(ask(question)))
			if i%2 == 0 {
				req.Header.Set("Accept", eventStream)
			}
			res, err := w.Client().Do(req)
			if err != nil {
				failed.Add(1)
				return
			}
			defer res.Body.Close()
			if body, err := io.ReadAll(res.Body); err != nil || res.StatusCode != 200 || !strings.Contains(string(body), `"answered":true`) {
				failed.Add(1)
			}
		})
	}
	all.Wait()
	if failed.Load() > 0 {
		t.Errorf("%d of %d chats failed", failed.Load(), chats)
	}
	if limit := int32(api.DefaultLimits().Chats); most.Load() > limit {
		t.Errorf("%d ran at once, the limit is %d", most.Load(), limit)
	}
}
