package api

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/assistant/gaps/export"
)

// GapChecker compares a guideline with the law; *gaps.Checker is one. An unknown
// document to compare with fails with corpus.ErrNotFound.
type GapChecker interface {
	Check(ctx context.Context, text gaps.Text, o gaps.Options) (gaps.Report, error)
}

// gapsRequest asks for a comparison: of a document of the collection, or of a
// text that is sent along and not stored.
type gapsRequest struct {
	Document      string      `json:"document,omitempty"`
	Text          string      `json:"text,omitempty"`
	Against       []string    `json:"against,omitempty"` // documents or sections; none: what the text cites
	AsOf          corpus.Date `json:"as_of,omitempty"`
	MinConfidence float64     `json:"min_confidence,omitempty"`
}

// textName is the name of a text that comes without a file.
const textName = "tekst.md"

// gaps compares the document or text that a JSON body names, or the one file of
// a form, with the law. The query's format chooses the form of the report.
func (a *API) gaps(c *gin.Context) error {
	values, err := query(c)
	if err != nil {
		return err
	}
	format := export.Format(values.Get("format"))
	if format == "" {
		format = export.JSON
	}
	if !format.Valid() {
		return badRequest("»format« skal være text, json, md, csv, docx eller sarif.")
	}
	text, opts, err := a.guideline(c)
	if err != nil {
		return err
	}
	leave, err := a.chats.enter(c.Request.Context())
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(c.Request.Context(), a.Limits.Answer)
	defer cancel()
	allowSlowWrite(c, a.Limits.Answer+a.Limits.WriteStall)
	report, err := a.Gaps.Check(ctx, text, opts)
	if err != nil {
		return notFound(err, "Et af de dokumenter, der skal sammenlignes med, findes ikke i samlingen.")
	}
	if format == export.JSON {
		return reply(c, report)
	}
	var body bytes.Buffer
	if err := export.Write(&body, format, a.Version, report); err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="mangler.`+string(format)+`"`)
	c.Data(http.StatusOK, format.MediaType(), body.Bytes())
	return nil
}

// guideline reads what is to be compared, past the policy.
func (a *API) guideline(c *gin.Context) (gaps.Text, gaps.Options, error) {
	if isForm(c.Request) {
		return a.guidelineFile(c)
	}
	var req gapsRequest
	if err := readJSON(c, a.Limits.Body, &req); err != nil {
		return gaps.Text{}, gaps.Options{}, err
	}
	opts, err := gapsOptions(req.Against, req.AsOf, req.MinConfidence)
	if err != nil {
		return gaps.Text{}, opts, err
	}
	if (req.Document == "") == (strings.TrimSpace(req.Text) == "") {
		return gaps.Text{}, opts, badRequest("Angiv enten »document« eller »text«.")
	}
	if req.Document != "" {
		text, err := gaps.OfDocument(c.Request.Context(), a.Library, req.Document)
		return text, opts, notFound(err, "Dokumentet findes ikke i samlingen.")
	}
	draft, err := Draft(c.Request.Context(), a.Library, textName, []byte(req.Text))
	if err != nil {
		return gaps.Text{}, opts, err
	}
	return gaps.OfDraft(textName, draft), opts, nil
}

// guidelineFile reads the file of a form; "against" names documents separated by
// commas.
func (a *API) guidelineFile(c *gin.Context) (gaps.Text, gaps.Options, error) {
	draft, fields, err := a.draft(c, "against", "as_of", "min_confidence")
	if err != nil {
		return gaps.Text{}, gaps.Options{}, err
	}
	minimum := 0.0
	if fields["min_confidence"] != "" {
		if minimum, err = strconv.ParseFloat(fields["min_confidence"], 64); err != nil {
			return gaps.Text{}, gaps.Options{}, badRequest("»min_confidence« skal være et tal mellem 0 og 1.")
		}
	}
	var against []string
	for id := range strings.SplitSeq(fields["against"], ",") {
		if id = strings.TrimSpace(id); id != "" {
			against = append(against, id)
		}
	}
	opts, err := gapsOptions(against, corpus.Date(fields["as_of"]), minimum)
	return gaps.OfDraft(draft.Document.Source, draft), opts, err
}

func gapsOptions(against []string, asOf corpus.Date, minimum float64) (gaps.Options, error) {
	opts := gaps.Options{Against: against, MinConfidence: minimum}
	if minimum < 0 || minimum > 1 {
		return opts, badRequest("»min_confidence« skal være et tal mellem 0 og 1.")
	}
	if asOf != "" {
		day, err := corpus.ParseDate(string(asOf))
		if err != nil {
			return opts, badRequest("%s", sentence(err.Error()))
		}
		opts.AsOf = day
	}
	return opts, nil
}
