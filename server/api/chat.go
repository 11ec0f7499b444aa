package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant"
)

// chat answers a question: as a stream of events where the client accepts one,
// else as one JSON answer. A question that the policy refuses is answered too,
// with its verdict.
func (a *API) chat(c *gin.Context) {
	var req assistant.Request
	if err := readJSON(c, &req); err != nil {
		Fail(c, err)
		return
	}
	release, err := a.takeTurn(c)
	if err != nil {
		Fail(c, err)
		return
	}
	defer release()
	start := time.Now()
	var answer assistant.Answer
	if acceptsEvents(c) {
		stream := startStream(c)
		answer, err = a.Assistant.Ask(c.Request.Context(), req, func(e assistant.Event) error { return stream.send(string(e.Type), e) })
		// An error before the first event still gets its status.
		if err != nil && !stream.began() {
			stream.close()
			a.observe(answer, err, start)
			Fail(c, err)
			return
		}
		stream.close()
	} else {
		answer, err = a.Assistant.Ask(c.Request.Context(), req, nil)
		if err == nil {
			c.JSON(http.StatusOK, answer)
		} else {
			Fail(c, err)
		}
	}
	a.observe(answer, err, start)
}

func (a *API) observe(answer assistant.Answer, err error, start time.Time) {
	outcome := "answered"
	switch {
	case err != nil:
		outcome = "failed"
	case !answer.Verdict.Allowed:
		outcome = "refused"
	case !answer.Answered:
		outcome = "none"
	}
	a.Observer.Answered(outcome, time.Since(start))
}

// takeTurn waits until one of the slots is free.
func (a *API) takeTurn(c *gin.Context) (release func(), err error) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), answerWait)
	defer cancel()
	select {
	case a.slots <- struct{}{}:
		return func() { <-a.slots }, nil
	case <-ctx.Done():
		c.Header("Retry-After", "5")
		return nil, problem(http.StatusServiceUnavailable, "Der er travlt lige nu. Prøv igen om et øjeblik.")
	}
}

func (a *API) search(c *gin.Context) {
	q, err := readQuery(c)
	if err != nil {
		Fail(c, err)
		return
	}
	if verdict := a.Check(q.Text); !verdict.Allowed {
		p := problem(http.StatusUnprocessableEntity, verdict.Reason+" "+verdict.Instead)
		p.Verdict = &verdict
		Fail(c, p)
		return
	}
	res, err := a.Searcher.Search(c.Request.Context(), q)
	if err != nil {
		Fail(c, err)
		return
	}
	if res.Hits == nil {
		res.Hits = []retrieval.Hit{}
	}
	c.JSON(http.StatusOK, res)
}

func readQuery(c *gin.Context) (retrieval.Query, error) {
	var q retrieval.Query
	if c.Request.Method == http.MethodPost {
		if err := readJSON(c, &q); err != nil {
			return q, err
		}
	} else {
		var err error
		if q.K, err = queryInt(c, "k", 0); err != nil {
			return q, err
		}
		q.Text, q.AsOf, q.Mode = c.Query("q"), corpus.Date(c.Query("as_of")), retrieval.Mode(c.Query("mode"))
	}
	if q.AsOf == "" {
		return q, nil
	}
	day, err := corpus.ParseDate(string(q.AsOf))
	if err != nil {
		return q, problem(http.StatusBadRequest, err.Error())
	}
	q.AsOf = day
	return q, nil
}

// readJSON reads a small JSON body. Unknown fields are errors: a misspelt
// filter must not pass for none.
func readJSON(c *gin.Context, v any) error {
	body := http.MaxBytesReader(c.Writer, c.Request.Body, maxJSON)
	dec := json.NewDecoder(body)
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil && dec.More() {
		err = fmt.Errorf("more than one value")
	}
	if err == nil {
		return nil
	}
	if p := asProblem(err); p.Status != http.StatusInternalServerError {
		return p
	}
	return problem(http.StatusBadRequest, "Forespørgslen kan ikke læses som JSON: "+firstLine(err))
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func acceptsEvents(c *gin.Context) bool {
	return strings.Contains(c.GetHeader("Accept"), "text/event-stream")
}

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 15 * time.Second

// writeWait is how long one event may take to reach the client.
const writeWait = 20 * time.Second

// stream writes server-sent events (WHATWG HTML, 9.2).
type stream struct {
	mu      sync.Mutex
	w       gin.ResponseWriter
	control *http.ResponseController
	started bool
	done    chan struct{}
	ended   sync.WaitGroup
}

func startStream(c *gin.Context) *stream {
	s := &stream{w: c.Writer, control: http.NewResponseController(c.Writer), done: make(chan struct{})}
	s.ended.Go(s.beat)
	return s
}

func (s *stream) beat() {
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-tick.C:
			// A client that is gone shows at the next event.
			_ = s.write(": ping\n\n")
		}
	}
}

func (s *stream) send(event string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return s.write("event: " + event + "\ndata: " + string(text) + "\n\n")
}

func (s *stream) write(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.started {
		s.started = true
		h := s.w.Header()
		h.Set("Content-Type", "text/event-stream; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no")
		s.w.WriteHeader(http.StatusOK)
	}
	// Not every writer has deadlines (tests' recorders); the server's has.
	_ = s.control.SetWriteDeadline(time.Now().Add(writeWait))
	if _, err := io.WriteString(s.w, text); err != nil {
		return err
	}
	return s.control.Flush()
}

func (s *stream) began() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.started
}

// close ends the heartbeat; the handler's return ends the response.
func (s *stream) close() {
	close(s.done)
	s.ended.Wait()
}
