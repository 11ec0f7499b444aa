package ingest

import (
	"strings"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// maxPassage is the size of a passage in bytes: DESIGN 4.
const maxPassage = 1200

// Passages cuts a section into what is indexed and cited: the whole section if
// it is short, else at stk., at paragraphs and items, at sentences, and only at
// last between words. Together the passages hold all of the text but the white
// space between them.
func Passages(doc *corpus.Document, sec *corpus.Section) []corpus.Passage {
	context := contextLine(doc, sec)
	var out []corpus.Passage
	for _, r := range cut(sec, span{0, len(sec.Text)}, 0) {
		r = trim(sec.Text, r)
		if r.start == r.end {
			continue
		}
		out = append(out, corpus.Passage{
			ID: corpus.PassageID(sec.ID, len(out)), Section: sec.ID, Document: sec.Document, Ordinal: len(out),
			Start: r.start, End: r.end, Context: context, Text: sec.Text[r.start:r.end],
		})
	}
	return out
}

// contextLine tells an index where a passage stands: document, path, heading.
func contextLine(doc *corpus.Document, sec *corpus.Section) string {
	words := []string{doc.Title}
	if len(doc.ShortTitles) > 0 && !strings.EqualFold(doc.ShortTitles[0], doc.Title) {
		words = append(words, doc.ShortTitles[0])
	}
	words = append(words, sec.Path...)
	if sec.Heading != "" && (len(sec.Path) == 0 || sec.Path[len(sec.Path)-1] != sec.Heading) {
		words = append(words, sec.Heading)
	}
	return strings.Join(words, " › ")
}

type span struct{ start, end int }

// cutters give the places where a text may be cut, from the best to the worst.
var cutters = []func(sec *corpus.Section, r span) []int{cutsAtStk, cutsAtLines, cutsAtSentences, cutsAtWords}

// cut divides r at the given level, joins neighbours that fit together, and
// divides at the next level what is still too long.
func cut(sec *corpus.Section, r span, level int) []span {
	if r.end-r.start <= maxPassage {
		return []span{r}
	}
	if level == len(cutters) {
		return cutAnywhere(sec.Text, r)
	}
	var out []span
	current := span{r.start, r.start}
	flush := func() {
		if current.end > current.start {
			out = append(out, cut(sec, current, level+1)...)
		}
	}
	for _, at := range append(cutters[level](sec, r), r.end) {
		if at-current.start > maxPassage && current.end > current.start {
			flush()
			current.start = current.end
		}
		current.end = at
	}
	flush()
	return out
}

func cutsAtStk(sec *corpus.Section, r span) []int {
	var cuts []int
	for _, p := range sec.Parts {
		if !strings.Contains(p.Label, ",") && r.start < p.Start && p.Start < r.end {
			cuts = append(cuts, p.Start)
		}
	}
	return cuts
}

func cutsAtLines(sec *corpus.Section, r span) []int {
	var cuts []int
	for i := r.start; i < r.end; i++ {
		if sec.Text[i] == '\n' {
			cuts = append(cuts, i+1)
		}
	}
	return cuts
}

func cutsAtSentences(sec *corpus.Section, r span) []int {
	var cuts []int
	for _, s := range danish.Sentences(sec.Text[r.start:r.end]) {
		if s[0] > 0 {
			cuts = append(cuts, r.start+s[0])
		}
	}
	return cuts
}

func cutsAtWords(sec *corpus.Section, r span) []int {
	var cuts []int
	for i := r.start + 1; i < r.end; i++ {
		if sec.Text[i-1] == ' ' {
			cuts = append(cuts, i)
		}
	}
	return cuts
}

// cutAnywhere is for text without a single space: it keeps characters whole.
func cutAnywhere(text string, r span) []span {
	var out []span
	for r.end-r.start > maxPassage {
		at := r.start + maxPassage
		for at > r.start+1 && !utf8.RuneStart(text[at]) {
			at--
		}
		out = append(out, span{r.start, at})
		r.start = at
	}
	return append(out, r)
}

func trim(text string, r span) span {
	for r.start < r.end && isSpace(text[r.start]) {
		r.start++
	}
	for r.end > r.start && isSpace(text[r.end-1]) {
		r.end--
	}
	return r
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
