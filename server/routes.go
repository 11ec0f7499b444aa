package server

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/hjemmel/hjemmel/server/api"
)

//go:embed openapi.json
var openAPI []byte

// routes builds the handler. Writes from other sites are refused before any
// route sees them.
func (s *Server) routes(m *metrics, answers int) (http.Handler, error) {
	r, err := s.engine(m, answers)
	if err != nil {
		return nil, err
	}
	return http.NewCrossOriginProtection().Handler(r), nil
}

// engine puts guards, API, operations and pages together.
func (s *Server) engine(m *metrics, answers int) (*gin.Engine, error) {
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.UseRawPath = true // ids come escaped
	r.UnescapePathValues = true
	if err := r.SetTrustedProxies(nil); err != nil {
		return nil, err
	}
	r.Use(requestID, s.accessLog(m), s.recovered, headers, s.hostCheck())
	a := &api.API{
		Assistant: s.config.Assistant, Searcher: s.config.Searcher, Library: s.config.Library, Check: s.config.Check,
		Observer: m, Version: s.config.Version, MaxUpload: s.config.MaxUpload,
	}
	a.Register(r, answers)
	r.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	r.GET("/readyz", s.ready)
	r.GET("/metrics", gin.WrapH(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})))
	r.GET("/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", openAPI) })
	if err := s.pages(r); err != nil {
		return nil, fmt.Errorf("reading the web UI: %w", err)
	}
	r.NoMethod(func(c *gin.Context) {
		api.Fail(c, &api.Problem{Status: http.StatusMethodNotAllowed, Detail: "Adressen kan ikke bruges på den måde."})
	})
	return r, nil
}

// ready tells a supervisor that questions can be answered from the whole
// collection.
func (s *Server) ready(c *gin.Context) {
	stats, err := s.config.Library.Stats(c.Request.Context())
	switch {
	case err != nil:
		api.Fail(c, err)
	case stats.Indexing:
		c.Header("Retry-After", "2")
		c.String(http.StatusServiceUnavailable, "indexing\n")
	default:
		c.String(http.StatusOK, "ready\n")
	}
}

// pages serves the web UI: one page with its own routes, and its assets.
func (s *Server) pages(r *gin.Engine) error {
	index, err := fs.ReadFile(s.config.Frontend, "index.html")
	if err != nil {
		return err
	}
	page := func(c *gin.Context) {
		c.Header("Cache-Control", "no-cache")
		c.Data(http.StatusOK, "text/html; charset=utf-8", index)
	}
	for _, route := range []string{"/", "/samling", "/kilde/:id", "/kilde/:id/:section"} {
		r.GET(route, page)
	}
	assets, err := readAssets(s.config.Frontend)
	if err != nil {
		return err
	}
	r.GET("/assets/*path", func(c *gin.Context) {
		a, ok := assets["assets"+c.Param("path")]
		if !ok {
			api.Fail(c, &api.Problem{Status: http.StatusNotFound, Detail: "Filen findes ikke."})
			return
		}
		c.Header("Cache-Control", "no-cache") // always asked for, mostly "not modified"
		c.Header("ETag", a.etag)
		if c.GetHeader("If-None-Match") == a.etag {
			c.Status(http.StatusNotModified)
			return
		}
		c.Data(http.StatusOK, a.contentType, a.data)
	})
	r.NoRoute(func(c *gin.Context) {
		if strings.HasPrefix(c.Request.URL.Path, "/api/") || c.Request.Method != http.MethodGet || !strings.Contains(c.GetHeader("Accept"), "text/html") {
			api.Fail(c, &api.Problem{Status: http.StatusNotFound, Detail: "Adressen findes ikke."})
			return
		}
		c.Data(http.StatusNotFound, "text/html; charset=utf-8", index) // the page says that it knows no such place
	})
	return nil
}

type asset struct {
	data              []byte
	contentType, etag string
}

// contentTypes are spelled out: the system's own table may lack or change them.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
}

func readAssets(files fs.FS) (map[string]asset, error) {
	assets := map[string]asset{}
	err := fs.WalkDir(files, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		kind, ok := contentTypes[path.Ext(name)]
		if !ok {
			return fmt.Errorf("%s: no content type for %s files", name, path.Ext(name))
		}
		sum := sha256.Sum256(data)
		assets[name] = asset{data: data, contentType: kind, etag: `"` + hex.EncodeToString(sum[:8]) + `"`}
		return nil
	})
	return assets, err
}
