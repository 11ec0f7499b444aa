package statute

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/ingest/parse"
)

var (
	numberedHead = regexp.MustCompile(`^(\d{1,3}(?:\.\d{1,3})*)\.?(?: |$)`)
	deepNumber   = regexp.MustCompile(`^(\d{1,2}(?:\.\d{1,2})+)\.? (\pL)`)
	namedHead    = regexp.MustCompile(`^(?i)((?:bilag|kapitel|afsnit|punkt|trin|del) (?:\d{1,3}[a-z]?|[IVX]{1,5}|[A-Z]))(?:$|[ .:–-])`)
)

// headingNumber returns the label and id of a heading: its number ("3.2"), its
// name ("Bilag 1"), or no label and an id made of its words.
func headingNumber(text string) (label, id string) {
	if m := numberedHead.FindStringSubmatch(text); m != nil {
		return m[1], m[1]
	}
	if m := namedHead.FindStringSubmatch(text); m != nil {
		return m[1], slug(m[1])
	}
	return "", slug(text)
}

// Levels of headings that no style gives a level to: numbered ones by their
// number, emphasised lines below every styled one.
const emphasisedLevel = 10

// markHeadings promotes paragraphs that serve as headings: "3.2 Frister", and
// short lines set in bold with text beneath. Where plain lines number "3.2",
// the plain line "3. Klage" is a heading as well; but where headings with
// numbers are styled as such, numbered plain lines are steps of a list.
func markHeadings(blocks []parse.Block) []parse.Block {
	styled, chapters := numbering(blocks)
	out := make([]parse.Block, len(blocks))
	copy(out, blocks)
	for i := range out {
		b := &out[i]
		if b.Kind == parse.Heading || !headingLike(*b) {
			continue
		}
		bold := b.Bold && b.Kind == parse.Paragraph
		number := numberedHead.FindStringSubmatch(b.Text)
		switch {
		case number != nil && styled && !bold:
		case deepNumber.MatchString(b.Text):
			b.Kind, b.Level = parse.Heading, strings.Count(number[1], ".")+1
		case number != nil && (chapters[number[1]] || bold):
			b.Kind, b.Level = parse.Heading, 1
		case bold && i+1 < len(out) && startsBody(out[i+1]):
			b.Kind, b.Level = parse.Heading, emphasisedLevel
		}
	}
	return out
}

// numbering tells whether styled headings carry numbers, and which chapters
// have plain lines numbered below them.
func numbering(blocks []parse.Block) (styled bool, chapters map[string]bool) {
	chapters = map[string]bool{}
	for _, b := range blocks {
		if b.Kind == parse.Heading {
			styled = styled || numberedHead.MatchString(b.Text)
		} else if m := deepNumber.FindStringSubmatch(b.Text); m != nil && headingLike(b) {
			chapter, _, _ := strings.Cut(m[1], ".")
			chapters[chapter] = true
		}
	}
	return styled, chapters
}

// headingLike tells whether a block reads as a heading: short, one line, no
// sentence's end.
func headingLike(b parse.Block) bool {
	if b.Kind != parse.Paragraph && b.Kind != parse.ListItem || len(b.Text) > 100 || b.Style == "code" {
		return false
	}
	return !endsSentence(b.Text) && !strings.HasSuffix(b.Text, "!")
}

// startsBody tells whether text follows that a heading can stand above.
func startsBody(b parse.Block) bool {
	first, _ := utf8.DecodeRuneInString(b.Text)
	return b.Kind != parse.Paragraph || !b.Bold && (unicode.IsUpper(first) || unicode.IsDigit(first) || first == '§')
}
