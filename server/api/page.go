package api

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// Widths of a page image in pixels. The largest still shows the fine print of
// an A4 page; more would only cost memory.
const (
	defaultWidth = 900
	minWidth     = 100
	maxWidth     = 2400
)

// pageImage draws a page of a PDF. The reply may be kept but must be asked for
// again: the document can be replaced under the same id.
func (a *API) pageImage(c *gin.Context) error {
	values, err := query(c)
	if err != nil {
		return err
	}
	width, err := whole(values, "width", defaultWidth, minWidth, maxWidth)
	if err != nil {
		return err
	}
	name, found := strings.CutSuffix(c.Param("page"), ".png")
	page, err := strconv.Atoi(name)
	if !found || err != nil || page < 1 {
		return &Error{Status: http.StatusNotFound, Detail: "Siden findes ikke: sider hedder 1.png, 2.png og så videre."}
	}
	doc, err := a.documentOf(c)
	if err != nil {
		return err
	}
	if doc.MediaType != "application/pdf" {
		return &Error{Status: http.StatusNotFound, Detail: "Dokumentet har ingen sider at vise: kun PDF-filer har sidebilleder."}
	}
	if page > doc.Pages {
		return &Error{Status: http.StatusNotFound, Detail: fmt.Sprintf("Dokumentet har kun %d sider.", doc.Pages)}
	}
	tag := fmt.Sprintf(`"%s-%d-%d"`, doc.SHA256, page, width)
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Etag", tag)
	if c.GetHeader("If-None-Match") == tag {
		c.Status(http.StatusNotModified)
		return nil
	}
	leave, err := a.renders.enter(c.Request.Context())
	if err != nil {
		return err
	}
	defer leave()
	image, err := a.Library.PageImage(c.Request.Context(), doc.ID, page, width)
	if err != nil {
		return notFound(err, "Dokumentet findes ikke i samlingen.")
	}
	c.Data(http.StatusOK, "image/png", image)
	return nil
}
