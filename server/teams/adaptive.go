package teams

import (
	"fmt"

	"github.com/hjemmel/hjemmel/server/assistant"
)

// The parts of an Adaptive Card 1.5 that are used here: the newest version that
// Teams shows on all its clients.
type (
	card struct {
		Type    string         `json:"type"`
		Schema  string         `json:"$schema"`
		Version string         `json:"version"`
		Body    []any          `json:"body"`
		Actions []openURL      `json:"actions,omitempty"`
		Teams   map[string]any `json:"msteams,omitempty"`
	}
	textBlock struct {
		Type    string `json:"type"`
		Text    string `json:"text"`
		Wrap    bool   `json:"wrap"`
		Weight  string `json:"weight,omitempty"`
		Size    string `json:"size,omitempty"`
		Subtle  bool   `json:"isSubtle,omitempty"`
		Spacing string `json:"spacing,omitempty"`
		Style   string `json:"style,omitempty"`
	}
	container struct {
		Type   string   `json:"type"`
		Items  []any    `json:"items"`
		Select *openURL `json:"selectAction,omitempty"`
	}
	openURL struct {
		Type  string `json:"type"`
		Title string `json:"title"`
		URL   string `json:"url"`
	}
)

func newCard(body []any, actions ...openURL) card {
	return card{
		Type: "AdaptiveCard", Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Version: "1.5", Body: body, Actions: actions,
		Teams: map[string]any{"width": "Full"},
	}
}

func heading(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Weight: "Bolder", Style: "heading"}
}

func paragraph(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Spacing: "Small"}
}

func open(title, url string) openURL { return openURL{Type: "Action.OpenUrl", Title: title, URL: url} }

// sources is the card below an answer: each source by its number, with the
// quotation, and a link to where it stands.
func (b *Bot) sources(cited []assistant.Source, links ...openURL) card {
	body := []any{heading("Kilder")}
	for _, s := range cited[:min(len(cited), maxCards)] {
		title := fmt.Sprintf("%d. %s", s.N, escape(nameOf(s)))
		for _, mark := range marks(s) {
			title += " (" + mark + ")"
		}
		name := paragraph(title)
		name.Weight = "Bolder"
		quote := paragraph("»" + escape(cut(oneLine(s.Quote), maxQuote)) + "«")
		quote.Subtle = true
		there := open("Vis kilden", b.sourcePage(s))
		body = append(body, container{Type: "Container", Items: []any{name, quote}, Select: &there})
	}
	if more := len(cited) - maxCards; more > 0 {
		body = append(body, paragraph(fmt.Sprintf("Yderligere kilder: %d. De står ved hele svaret.", more)))
	}
	return newCard(body, links...)
}

// help is the guidance for new users.
func (b *Bot) help(a *Activity) *Activity {
	body := []any{heading("Hjemmel"), paragraph(helpText)}
	for _, c := range helpCommands {
		body = append(body, paragraph("**"+c[0]+"**: "+c[1]))
	}
	limits := paragraph(helpLimits)
	limits.Subtle = true
	out := a.reply("message")
	out.Summary = "Hjemmel: sådan gør du"
	out.Attachments = []Attachment{{ContentType: cardType, Content: newCard(append(body, limits), open("Åbn Hjemmel", b.page("/")))}}
	return out
}
