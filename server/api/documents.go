package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// outlineEntry is a section in a document's table of contents.
type outlineEntry struct {
	ID       string   `json:"id"`
	Label    string   `json:"label"`
	Heading  string   `json:"heading,omitempty"`
	Path     []string `json:"path"`
	Repealed bool     `json:"repealed,omitempty"`
	Page     int      `json:"page,omitempty"`
}

// citing is a place that cites a section.
type citing struct {
	Section  string `json:"section"`
	Document string `json:"document"`
	Title    string `json:"title"`
	Label    string `json:"label"`
	Raw      string `json:"raw"`
}

func (a *API) documents(c *gin.Context) {
	ctx := c.Request.Context()
	filter := corpus.DocumentFilter{Collection: c.Query("collection"), Kind: corpus.Kind(c.Query("kind")), Text: c.Query("q")}
	var err error
	if filter.Limit, err = queryInt(c, "limit", 0); err == nil {
		filter.Offset, err = queryInt(c, "offset", 0)
	}
	if err != nil {
		Fail(c, err)
		return
	}
	docs, err := a.Library.Documents(ctx, filter)
	if err != nil {
		Fail(c, err)
		return
	}
	total, err := a.Library.CountDocuments(ctx, filter)
	if err != nil {
		Fail(c, err)
		return
	}
	collections, err := a.Library.Collections(ctx)
	if err != nil {
		Fail(c, err)
		return
	}
	stats, err := a.Library.Stats(ctx)
	if err != nil {
		Fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"documents": orEmpty(docs), "total": total, "samples": stats.Samples, "collections": orEmpty(collections)})
}

// orEmpty makes an empty list of nil, which JSON would write as null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func queryInt(c *gin.Context, name string, missing int) (int, error) {
	text := c.Query(name)
	if text == "" {
		return missing, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, problem(http.StatusBadRequest, name+" skal være et helt tal fra 0 og op.")
	}
	return n, nil
}

func (a *API) document(c *gin.Context) {
	ctx := c.Request.Context()
	doc, err := a.Library.Document(ctx, c.Param("id"))
	if err != nil {
		Fail(c, err)
		return
	}
	sections, err := a.Library.SectionsOf(ctx, doc.ID)
	if err != nil {
		Fail(c, err)
		return
	}
	outline := make([]outlineEntry, len(sections))
	for i := range sections {
		s := &sections[i]
		outline[i] = outlineEntry{ID: s.ID, Label: s.Label, Heading: s.Heading, Path: orEmpty(s.Path), Repealed: s.Repealed, Page: s.Page(0)}
	}
	c.JSON(http.StatusOK, gin.H{"document": doc, "outline": outline})
}

func (a *API) deleteDocument(c *gin.Context) {
	if err := a.Library.Delete(c.Request.Context(), c.Param("id")); err != nil {
		Fail(c, err)
		return
	}
	c.Status(http.StatusNoContent)
	c.Writer.WriteHeaderNow()
}

func (a *API) deleteSamples(c *gin.Context) {
	n, err := a.Library.DeleteSamples(c.Request.Context())
	if err != nil {
		Fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"removed": n})
}

func (a *API) section(c *gin.Context) {
	ctx := c.Request.Context()
	doc, err := a.Library.Document(ctx, c.Param("id"))
	if err != nil {
		Fail(c, err)
		return
	}
	sections, err := a.Library.SectionsOf(ctx, doc.ID)
	if err != nil {
		Fail(c, err)
		return
	}
	at := -1
	for i := range sections {
		if sections[i].ID == doc.ID+"#"+c.Param("section") {
			at = i
		}
	}
	if at < 0 {
		Fail(c, corpus.ErrNotFound)
		return
	}
	refs, err := a.Library.References(ctx, sections[at].ID)
	if err != nil {
		Fail(c, err)
		return
	}
	cited, err := a.citedBy(c, sections[at].ID)
	if err != nil {
		Fail(c, err)
		return
	}
	sections[at].Parts, sections[at].Path = orEmpty(sections[at].Parts), orEmpty(sections[at].Path)
	c.JSON(http.StatusOK, gin.H{
		"document": doc, "section": sections[at], "previous": neighbour(sections, at-1), "next": neighbour(sections, at+1),
		"references": orEmpty(refs), "cited_by": cited,
	})
}

func neighbour(sections []corpus.Section, i int) any {
	if i < 0 || i >= len(sections) {
		return nil
	}
	label := sections[i].Label
	if label == "" {
		label = sections[i].Heading
	}
	return gin.H{"id": sections[i].ID, "label": label}
}

// citedBy names the places that cite a section.
func (a *API) citedBy(c *gin.Context, id string) ([]citing, error) {
	refs, err := a.Library.CitedBy(c.Request.Context(), id)
	if err != nil {
		return nil, err
	}
	out := []citing{}
	docs := map[string]corpus.Document{}
	seen := map[string]bool{}
	for _, r := range refs {
		if seen[r.From] {
			continue // one line a section, however often it cites
		}
		seen[r.From] = true
		document, _, _ := strings.Cut(r.From, "#")
		doc, ok := docs[document]
		if !ok {
			if doc, err = a.Library.Document(c.Request.Context(), document); err != nil {
				return nil, err
			}
			docs[document] = doc
		}
		sec, err := a.Library.Section(c.Request.Context(), r.From)
		if err != nil {
			return nil, err
		}
		label := sec.Label
		if label == "" {
			label = sec.Heading
		}
		out = append(out, citing{Section: r.From, Document: document, Title: doc.Title, Label: label, Raw: r.Raw})
	}
	return out, nil
}

// page draws a page of a PDF. The image depends only on the source's bytes, so a
// browser may keep it.
func (a *API) page(c *gin.Context) {
	ctx := c.Request.Context()
	name, isPNG := strings.CutSuffix(c.Param("page"), ".png")
	number, err := strconv.Atoi(name)
	width, err2 := queryInt(c, "width", pageDefault)
	if err != nil || !isPNG || err2 != nil {
		Fail(c, problem(http.StatusBadRequest, "Angiv siden som fx 3.png og bredden som et helt tal."))
		return
	}
	doc, err := a.Library.Document(ctx, c.Param("id"))
	if err != nil {
		Fail(c, err)
		return
	}
	if number < 1 || number > doc.Pages {
		Fail(c, problem(http.StatusNotFound, "Dokumentet har ingen side med det nummer."))
		return
	}
	etag := `"` + doc.SHA256[:min(16, len(doc.SHA256))] + "-" + strconv.Itoa(number) + "-" + strconv.Itoa(width) + `"`
	c.Header("ETag", etag)
	c.Header("Cache-Control", "private, max-age=86400")
	if c.GetHeader("If-None-Match") == etag {
		c.Status(http.StatusNotModified)
		return
	}
	image, err := a.Library.PageImage(ctx, doc.ID, number, width)
	if err != nil {
		c.Header("ETag", "")
		c.Header("Cache-Control", "no-store")
		Fail(c, err)
		return
	}
	c.Data(http.StatusOK, "image/png", image)
}

func (a *API) info(c *gin.Context) {
	stats, err := a.Library.Stats(c.Request.Context())
	if err != nil {
		Fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{
		"version": a.Version, "documents": stats.Documents, "sections": stats.Sections, "passages": stats.Passages,
		"samples": stats.Samples, "indexing": stats.Indexing, "today": corpus.Today(),
	})
}
