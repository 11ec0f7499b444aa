package api

import (
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/activity"
)

// auditList is the reply to GET /audit.
type auditList struct {
	Entries []activity.Entry `json:"entries"` // the newest first
	Total   int              `json:"total"`
}

// costList is the reply to GET /costs.
type costList struct {
	Costs []activity.Cost `json:"costs"`
}

func (a *API) listAudit(c *gin.Context) error {
	filter, err := auditFilter(c)
	if err != nil {
		return err
	}
	page, err := pageOf(c)
	if err != nil {
		return err
	}
	var out auditList
	if out.Entries, out.Total, err = a.Activity.Audit(c.Request.Context(), filter, page); err != nil {
		return err
	}
	return reply(c, out)
}

func auditFilter(c *gin.Context) (f activity.Filter, err error) {
	values, err := query(c)
	if err != nil {
		return f, err
	}
	f = activity.Filter{Subject: values.Get("subject"), Way: values.Get("way"), Task: values.Get("task"), Outcome: values.Get("outcome")}
	if f.From, err = dayOf(values, "from", 0); err != nil {
		return f, err
	}
	f.To, err = dayOf(values, "to", 1)
	return f, err
}

// dayOf returns the beginning of the day that a query names, in the server's own
// time zone, or of one so many days later.
func dayOf(values url.Values, name string, later int) (time.Time, error) {
	if values.Get(name) == "" {
		return time.Time{}, nil
	}
	date, err := corpus.ParseDate(values.Get(name))
	if err != nil {
		return time.Time{}, badRequest("»%s« er ikke en dato: skriv fx 2026-03-01 eller 1.3.2026.", name)
	}
	day, err := time.ParseInLocation(time.DateOnly, string(date), time.Local)
	return day.AddDate(0, 0, later), err
}

func (a *API) verifyAudit(c *gin.Context) error {
	allowSlowWrite(c, a.Limits.Answer)
	v, err := a.Activity.Verify(c.Request.Context(), nil)
	if err != nil {
		return err
	}
	return reply(c, v)
}

func (a *API) exportAudit(c *gin.Context) error {
	filter, err := auditFilter(c)
	if err != nil {
		return err
	}
	format := activity.Format(c.DefaultQuery("format", string(activity.JSONLines)))
	if !format.Valid() {
		return badRequest("»format« skal være jsonl eller csv.")
	}
	a.Recorder.Did(c.Request.Context(), activity.TaskExport)
	allowSlowWrite(c, a.Limits.Write)
	c.Header("Content-Type", format.MediaType())
	c.Header("Content-Disposition", `attachment; filename="audit.`+string(format)+`"`)
	c.Status(http.StatusOK)
	return a.Activity.WriteAudit(c.Request.Context(), c.Writer, format, filter)
}

var monthForm = regexp.MustCompile(`^(?:\d{4}-(?:0[1-9]|1[0-2]))?$`)

func (a *API) costs(c *gin.Context) error {
	from, to := c.Query("from"), c.Query("to")
	if !monthForm.MatchString(from) || !monthForm.MatchString(to) {
		return badRequest("»from« og »to« skal være måneder: skriv fx 2026-03.")
	}
	costs, err := a.Activity.Costs(c.Request.Context(), from, to)
	if err != nil {
		return err
	}
	return reply(c, costList{costs})
}
