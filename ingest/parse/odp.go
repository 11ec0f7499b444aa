package parse

import (
	"context"
	"encoding/xml"
	"slices"
	"strconv"
)

const mediaODP = "application/vnd.oasis.opendocument.presentation"

// ODP reads OpenDocument presentations: each slide's title becomes a heading, its
// text list items and paragraphs, its tables rows; the speaker's notes follow
// their slide. Comments are shown to the policy only.
func ODP(ctx context.Context, data []byte) (*Document, error) {
	return odfText(ctx, data, "odp", mediaODP, &odpSlides{})
}

// odpSlides follows the slides of a presentation for an odtReader.
type odpSlides struct {
	n       int  // of the open slide, from 1
	begin   int  // its first block
	inTitle bool // the open frame is the slide's title
	notes   int  // first block of the open notes, plus 1; 0 outside
}

// start opens a slide, its notes or a frame. Frames that say the same on every
// slide are skipped.
func (s *odpSlides) start(r *odtReader, e xml.StartElement) (skip bool) {
	switch e.Name.Local {
	case "page":
		s.n++
		s.begin = len(r.blocks)
	case "notes":
		s.notes = len(r.blocks) + 1
	case "frame", "custom-shape":
		switch xmlAttr(e, "class") {
		case "title":
			s.inTitle = s.notes == 0
		case "page-number", "date-time", "header", "footer", "page":
			return true
		}
	}
	return false
}

func (s *odpSlides) end(r *odtReader, name string) {
	switch name {
	case "frame":
		s.inTitle = false
	case "notes":
		if at := s.notes - 1; at >= 0 && at < len(r.blocks) {
			r.blocks[at].Text = "Noter: " + r.blocks[at].Text
		}
		s.notes = 0
	case "page":
		s.endSlide(r)
	}
}

// endSlide gives a slide without a title a heading, and puts the title first: it
// may be drawn last.
func (s *odpSlides) endSlide(r *odtReader) {
	if s.begin >= len(r.blocks) {
		return
	}
	own := r.blocks[s.begin:]
	title := Block{Kind: Heading, Level: 1}
	rest := make([]Block, 0, len(own)+1)
	for _, b := range own {
		if b.Kind == Heading && b.Level == 1 {
			title.Text = fold(title.Text + " " + b.Text)
		} else {
			rest = append(rest, b)
		}
	}
	if title.Text == "" {
		title.Text = "Dias " + strconv.Itoa(s.n)
	}
	r.blocks = append(r.blocks[:s.begin], slices.Insert(rest, 0, title)...)
}
