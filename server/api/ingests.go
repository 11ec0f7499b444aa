package api

import (
	"context"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/ingest/schedule"
)

// Ingests tells of the sources that the server reads by itself; a
// *schedule.Scheduler does.
type Ingests interface {
	States(ctx context.Context) ([]schedule.State, error)
}

// ingests is the reply to GET /ingest.
type ingests struct {
	Sources []schedule.State `json:"sources"`
}

// listIngests shows each configured source with its last runs.
func (a *API) listIngests(c *gin.Context) error {
	out := ingests{Sources: []schedule.State{}}
	if a.Ingests != nil {
		states, err := a.Ingests.States(c.Request.Context())
		if err != nil {
			return err
		}
		out.Sources = list(states)
	}
	return reply(c, out)
}
