package statute

import (
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

var (
	stkHead   = regexp.MustCompile(`^[»"”]?Stk\. ?(\d+)(?: ?[-–] ?(\d+))?\.`)
	stkInside = regexp.MustCompile(`[.:;)»«] (Stk\. \d+(?:-\d+)?\.) `)
	nrHead    = regexp.MustCompile(`^(\d{1,3})(?: ?([a-zæøå]))?(?: ?[-–] ?\d{1,3})?\)`)
	litraHead = regexp.MustCompile(`^([a-zæøå]{1,2})\)`)
)

// piece is a stretch of a section's text that may begin a part: a line, or the
// rest of a line from an inner "Stk. 2." on.
type piece struct {
	start, end int
	text       string
	lead       bool // first of its line
}

// pieces cuts the lines where a "Stk. n." begins inside one, as old acts and
// flattened sources print them.
func pieces(lines []span) []piece {
	var out []piece
	for _, l := range lines {
		text, start := l.block.Text, l.start
		lead := true
		for _, m := range stkInside.FindAllStringSubmatchIndex(l.block.Text, -1) {
			cut := l.start + m[2]
			out = append(out, piece{start, cut - 1, l.block.Text[start-l.start : m[2]-1], lead})
			start, text, lead = cut, l.block.Text[m[2]:], false
		}
		out = append(out, piece{start, l.end, text, lead})
	}
	return out
}

// partWalk labels the parts of one section.
type partWalk struct {
	parts []corpus.Part
	stk   int // index of the open part in parts, or -1
	nr    int
	litra int

	lastNr    int
	lastLitra string
	held      int // start of a § number that stands on a line of its own, or -1
}

// label finds stk., nr. and litra among the lines of a section. A section that
// numbers no stk. is stk. 1, up to where the first number stands.
func label(lines []span) []corpus.Part {
	w := partWalk{stk: -1, nr: -1, litra: -1, held: -1}
	if len(lines) > 1 {
		if p, ok := readProvision(lines[0].block.Text); ok && p.bare {
			w.held, lines = lines[0].start, lines[1:]
		}
	}
	for _, p := range pieces(lines) {
		w.piece(p)
	}
	return w.parts
}

func (w *partWalk) piece(p piece) {
	start := p.start
	if w.held >= 0 {
		start, w.held = w.held, -1
	}
	if m := stkHead.FindStringSubmatch(p.text); m != nil {
		label := "stk. " + m[1]
		if m[2] != "" {
			label += "-" + m[2]
		}
		w.openStk(label, start, p.end)
		p.text = strings.TrimSpace(p.text[len(m[0]):])
	} else if w.stk < 0 {
		w.openStk("stk. 1", start, p.end)
	}
	switch {
	case w.openNr(p), w.openLitra(p):
	case p.lead && !isItemText(p.text):
		w.nr, w.litra = -1, -1 // running text after a list belongs to the stk.
	}
	for _, i := range []int{w.stk, w.nr, w.litra} {
		if i >= 0 {
			w.parts[i].End = p.end
		}
	}
}

func (w *partWalk) openStk(label string, start, end int) {
	w.parts = append(w.parts, corpus.Part{Label: label, Start: start, End: end})
	w.stk, w.nr, w.litra = len(w.parts)-1, -1, -1
	w.lastNr, w.lastLitra = 0, ""
}

// openNr accepts "1)" and what follows it upwards; a lone "9)" is a footnote's
// mark that stands in for text in some sources.
func (w *partWalk) openNr(p piece) bool {
	m := nrHead.FindStringSubmatch(p.text)
	if m == nil {
		return false
	}
	n := 0
	for _, c := range m[1] {
		n = n*10 + int(c-'0')
	}
	if n != 1 && (w.lastNr == 0 || n < w.lastNr || n > w.lastNr+25) {
		return false
	}
	w.lastNr, w.lastLitra = n, ""
	label := w.parts[w.stk].Label + ", nr. " + m[1] + m[2]
	w.parts = append(w.parts, corpus.Part{Label: label, Start: p.start, End: p.end})
	w.nr, w.litra = len(w.parts)-1, -1
	return true
}

// openLitra accepts "a)" and what follows it upwards.
func (w *partWalk) openLitra(p piece) bool {
	m := litraHead.FindStringSubmatch(p.text)
	if m == nil || m[1] != "a" && (w.lastLitra == "" || litraRank(m[1]) <= litraRank(w.lastLitra)) {
		return false
	}
	w.lastLitra = m[1]
	parent := w.stk
	if w.nr >= 0 {
		parent = w.nr
	}
	w.parts = append(w.parts, corpus.Part{Label: w.parts[parent].Label + ", litra " + m[1], Start: p.start, End: p.end})
	w.litra = len(w.parts) - 1
	return true
}

// litraRank orders a … z, æ, ø, å, aa, ab ….
func litraRank(s string) int {
	const order = "abcdefghijklmnopqrstuvwxyzæøå"
	rank := 0
	for _, r := range s {
		rank = rank*40 + strings.IndexRune(order, r) + 1
	}
	return rank
}

func isItemText(s string) bool {
	return nrHead.MatchString(s) || litraHead.MatchString(s) || strings.HasPrefix(s, "• ") || strings.HasPrefix(s, "– ") || strings.HasPrefix(s, "- ")
}
