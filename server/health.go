package server

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/api"
)

// statsTimeout bounds the look into the library for health and metrics.
const statsTimeout = 5 * time.Second

// alive says that the process answers at all.
func alive(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"status": "ok"})
}

// ready says whether requests should be sent here: not while shutting down or
// while the library cannot be read. An index that lags is no reason to wait: it
// answers from what it has.
func (s *Server) ready(c *gin.Context) {
	if s.draining.Load() {
		problem(c, &api.Error{Status: http.StatusServiceUnavailable, Detail: "Hjemmel lukker ned."})
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), statsTimeout)
	defer cancel()
	if _, err := s.cfg.Library.Stats(ctx); err != nil {
		problem(c, &api.Error{Status: http.StatusServiceUnavailable, Detail: "Samlingen kan ikke læses lige nu.", Err: err})
		return
	}
	c.JSON(http.StatusOK, gin.H{"status": "ready"})
}
