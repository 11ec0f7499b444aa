package server

import (
	"bytes"
	"io"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/gin-gonic/gin"
)

func readOpenAPI(t *testing.T) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return document
}

// TestOpenAPINamesEveryRoute compares the document with the routes, both ways.
func TestOpenAPINamesEveryRoute(t *testing.T) {
	var described []string
	for path, item := range readOpenAPI(t).Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	var served []string
	wildcard := regexp.MustCompile(`[:*](\w+)`)
	s := newServer(t, &fake{})
	for _, r := range routesOf(t, s) {
		served = append(served, r.Method+" "+wildcard.ReplaceAllString(r.Path, "{$1}"))
	}
	slices.Sort(described)
	slices.Sort(served)
	if !slices.Equal(described, served) {
		t.Errorf("described:\n%s\nserved:\n%s", strings.Join(described, "\n"), strings.Join(served, "\n"))
	}
}

func routesOf(t *testing.T, s *Server) gin.RoutesInfo {
	t.Helper()
	engine, err := s.engine(newMetrics(s.config.Library), 1)
	if err != nil {
		t.Fatal(err)
	}
	return engine.Routes()
}

// TestResponsesFitOpenAPI checks real responses against the document's schemas,
// with no field beyond them.
func TestResponsesFitOpenAPI(t *testing.T) {
	document := readOpenAPI(t)
	for _, schema := range document.Components.Schemas {
		no := false
		schema.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: &no}
	}
	router, err := legacy.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	upload, kind := form(t, [3]string{"file", "a.md", "A"})
	s := newServer(t, &fake{})
	for _, c := range [][4]string{
		{"POST", "/api/v1/chat", `{"question":"æbler?","as_of":"2026-01-01"}`, "application/json"},
		{"POST", "/api/v1/chat", `{"question":" "}`, "application/json"},
		{"POST", "/api/v1/search", `{"query":"æbler","k":3,"filter":{"collections":["lov"]}}`, "application/json"},
		{"GET", "/api/v1/search?q=x", "", ""},
		{"GET", "/api/v1/search?q=010190-1234", "", ""},
		{"GET", "/api/v1/documents", "", ""},
		{"POST", "/api/v1/documents", upload.String(), kind},
		{"GET", "/api/v1/documents/lbk-2024-1", "", ""},
		{"DELETE", "/api/v1/documents/lbk-2024-1", "", ""},
		{"GET", "/api/v1/documents/nej", "", ""},
		{"GET", "/api/v1/documents/lbk-2024-1/sections/2a", "", ""},
		{"GET", "/api/v1/documents/lbk-2024-1/pages/1.png", "", ""},
		{"DELETE", "/api/v1/samples", "", ""},
		{"GET", "/api/v1/info", "", ""},
		{"GET", "/readyz", "", ""},
	} {
		r := httptest.NewRequest(c[0], c[1], strings.NewReader(c[2]))
		r.Host = "localhost"
		r.Header.Set("Content-Type", c[3])
		route, params, err := router.FindRoute(r)
		if err != nil {
			t.Errorf("%s %s: %v", c[0], c[1], err)
			continue
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		err = openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
			Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
			Options: &openapi3filter.Options{IncludeResponseStatus: true},
		})
		if err != nil {
			t.Errorf("%s %s: %d: %v", c[0], c[1], w.Code, err)
		}
	}
}
