package server

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/api"
)

// contentSecurityPolicy lets pages load only what this server serves, and run no
// inline script: a document's text cannot become code. data: is for the small
// pictures in the style sheet.
var contentSecurityPolicy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "font-src 'self'",
	"base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
}, "; ")

// secureHeaders sets what browsers need to protect the pages. There is no
// Strict-Transport-Security: the server speaks plain HTTP on this machine, and
// the header belongs to the proxy that speaks TLS.
func secureHeaders(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", contentSecurityPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
}

func (s *Server) checkHost(c *gin.Context) {
	if s.hosts.allowed(c.Request.Host) {
		return
	}
	problem(c, &api.Error{
		Status: http.StatusMisdirectedRequest,
		Detail: "Hjemmel kan ikke åbnes på denne adresse. Brug localhost, eller bed driften om at tilføje navnet (indstillingen hosts).",
	})
}

// checkOrigin refuses changes that another site makes a browser send (CSRF): a
// session's cookie alone proves nothing of who is asking.
func (s *Server) checkOrigin() gin.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	if s.cfg.Access != nil { // a proxy may have changed the Host that the Origin is compared with
		if err := protection.AddTrustedOrigin(s.cfg.Access.Public().String()); err != nil {
			panic(err) // access.New has checked it
		}
	}
	return func(c *gin.Context) {
		if s.origins.embeds(c.Request) {
			return
		}
		if err := protection.Check(c.Request); err != nil {
			problem(c, &api.Error{Status: http.StatusForbidden, Detail: "Forespørgslen kommer fra et andet websted og er afvist.", Err: err})
		}
	}
}
