package assistant

import (
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// likeness is how well a word of a text covers a term of the question. A
// compound in the question ("klagefrist") may be covered by its ends standing
// apart in the text ("fristen for at klage"), so those are kept for themselves.
type likeness struct{ whole, head, tail float32 }

func (l likeness) strength() float64 {
	if l.head > 0 && l.tail > 0 {
		return float64(max(l.whole, min(0.9, l.head+l.tail)))
	}
	return float64(l.whole)
}

func (l likeness) or(m likeness) likeness {
	return likeness{max(l.whole, m.whole), max(l.head, m.head), max(l.tail, m.tail)}
}

// profile holds, for each term of the question, how well a text covers it.
type profile []likeness

func (p profile) add(q profile) {
	for i := range p {
		p[i] = p[i].or(q[i])
	}
}

// matcher compares words with the question's terms and remembers the outcome:
// a legal text repeats its words.
type matcher struct {
	terms []term
	known map[string]profile // by the text's term; nil where nothing matches
}

func newMatcher(q *question) *matcher {
	return &matcher{terms: q.terms, known: map[string]profile{}}
}

// profile reads a text against the question.
func (m *matcher) profile(text string) profile {
	p := make(profile, len(m.terms))
	for _, t := range danish.Tokens(text) {
		if word := m.word(t.Term); word != nil {
			p.add(word)
		}
	}
	return p
}

func (m *matcher) word(text string) profile {
	if p, ok := m.known[text]; ok {
		return p
	}
	var p profile
	stem := danish.Stem(text)
	for i := range m.terms {
		if l := compare(&m.terms[i], text, stem); l != (likeness{}) {
			if p == nil {
				p = make(profile, len(m.terms))
			}
			p[i] = l
		}
	}
	m.known[text] = p
	return p
}

// Shortest stems, in bytes: that count as a part of a compound, what must be
// left of the compound beside the part, and that are compared by their letters.
const (
	minPart  = 4
	minRest  = 3
	minGrams = 7
)

// compare tells how well one word covers a term.
func compare(t *term, word, stem string) likeness {
	if stem == t.stem || word == t.text {
		return likeness{whole: 1}
	}
	for _, s := range t.same {
		if s == stem {
			return likeness{whole: 0.9}
		}
	}
	l := partOf(stem, t.stem)
	if l == (likeness{}) {
		l = partOf(t.stem, stem).reversed()
	}
	if len(t.stem) >= minGrams && len(stem) >= minGrams {
		if d := float32(dice(t.stem, stem)); d >= 0.6 {
			l.whole = max(l.whole, d)
		}
	}
	return l
}

// partOf compares a word of the text with a compound of the question that it
// opens or closes.
func partOf(part, compound string) likeness {
	if len(part) < minRest || len(compound) < len(part)+minRest {
		return likeness{}
	}
	if rest, ok := strings.CutSuffix(compound, part); ok && prefixes[rest] {
		return likeness{whole: 0.4}
	}
	share := float32(len(part)) / float32(len(compound))
	var l likeness
	switch {
	case strings.HasPrefix(compound, part):
		l = likeness{whole: share * 0.8, head: share}
	case strings.HasSuffix(compound, part):
		l = likeness{whole: share * 0.8, tail: share}
	}
	if len(part) < minPart {
		l.whole = 0 // "dag" alone is nothing of "feriedag"; beside "ferie" it is
	}
	return l
}

// prefixes make another word of a word, not a kind of it: ældre, forældre.
var prefixes = set("for be an ind ud af op til gen mod mis und under over sam på fra ved om")

// reversed is for a compound of the text that the question's word opens or
// closes: it is a kind of what is asked for. The last part names the thing, so
// it counts more.
func (l likeness) reversed() likeness {
	switch {
	case l.whole == 0:
		return likeness{}
	case l.tail > 0:
		return likeness{whole: 0.85}
	case l.head > 0:
		return likeness{whole: 0.7}
	}
	return l
}

// dice is the share of character 5-grams that two words have in common.
func dice(a, b string) float64 {
	const n = 5
	ca, cb := len(a)-n+1, len(b)-n+1
	if ca <= 0 || cb <= 0 {
		return 0
	}
	common := 0
	for i := range ca {
		if strings.Contains(b, a[i:i+n]) {
			common++
		}
	}
	return 2 * float64(common) / float64(ca+cb)
}
