package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/openai"
)

// routes builds the engine. The order of the middleware matters: everything is
// logged and counted, also what a guard refuses.
func (s *Server) routes() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.UseEscapedPath = true // "%2F" stays inside one parameter
	r.UnescapePathValues = false
	r.RedirectTrailingSlash = false
	r.HandleMethodNotAllowed = true
	r.ForwardedByClientIP = false
	r.Use(requestID, s.observe, s.recoverPanics, secureHeaders, s.strictTransport, s.checkHost, s.shareWithOrigins, s.checkOrigin(), limitBodyTime,
		s.identify, s.limitRate, s.authorize)

	rest := api.New(api.Config{
		Version: s.cfg.Version, Assistant: s.cfg.Assistant, Searcher: s.cfg.Searcher, Library: s.cfg.Library, Gaps: s.cfg.Gaps,
		Ingests: s.cfg.Ingests,
		Check:   s.cfg.Check, CheckName: s.cfg.CheckName, Policy: s.cfg.Policy, Observer: s.metrics, Limits: s.cfg.Limits,
		Activity: s.cfg.Activity, Recorder: s.recorder, KeptDays: s.cfg.KeptDays,
	})
	rest.Register(r)
	s.registerWays(r, rest)

	s.registerLogin(r)
	r.GET("/healthz", alive)
	r.GET("/readyz", s.ready)
	r.GET("/metrics", gin.WrapH(promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, // one gauge that fails must not hide the others
	})))

	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, page := range pagePaths {
			r.Handle(method, page, s.pages.index)
		}
		r.Handle(method, assetPrefix+"*file", s.pages.asset)
	}
	r.NoRoute(s.noRoute)
	r.NoMethod(func(c *gin.Context) {
		problem(c, &api.Error{Status: http.StatusMethodNotAllowed, Detail: "Adressen kan ikke bruges på den måde."})
	})
	return r
}

// pagePaths are the addresses of the pages.
var pagePaths = []string{"/", "/sammenfat", "/mangler", "/samling", "/regler", "/administration", "/samtale/*rest", "/kilde/*rest"}

func isPage(route string) bool { return slices.Contains(pagePaths, route) }

// covers tells whether a route is what a pattern names: itself or, where the
// pattern ends in "*", what begins like it.
func covers(pattern, route string) bool {
	start, many := strings.CutSuffix(pattern, "*")
	return pattern == route || many && strings.HasPrefix(route, start)
}

// noRoute answers programs with a problem and people with the page, which tells
// them in its own words.
func (s *Server) noRoute(c *gin.Context) {
	if strings.HasPrefix(c.Request.URL.Path, "/api/") || strings.HasPrefix(c.Request.URL.Path, openAIPrefix) || !isRead(c.Request.Method) {
		problem(c, &api.Error{Status: http.StatusNotFound, Detail: "Adressen findes ikke."})
		return
	}
	s.pages.notFound(c)
}

func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// openAIPrefix begins the addresses whose callers read errors as OpenAI tells them.
const openAIPrefix = "/v1/"

// problem ends a request with err.
func problem(c *gin.Context, err error) {
	_ = c.Error(err)
	c.Abort()
	if strings.HasPrefix(c.Request.URL.Path, openAIPrefix) {
		openai.WriteError(c.Writer, c.Request, err)
		return
	}
	api.WriteProblem(c.Writer, c.Request, err)
}
