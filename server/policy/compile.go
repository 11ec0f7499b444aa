package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// compile builds the lexicon and the patterns.
func (c *compiler) compile() {
	p, f := c.policy, &c.policy.file
	p.rules = map[Class]Rule{}
	for _, r := range f.Rules {
		p.rules[r.Class] = r
	}
	p.patterns = map[Class][]pattern{}
	for class, sources := range f.Patterns {
		if !isClass(class) {
			c.problem("patterns."+string(class), "%q is not one of %v", class, Classes)
		}
		for i, source := range sources {
			compiled, err := compilePattern(source)
			if err != nil {
				c.problem(fmt.Sprintf("patterns.%s[%d]", class, i), "%v", err)
				continue
			}
			p.patterns[class] = append(p.patterns[class], compiled)
		}
	}
	p.lexicon = newLexicon()
	plain, verbs, nouns := f.Words.plainLists(), f.Words.verbLists(), f.Words.nounLists()
	for _, key := range sortedKeys(plain) {
		c.each("words."+key, plain[key].entries, func(entry string) error {
			p.lexicon.add(entry, plain[key].set)
			return nil
		})
	}
	for _, key := range sortedKeys(verbs) {
		c.each("words."+key, verbs[key].entries, func(entry string) error { return p.lexicon.addVerb(entry, verbs[key].set) })
	}
	for _, key := range sortedKeys(nouns) {
		c.each("words."+key, nouns[key].entries, func(entry string) error { return p.lexicon.addNoun(entry, nouns[key].set) })
	}
}

// each adds the entries of a list and reports those that cannot be.
func (c *compiler) each(key string, entries []string, add func(string) error) {
	if len(entries) == 0 {
		c.problem(key, "must not be empty")
	}
	for i, entry := range entries {
		at := fmt.Sprintf("%s[%d]", key, i)
		if strings.Trim(fold(entry), "*- ") == "" {
			c.problem(at, "%q holds no word", entry)
			continue
		}
		if err := add(entry); err != nil {
			c.problem(at, "%v", err)
		}
	}
}

// addVerb adds "vurder/vurdere" or "~svar/svare".
func (l *lexicon) addVerb(entry string, s set) error {
	entry, isShared := strings.CutPrefix(entry, "~")
	command, name, ok := strings.Cut(entry, "/")
	if !ok || command == "" || name == "" {
		return fmt.Errorf("%q: write imperative/infinitive, as vurder/vurdere", entry)
	}
	first := s | imperative
	if isShared {
		first |= shared
	}
	l.add(command, first)
	l.add(name, s|infinitive)
	if s&decides != 0 && len(strings.Fields(name)) == 1 {
		l.add(name, outcomes)
		l.add(name+"s", outcomes) // "bevilges"
	}
	return nil
}

// addNoun adds "borger borgeren borgere borgerne" with their genitives.
func (l *lexicon) addNoun(entry string, s set) error {
	forms := strings.Fields(entry)
	if len(forms) != 4 {
		return fmt.Errorf("%q: write four forms, as »borger borgeren borgere borgerne«, with - for one that does not exist", entry)
	}
	for i, form := range forms {
		if form == "-" {
			continue
		}
		bits := s | indefinite
		if i%2 == 1 {
			bits = s | definite
		}
		l.add(form, bits)
		if !strings.HasSuffix(form, "s") {
			l.add(form+"s", bits)
		}
	}
	return nil
}
