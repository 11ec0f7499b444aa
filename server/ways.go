package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/mcp"
	"github.com/hjemmel/hjemmel/server/openai"
	"github.com/hjemmel/hjemmel/server/teams"
)

// registerWays adds the ways in besides the pages and their API. They share its
// places for answers, so that no way in starves another.
func (s *Server) registerWays(r gin.IRouter, rest *api.API) {
	tools := mcp.New(mcp.Config{
		Version: s.cfg.Version, Assistant: s.cfg.Assistant, Gaps: s.cfg.Gaps, Searcher: s.cfg.Searcher, Library: s.cfg.Library,
		Check: s.cfg.Check, Recorder: s.recorder, Observer: s.metrics, Logger: s.log,
		Turn: s.turn(rest), Answer: s.cfg.Limits.Answer, MaxBody: s.cfg.Limits.Body,
	})
	r.POST("/mcp", s.slowly(tools.Handler()))

	chat := openai.New(openai.Config{
		Assistant: s.cfg.Assistant, Library: s.cfg.Library, Check: s.cfg.Check, Turn: rest.Turn, Observer: s.metrics, Logger: s.log,
		Public: s.publicAddress, Limits: s.cfg.Limits,
	})
	r.GET("/v1/models", s.slowly(http.HandlerFunc(chat.Models)))
	r.POST("/v1/chat/completions", s.slowly(http.HandlerFunc(chat.Chat)))

	r.POST(teams.Path, s.teamsMessages)
}

// publicAddress is where the caller's people reach the pages. Where no login is
// set up, that is the host which checkHost has let through.
func (s *Server) publicAddress(r *http.Request) string {
	if s.cfg.Access != nil {
		return strings.TrimSuffix(s.cfg.Access.Public().String(), "/")
	}
	return "http://" + r.Host
}

// turn waits for a place among the answers, within the caller's rate. It serves
// ways in whose cheap and costly calls share one address; limitRate sees to the
// rest.
func (s *Server) turn(rest *api.API) func(context.Context) (func(), error) {
	return func(ctx context.Context) (func(), error) {
		if s.cfg.Access != nil {
			if wait, ok := s.rates.answers.take(access.From(ctx).Subject, time.Now()); !ok {
				return nil, tooFast(wait)
			}
		}
		return rest.Turn(ctx)
	}
}

// slowly lets a handler take as long as an answer may.
func (s *Server) slowly(h http.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Header("Cache-Control", "no-store")
		most := s.cfg.Limits.Queue + s.cfg.Limits.Answer + s.cfg.Limits.WriteStall
		_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(most))
		h.ServeHTTP(c.Writer, c.Request)
	}
}
