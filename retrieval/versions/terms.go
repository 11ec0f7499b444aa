package versions

import (
	"math"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// lexicon numbers stems, so that texts compare as lists of numbers.
type lexicon struct {
	words map[string]uint32 // token → number of its stem; 0 for stop words
	stems map[string]uint32
}

func newLexicon() *lexicon {
	return &lexicon{words: map[string]uint32{}, stems: map[string]uint32{}}
}

// read returns the stems of text in their order, without stop words. With learn
// unset, words that no indexed text has are left out too.
func (l *lexicon) read(text string, learn bool) []uint32 {
	tokens := danish.Tokens(text)
	out := make([]uint32, 0, len(tokens))
	for i := range tokens {
		if tokens[i].Kind == danish.Reference {
			continue // numbers of other sections change with every move
		}
		if n := l.number(tokens[i].Term, learn); n != 0 {
			out = append(out, n)
		}
	}
	return out
}

func (l *lexicon) number(term string, learn bool) uint32 {
	if n, known := l.words[term]; known {
		return n
	}
	if danish.Stop(term) {
		if learn {
			l.words[term] = 0
		}
		return 0
	}
	stem := danish.Stem(term)
	n := l.stems[stem]
	if !learn {
		return n
	}
	if n == 0 {
		n = uint32(len(l.stems) + 1)
		l.stems[stem] = n
	}
	l.words[term] = n
	return n
}

// bag counts the stems of a text.
func bag(terms []uint32) map[uint32]float64 {
	m := make(map[uint32]float64, len(terms))
	for _, t := range terms {
		m[t]++
	}
	for t, n := range m {
		m[t] = 1 + math.Log(n)
	}
	return m
}

// pairs returns the neighbouring stems of a text.
func pairs(terms []uint32) map[uint64]bool {
	m := make(map[uint64]bool, len(terms))
	for i := 1; i < len(terms); i++ {
		m[uint64(terms[i-1])<<32|uint64(terms[i])] = true
	}
	return m
}
