package assistant

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// span is a byte range of a section's text.
type span struct{ start, end int }

func (s span) in(text string) string { return text[s.start:s.end] }

// unit is the smallest piece that can be quoted by itself: one whole sentence,
// or the sentence that leads into a list together with the list's items.
type unit struct {
	span
	items []span // of a list: each item with what is nested below it
	lead  span   // of a list: the sentence before the first item
	prev  int    // index of the unit before it in the section, or -1
	stk   string // "stk. 2": the numbered paragraph it stands in; "¶2" where the text has none
	first bool   // it opens its stk.
}

// numbering is what stands before the first word of a provision. It is left
// out of a quote: the reference says it already.
var numbering = regexp.MustCompile(`^(?:§§?\s*\d+(?:\s?[a-zæøå])?(?:\s*-\s*\d+(?:\s?[a-zæøå])?)?\.|(?:Stk|stk)\.\s*\d+\.)\s*`)

var itemMarker = regexp.MustCompile(`^(?:\d+(?:\s?[a-zæøå])?\)|[a-zæøå]{1,2}\)|[-–•*])\s+`)

// nested marks an item below an item: litra below nr.
var nested = regexp.MustCompile(`^[a-zæøå]{1,2}\)\s+`)

// units cuts a section into pieces that can be quoted, in reading order. They
// do not overlap.
func units(sec *corpus.Section) []unit {
	b := unitBuilder{sec: sec}
	for start := 0; start < len(sec.Text); {
		end := strings.IndexByte(sec.Text[start:], '\n')
		if end < 0 {
			end = len(sec.Text)
		} else {
			end += start
		}
		b.line(span{start, end})
		start = end + 1
	}
	return b.done
}

type unitBuilder struct {
	sec   *corpus.Section
	done  []unit
	open  bool // the last unit may still take list items
	lines int  // paragraphs begun
}

func (b *unitBuilder) line(at span) {
	text := at.in(b.sec.Text)
	if strings.TrimSpace(text) == "" {
		return
	}
	if itemMarker.MatchString(text) && b.open {
		b.item(at, nested.MatchString(text))
		return
	}
	first := at.start == 0
	if n := len(numbering.FindString(text)); n > 0 {
		first = true
		if n < len(text) && text[n] != '(' { // "§ 4. (Ophævet)" reads better whole
			at.start += n
		}
	}
	b.lines++
	b.sentences(at, first)
	b.open = true
}

func (b *unitBuilder) sentences(line span, first bool) {
	text := line.in(b.sec.Text)
	for _, r := range danish.Sentences(text) {
		at := span{line.start + r[0], line.start + r[1]}
		trimmed := strings.TrimSpace(at.in(b.sec.Text))
		if trimmed == "" {
			continue
		}
		at.start += strings.Index(at.in(b.sec.Text), trimmed)
		at.end = at.start + len(trimmed)
		b.done = append(b.done, unit{
			span: at, prev: len(b.done) - 1, stk: b.stk(at), first: first,
		})
		first = false
	}
}

func (b *unitBuilder) item(at span, below bool) {
	u := &b.done[len(b.done)-1]
	if len(u.items) == 0 {
		u.lead = u.span
	} else if below && !nested.MatchString(b.sec.Text[u.items[0].start:u.items[0].end]) {
		u.items[len(u.items)-1].end = at.end
		u.end = at.end
		return
	}
	u.items = append(u.items, at)
	u.end = at.end
}

func (b *unitBuilder) stk(at span) string {
	if label, _, _ := strings.Cut(b.sec.PartAt(at.start, at.end), ","); label != "" {
		return label
	}
	return fmt.Sprintf("¶%d", b.lines)
}

// leaning are the openings of a sentence that says nothing without the one
// before it.
var leaning = []string{
	"det samme ", "tilsvarende gælder", "tilsvarende ", "det gælder ", "dette ", "denne ", "disse ", "sådan ", "sådanne ", "sådant ",
	"i så fald", "i disse ", "i dette ", "i denne ", "i sådanne ", "i øvrigt", "herudover", "derudover", "desuden", "endvidere", "endelig ",
	"heraf ", "herved ", "herunder ", "hertil ", "herefter ", "dog ", "det er dog ", "den pågældende ", "de pågældende ", "den skal ", "den kan ",
	"det skal ", "det kan ", "de skal ", "de kan ", "han ", "hun ", "vedkommende ", "ellers ", "i modsat fald", "i stedet ", "ligeledes ",
	"samtidig ", "forinden ", "derefter ", "efter denne ", "reglen i ", "reglerne i ", "ved denne ", "ved disse ", "til dette ", "på samme måde ",
	"er dette ", "er der tale om", "er disse ", "er denne ", "fristen ", "beløbet ", "beløbene ", "har den pågældende", "kan den pågældende",
}

var pktOpening = regexp.MustCompile(`^\d+\.(?:,? (?:og|eller|-)? ?\d+\.)? pkt\.`)

// leans tells whether the unit needs the one before it to be understood.
func (u *unit) leans(text string) bool {
	if u.prev < 0 {
		return false
	}
	opening := strings.ToLower(text[u.start:min(u.end, u.start+60)])
	if pktOpening.MatchString(opening) {
		return true
	}
	for _, l := range leaning {
		if strings.HasPrefix(opening, l) {
			return true
		}
	}
	return false
}
