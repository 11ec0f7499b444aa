package server

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/api"
)

// identify puts whom the request acts for into its context, for every handler
// and every read of the collection below it. Nobody is a principal too: one
// without roles, who sees what is open to everyone.
func (s *Server) identify(c *gin.Context) {
	p := access.Local()
	var err error
	switch {
	case s.cfg.Access == nil:
	case needOf(c.Request.Method, c.FullPath()).public: // answers everybody alike, also while sessions cannot be read
		p = access.Principal{}
	default:
		p, err = s.cfg.Access.Identify(c.Request)
	}
	c.Request = c.Request.WithContext(access.With(c.Request.Context(), p))
	switch {
	case errors.Is(err, access.ErrKeyUnknown):
		c.Header("WWW-Authenticate", `Bearer error="invalid_token"`)
		problem(c, &api.Error{Status: http.StatusUnauthorized, Err: err,
			Detail: "API-nøglen gælder ikke: den er ukendt, udløbet eller trukket tilbage. Bed driften om en ny."})
	case err != nil && !errors.Is(err, access.ErrAnonymous):
		problem(c, err)
	}
}

// authorize lets a request through whose principal may use its route. What no
// route matches is answered as such.
func (s *Server) authorize(c *gin.Context) {
	need := needOf(c.Request.Method, c.FullPath())
	p := access.From(c.Request.Context())
	switch {
	case need.public, need.role == "" && p.Subject != "", need.role != "" && p.Has(need.role):
	case p.Subject == "" && need.page:
		c.Redirect(http.StatusSeeOther, loginAddress(c.Request.URL))
		c.Abort()
	case p.Subject == "":
		c.Header("WWW-Authenticate", "Bearer")
		problem(c, &api.Error{Status: http.StatusUnauthorized, Detail: "Du er ikke logget ind, eller din session er udløbet. Log ind igen.", Err: access.ErrAnonymous})
	default:
		problem(c, &api.Error{Status: http.StatusForbidden, Detail: "Du har ikke rettighed til det. Det kræver rollen " + roleNames[need.role] + "."})
	}
}

// roleNames are the Danish names of the roles.
var roleNames = map[access.Role]string{
	access.Reader: "læser", access.Editor: "redaktør", access.Evaluator: "evaluator", access.Administrator: "administrator",
}

// need is what a route asks of whoever uses it.
type need struct {
	public bool        // of nobody
	page   bool        // shown in a browser: who is not logged in is led to the login
	role   access.Role // "" for everybody who is logged in
}

// needs are the routes that ask for something else than the role reader, which
// is what a new route asks for. Where method is "", all methods are meant; a
// path that ends in "*" means all below it.
var needs = []struct {
	method, path string
	need
}{
	{"", "", need{public: true}}, // no route: nothing to guard
	{"", "/healthz", need{public: true}},
	{"", "/readyz", need{public: true}},
	{"", "/openapi.json", need{public: true}},
	{"", assetPrefix + "*", need{public: true}},
	{"", "/login", need{public: true}},
	{"", "/login/*", need{public: true}},
	{"", access.GoodbyePath, need{public: true}},
	{"GET", "/api/v1/me", need{}},
	{"POST", "/api/v1/logout", need{}},
	{"POST", "/api/v1/documents", need{role: access.Editor}},
	{"DELETE", "/api/v1/documents*", need{role: access.Editor}},
	{"DELETE", "/api/v1/samples", need{role: access.Editor}},
	{"GET", "/api/v1/ingest", need{role: access.Editor}},
	{"GET", "/api/v1/feedback*", need{role: access.Evaluator}},
	{"PATCH", "/api/v1/feedback*", need{role: access.Evaluator}},
	{"", "/api/v1/activity", need{}},
	{"", "/administration", need{page: true}}, // each part of it asks for a role of its own
	{"", "/api/v1/reports*", need{role: access.Evaluator}},
	{"", "/api/v1/audit*", need{role: access.Administrator}},
	{"", "/api/v1/costs*", need{role: access.Administrator}},
	// Counts of the whole collection, and how much is asked: not for readers. A
	// proxy's requests all come from this machine, so that being local says nothing.
	{"", "/metrics", need{role: access.Administrator}},
}

// needOf returns what a route asks for.
func needOf(method, path string) need {
	for _, n := range needs {
		if (n.method == "" || n.method == method) && covers(n.path, path) {
			return n.need
		}
	}
	return need{role: access.Reader, page: isRead(method) && isPage(path)}
}
