package verify

import (
	_ "embed"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// synonymFile: words that may stand for each other in a faithful rewording, a
// group a line; antonymFile: pairs of which one must never replace the other.
//
//go:embed synonyms.txt
var synonymFile string

//go:embed antonyms.txt
var antonymFile string

// groups maps a stem to the groups of synonyms that it is in.
var groups = func() map[string][]int {
	m := map[string][]int{}
	n := 0
	for line := range strings.Lines(synonymFile) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		n++
		for _, w := range strings.Fields(line) {
			stem := danish.Stem(w)
			m[stem] = append(m[stem], n)
		}
	}
	return m
}()

var opposites = func() map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(antonymFile) {
		left, right, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for _, a := range strings.Fields(left) {
			for _, b := range strings.Fields(right) {
				sa, sb := danish.Stem(a), danish.Stem(b)
				m[sa], m[sb] = append(m[sa], sb), append(m[sb], sa)
			}
		}
	}
	return m
}()

// Shortest stems, in bytes, that count as part of a compound, and what is left.
const (
	minPart = 4
	minRest = 3
)

// likeness tells how well a word of a source carries a word of the claim, from
// 0 to 1.
func likeness(claim, source *word) float64 {
	a, b := claim.stem, source.stem
	switch {
	case a == b || claim.Term == source.Term:
		return 1
	case opposed(a, b):
		return 0
	case synonyms(a, b):
		return 0.95
	}
	best := 0.0
	switch {
	case len(a) >= minPart && len(b) >= len(a)+minRest && strings.HasSuffix(b, a):
		best = 0.85 // the claim names the kind of which the source's word is one
	case len(a) >= minPart && len(b) >= len(a)+minRest && strings.HasPrefix(b, a):
		best = 0.8
	case len(b) >= minPart && len(a) >= len(b)+minRest && strings.HasSuffix(a, b):
		best = 0.7
	case len(b) >= minPart && len(a) >= len(b)+minRest && strings.HasPrefix(a, b):
		best = 0.75
	}
	if n := commonPrefix(a, b); n >= 5 && 10*n >= 7*min(len(a), len(b)) {
		best = max(best, 0.85)
	}
	return max(best, partSynonym(a, b))
}

// partSynonym compares compounds whose parts are synonyms: "klagefrist" and
// "klagetid" share their beginning, "boligstøtte" and "boligydelse" too.
func partSynonym(a, b string) float64 {
	n := commonPrefix(a, b)
	if n >= minPart && len(a) > n+2 && len(b) > n+2 && synonyms(a[n:], b[n:]) {
		return 0.85
	}
	return 0
}

func synonyms(a, b string) bool {
	for _, g := range groups[a] {
		for _, h := range groups[b] {
			if g == h {
				return true
			}
		}
	}
	return false
}

// particles turn a verb into another: indbetale, udbetale.
var particles = []string{"ind", "ud", "af", "på", "op", "ned", "til", "fra", "mis", "u", "in", "efter", "for"}

// opposed tells whether two stems are known to be contrary, or differ only in
// the particle before them.
func opposed(a, b string) bool {
	for _, o := range opposites[a] {
		if o == b {
			return true
		}
	}
	for _, p := range particles {
		rest, ok := strings.CutPrefix(a, p)
		if !ok || len(rest) < minPart {
			continue
		}
		if rest == b && (p == "u" || p == "mis" || p == "in") {
			return true
		}
		for _, q := range particles {
			if other, ok := strings.CutPrefix(b, q); ok && p != q && other == rest {
				return true
			}
		}
	}
	for _, p := range []string{"u", "mis", "in"} {
		if rest, ok := strings.CutPrefix(b, p); ok && rest == a && len(rest) >= minPart {
			return true
		}
	}
	return false
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// nearest returns the word among list that carries w best.
func nearest(w *word, words []word) (likes float64, at int) {
	at = -1
	for i := range words {
		if words[i].Kind != danish.Word {
			continue
		}
		if l := likeness(w, &words[i]); l > likes {
			likes, at = l, i
			if l == 1 {
				break
			}
		}
	}
	return likes, at
}
