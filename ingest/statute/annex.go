package statute

import (
	"strings"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// annex begins an annex; its headings and §§ stay inside.
func (c *actCutter) annex(b parse.Block) {
	c.closeChapter()
	c.closeAnnex()
	c.inAnnex, c.amending = true, false
	c.annexBlocks = []parse.Block{b}
}

// closeAnnex cuts the annex that was gathered: one section, or where it is long
// and has headings, a section for each.
func (c *actCutter) closeAnnex() {
	if len(c.annexBlocks) == 0 {
		return
	}
	head, body := c.annexBlocks[0], c.annexBlocks[1:]
	c.annexBlocks = nil
	name := strings.TrimRight(strings.TrimSpace(annexHead.FindString(head.Text)), ".:–- »\"”")
	name = strings.Trim(name, "»\"”")
	if len(body) > 0 && name == head.Text && body[0].Kind == parse.Heading {
		head.Text += " " + body[0].Text
		body = body[1:]
	}
	parts := cutGuideline(body, "")
	if size(body) <= maxSection || len(body) == 0 {
		parts = []corpus.Section{joined(body, head)}
	}
	for i, s := range parts {
		id := slug(name)
		if i > 0 {
			id += "-" + s.ID
		}
		s.ID, s.Label = c.unique(id), name
		s.Path = append([]string{head.Text}, s.Path...)
		if s.Heading == "" {
			s.Heading = head.Text
		}
		s.Ordinal = len(c.sections)
		c.sections = append(c.sections, s)
	}
}

func size(blocks []parse.Block) int {
	n := 0
	for _, b := range blocks {
		n += len(b.Text) + 1
	}
	return n
}

// joined makes one section of blocks; a head without any is its own text.
func joined(blocks []parse.Block, head parse.Block) corpus.Section {
	if len(blocks) == 0 {
		blocks = []parse.Block{head}
	}
	b := newBuilder()
	b.begin(corpus.Section{})
	for _, block := range blocks {
		b.add(block)
	}
	b.finish()
	return b.sections[0]
}
