package api

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
)

const (
	defaultPage = 100 // documents in one listing
	maxPage     = 1000
	maxOffset   = 1 << 30
)

// listing is the reply to GET /documents.
type listing struct {
	Documents   []corpus.Document        `json:"documents"`
	Total       int                      `json:"total"`   // that match, on all pages
	Samples     int                      `json:"samples"` // in the whole collection
	Collections []corpus.CollectionCount `json:"collections"`
}

// outlined is the reply to GET /documents/{id}.
type outlined struct {
	Document corpus.Document `json:"document"`
	Outline  []outlineEntry  `json:"outline"`
}

// outlineEntry is a section in a table of contents.
type outlineEntry struct {
	ID       string   `json:"id"`
	Label    string   `json:"label"`
	Heading  string   `json:"heading,omitempty"`
	Path     []string `json:"path"`
	Repealed bool     `json:"repealed,omitempty"`
	Page     int      `json:"page,omitempty"`
}

func (a *API) listDocuments(c *gin.Context) error {
	filter, err := a.documentFilter(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	var out listing
	if out.Documents, err = a.Library.Documents(ctx, filter); err != nil {
		return err
	}
	if out.Total, err = a.Library.CountDocuments(ctx, filter); err != nil {
		return err
	}
	if out.Collections, err = a.Library.Collections(ctx); err != nil {
		return err
	}
	stats, err := a.Library.Stats(ctx)
	if err != nil {
		return err
	}
	out.Samples = stats.Samples
	out.Documents, out.Collections = list(out.Documents), list(out.Collections)
	return reply(c, out)
}

func (a *API) documentFilter(c *gin.Context) (f corpus.DocumentFilter, err error) {
	values, err := query(c)
	if err != nil {
		return f, err
	}
	f = corpus.DocumentFilter{Collection: values.Get("collection"), Kind: corpus.Kind(values.Get("kind")), Text: values.Get("q")}
	kinds := []corpus.Kind{"", corpus.KindAct, corpus.KindOrder, corpus.KindGuideline, corpus.KindLocal, corpus.KindOther}
	if !slices.Contains(kinds, f.Kind) {
		return f, badRequest("»kind« skal være act, order, guideline, local eller other.")
	}
	if v := a.Check(f.Text); !v.Allowed {
		return f, Refusal(v)
	}
	if f.Limit, err = whole(values, "limit", defaultPage, 1, maxPage); err != nil {
		return f, err
	}
	f.Offset, err = whole(values, "offset", 0, 0, maxOffset)
	return f, err
}

func (a *API) document(c *gin.Context) error {
	doc, err := a.documentOf(c)
	if err != nil {
		return err
	}
	sections, err := a.Library.SectionsOf(c.Request.Context(), doc.ID)
	if err != nil {
		return err
	}
	out := outlined{Document: doc, Outline: make([]outlineEntry, len(sections))}
	for i, s := range sections {
		out.Outline[i] = outlineEntry{ID: s.ID, Label: s.Label, Heading: s.Heading, Path: list(s.Path), Repealed: s.Repealed, Page: s.Page(0)}
	}
	return reply(c, out)
}

// documentOf returns the document that the path names.
func (a *API) documentOf(c *gin.Context) (corpus.Document, error) {
	id, err := param(c, "id")
	if err != nil {
		return corpus.Document{}, err
	}
	doc, err := a.Library.Document(c.Request.Context(), id)
	return doc, notFound(err, "Dokumentet findes ikke i samlingen.")
}

func (a *API) deleteDocument(c *gin.Context) error {
	id, err := param(c, "id")
	if err != nil {
		return err
	}
	allowSlowWrite(c, a.Limits.Write)
	if err := a.Library.Delete(c.Request.Context(), id); err != nil {
		return notFound(err, "Dokumentet findes ikke i samlingen. Måske er det allerede slettet.")
	}
	if a.Recorder != nil {
		a.Recorder.Did(c.Request.Context(), activity.TaskDelete, id)
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (a *API) deleteSamples(c *gin.Context) error {
	allowSlowWrite(c, a.Limits.Write)
	n, err := a.Library.DeleteSamples(c.Request.Context())
	if err != nil {
		return err
	}
	return reply(c, struct {
		Removed int `json:"removed"`
	}{n})
}

func (a *API) info(c *gin.Context) error {
	stats, err := a.Library.Stats(c.Request.Context())
	if err != nil {
		return err
	}
	return reply(c, info{Version: a.Version, Stats: stats, Today: corpus.Today()})
}

// info is the reply to GET /info.
type info struct {
	Version string `json:"version"`
	Stats
	Today corpus.Date `json:"today"` // where the server runs: what "in force" means
}

// list returns an empty slice for nil, so that JSON has [] and not null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
