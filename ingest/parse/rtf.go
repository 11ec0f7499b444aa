package parse

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// maxGroups bounds how deep RTF groups nest; Word's stay below 30.
const maxGroups = 1000

// RTF reads Rich Text Format: paragraphs, headings by outline level, list
// markers as they were printed, tables as rows, footnotes after their
// paragraph. Deleted and hidden text goes to the policy only; pictures,
// objects, headers and footers are left out.
func RTF(ctx context.Context, data []byte) (*Document, error) {
	if len(data) > maxTextFile {
		return nil, ErrTooLarge
	}
	r := rtfReader{ctx: ctx, data: data, page: charmap.Windows1252, groups: []rtfGroup{{skipBytes: 1}}}
	if err := r.read(); err != nil {
		return nil, fmt.Errorf("rtf: %w", err)
	}
	if !hasText(r.blocks) {
		return nil, fmt.Errorf("rtf: %w", ErrNoText)
	}
	title := firstHeading(r.blocks)
	if title == "" {
		title = fold(r.title.String())
	}
	return &Document{MediaType: "application/rtf", Reader: "rtf", Title: title, Blocks: r.blocks, Unshown: r.unshown.String()}, nil
}

// rtfGroup is the state that braces save and restore.
type rtfGroup struct {
	into      rtfPlace
	skipBytes int // characters that follow \u for readers that know no Unicode
	bold      bool
	unshown   bool // deleted or hidden
}

// rtfPlace is where a group's text goes.
type rtfPlace int

const (
	rtfBody rtfPlace = iota
	rtfNote
	rtfTitle
	rtfNowhere
)

type rtfReader struct {
	ctx    context.Context
	data   []byte
	at     int
	page   *charmap.Charmap
	groups []rtfGroup
	skip   int // fallback characters still to be passed over
	star   bool

	text, note, title, unshown strings.Builder
	marker                     bool // the text so far is a list marker
	plain                      bool // some text is not bold
	level                      int  // of heading
	inTable                    bool
	cells                      []string
	rows                       [][]string
	notes                      []Block
	blocks                     []Block
	units                      []uint16 // the first half of a surrogate pair
}

func (r *rtfReader) read() error {
	for n := 0; r.at < len(r.data); n++ {
		if n%100_000 == 0 && r.ctx.Err() != nil {
			return contextError(r.ctx)
		}
		c := r.data[r.at]
		r.at++
		switch c {
		case '{':
			if len(r.groups) >= maxGroups {
				return fmt.Errorf("%w (grupper i mere end %d lag)", ErrTooLarge, maxGroups)
			}
			r.groups = append(r.groups, r.groups[len(r.groups)-1])
			r.star = false
		case '}':
			r.endGroup()
		case '\\':
			r.control()
		case '\n', '\r':
		default:
			r.at--
			end := bytes.IndexAny(r.data[r.at:], "{}\\\n\r")
			if end < 0 {
				end = len(r.data) - r.at
			}
			r.bytes(r.data[r.at : r.at+end])
			r.at += end
		}
	}
	r.paragraph()
	r.table()
	return nil
}

func (r *rtfReader) group() *rtfGroup { return &r.groups[len(r.groups)-1] }

func (r *rtfReader) endGroup() {
	was := *r.group()
	if len(r.groups) > 1 {
		r.groups = r.groups[:len(r.groups)-1]
	}
	if was.into == rtfNote && r.group().into != rtfNote {
		if text := fold(r.note.String()); text != "" {
			r.notes = append(r.notes, Block{Kind: Footnote, Text: text})
		}
		r.note.Reset()
	}
	r.skip, r.star = 0, false
}

// control reads what follows a backslash.
func (r *rtfReader) control() {
	if r.at >= len(r.data) {
		return
	}
	c := r.data[r.at]
	if !isLetter(c) {
		r.at++
		r.symbol(c)
		return
	}
	start := r.at
	for r.at < len(r.data) && isLetter(r.data[r.at]) && r.at-start < 32 {
		r.at++
	}
	word := string(r.data[start:r.at])
	start = r.at
	if r.at < len(r.data) && r.data[r.at] == '-' {
		r.at++
	}
	for r.at < len(r.data) && r.data[r.at] >= '0' && r.data[r.at] <= '9' && r.at-start < 11 {
		r.at++
	}
	number := string(r.data[start:r.at])
	if r.at < len(r.data) && r.data[r.at] == ' ' {
		r.at++
	}
	r.word(word, number)
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// symbol handles a control of one character.
func (r *rtfReader) symbol(c byte) {
	switch c {
	case '\\', '{', '}':
		r.bytes([]byte{c})
	case '\'':
		if r.at+2 <= len(r.data) {
			r.bytes([]byte{unhex(r.data[r.at])<<4 | unhex(r.data[r.at+1])})
			r.at += 2
		}
	case '~':
		r.put(" ")
	case '_':
		r.put("-")
	case '*':
		r.star = true
	case '\n', '\r':
		r.paragraph()
	}
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 0
}

// bytes adds text in the file's code page.
func (r *rtfReader) bytes(b []byte) {
	if n := min(r.skip, len(b)); n > 0 {
		r.skip -= n
		b = b[n:]
	}
	if len(b) == 0 {
		return
	}
	out, err := r.page.NewDecoder().Bytes(b)
	if err == nil {
		r.put(string(out))
	}
}

// put adds text where the group says.
func (r *rtfReader) put(s string) {
	switch g := r.group(); {
	case g.into == rtfNowhere:
	case g.into == rtfTitle:
		r.title.WriteString(s)
	case g.unshown:
		r.unshown.WriteString(s)
	case g.into == rtfNote:
		r.note.WriteString(s)
	default:
		r.plain = r.plain || !g.bold && strings.TrimSpace(s) != ""
		r.text.WriteString(s)
	}
}
