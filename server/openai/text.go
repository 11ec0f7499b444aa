package openai

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/server/assistant"
)

// sourcePath is where the pages show a section, before document and section.
const sourcePath = "/kilde/"

// proposal stands below every answer.
const proposal = "*Forslag fundet i kilderne – ikke en afgørelse.*"

// text is an answer as Markdown. Its citations are numbered by section, in the
// order they are cited: clients number what has the same address as one.
type text struct {
	strings.Builder
	public      string // address of the pages
	sources     []assistant.Source
	cited       []citedSection
	role        assistant.Role
	part        string
	annotations []annotation
}

// citedSection is a section with what is quoted of it.
type citedSection struct {
	link      string
	reference string
	quotes    []string
}

func (t *text) source(s assistant.Source) { t.sources = append(t.sources, s) }

// sentence adds a sentence and returns what was added.
func (t *text) sentence(s *assistant.Sentence) string {
	from := t.Len()
	if s.Role != t.role && s.Role != assistant.RoleAnswer {
		fmt.Fprintf(t, "**%s**\n\n", s.Role.Title())
	}
	if s.Part != "" && s.Part != t.part {
		fmt.Fprintf(t, "*%s*\n\n", plain(s.Part))
	}
	t.role, t.part = s.Role, s.Part
	t.WriteString(plain(s.Text))
	for _, n := range s.Citations {
		if n >= 1 && n <= len(t.sources) {
			t.cite(&t.sources[n-1])
		}
	}
	t.WriteString("\n\n")
	return t.String()[from:]
}

// cite adds the number of a source, and the annotation that points to it.
func (t *text) cite(s *assistant.Source) {
	n := t.number(s)
	c := &t.cited[n-1]
	start := utf8.RuneCountInString(t.String()) + 1 // past the space
	mark := fmt.Sprintf("[%d]", n)
	t.WriteString(" " + mark)
	t.annotations = append(t.annotations, annotation{"url_citation", urlCitation{URL: c.link, Title: c.reference, Start: start, End: start + len(mark)}})
}

func (t *text) number(s *assistant.Source) int {
	link := t.link(s)
	for i := range t.cited {
		if t.cited[i].link == link {
			t.cited[i].add(s.Quote)
			return i + 1
		}
	}
	t.cited = append(t.cited, citedSection{link, s.Reference, []string{s.Quote}})
	return len(t.cited)
}

func (c *citedSection) add(quote string) {
	for _, have := range c.quotes {
		if have == quote {
			return
		}
	}
	c.quotes = append(c.quotes, quote)
}

// link is the address of the page that shows a source's section.
func (t *text) link(s *assistant.Source) string {
	local := s.Section[strings.Index(s.Section, "#")+1:]
	return t.public + sourcePath + inPath(s.Document) + "/" + inPath(local)
}

// inPath escapes a step of a path so that it can also stand in a Markdown link.
func inPath(step string) string {
	return strings.NewReplacer("(", "%28", ")", "%29").Replace(url.PathEscape(step))
}

// end adds what stands below the sentences and returns it.
func (t *text) end(a *assistant.Answer) string {
	from := t.Len()
	if !a.Answered {
		t.WriteString(plain(a.Refused))
		if !a.Verdict.Allowed && a.Verdict.Ground != "" {
			fmt.Fprintf(t, "\n\nGrundlag: %s.", plain(strings.TrimSuffix(a.Verdict.Ground, ".")))
		}
		return t.String()[from:]
	}
	if a.Notice != "" {
		fmt.Fprintf(t, "*%s*\n\n", plain(a.Notice))
	}
	if len(t.cited) > 0 {
		t.WriteString("**Kilder**\n\n")
		for i, c := range t.cited {
			fmt.Fprintf(t, "%d. [%s](%s)\n", i+1, plain(c.reference), c.link)
		}
		t.WriteString("\n")
	}
	t.WriteString(proposal)
	return t.String()[from:]
}

// events are the cited sections for Open WebUI, with their quotes.
func (t *text) events() []sourceEvent {
	events := make([]sourceEvent, len(t.cited))
	for i, c := range t.cited {
		data := sourceData{Source: sourceName{c.link, c.reference, c.link}, Document: c.quotes}
		for range c.quotes {
			data.Metadata = append(data.Metadata, sourceMeta{c.link, c.reference})
		}
		events[i] = sourceEvent{"source", data}
	}
	return events
}

// plain escapes what Markdown would read as markup, links and HTML above all: a
// document's text must not fetch pictures or pass for a part of the page.
func plain(s string) string { return markup.Replace(s) }

var markup = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "<", `\<`, "*", `\*`, "_", `\_`, "`", "\\`")
