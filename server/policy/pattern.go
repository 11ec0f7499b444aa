package policy

import (
	"fmt"
	"strings"
)

// pattern is a sequence of words as the policy file writes it: alternatives
// with "/", a beginning with "*", "…" for up to maxGap other words, "^" for the
// beginning of a sentence, "$" for its end.
type pattern struct {
	steps      []step
	first, end bool // ^ and $
	more       bool // "… $": some words may follow
}

type step struct {
	any []string // folded; a trailing * matches a beginning
	gap bool     // up to maxGap words may stand before it
}

// maxGap is how many words "…" stands for at most.
const maxGap = 5

func compilePattern(source string) (pattern, error) {
	var p pattern
	gap := false
	for _, field := range strings.Fields(source) {
		switch field {
		case "^":
			p.first = true
			continue
		case "$":
			p.end, p.more, gap = true, gap, false
			continue
		case "…":
			gap = true
			continue
		}
		s := step{gap: gap}
		for alternative := range strings.SplitSeq(field, "/") {
			word := fold(alternative)
			if strings.Trim(word, "*-") == "" {
				return p, fmt.Errorf("%q holds an empty alternative", source)
			}
			s.any = append(s.any, word)
		}
		p.steps = append(p.steps, s)
		gap = false
	}
	if len(p.steps) == 0 || gap {
		return p, fmt.Errorf("%q must begin and end with a word", source)
	}
	return p, nil
}

// find returns the first words that match: words[from:to].
func (p *pattern) find(words []word) (from, to int, ok bool) {
	for i := range words {
		if i > 0 && p.first {
			break
		}
		if to, ok := p.match(words, i, p.steps); ok {
			return i, to, true
		}
	}
	return 0, 0, false
}

func (p *pattern) match(words []word, at int, steps []step) (int, bool) {
	if len(steps) == 0 {
		return at, !p.end || at == len(words) || p.more && len(words)-at <= maxGap
	}
	most := at
	if steps[0].gap {
		most = at + maxGap
	}
	for i := at; i <= most && i < len(words); i++ {
		if !steps[0].matches(words[i].text) {
			continue
		}
		if end, ok := p.match(words, i+1, steps[1:]); ok {
			return end, true
		}
	}
	return 0, false
}

func (s *step) matches(text string) bool {
	for _, w := range s.any {
		stem, cut := strings.CutSuffix(w, "*")
		if text == w || cut && strings.HasPrefix(text, stem) || misspelt(text, stem, cut) {
			return true
		}
	}
	return false
}

// misspelt tells whether a long word is a listed one with one mistake; of a
// stem, the beginning counts.
func misspelt(text, stem string, cut bool) bool {
	if len(stem) <= fuzzyLength || len(text) < len(stem)-1 || text[0] != stem[0] {
		return false
	}
	if !cut {
		return text != stem+"r" && oneMistake(text, stem)
	}
	for n := len(stem) - 1; n <= len(stem)+1 && n <= len(text); n++ {
		if oneMistake(text[:n], stem) {
			return true
		}
	}
	return false
}
