package policy

import (
	"strings"
)

// set is a set of lists, a bit each.
type set uint64

// list is the bit of a list, by its key in the policy file.
const (
	address set = 1 << iota
	defeats
	orders
	procedure
	speech
	wish
	lead
	rules
	frames
	decides
	assesses
	checks
	tells
	writes
	informs
	answers
	scores
	imperative // form of a verb: "vurder"
	infinitive // "vurdere"
	present    // "vurderer", which people write for "vurdere"
	shared     // an imperative that is also another word: "svar"
	person     // any form of a word for a person
	definite   // "borgeren", "sagen"
	indefinite // "borger", "sager"
	case_
	texts
	authorities
	letters
	notices
	judgements
	outcomes
	entitled
	ratings
	pronouns
	pointers
	possessives
	questions
	given
	surnames
	wordNames
	titles
	offices
	life
	bodies
	places
	quantity
)

func (w *word) in(s set) bool { return w.sets&s != 0 }

// lexicon finds the lists that hold a word.
type lexicon struct {
	exact    map[string]set
	prefixes map[string]set
	suffixes map[string]set
	phrases  map[string][]phrase // by first word
	fuzzy    map[byte][]string   // long words that may be misspelt, by first letter
}

// phrase is a list's entry of several words.
type phrase struct {
	rest []string
	sets set
}

func newLexicon() *lexicon {
	return &lexicon{exact: map[string]set{}, prefixes: map[string]set{}, suffixes: map[string]set{}, phrases: map[string][]phrase{}, fuzzy: map[byte][]string{}}
}

// add puts an entry into lists: a word, "word*", "*word", or several words.
func (l *lexicon) add(entry string, s set) {
	words := strings.Fields(entry)
	for i := range words {
		words[i] = fold(words[i])
	}
	switch w := words[0]; {
	case len(words) > 1:
		l.phrases[w] = append(l.phrases[w], phrase{words[1:], s})
	case strings.HasSuffix(w, "*"):
		l.prefixes[strings.TrimSuffix(w, "*")] |= s
	case strings.HasPrefix(w, "*"):
		l.suffixes[strings.TrimPrefix(w, "*")] |= s
	default:
		if l.exact[w] == 0 && len(w) >= fuzzyLength && s&(decides|assesses|writes|scores|case_|person|ratings|notices|judgements) != 0 {
			l.fuzzy[w[0]] = append(l.fuzzy[w[0]], w)
		}
		l.exact[w] |= s
	}
}

// fuzzyLength is the shortest word that is recognised with one mistake: of
// shorter ones, too many are one letter from another word.
const fuzzyLength = 7

// look returns the lists of a single word.
func (l *lexicon) look(w string) set {
	s := l.exact[w]
	for n := 3; n <= len(w); n++ {
		if p, ok := l.prefixes[w[:n]]; ok {
			s |= p
		}
		if p, ok := l.suffixes[w[len(w)-n:]]; ok {
			s |= p
		}
	}
	if stem, isGenitive := strings.CutSuffix(w, "s"); s == 0 && isGenitive && len(stem) > 2 {
		if s = l.exact[stem]; s&(given|surnames) != 0 && s&wordNames == 0 {
			return s & (given | surnames)
		}
		s = 0
	}
	if stem, ends := strings.CutSuffix(w, "r"); s == 0 && ends {
		if s = l.exact[stem]; s&infinitive != 0 {
			return s&^(infinitive|imperative) | present
		}
		s = 0
	}
	if s == 0 && len(w) >= fuzzyLength {
		for _, known := range l.fuzzy[w[0]] {
			if !inflected(w, known) && oneMistake(w, known) {
				return l.exact[known]
			}
		}
	}
	return s
}

// inflected tells whether w is a correct form of a known word, not a mistake:
// "vurderer", "frakendt".
func inflected(w, known string) bool {
	return w == known+"r" || w == known+"t" || w == known+"s"
}

// mark looks up every word and phrase.
func (l *lexicon) mark(words []word) {
	for i := range words {
		w := &words[i]
		w.sets = l.look(w.text)
	}
	for i := range words {
		for _, p := range l.phrases[words[i].text] {
			if followed(words[i+1:], p.rest) {
				words[i].sets |= p.sets
				words[i].span = max(words[i].span, len(p.rest)+1)
			}
		}
	}
}

func followed(words []word, by []string) bool {
	if len(words) < len(by) {
		return false
	}
	for i, w := range by {
		if stem, cut := strings.CutSuffix(w, "*"); cut && strings.HasPrefix(words[i].text, stem) {
			continue
		}
		if words[i].text != w || words[i].mark == stop {
			return false
		}
	}
	return true
}

// oneMistake tells whether two words differ by one letter that is missing,
// added, wrong, or swapped with its neighbour.
func oneMistake(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
