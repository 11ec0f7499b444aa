package statute

import (
	"strings"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// builder collects sections in reading order and keeps their ids unique.
type builder struct {
	sections []corpus.Section
	used     map[string]bool

	open  *corpus.Section
	text  strings.Builder
	lines []span // of the open section, one a block
}

// span is one block's place in the text of the open section.
type span struct {
	start, end int
	block      parse.Block
}

func newBuilder() *builder { return &builder{used: map[string]bool{}} }

// begin opens a section; what was open is finished first.
func (b *builder) begin(s corpus.Section) {
	b.finish()
	s.ID = b.unique(s.ID)
	s.Ordinal = len(b.sections)
	b.open = &s
}

// unique returns id, or id~2, id~3 … where it is taken. "~" occurs in no
// number, so that "29~2" cannot be read as a range.
func (b *builder) unique(id string) string {
	candidate := id
	for n := 2; b.used[candidate]; n++ {
		candidate = id + "~" + itoa(n)
	}
	b.used[candidate] = true
	return candidate
}

// add appends a block's text to the open section as a line of its own.
func (b *builder) add(block parse.Block) {
	if block.Text == "" {
		return
	}
	if b.text.Len() > 0 {
		b.text.WriteByte('\n')
	}
	start := b.text.Len()
	b.text.WriteString(block.Text)
	b.lines = append(b.lines, span{start, b.text.Len(), block})
	for _, l := range block.Lines {
		from, to := max(0, min(l.Start, len(block.Text))), max(0, min(l.End, len(block.Text)))
		if from < to && l.Page > 0 {
			b.open.Positions = append(b.open.Positions, corpus.Position{Start: start + from, End: start + to,
				Page: l.Page, X0: l.X0, Y0: l.Y0, X1: l.X1, Y1: l.Y1})
		}
	}
}

// finish closes the open section. One that received no text is dropped and
// gives its id back.
func (b *builder) finish() {
	if b.open == nil {
		return
	}
	if b.text.Len() > 0 {
		b.open.Text = b.text.String()
		if b.open.Path == nil {
			b.open.Path = []string{}
		}
		b.sections = append(b.sections, *b.open)
	} else {
		delete(b.used, b.open.ID)
	}
	b.open, b.lines = nil, nil
	b.text.Reset()
}

// slug turns a heading into an id: lower-case ASCII letters, digits and hyphens.
func slug(s string) string {
	s = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa", "§", "paragraf ", "é", "e", "ü", "u", "ö", "o", "ä", "a").Replace(strings.ToLower(s))
	var b strings.Builder
	gap := false
	for _, r := range s {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		} else {
			gap = true
		}
		if b.Len() >= 60 {
			break
		}
	}
	if b.Len() == 0 {
		return "afsnit"
	}
	return b.String()
}
