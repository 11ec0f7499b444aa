package lexical

import (
	"math/bits"
	"slices"
	"unicode/utf8"
)

// Misspelt words are corrected where they are long enough not to become another
// word: one letter wrong from 6 letters, two from 12.
const (
	minMisspelt   = 6
	minTwoMistake = 12
	maxSpellings  = 3
)

// spellings returns the words of the collection that a word which it lacks may
// be a misspelling of: those at the smallest distance, the most frequent first.
func (v *vocabulary) spellings(word string) []string {
	n := utf8.RuneCountInString(word)
	if n < minMisspelt {
		return nil
	}
	limit := 1
	if n >= minTwoMistake {
		limit = 2
	}
	set, runes := letterSet(word), []rune(word)
	var out []string
	for i, stem := range v.stems {
		// A letter changed, lost or added differs in at most two of the set.
		if bits.OnesCount64(set^v.letters[i]) > 2*limit || len(stem) > len(word)+2*limit || len(stem) < len(word)-2*limit {
			continue
		}
		switch d := distance(runes, []rune(stem), limit); {
		case d < limit:
			limit, out = d, append(out[:0], stem)
		case d == limit:
			out = append(out, stem)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return v.counts[b] - v.counts[a] })
	return out[:min(len(out), maxSpellings)]
}

// letterSet has a bit for each letter that occurs.
func letterSet(word string) (set uint64) {
	for _, r := range word {
		set |= 1 << (uint32(r) % 64)
	}
	return set
}

// distance is the number of letters to change, add, drop or swap with their
// neighbour (Damerau 1964), or limit+1 where it is above limit.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}
