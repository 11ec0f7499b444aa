package api

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/docx"
)

const noConversation = "Samtalen findes ikke. Måske er den slettet."

// conversationList is the reply to GET /conversations.
type conversationList struct {
	Conversations []activity.Conversation `json:"conversations"`
	Total         int                     `json:"total"`     // that match, on all pages
	KeptDays      int                     `json:"kept_days"` // after the last question; 0 for ever
}

// conversationReply is the reply to GET /conversations/{id}.
type conversationReply struct {
	Conversation activity.Conversation `json:"conversation"`
	Turns        []activity.Turn       `json:"turns"` // the oldest first
}

func (a *API) listConversations(c *gin.Context) error {
	subject, err := owner(c)
	if err != nil {
		return err
	}
	page, err := pageOf(c)
	if err != nil {
		return err
	}
	words := c.Query("q")
	if err := a.words("q", words, maxQuery); err != nil {
		return err
	}
	out := conversationList{KeptDays: a.KeptDays}
	if out.Conversations, out.Total, err = a.Activity.Conversations(c.Request.Context(), subject, words, page); err != nil {
		return err
	}
	return reply(c, out)
}

// conversationOf reads the conversation that the path names.
func (a *API) conversationOf(c *gin.Context) (out conversationReply, err error) {
	subject, id, err := named(c)
	if err != nil {
		return out, err
	}
	ctx := c.Request.Context()
	if out.Conversation, err = a.Activity.Conversation(ctx, subject, id); err != nil {
		return out, absent(err, noConversation)
	}
	if out.Turns, err = a.Activity.Turns(ctx, subject, id, 0); err != nil {
		return out, err
	}
	return out, a.withhold(ctx, out.Turns)
}

// named returns who asks, and for which id.
func named(c *gin.Context) (subject, id string, err error) {
	if subject, err = owner(c); err != nil {
		return "", "", err
	}
	id, err = param(c, "id")
	return subject, id, err
}

func (a *API) conversation(c *gin.Context) error {
	out, err := a.conversationOf(c)
	if err != nil {
		return err
	}
	return reply(c, out)
}

// renaming is the body of PATCH /conversations/{id}.
type renaming struct {
	Title string `json:"title"`
}

func (a *API) renameConversation(c *gin.Context) error {
	subject, id, err := named(c)
	if err != nil {
		return err
	}
	var req renaming
	if err := readJSON(c, a.Limits.Body, &req); err != nil {
		return err
	}
	title := strings.Join(strings.Fields(req.Title), " ")
	if title == "" {
		return badRequest("Skriv et navn til samtalen.")
	}
	if err := a.words("title", title, activity.MaxTitle); err != nil {
		return err
	}
	if err := a.Activity.Rename(c.Request.Context(), subject, id, title); err != nil {
		return absent(err, noConversation)
	}
	renamed, err := a.Activity.Conversation(c.Request.Context(), subject, id)
	if err != nil {
		return absent(err, noConversation)
	}
	return reply(c, renamed)
}

func (a *API) deleteConversation(c *gin.Context) error {
	subject, id, err := named(c)
	if err != nil {
		return err
	}
	if err := a.Activity.DeleteConversation(c.Request.Context(), subject, id); err != nil {
		return absent(err, noConversation)
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (a *API) deleteConversations(c *gin.Context) error {
	subject, err := owner(c)
	if err != nil {
		return err
	}
	n, err := a.Activity.DeleteConversations(c.Request.Context(), subject)
	if err != nil {
		return err
	}
	return reply(c, struct {
		Removed int `json:"removed"`
	}{n})
}

// conversationDOCX writes a conversation, or the one turn that the query names,
// as a Word document.
func (a *API) conversationDOCX(c *gin.Context) error {
	out, err := a.conversationOf(c)
	if err != nil {
		return err
	}
	title, turns := out.Conversation.Title, out.Turns
	if id := c.Query("turn"); id != "" {
		turns = slices.DeleteFunc(turns, func(t activity.Turn) bool { return t.ID != id })
		if len(turns) == 0 {
			return &Error{Status: http.StatusNotFound, Detail: "Svaret findes ikke i samtalen."}
		}
		title = turns[0].Question
	}
	var body bytes.Buffer
	if err := activity.WriteDOCX(&body, title, turns); err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="svar.docx"`)
	c.Data(http.StatusOK, docx.MediaType, body.Bytes())
	return nil
}
