package statute

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/ingest/parse"
)

// maxHeadline is the longest text, in bytes, that may be a heading; the longest
// chapter titles of the 72 acts in force stay below it.
const maxHeadline = 300

// headline tells whether b is the heading that pattern describes: styled as one,
// or standing alone on its line, or short and without the marks of a sentence.
func headline(b parse.Block, pattern *regexp.Regexp, style string) bool {
	loc := pattern.FindStringIndex(b.Text)
	switch {
	case loc == nil || b.Kind == parse.TableRow || len(b.Text) > maxHeadline:
		return false
	case loc[1] == len(b.Text), b.Kind == parse.Heading, b.Bold, b.Style == style:
		return true
	}
	rest, _ := utf8.DecodeRuneInString(b.Text[loc[1]:])
	return unicode.IsUpper(rest) && len(b.Text) <= 120 && !endsSentence(b.Text)
}

// titleTarget returns where the title goes if the heading is only a number.
func titleTarget(heading *string, pattern *regexp.Regexp) *string {
	if pattern.FindString(*heading) == *heading {
		return heading
	}
	return nil
}

// titleLike tells whether b can be the title that follows "Kapitel 4".
func titleLike(b parse.Block) bool {
	if _, ok := readProvision(b.Text); ok || stkHead.MatchString(b.Text) || len(b.Text) > maxHeadline {
		return false
	}
	return b.Kind == parse.Heading || strings.HasSuffix(b.Style, "Overskrift2") || strings.HasSuffix(b.Style, "Overskrift") ||
		b.Kind == parse.Paragraph && (b.Bold || !endsSentence(b.Text))
}

// groupHeading tells whether b is a heading above the § that follows.
func groupHeading(b parse.Block, rest []parse.Block) bool {
	if b.Style == "ParagrafGruppeOverskrift" {
		return true
	}
	if len(b.Text) > maxHeadline || len(rest) == 0 {
		return false
	}
	if b.Kind == parse.Heading {
		return opensText(rest[0]) || rest[0].Kind == parse.Heading
	}
	short := b.Kind == parse.Paragraph && len(b.Text) <= 150 && !endsSentence(b.Text) && !isItemText(b.Text) && !stkHead.MatchString(b.Text)
	first, _ := utf8.DecodeRuneInString(b.Text)
	return short && unicode.IsUpper(first) && opensText(rest[0])
}

func opensText(b parse.Block) bool {
	p, ok := readProvision(b.Text)
	return ok && startsProvision(b, p)
}

func endsSentence(s string) bool {
	return strings.HasSuffix(s, ".") || strings.HasSuffix(s, ":") || strings.HasSuffix(s, ";") || strings.HasSuffix(s, ",") || strings.HasSuffix(s, ".«")
}
