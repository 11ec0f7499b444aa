package teams

import (
	"encoding/json"
	"html"
	"strings"
)

// Activity is a Bot Framework activity: what is read of one that came in, or one
// that is sent. Names and shapes are those of the Bot Connector REST API.
type Activity struct {
	Type         string        `json:"type"`
	ID           string        `json:"id,omitempty"`
	Name         string        `json:"name,omitempty"` // of an invoke
	ChannelID    string        `json:"channelId,omitempty"`
	ServiceURL   string        `json:"serviceUrl,omitempty"`
	From         *Account      `json:"from,omitempty"`
	Recipient    *Account      `json:"recipient,omitempty"`
	Conversation *Conversation `json:"conversation,omitempty"`
	ReplyToID    string        `json:"replyToId,omitempty"`
	Locale       string        `json:"locale,omitempty"`

	Text        string       `json:"text,omitempty"`
	TextFormat  string       `json:"textFormat,omitempty"`
	Summary     string       `json:"summary,omitempty"` // what a notification shows
	Attachments []Attachment `json:"attachments,omitempty"`

	MembersAdded []Account       `json:"membersAdded,omitempty"`
	Value        json.RawMessage `json:"value,omitempty"`
	ChannelData  *ChannelData    `json:"channelData,omitempty"`

	Entities json.RawMessage `json:"entities,omitempty"` // mentions; of an answer, its citations
}

// Account is a person or the bot.
type Account struct {
	ID          string `json:"id,omitempty"`
	Name        string `json:"name,omitempty"`
	AADObjectID string `json:"aadObjectId,omitempty"` // of a person, in Entra ID
}

// Conversation is a chat or a thread in a channel.
type Conversation struct {
	ID       string `json:"id,omitempty"`
	Kind     string `json:"conversationType,omitempty"`
	TenantID string `json:"tenantId,omitempty"`
	IsGroup  bool   `json:"isGroup,omitempty"`
}

// The kinds of a conversation.
const (
	personal  = "personal"
	groupChat = "groupChat"
	channel   = "channel"
)

// ChannelData is what Teams adds to an activity.
type ChannelData struct {
	Tenant              *Tenant `json:"tenant,omitempty"`
	FeedbackLoopEnabled bool    `json:"feedbackLoopEnabled,omitempty"`
}

// Tenant is an organisation in Entra ID.
type Tenant struct {
	ID string `json:"id"`
}

// Attachment is a card, or a file that somebody sent.
type Attachment struct {
	ContentType string `json:"contentType"`
	Content     any    `json:"content,omitempty"`
	Name        string `json:"name,omitempty"`
}

const (
	cardType = "application/vnd.microsoft.card.adaptive"
	fileType = "application/vnd.microsoft.teams.file.download.info"
)

// mention says that a part of a message names somebody.
type mention struct {
	Type      string  `json:"type"`
	Text      string  `json:"text"`
	Mentioned Account `json:"mentioned"`
}

// alone tells whether nobody but the sender reads the replies. What is unknown
// is read by others.
func (a *Activity) alone() bool {
	return a.Conversation.Kind == personal && !a.Conversation.IsGroup
}

// tenant returns whose people the conversation belongs to, "" where two parts of
// the activity disagree.
func (a *Activity) tenant() string {
	said := a.Conversation.TenantID
	if a.ChannelData != nil && a.ChannelData.Tenant != nil {
		if said != "" && !strings.EqualFold(said, a.ChannelData.Tenant.ID) {
			return ""
		}
		said = a.ChannelData.Tenant.ID
	}
	return said
}

// words returns what was written, without the bot's own name and Teams' markup.
func (a *Activity) words() string {
	text := a.Text
	var found []mention
	if json.Unmarshal(a.Entities, &found) == nil {
		for _, m := range found {
			if m.Type == "mention" && m.Mentioned.ID == a.Recipient.ID && m.Text != "" {
				text = strings.ReplaceAll(text, m.Text, " ")
			}
		}
	}
	text = strings.NewReplacer("<at>", "", "</at>", "", "<br>", "\n", "<br/>", "\n", "<br />", "\n").Replace(text)
	text = strings.ReplaceAll(html.UnescapeString(text), "\u00a0", " ")
	return strings.TrimSpace(text)
}

// hasFile tells whether somebody sent a file along. Teams also attaches each
// text as HTML, which is none.
func (a *Activity) hasFile() bool {
	for _, one := range a.Attachments {
		if one.ContentType == fileType {
			return true
		}
	}
	return false
}

// reply returns an activity that answers a.
func (a *Activity) reply(kind string) *Activity {
	return &Activity{
		Type: kind, From: a.Recipient, Recipient: a.From, ReplyToID: a.ID, Locale: "da-DK",
		Conversation: &Conversation{ID: a.Conversation.ID},
	}
}

// say returns a message of plain words that answers a.
func (a *Activity) say(text string) *Activity {
	out := a.reply("message")
	out.Text, out.TextFormat = text, "markdown"
	return out
}
