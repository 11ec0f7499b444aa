package danish

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ParseThesaurus reads the format that thesaurus.txt explains at its top. name
// is the file's, for messages. Every unusable line is reported at once, with
// what to do about it.
func ParseThesaurus(r io.Reader, name string) (*Thesaurus, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading the thesaurus %s: %w", name, err)
	}
	t := &Thesaurus{entries: map[string]*entry{}}
	var problems []error
	line := 0
	for text := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		line++
		if err := t.parseLine(text, line); err != nil {
			problems = append(problems, fmt.Errorf("%s:%d: %w", name, line, err))
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	t.index()
	return t, nil
}

func (t *Thesaurus) parseLine(text string, line int) error {
	if !utf8.ValidString(text) {
		return errors.New("not UTF-8: save the file as UTF-8")
	}
	if i := strings.IndexByte(text, '#'); i >= 0 {
		text = text[:i]
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	if words, ok := strings.CutPrefix(text, "- "); ok {
		return t.parseRemoval(words)
	}
	left, right, both := strings.Cut(text, "<=>")
	if !both {
		var ok bool
		if left, right, ok = strings.Cut(text, "=>"); !ok {
			return fmt.Errorf("%q has no arrow: write »everyday word => word of the law«, or »- word« to take one out", text)
		}
	}
	if err := t.parseEntries(left, right, line); err != nil {
		return err
	}
	if both {
		return t.parseEntries(right, left, line)
	}
	return nil
}

func (t *Thesaurus) parseRemoval(words string) error {
	for _, text := range splitList(words) {
		source, err := parseSource(text)
		if err != nil {
			return err
		}
		t.removed = append(t.removed, sourceKey(source))
	}
	return nil
}

func (t *Thesaurus) parseEntries(left, right string, line int) error {
	sources, phrases := splitList(left), splitList(right)
	if len(sources) == 0 || len(phrases) == 0 {
		return errors.New("one side of the arrow is empty: write words on both, separated by commas")
	}
	var targets []target
	for _, text := range phrases {
		phrase, err := parseTarget(text)
		if err != nil {
			return err
		}
		targets = append(targets, phrase)
	}
	for _, text := range sources {
		if err := t.add(text, targets, line); err != nil {
			return err
		}
	}
	return nil
}

func (t *Thesaurus) add(text string, targets []target, line int) error {
	words, err := parseSource(text)
	if err != nil {
		return err
	}
	key := sourceKey(words)
	if before := t.entries[key]; before != nil {
		return fmt.Errorf("%q stands in line %d already, there or in another inflection: join the two", text, before.line)
	}
	for _, phrase := range targets {
		if slices.EqualFunc(words, phrase.terms, sameWord) {
			return fmt.Errorf("%q leads to itself: inflections match anyway, so take it off one side", text)
		}
	}
	t.entries[key] = &entry{words: words, targets: targets, line: line}
	return nil
}

// sameWord tells whether an entry would only lead from an inflection to another.
func sameWord(w sourceWord, term string) bool {
	return w.text == term || !w.whole && w.text == Stem(term)
}

// parseSource reads a source phrase: "bostøtte", "BPA", "MED!", "hjælp i hjemmet".
func parseSource(text string) ([]sourceWord, error) {
	plain, _, _ := strings.Cut(text, "^") // a weight, where <=> turns a target into a source
	plain, onlyCapitals := strings.CutSuffix(strings.TrimSpace(plain), "!")
	var words []sourceWord
	content := false
	for _, tok := range Tokens(plain) {
		w := sourceWord{text: tok.Term}
		w.whole = tok.Kind == Word && abbreviation(plain[tok.Start:tok.End])
		w.inCapitals = w.whole && onlyCapitals
		if tok.Kind == Word && !w.whole {
			w.text = Stem(tok.Term)
		}
		content = content || w.inCapitals || !Stop(tok.Term)
		words = append(words, w)
	}
	switch {
	case !content:
		return nil, fmt.Errorf("%q says nothing in a search: leave it out, or write an abbreviation as MED! to match it in capitals only", text)
	case onlyCapitals && !slices.ContainsFunc(words, func(w sourceWord) bool { return w.inCapitals }):
		return nil, fmt.Errorf("%q is not written in capitals: »!« is for abbreviations that are also words", text)
	}
	return words, nil
}

// abbreviation tells whether a word of two or more letters is all in capitals.
func abbreviation(word string) bool {
	return utf8.RuneCountInString(word) >= 2 && !strings.ContainsFunc(word, unicode.IsLower)
}

// parseTarget reads a phrase of the law with its weight: "plejebolig ^0.5".
func parseTarget(text string) (target, error) {
	phrase, number, weighted := strings.Cut(text, "^")
	out := target{weight: 1}
	if weighted {
		weight, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(weight > 0 && weight <= 1) {
			return out, fmt.Errorf("%q: the weight after ^ must be above 0 and at most 1, as in ^0.5", text)
		}
		out.weight = weight
	}
	content := false
	for _, tok := range Tokens(strings.TrimSuffix(strings.TrimSpace(phrase), "!")) {
		out.terms = append(out.terms, tok.Term)
		content = content || !Stop(tok.Term)
	}
	if !content {
		return out, fmt.Errorf("%q says nothing in a search: write the law's own words", text)
	}
	return out, nil
}

// sourceKey tells sources apart.
func sourceKey(words []sourceWord) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.text)
		if w.whole {
			b.WriteByte('!')
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func splitList(s string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
