package policy

// subject says how definite the person or case is that words speak of.
type subject int

const (
	nobody   subject = iota
	generic          // "en borger", "borgere"
	known            // "borgeren", "sagen": the one at hand, or any
	concrete         // "hun", "min borger", "denne ansøgning", "sag 2024-1234", a name
)

// subjectAt tells what the word at i speaks of. before are all words of the
// text that stand before words: a pronoun may stand for "en borger" there.
func (t *reading) subjectAt(words []word, i int) subject {
	w := &words[i]
	switch {
	case t.isName(w):
		return concrete
	case w.in(pronouns):
		if t.genericBefore(w.start) {
			return generic
		}
		return concrete
	case !w.in(person | case_):
		return nobody
	case t.pointedAt(words, i):
		return concrete
	case w.in(case_) && i+1 < len(words) && hasDigit(words[i+1].text) && words[i+1].mark < stop:
		return concrete
	case w.in(definite), i > 0 && words[i-1].text == "the", i > 1 && words[i-2].text == "the":
		return known
	}
	return generic
}

// pointedAt tells whether "denne", "min" or the like stands before the word at i.
func (t *reading) pointedAt(words []word, i int) bool {
	for j := i - 1; j >= 0 && i-j <= 4; j-- {
		if words[j+1].mark >= comma {
			return false
		}
		if words[j].in(possessives) && j+words[j].span <= i && i-j-words[j].span <= 1 {
			return true
		}
		if words[j].in(pointers) && i-j-words[j].span <= 1 {
			return true
		}
	}
	return false
}

// genericBefore tells whether an unnamed person was introduced before offset
// at: "en borger", "en kvinde på 45".
func (t *reading) genericBefore(at int) bool {
	for i := range t.words {
		w := &t.words[i]
		if w.start >= at {
			return false
		}
		if w.in(person) && w.in(indefinite) && !t.pointedAt(t.words, i) {
			return true
		}
		if (w.text == "nogen" || w.text == "man" || w.text == "someone" || w.text == "somebody") && i > 0 {
			return true
		}
	}
	return false
}

func hasDigit(s string) bool {
	for i := range len(s) {
		if '0' <= s[i] && s[i] <= '9' {
			return true
		}
	}
	return false
}

// about returns the first word of words that says whom or what they are about,
// and how definite it is. Texts and authorities come out as nobody.
func (t *reading) about(words []word) (subject, int) {
	for i := range words {
		if words[i].in(texts|authorities) && !words[i].in(person|case_) {
			return nobody, i
		}
		if s := t.subjectAt(words, i); s != nobody {
			return s, i
		}
	}
	return nobody, -1
}

// mostConcrete returns the most definite subject among words.
func (t *reading) mostConcrete(words []word) subject {
	most := nobody
	for i := range words {
		most = max(most, t.subjectAt(words, i))
	}
	return most
}
