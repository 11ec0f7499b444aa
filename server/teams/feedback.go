package teams

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
)

// maxComment is the longest comment that is stored, in characters, as over the API.
const maxComment = 1000

// submitted is the value of the invoke message/submitAction.
type submitted struct {
	Name  string `json:"actionName"`
	Value struct {
		Reaction string `json:"reaction"` // like, dislike
		Feedback string `json:"feedback"` // JSON again: {"feedbackText": …}
	} `json:"actionValue"`
}

// messageKey names a message of ours. The id of a channel's conversation also
// names the thread, which an invoke may leave out.
func messageKey(a *Activity, id string) string {
	conversation, _, _ := strings.Cut(a.Conversation.ID, ";")
	return conversation + " " + id
}

// judged stores what somebody thinks of an answer to her.
func (b *Bot) judged(ctx context.Context, a *Activity) {
	var said submitted
	if err := json.Unmarshal(a.Value, &said); err != nil || said.Name != "feedback" {
		return
	}
	rating := map[string]string{"like": activity.Good, "dislike": activity.Bad}[said.Value.Reaction]
	p, may := b.principal(a)
	about, known := b.feedback.Get(messageKey(a, a.ReplyToID))
	switch {
	case rating == "" || !may || b.Activity == nil:
		return
	case !known:
		b.tell(ctx, a, a.say(feedbackTooLate))
		return
	case about.subject != p.Subject: // a conversation is its asker's own, and so is what is said of it
		b.tell(ctx, a, a.say(feedbackOfOthers))
		return
	}
	ctx = access.With(ctx, p)
	comment, refused := b.comment(ctx, said.Value.Feedback)
	_, err := b.Activity.GiveFeedback(ctx, p.Subject, activity.Feedback{Turn: about.turn, Rating: rating, Comment: comment}, b.Now())
	switch {
	case errors.Is(err, activity.ErrNotFound):
		b.tell(ctx, a, a.say(feedbackTooLate))
	case err != nil:
		b.Logger.Error("feedback from Teams could not be stored", "error", err)
		b.tell(ctx, a, a.say(feedbackFailed))
	case refused != "":
		b.tell(ctx, a, a.say(escape(refused)))
	}
}

// comment returns the comment of feedback as far as policy lets it in, and in
// Danish why not.
func (b *Bot) comment(ctx context.Context, raw string) (comment, refused string) {
	var form struct {
		Text string `json:"feedbackText"`
	}
	if json.Unmarshal([]byte(raw), &form) != nil {
		return "", ""
	}
	text := strings.TrimSpace(form.Text)
	if text == "" {
		return "", ""
	}
	if v := b.Check(text); !v.Allowed {
		if b.Recorder != nil {
			b.Recorder.Refused(ctx, activity.TaskNote, v)
		}
		return "", strings.TrimSpace(commentRefused + " " + v.Reason + " " + v.Instead)
	}
	if utf8.RuneCountInString(text) > maxComment {
		text = string([]rune(text)[:maxComment])
	}
	return text, ""
}
