package statute

import (
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// maxSection is where a section without inner headings is cut, in bytes: about
// two printed pages, which a reader can still take in as one source.
const maxSection = 6000

// guidelineCutter walks any text that is not a statute and opens a section at
// each heading.
type guidelineCutter struct {
	*builder
	title  string
	path   []heading
	headed bool          // the text has headings
	notes  []parse.Block // of the open section; they follow its text
}

// heading is one level of the path.
type heading struct {
	level int
	text  string
}

// cutGuideline turns headed text into sections. Text before the first heading is
// the introduction; text without headings is cut by length.
func cutGuideline(blocks []parse.Block, title string) []corpus.Section {
	c := guidelineCutter{builder: newBuilder(), title: title}
	blocks = markHeadings(blocks)
	c.headed = slices.ContainsFunc(blocks, func(b parse.Block) bool { return b.Kind == parse.Heading && b.Text != title })
	for i, b := range blocks {
		switch {
		case b.Kind == parse.Footnote:
			c.notes = append(c.notes, b)
		case b.Kind == parse.Heading:
			c.heading(b, i+1 < len(blocks) && blocks[i+1].Kind == parse.Heading && blocks[i+1].Level > b.Level)
		default:
			c.body(b, i > 0 && belongsTo(blocks[i-1], b))
		}
	}
	c.close()
	return c.sections
}

// heading opens a section. A heading that only deeper headings follow lives on
// in their paths.
func (c *guidelineCutter) heading(b parse.Block, parent bool) {
	c.close()
	if b.Text == c.title && len(c.sections) == 0 && len(c.path) == 0 {
		return
	}
	for len(c.path) > 0 && c.path[len(c.path)-1].level >= b.Level {
		c.path = c.path[:len(c.path)-1]
	}
	c.path = append(c.path, heading{b.Level, b.Text})
	if !parent {
		c.openSection()
	}
}

// openSection opens the section of the innermost heading.
func (c *guidelineCutter) openSection() {
	if len(c.path) == 0 {
		s := corpus.Section{ID: "tekst"}
		if c.headed {
			s = corpus.Section{ID: "indledning", Path: []string{"Indledning"}}
		}
		c.begin(s)
		return
	}
	s := corpus.Section{}
	for _, h := range c.path {
		s.Path = append(s.Path, h.text)
	}
	s.Heading = s.Path[len(s.Path)-1]
	s.Label, s.ID = headingNumber(s.Heading)
	c.begin(s)
}

// body adds text; where the section has grown too long another is opened under
// the same heading, but never between a lead-in and its list or within a table
// unless that alone is longer still.
func (c *guidelineCutter) body(b parse.Block, attached bool) {
	if c.open == nil {
		c.openSection()
	}
	limit := maxSection
	if attached {
		limit *= 3
	}
	if c.builder.text.Len() > 0 && c.builder.text.Len()+len(b.Text) > limit {
		c.close()
		c.openSection()
	}
	c.add(b)
}

// close ends the open section: its notes follow its text, and a heading with
// nothing under it is its own text, for a form's headings are content too.
func (c *guidelineCutter) close() {
	if c.open == nil && len(c.notes) > 0 {
		c.openSection()
	}
	for _, n := range c.notes {
		c.add(n)
	}
	c.notes = nil
	if c.open != nil && c.text.Len() == 0 && c.open.Heading != "" {
		c.add(parse.Block{Text: c.open.Heading})
	}
	c.finish()
}

// belongsTo tells whether b must not be parted from the block before it.
func belongsTo(before, b parse.Block) bool {
	switch b.Kind {
	case parse.ListItem:
		return before.Kind == parse.ListItem || strings.HasSuffix(before.Text, ":")
	case parse.TableRow:
		return before.Kind == parse.TableRow
	}
	return strings.HasSuffix(before.Text, ":") && before.Kind != parse.Heading
}
