package server

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/api"
)

var validRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID gives every request a name to find it by, or keeps the one that a
// proxy gave it.
func requestID(c *gin.Context) {
	id := c.GetHeader(api.RequestIDHeader)
	if !validRequestID.MatchString(id) {
		id = rand.Text()
	}
	c.Header(api.RequestIDHeader, id)
}

// unmatched stands for the route of requests that no route matches. Their
// addresses are neither logged nor counted: they can hold anything.
const unmatched = "unmatched"

// observe logs and counts a request when it is done. It tells the route, never
// the address itself, whose query can hold a question.
func (s *Server) observe(c *gin.Context) {
	start := time.Now()
	s.metrics.inFlight.Inc()
	panicked := true // until Next returns
	defer func() {
		s.metrics.inFlight.Dec()
		route := c.FullPath()
		if route == "" {
			route = unmatched
		}
		status := statusOf(c, panicked)
		took := time.Since(start)
		s.metrics.observe(route, c.Request.Method, status, took)
		s.logRequest(c, route, status, took)
	}()
	c.Next()
	panicked = false
}

// statusOf returns the status of a finished request: what was sent, except
// where the client left or a stream failed after it had begun with 200.
func statusOf(c *gin.Context, panicked bool) int {
	if panicked {
		return http.StatusInternalServerError
	}
	if err := c.Errors.Last(); err != nil {
		return api.StatusOf(c.Request.Context(), err.Err)
	}
	return c.Writer.Status()
}

func (s *Server) logRequest(c *gin.Context, route string, status int, took time.Duration) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("method", knownMethod(c.Request.Method)), slog.String("route", route), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000), slog.Int("bytes", max(c.Writer.Size(), 0)),
		slog.String("request_id", c.Writer.Header().Get(api.RequestIDHeader)),
	}
	if err := c.Errors.Last(); err != nil && status >= http.StatusInternalServerError {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", err.Err.Error()))
	}
	s.log.LogAttrs(c.Request.Context(), level, "request", attrs...)
}

// recoverPanics turns a panic into a problem, or, where the reply has begun,
// breaks the connection off, so that nobody takes half a reply for a whole one.
func (s *Server) recoverPanics(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares it the same way
			panic(cause)
		}
		s.log.Error("panic", "cause", fmt.Sprint(cause), "route", c.FullPath(), "stack", string(debug.Stack()),
			"request_id", c.Writer.Header().Get(api.RequestIDHeader))
		if c.Writer.Written() {
			panic(http.ErrAbortHandler)
		}
		problem(c, fmt.Errorf("panic: %v", cause))
	}()
	c.Next()
}

// limitBodyTime keeps a client from sending its body for ever. net/http lifts
// the time-out at the body's end; a handler that reads for longer sets its own.
func limitBodyTime(c *gin.Context) {
	if c.Request.ContentLength != 0 {
		_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(readBodyTimeout))
	}
}
