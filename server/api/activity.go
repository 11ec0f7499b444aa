package api

import (
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
)

// registerActivity adds the routes of what is remembered. Which of them ask for
// the role of an evaluator or administrator, package server says and checks.
func (a *API) registerActivity(v1 gin.IRouter) {
	v1.GET("/conversations", handle(a.listConversations))
	v1.DELETE("/conversations", handle(a.deleteConversations))
	v1.GET("/conversations/:id", handle(a.conversation))
	v1.PATCH("/conversations/:id", handle(a.renameConversation))
	v1.DELETE("/conversations/:id", handle(a.deleteConversation))
	v1.GET("/conversations/:id/document.docx", handle(a.conversationDOCX))
	v1.POST("/feedback", handle(a.giveFeedback))
	v1.GET("/feedback", handle(a.listFeedback))
	v1.PATCH("/feedback/:id", handle(a.markFeedback))
	v1.GET("/audit", handle(a.listAudit))
	v1.GET("/audit/verification", handle(a.verifyAudit))
	v1.GET("/audit/export", handle(a.exportAudit))
	v1.GET("/costs", handle(a.costs))
	v1.GET("/activity", handle(a.exportActivity))
	v1.DELETE("/activity", handle(a.eraseActivity))
}

// owner returns whose things a request is about: nobody has none.
func owner(c *gin.Context) (string, error) {
	if subject := access.From(c.Request.Context()).Subject; subject != "" {
		return subject, nil
	}
	return "", &Error{Status: http.StatusForbidden, Detail: "Log ind for at se og gemme dine egne samtaler."}
}

// absent words what the store does not hold for the asker.
func absent(err error, detail string) error {
	if errors.Is(err, activity.ErrNotFound) {
		return &Error{Status: http.StatusNotFound, Detail: detail, Err: err}
	}
	return err
}

// words checks what a person writes down beside her questions: its length, and
// policy, which holds for all that is stored.
func (a *API) words(field, text string, longest int) error {
	if utf8.RuneCountInString(text) > longest {
		return badRequest("Feltet »%s« er for langt: skriv højst %d tegn.", field, longest)
	}
	if v := a.Check(text); text != "" && !v.Allowed {
		return Refusal(v)
	}
	return nil
}

// page reads limit and offset.
func pageOf(c *gin.Context) (activity.Page, error) {
	values, err := query(c)
	if err != nil {
		return activity.Page{}, err
	}
	var p activity.Page
	if p.Limit, err = whole(values, "limit", activity.DefaultLimit, 1, maxPage); err != nil {
		return p, err
	}
	p.Offset, err = whole(values, "offset", 0, 0, maxOffset)
	return p, err
}

// tasks names what a route is used for, in the audit log.
var tasks = map[string]string{
	"POST /api/v1/summaries": "summary", "POST /api/v1/gaps": activity.TaskGaps, "POST /api/v1/documents": activity.TaskUpload,
	"GET /api/v1/search": activity.TaskSearch, "POST /api/v1/search": activity.TaskSearch, "GET /api/v1/documents": activity.TaskSearch,
	"GET /api/v1/conversations": activity.TaskSearch, "PATCH /api/v1/conversations/:id": activity.TaskNote, "POST /api/v1/feedback": activity.TaskNote,
}

// auditRefusals audits what policy stopped before it reached the assistant, which
// audits its own.
func (a *API) auditRefusals(c *gin.Context) {
	c.Next()
	var known *Error
	if last := c.Errors.Last(); last != nil && errors.As(last.Err, &known) && known.Verdict != nil {
		a.Recorder.Refused(c.Request.Context(), tasks[c.Request.Method+" "+c.FullPath()], *known.Verdict)
	}
}

// nameWay tells the audit log by which way in a request came: a browser says of
// a page's own requests that they come from the same origin, and of those of
// another's page, which package server lets through where it may embed Hjemmel.
func nameWay(c *gin.Context) {
	way := activity.WayAPI
	switch site := c.GetHeader("Sec-Fetch-Site"); {
	case strings.EqualFold(site, "same-origin"):
		way = activity.WayWeb
	case strings.EqualFold(site, "same-site"), strings.EqualFold(site, "cross-site"):
		way = activity.WayEmbed
	}
	c.Request = c.Request.WithContext(activity.WithWay(c.Request.Context(), way))
}

func (a *API) exportActivity(c *gin.Context) error {
	subject, err := owner(c)
	if err != nil {
		return err
	}
	all, err := a.Activity.Export(c.Request.Context(), subject)
	if err != nil {
		return err
	}
	for _, conversation := range all.Conversations {
		if err := a.withhold(c.Request.Context(), conversation.Said); err != nil {
			return err
		}
	}
	c.Header("Content-Disposition", `attachment; filename="mine-data.json"`)
	return reply(c, all)
}

func (a *API) eraseActivity(c *gin.Context) error {
	subject, err := owner(c)
	if err != nil {
		return err
	}
	erased, err := a.Activity.Erase(c.Request.Context(), subject, time.Now())
	if err != nil {
		return err
	}
	return reply(c, erased)
}
