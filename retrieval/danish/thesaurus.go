package danish

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Thesaurus leads from the words that people use to the words that the law
// uses: "plejehjem" to "plejebolig", "BPA" to "borgerstyret personlig
// assistance". It is read-only once made, and safe for concurrent use.
type Thesaurus struct {
	entries map[string]*entry // by key
	removed []string          // keys that With takes out of what it overrides

	// Entries by their first word, as stems and as abbreviations.
	byStem, byTerm map[string][]*entry
}

// entry is one source phrase with what it leads to.
type entry struct {
	words   []sourceWord
	targets []target
	line    int // in the file, for messages
}

// sourceWord is a word of a source. Words match by stem; abbreviations, written
// in capitals in the file, only whole, because stems make them other words
// ("STU" is the stem of "stue"); those marked "!" only in capitals, because they
// are other words themselves ("MED").
type sourceWord struct {
	text              string // the stem, or the whole term of an abbreviation
	whole, inCapitals bool
}

// target is a phrase of the law.
type target struct {
	terms  []string
	weight float64
}

// Expansion says that the law may use Terms for what text[Start:End] says.
type Expansion struct {
	From       string   // as it stands in the text
	Start, End int      // its byte range
	Terms      []string // the words of one phrase of the law in their order, lower case, not stemmed, stop words included
	Weight     float64  // above 0, at most 1: how surely the one means the other
}

//go:embed thesaurus.txt
var thesaurusFile string

// DefaultThesaurus returns the thesaurus that comes with the program.
func DefaultThesaurus() *Thesaurus { return defaultThesaurus() }

var defaultThesaurus = sync.OnceValue(func() *Thesaurus {
	t, err := ParseThesaurus(strings.NewReader(thesaurusFile), "thesaurus.txt")
	if err != nil {
		panic(fmt.Sprintf("the embedded thesaurus: %v", err)) // a test parses it
	}
	return t
})

// With returns t as a municipality changes it: an entry of override replaces the
// one of the same word, others are added, and "- word" lines take entries out.
// Neither of the two is changed.
func (t *Thesaurus) With(override *Thesaurus) *Thesaurus {
	out := &Thesaurus{entries: maps.Clone(t.entries), removed: t.removed}
	for _, key := range override.removed {
		delete(out.entries, key)
	}
	maps.Copy(out.entries, override.entries)
	out.index()
	return out
}

func (t *Thesaurus) index() {
	t.byStem, t.byTerm = map[string][]*entry{}, map[string][]*entry{}
	for _, key := range slices.Sorted(maps.Keys(t.entries)) {
		e := t.entries[key]
		first, m := e.words[0], t.byStem
		if first.whole {
			m = t.byTerm
		}
		m[first.text] = append(m[first.text], e)
	}
}

// Expand finds the entries in text, from left to right, the longest first, and
// returns an expansion for each phrase that they lead to. Words may be inflected,
// typed without Danish letters ("boern") or cut by hyphens ("bo-støtte").
func (t *Thesaurus) Expand(text string) []Expansion {
	q := newPhrases(text)
	var out []Expansion
	for at := 0; at < len(q.words); {
		found, end := t.longest(q, at)
		if found == nil {
			at++
			continue
		}
		start, stop := q.words[at].token.Start, q.words[end-1].token.End
		for _, phrase := range found.targets {
			out = append(out, Expansion{From: text[start:stop], Start: start, End: stop, Terms: phrase.terms, Weight: phrase.weight})
		}
		at = end
	}
	return out
}

// longest returns the entry that covers most words from at, and where it ends.
func (t *Thesaurus) longest(q *phrases, at int) (found *entry, end int) {
	try := func(candidates []*entry) {
		for _, e := range candidates {
			if len(e.words) == 1 && !e.words[0].whole && Stop(q.words[at].token.Term) {
				continue // "dig" is no dike, "han" no cock, though they are stems of them
			}
			if stop := q.match(e.words, at); stop > end {
				found, end = e, stop
			}
		}
	}
	first := &q.words[at]
	try(t.byTerm[first.token.Term])
	try(t.byStem[first.stem])
	if first.meant != "" {
		try(t.byStem[first.meant])
	}
	if first.hyphen {
		joined := q.join(at)
		try(t.byStem[joined.stem])
	}
	return found, end
}

// phrases is a text prepared for matching.
type phrases struct {
	text     string
	words    []textWord
	shouting bool // all in capitals, so that capitals say nothing
}

type textWord struct {
	token  Token
	stem   string
	meant  string // stem of the word as it may be meant: "boern"
	hyphen bool   // a hyphen binds it to the next word
}

func newPhrases(text string) *phrases {
	tokens := Tokens(text)
	q := &phrases{text: text, words: make([]textWord, len(tokens))}
	for i, tok := range tokens {
		hyphen := i+1 < len(tokens) && text[tok.End:tokens[i+1].Start] == "-"
		q.words[i] = newTextWord(tok, hyphen)
	}
	q.shouting = len(tokens) > 2 && !strings.ContainsFunc(text, unicode.IsLower)
	return q
}

func newTextWord(tok Token, hyphen bool) textWord {
	w := textWord{token: tok, stem: tok.Term, hyphen: hyphen}
	if tok.Kind == Word {
		w.stem = Stem(tok.Term)
		for _, v := range Variants(tok.Term) {
			w.meant = Stem(v)
		}
	}
	return w
}

// join returns the word at with the next one, as if no hyphen stood between.
func (q *phrases) join(at int) textWord {
	a, b := q.words[at].token, q.words[at+1].token
	return newTextWord(Token{Term: a.Term + b.Term, Start: a.Start, End: b.End, Kind: a.Kind}, false)
}

// match tells where the words of a source end if they stand at at, else 0.
func (q *phrases) match(words []sourceWord, at int) (end int) {
	for _, w := range words {
		switch {
		case at < len(q.words) && q.is(&w, &q.words[at]):
			at++
		case at < len(q.words) && q.words[at].hyphen && q.isJoined(&w, at):
			at += 2
		default:
			return 0
		}
	}
	return at
}

func (q *phrases) is(w *sourceWord, have *textWord) bool {
	if !w.whole {
		return have.stem == w.text || have.meant == w.text
	}
	written := q.text[have.token.Start:have.token.End]
	return have.token.Term == w.text && (!w.inCapitals || !q.shouting && !strings.ContainsFunc(written, unicode.IsLower))
}

func (q *phrases) isJoined(w *sourceWord, at int) bool {
	joined := q.join(at)
	return q.is(w, &joined)
}
