package api

import "github.com/gin-gonic/gin"

// explainPolicy says what Hjemmel may be used for and what it refuses.
func (a *API) explainPolicy(c *gin.Context) error { return reply(c, a.Policy) }
