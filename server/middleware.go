package server

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/api"
)

const requestIDHeader = "X-Request-ID"

// requestID keeps the id of a proxy in front, or gives the request one. It
// stands in the log, in the response and in every error.
func requestID(c *gin.Context) {
	id := c.GetHeader(requestIDHeader)
	if !validID(id) {
		id = rand.Text()[:16]
	}
	c.Set(api.RequestIDKey, id)
	c.Header(requestIDHeader, id)
}

func validID(id string) bool {
	if len(id) < 8 || len(id) > 64 {
		return false
	}
	for _, r := range id {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_.", r)) {
			return false
		}
	}
	return true
}

// accessLog logs and measures each request by its route: neither question nor
// query string nor document id.
func (s *Server) accessLog(m *metrics) gin.HandlerFunc {
	return func(c *gin.Context) {
		start := time.Now()
		c.Next()
		route := c.FullPath()
		if route == "" {
			route = "other"
		}
		took := time.Since(start)
		status := c.Writer.Status()
		method := c.Request.Method
		if !knownMethods[method] {
			method = "other" // a client must not make up labels
		}
		m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Observe(took.Seconds())
		level := slog.LevelInfo
		if route == "/healthz" || route == "/readyz" || route == "/metrics" || strings.HasPrefix(route, "/assets") {
			level = slog.LevelDebug
		}
		s.config.Logger.Log(c.Request.Context(), level, "request", "method", method, "route", route, "status", status,
			"ms", float64(took.Microseconds())/1000, "bytes", max(0, c.Writer.Size()), "request_id", c.GetString(api.RequestIDKey))
	}
}

var knownMethods = map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "OPTIONS": true}

// recovered turns a panic into a logged error of this one request.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if r == http.ErrAbortHandler {
			panic(r)
		}
		s.config.Logger.Error("panic", "value", fmt.Sprint(r), "route", c.FullPath(), "request_id", c.GetString(api.RequestIDKey), "stack", string(debug.Stack()))
		api.Fail(c, fmt.Errorf("panic: %v", r))
	}()
	c.Next()
}

// headers forbid the browser everything that the UI does not need.
func headers(c *gin.Context) {
	for name, value := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
			"font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), microphone=(), geolocation=(), payment=()",
	} {
		c.Header(name, value)
	}
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		c.Header("Cache-Control", "no-store")
	}
}

// hostCheck refuses names that the server is not known by: a foreign site must
// not reach it by pointing its own name at 127.0.0.1 (DNS rebinding).
func (s *Server) hostCheck() gin.HandlerFunc {
	allowed := map[string]bool{"localhost": true}
	for _, h := range s.config.Hosts {
		allowed[strings.ToLower(h)] = true
	}
	return func(c *gin.Context) {
		host := c.Request.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		host = strings.ToLower(strings.Trim(host, "[]"))
		if ip := net.ParseIP(host); allowed[host] || ip != nil && ip.IsLoopback() {
			return
		}
		api.Fail(c, &api.Problem{Status: http.StatusMisdirectedRequest, Detail: "Serveren kendes ikke under det navn. Driften kan tilføje det med indstillingen hosts."})
	}
}
