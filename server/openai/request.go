package openai

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/assistant"
)

// request is the part of a chat completion request that means something here.
type request struct {
	Model         string    `json:"model"`
	Messages      []message `json:"messages"`
	Stream        bool      `json:"stream"`
	StreamOptions struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

type message struct {
	Role    string  `json:"role"`
	Content content `json:"content"`
}

// content is the text of a message: a string, or a list of parts of which only
// text is understood.
type content string

var errPart = errors.New("a part that is not text")

// UnmarshalJSON implements json.Unmarshaler.
func (c *content) UnmarshalJSON(data []byte) error {
	if string(data) == "null" { // of a message that only calls tools
		return nil
	}
	var whole string
	if json.Unmarshal(data, &whole) == nil {
		*c = content(whole)
		return nil
	}
	var parts []struct{ Type, Text string }
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	for _, p := range parts {
		if p.Type != "text" {
			return errPart
		}
		*c += content(p.Text)
	}
	return nil
}

// maxHistory is how many earlier messages of the user are passed on.
const maxHistory = 20

// read turns a request into a question.
func (a *API) read(ctx context.Context, w http.ResponseWriter, r *http.Request) (req request, q assistant.Request, err error) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, a.Limits.Body))
	if err != nil {
		return req, q, err
	}
	switch err := json.Unmarshal(data, &req); {
	case errors.Is(err, errPart):
		return req, q, &fault{status: http.StatusBadRequest, param: "messages", message: "Hjemmel læser kun tekst: send hverken billeder, lyd eller filer."}
	case err != nil:
		return req, q, &fault{status: http.StatusBadRequest, message: "Forespørgslen er ikke en gyldig chat completion.", cause: err}
	}
	last := -1
	for i, m := range req.Messages {
		if m.Role == "user" {
			last = i
		}
	}
	if last < 0 {
		return req, q, &fault{status: http.StatusBadRequest, param: "messages", message: "Der er ingen besked med rollen »user« at svare på."}
	}
	q = assistant.Request{Question: string(req.Messages[last].Content), History: a.history(req.Messages[:last]), Conversation: activity.NoConversation}
	if req.Model == wholeModel {
		return req, q, nil
	}
	models, err := a.models(ctx)
	if err != nil {
		return req, q, err
	}
	if !slices.ContainsFunc(models, func(m model) bool { return m.ID == req.Model }) {
		return req, q, &fault{status: http.StatusNotFound, param: "model", code: "model_not_found",
			message: "Modellen findes ikke: brug »hjemmel«, eller »hjemmel/« og navnet på en samling. GET /v1/models nævner dem."}
	}
	q.Collections = []string{strings.TrimPrefix(req.Model, collectionModel)}
	return req, q, nil
}

// history returns the earlier questions with the sections that their answers
// cited. What policy refused then is left out, as it was.
func (a *API) history(messages []message) []assistant.Turn {
	var turns []assistant.Turn
	for _, m := range messages {
		asked := string(m.Content)
		switch {
		case m.Role == "assistant" && len(turns) > 0:
			turns[len(turns)-1].Sections = cited(asked)
		case m.Role != "user", strings.TrimSpace(asked) == "", utf8.RuneCountInString(asked) > assistant.MaxQuestion, !a.Check(asked).Allowed:
		default:
			turns = append(turns, assistant.Turn{Question: asked})
		}
	}
	return turns[max(0, len(turns)-maxHistory):]
}

// sectionLink finds the links to sources that an answer ends with.
var sectionLink = regexp.MustCompile(`\]\([^()\s]*` + sourcePath + `([^/()\s]+)/([^/()\s]+)\)`)

// cited returns the sections that an answer of ours links to, in order. They are
// read again with the eyes of who asks, whoever wrote the links.
func cited(answer string) (sections []string) {
	for _, link := range sectionLink.FindAllStringSubmatch(answer, maxHistory) {
		document, err := url.PathUnescape(link[1])
		local, err2 := url.PathUnescape(link[2])
		if id := document + "#" + local; err == nil && err2 == nil && !slices.Contains(sections, id) {
			sections = append(sections, id)
		}
	}
	return sections
}

// fault is an error whose place in the request is known.
type fault struct {
	status               int
	message, param, code string // message is Danish, fit to show
	cause                error
}

// Error describes the fault for a log.
func (f *fault) Error() string {
	if f.cause != nil {
		return f.cause.Error()
	}
	return http.StatusText(f.status) + ": " + f.param
}

// Unwrap returns what every way in calls the fault.
func (f *fault) Unwrap() error {
	return &api.Error{Status: f.status, Detail: f.message, Err: f.cause}
}
