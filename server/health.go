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

// indexingRetry is when to look again: catching up takes seconds.
const indexingRetry = 2 * time.Second

// alive says that the process answers at all.
func alive(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"status": "ok"})
}

// ready says whether requests should be sent here: not while shutting down,
// while the library cannot be read, while the index lags, so that an answer
// could miss what the library holds, or while an index elsewhere is missed.
func (s *Server) ready(c *gin.Context) {
	if s.draining.Load() {
		problem(c, &api.Error{Status: http.StatusServiceUnavailable, Detail: "Hjemmel lukker ned."})
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), statsTimeout)
	defer cancel()
	stats, err := s.cfg.Library.Stats(ctx)
	if err != nil {
		problem(c, &api.Error{Status: http.StatusServiceUnavailable, Detail: "Samlingen kan ikke læses lige nu.", Err: err})
		return
	}
	if stats.Indexing {
		problem(c, &api.Error{Status: http.StatusServiceUnavailable, Detail: "Samlingen er ved at blive indekseret.", RetryAfter: indexingRetry})
		return
	}
	well := gin.H{"status": "ready"}
	if s.cfg.Ready != nil {
		notice, err := s.cfg.Ready(ctx)
		if err != nil {
			problem(c, &api.Error{Status: http.StatusServiceUnavailable, Detail: "Søgeindekset svarer ikke lige nu.", RetryAfter: indexingRetry, Err: err})
			return
		}
		if notice != "" {
			well["notice"] = notice
		}
	}
	if s.recorder != nil && s.recorder.Healthy(ctx) != nil {
		// Answers still come; that they are not recorded is for operations to mend.
		well["status"], well["problems"] = "degraded", []string{"audit"}
	}
	c.JSON(http.StatusOK, well)
}
