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
	return float64(max(l.whole, min(0.9, l.head+l.tail)))
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
	for i, t := range m.terms {
		if l := compare(t, text, stem); l != (likeness{}) {
			if p == nil {
				p = make(profile, len(m.terms))
			}
			p[i] = l
		}
	}
	m.known[text] = p
	return p
}

// Shortest stems, in bytes, that count as a part of a compound, and that are
// compared by their letters.
const (
	minPart  = 4
	minGrams = 7
)

// compare tells how well one word covers a term.
func compare(t term, word, stem string) likeness {
	if stem == t.stem || word == t.text {
		return likeness{whole: 1}
	}
	if len(stem) >= minPart && len(t.stem) > len(stem) {
		share := float32(len(stem)) / float32(len(t.stem))
		if strings.HasPrefix(t.stem, stem) || strings.HasPrefix(t.text, word) {
			return likeness{whole: share * 0.8, head: share}
		}
		if strings.HasSuffix(t.stem, stem) {
			return likeness{whole: share * 0.8, tail: share}
		}
	}
	if len(t.stem) >= minPart && len(stem) > len(t.stem) {
		// The question's word opens or closes a compound of the text. The
		// last part names the thing, so it counts more.
		if strings.HasSuffix(stem, t.stem) && len(t.stem) >= minPart+1 {
			return likeness{whole: 0.85}
		}
		if strings.HasPrefix(stem, t.stem) {
			return likeness{whole: 0.75}
		}
		if len(t.stem) >= minGrams && strings.Contains(stem, t.stem) {
			return likeness{whole: 0.7}
		}
	}
	if len(t.stem) >= minGrams && len(stem) >= minGrams {
		if d := dice(t.stem, stem); d >= 0.6 {
			return likeness{whole: float32(d)}
		}
	}
	return likeness{}
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
