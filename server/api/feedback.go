package api

import (
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/activity"
)

// Longest texts of feedback, in characters.
const (
	maxComment = 1000
	maxMissing = 200
	maxWrong   = 50 // sections
)

// feedbackRequest is the body of POST /feedback. What it leaves out is taken back.
type feedbackRequest struct {
	Turn    string   `json:"turn"`
	Rating  string   `json:"rating,omitempty"`
	Wrong   []string `json:"wrong,omitempty"`
	Missing string   `json:"missing,omitempty"`
	Comment string   `json:"comment,omitempty"`
}

// feedbackList is the reply to GET /feedback.
type feedbackList struct {
	Feedback []activity.Feedback `json:"feedback"`
	Total    int                 `json:"total"`
}

func (a *API) giveFeedback(c *gin.Context) error {
	subject, err := owner(c)
	if err != nil {
		return err
	}
	var req feedbackRequest
	if err := readJSON(c, a.Limits.Body, &req); err != nil {
		return err
	}
	if err := a.checkFeedback(&req); err != nil {
		return err
	}
	turn, err := a.Activity.Turn(c.Request.Context(), subject, req.Turn)
	if err != nil {
		return absent(err, "Svaret findes ikke. Måske er samtalen slettet.")
	}
	for _, id := range req.Wrong {
		if !slices.Contains(turn.Retrieved, id) {
			return badRequest("»wrong« skal nævne kilder, som svaret viser.")
		}
	}
	said := activity.Feedback{Turn: req.Turn, Rating: req.Rating, Wrong: req.Wrong, Missing: req.Missing, Comment: req.Comment}
	stored, err := a.Activity.GiveFeedback(c.Request.Context(), subject, said, time.Now())
	if err != nil {
		return absent(err, "Svaret findes ikke. Måske er samtalen slettet.")
	}
	stored.Wrong, stored.Shown = list(stored.Wrong), list(stored.Shown)
	return reply(c, stored)
}

func (a *API) checkFeedback(req *feedbackRequest) error {
	if !slices.Contains([]string{"", activity.Good, activity.Bad}, req.Rating) {
		return badRequest("»rating« skal være good eller bad.")
	}
	if len(req.Wrong) > maxWrong {
		return badRequest("»wrong« kan højst nævne %d kilder.", maxWrong)
	}
	if err := a.words("missing", req.Missing, maxMissing); err != nil {
		return err
	}
	return a.words("comment", req.Comment, maxComment)
}

func (a *API) listFeedback(c *gin.Context) error {
	page, err := pageOf(c)
	if err != nil {
		return err
	}
	state := c.Query("state")
	if !knownState(state) && state != "" {
		return badRequest("»state« skal være open eller done.")
	}
	var out feedbackList
	if out.Feedback, out.Total, err = a.Activity.FeedbackQueue(c.Request.Context(), state, page); err != nil {
		return err
	}
	return reply(c, out)
}

func knownState(state string) bool { return state == activity.StateOpen || state == activity.StateDone }

// marking is the body of PATCH /feedback/{id}.
type marking struct {
	State string `json:"state"`
}

func (a *API) markFeedback(c *gin.Context) error {
	id, err := param(c, "id")
	if err != nil {
		return err
	}
	var req marking
	if err := readJSON(c, a.Limits.Body, &req); err != nil {
		return err
	}
	if !knownState(req.State) {
		return badRequest("»state« skal være open eller done.")
	}
	if err := a.Activity.MarkFeedback(c.Request.Context(), id, req.State); err != nil {
		return absent(err, "Tilbagemeldingen findes ikke. Måske er den trukket tilbage.")
	}
	return reply(c, req)
}
