package gaps

import (
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/versions"
	"github.com/hjemmel/hjemmel/server/assistant/norm"
)

// likeness compares the content words of two clauses, weighed by how rare they
// are in the law.
type likeness struct {
	shared  float64 // weight of the words of a that b has
	mine    float64 // weight of a's words
	yours   float64 // weight of b's words
	longest int     // words in common
}

// partOfWord is what a word counts that only shares a part with the other's:
// "klagefrist" and "frist".
const partOfWord = 0.6

func compare(ix *versions.Index, a, b []string) likeness {
	var l likeness
	for _, w := range b {
		l.yours += ix.Weight(w)
	}
	for _, w := range a {
		weight := ix.Weight(w)
		l.mine += weight
		if m := matches(w, b); m > 0 {
			l.shared += weight * m
			l.longest++
		}
	}
	return l
}

// score is 1 where the lighter clause's words are all in the other and both
// weigh the same.
func (l likeness) score() float64 {
	if l.mine == 0 || l.yours == 0 {
		return 0
	}
	return min(1, (2*l.shared/(l.mine+l.yours)+l.shared/min(l.mine, l.yours))/2)
}

// coverage is the share of a's weight that b has.
func (l likeness) coverage() float64 {
	if l.mine == 0 {
		return 0
	}
	return min(1, l.shared/l.mine)
}

// matches tells how well a word is met by one of a list: 1, partOfWord or 0.
func matches(word string, list []string) float64 {
	const shortest = 5 // letters of a part: shorter ones are in words by chance
	best := 0.0
	for _, w := range list {
		if w == word {
			return 1
		}
		short, long := w, word
		if len(short) > len(long) {
			short, long = long, short
		}
		if len(short) >= shortest && (strings.HasSuffix(long, short) || strings.HasPrefix(long, short)) {
			best = partOfWord
		}
	}
	return best
}

func sharesVerb(a, b *norm.Clause) bool {
	for _, v := range a.Verbs {
		if !weakVerbs[v] && matches(v, append(b.Verbs, b.Words...)) == 1 {
			return true
		}
	}
	for _, v := range b.Verbs {
		if !weakVerbs[v] && matches(v, append(a.Verbs, a.Words...)) == 1 {
			return true
		}
	}
	return false
}

// weakVerbs say nothing of what is done.
var weakVerbs = stemsOf(`være have ske gøre blive få finde foretage sørge sikre træffe tage give gives ydes yde holde indgå foreligge gælde bruge
	anvende anvendes påse omfatte foretages`)
