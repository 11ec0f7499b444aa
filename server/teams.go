package server

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/teams"
)

// openTeams makes the bot from its settings and from what all ways in share.
func (s *Server) openTeams(shared *api.API) error {
	if s.cfg.Teams == nil {
		return nil
	}
	cfg := *s.cfg.Teams
	if cfg.Dev && checkAddr(s.cfg.Addr, false) != nil {
		return errors.New("teams_dev answers whoever reaches this machine: addr must be a loopback address")
	}
	cfg.Assistant, cfg.Check, cfg.Activity, cfg.Recorder = s.cfg.Assistant, s.cfg.Check, s.cfg.Activity, s.recorder
	cfg.Enter = shared.Turn
	cfg.Explain = func(ctx context.Context, err error) string { return api.Explain(ctx, err).Detail }
	cfg.Answered = func(ctx context.Context, a assistant.Answer, err error, took time.Duration) {
		s.metrics.Answered(api.Outcome(ctx, a, err), took)
	}
	cfg.Timeout, cfg.Logger = s.cfg.Limits.Answer, s.log
	cfg.Public = &url.URL{Scheme: "http", Host: s.cfg.Addr}
	if s.cfg.Access != nil {
		if cfg.Dev {
			return errors.New("teams_dev answers whoever reaches this machine: it cannot be used where access control is set up")
		}
		cfg.Public, cfg.Roles = s.cfg.Access.Public(), s.cfg.Access.RolesOf
		cfg.Rate = func(subject string) (time.Duration, bool) { return s.rates.answers.take(subject, time.Now()) }
	}
	var err error
	s.bot, err = teams.New(cfg)
	return err
}

// teamsMessages hands the connector's activities to the bot, which itself checks
// whose they are: they carry neither a session nor an API key.
func (s *Server) teamsMessages(c *gin.Context) {
	if s.bot == nil {
		s.noRoute(c)
		return
	}
	s.bot.ServeHTTP(c.Writer, c.Request)
}
