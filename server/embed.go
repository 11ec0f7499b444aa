package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
)

// What pages of other origins may use: the script of <hjemmel-chat>, and the one
// address that it asks. Everything else stays closed to them.
const (
	embedScript  = assetPrefix + "embed.js"
	embedAddress = "/api/v1/chat"
	embedMaxAge  = "600" // seconds that a browser may remember the answer to a preflight
)

// origins are the origins, scheme://host[:port], whose pages may embed Hjemmel.
type origins []string

func newOrigins(list []string) (origins, error) {
	out := origins{}
	for _, text := range list {
		u, err := url.Parse(strings.TrimSuffix(strings.TrimSpace(text), "/"))
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || strings.Contains(u.Host, "*") {
			return nil, fmt.Errorf("embed origin %q: use scheme and host alone, for example https://intranet.kommune.dk", text)
		}
		out = append(out, u.Scheme+"://"+strings.ToLower(u.Host))
	}
	return out, nil
}

// embeds tells whether a request is what an embedded chat may ask: a question, or
// whether it may put one.
func (o origins) embeds(r *http.Request) bool {
	return (r.Method == http.MethodPost || r.Method == http.MethodOptions) && r.URL.Path == embedAddress && slices.Contains(o, r.Header.Get("Origin"))
}

// shareWithOrigins lets the browser hand the embedding page its answer, and the
// session's cookie along, so that the answer is the logged-in person's own. It
// stands before every refusal: the page must be able to show why.
func (s *Server) shareWithOrigins(c *gin.Context) {
	h := c.Writer.Header()
	if len(s.origins) > 0 && c.Request.URL.Path == embedScript {
		h.Set("Cross-Origin-Resource-Policy", "cross-origin") // the program's own public text
		return
	}
	if c.Request.URL.Path == embedAddress && len(s.origins) > 0 {
		h.Add("Vary", "Origin")
	}
	if !s.origins.embeds(c.Request) {
		return
	}
	h.Set("Access-Control-Allow-Origin", c.Request.Header.Get("Origin"))
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if c.Request.Method == http.MethodOptions {
		h.Set("Access-Control-Allow-Methods", http.MethodPost)
		h.Set("Access-Control-Allow-Headers", "Content-Type")
		h.Set("Access-Control-Max-Age", embedMaxAge)
		c.AbortWithStatus(http.StatusNoContent)
	}
}
