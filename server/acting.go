package server

import (
	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/access"
)

// actLocally lets requests act for the person at this machine, where nothing has
// told already who they act for: there is no login.
func actLocally(c *gin.Context) {
	if access.From(c.Request.Context()).Subject == "" {
		c.Request = c.Request.WithContext(access.With(c.Request.Context(), access.Local()))
	}
}
