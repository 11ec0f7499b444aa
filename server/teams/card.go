package teams

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/server/assistant"
)

// What Teams allows in a citation, and what is comfortable to read in a chat.
const (
	maxName     = 80  // characters of a citation's name
	maxAbstract = 160 // characters of its abstract
	maxClaims   = 20  // citations of a message

	maxText  = 1500 // characters of the answer's text
	maxQuote = 400  // characters of a quotation on the card
	maxCards = 10   // sources on the card
)

// entity makes a message one that AI wrote, with citations.
type entity struct {
	Type           string   `json:"type"`
	SchemaType     string   `json:"@type"`
	Context        string   `json:"@context"`
	ID             string   `json:"@id"`
	AdditionalType []string `json:"additionalType"`
	Citation       []claim  `json:"citation,omitempty"`
}

type claim struct {
	SchemaType string     `json:"@type"`
	Position   int        `json:"position"`
	Appearance appearance `json:"appearance"`
}

type appearance struct {
	SchemaType string   `json:"@type"`
	Name       string   `json:"name"`
	URL        string   `json:"url,omitempty"`
	Abstract   string   `json:"abstract"`
	Keywords   []string `json:"keywords,omitempty"`
}

// answered renders an answer as a message with the AI label.
func (b *Bot) answered(a *Activity, answer *assistant.Answer) *Activity {
	out := a.reply("message")
	out.TextFormat = "markdown"
	text, cited := answerText(answer)
	if !a.alone() && !answer.Answered && answer.Verdict.Allowed {
		text += "\n\n" + sharedNote
	}
	out.Text, out.Summary = text, cut(plain(answer), maxAbstract)
	out.Entities = encode([]entity{{
		Type: "https://schema.org/Message", SchemaType: "Message", Context: "https://schema.org", AdditionalType: []string{"AIGeneratedContent"},
		Citation: b.claims(cited),
	}})
	var links []openURL
	if link := b.whole(answer); link != "" && a.alone() {
		links = []openURL{open(wholeTitle, link)}
	} else if link != "" {
		links = []openURL{open(ownTitle, link)}
	}
	if len(cited) > 0 {
		out.Attachments = []Attachment{{ContentType: cardType, Content: b.sources(cited, links...)}}
	}
	if answer.Turn != "" && b.Activity != nil {
		out.ChannelData = &ChannelData{FeedbackLoopEnabled: true}
	}
	return out
}

// answerText words an answer for a chat, and returns the sources that it cites.
func answerText(answer *assistant.Answer) (text string, cited []assistant.Source) {
	var parts []string
	if answer.Understood != "" {
		parts = append(parts, "*Forstået som: "+escape(answer.Understood)+"*")
	}
	if !answer.Answered {
		return strings.Join(append(parts, escape(answer.Refused)), "\n\n"), nil
	}
	length := 0
	for i, s := range answer.Answer {
		part := statement(s)
		length += utf8.RuneCountInString(part)
		if i > 0 && length > maxText {
			parts = append(parts, "*"+shortened+"*")
			break
		}
		parts = append(parts, part)
		for _, n := range s.Citations {
			if n >= 1 && n <= len(answer.Sources) && !slices.ContainsFunc(cited, func(c assistant.Source) bool { return c.N == n }) {
				cited = append(cited, answer.Sources[n-1])
			}
		}
	}
	if answer.Notice != "" {
		parts = append(parts, "*"+escape(answer.Notice)+"*")
	}
	slices.SortFunc(cited, func(x, y assistant.Source) int { return x.N - y.N })
	return strings.Join(append(parts, "*"+suggestion+"*"), "\n\n"), cited
}

// statement words one statement with the numbers of its sources.
func statement(s assistant.Sentence) string {
	text := escape(cut(s.Text, maxText))
	if word := roleWords[string(s.Role)]; word != "" {
		text = "**" + word + ":** " + text
	}
	for _, n := range s.Citations {
		text += fmt.Sprintf(" [%d]", n)
	}
	return text
}

// claims are the citations that Teams shows at the numbers in the text.
func (b *Bot) claims(cited []assistant.Source) []claim {
	var out []claim
	for _, s := range cited[:min(len(cited), maxClaims)] {
		at := appearance{SchemaType: "DigitalDocument", Name: cut(nameOf(s), maxName), URL: b.sourcePage(s), Abstract: cut(oneLine(s.Quote), maxAbstract)}
		at.Keywords = marks(s)
		out = append(out, claim{SchemaType: "Claim", Position: s.N, Appearance: at})
	}
	return out
}

// marks are what a reader must know of a source, in at most 28 characters each.
func marks(s assistant.Source) (out []string) {
	if s.Sample {
		out = append(out, "Eksempel")
	}
	if !s.InForce {
		out = append(out, "Ikke i kraft")
	}
	return out
}

func nameOf(s assistant.Source) string {
	if s.Reference != "" {
		return s.Reference
	}
	return s.Title
}

// whole is the page with the whole answer, or "" where it is stored nowhere.
func (b *Bot) whole(answer *assistant.Answer) string {
	if answer.Conversation == "" {
		return ""
	}
	return b.page("/samtale/" + url.PathEscape(answer.Conversation))
}

// sourcePage is the page where a source can be read.
func (b *Bot) sourcePage(s assistant.Source) string {
	_, section, _ := strings.Cut(s.Section, "#")
	return b.page("/kilde/" + url.PathEscape(s.Document) + "/" + url.PathEscape(section))
}

// encode writes a value that always can be.
func encode(value any) json.RawMessage {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err) // strings, numbers and lists of them
	}
	return data
}

// plain is the beginning of an answer without markup, for a notification.
func plain(answer *assistant.Answer) string {
	if len(answer.Answer) == 0 {
		return answer.Refused
	}
	return answer.Answer[0].Text
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// cut shortens text to at most n characters, at a word's end.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	short := string([]rune(text)[:n-1])
	if at := strings.LastIndexByte(short, ' '); at > len(short)/2 {
		short = short[:at]
	}
	return strings.TrimRight(short, " ,;:") + "…"
}

// markup is what Teams reads as formatting, a link, a picture or a tag. A
// document's text must be none of them.
var markup = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "#", `\#`, "~", `\~`, "|", `\|`, "<", "&lt;", ">", "&gt;",
)

func escape(text string) string { return markup.Replace(text) }
