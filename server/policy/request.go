package policy

import "strings"

const verbs = decides | assesses | checks | tells | writes | informs | answers | scores

// request is something that Hjemmel is asked to do: a verb addressed to it, and
// the words that follow as its object.
type request struct {
	verb   word
	kind   set // of verbs
	wish   bool
	before []word // in the same sentence
	object []word
}

// requests finds what a sentence asks Hjemmel to do. "Vurder, om hun …" and "kan
// du vurdere, om hun …" ask it; "hvem vurderer, om hun …" does not.
func requests(s *sentence) []request {
	var out []request
	for i := range s.words {
		w := &s.words[i]
		switch {
		case w.in(verbs) && (isCommand(s, i) || isAddressed(s.words, i)):
			out = append(out, request{verb: *w, kind: w.sets & verbs, before: s.words[:i], object: s.words[min(len(s.words), i+w.span):]})
		case w.in(wish) && !asksBefore(s.words, i):
			out = append(out, request{verb: *w, kind: writes, wish: true, before: s.words[:i], object: s.words[min(len(s.words), i+w.span):]})
		}
	}
	return out
}

// isCommand tells whether the word at i is an imperative. Caseworkers also
// write the infinitive at the beginning: "vurdere om hun …".
func isCommand(s *sentence, i int) bool {
	w := &s.words[i]
	begins := i == 0 || w.mark >= comma || s.words[i-1].in(lead)
	if w.in(infinitive) && !w.in(imperative) {
		return i == 0
	}
	if !w.in(imperative) {
		return false
	}
	if !w.in(shared) {
		return i == 0 || !named(s.words[i-1].text)
	}
	if !begins || i > 0 && (s.words[0].in(questions|frames) || isModal(s.words[0].text)) {
		return false
	}
	// "Afgør kommunen selv, hvem …?" is a question.
	next := i + w.span
	return !(s.asks || i > 0) || next >= len(s.words) || !isSubject(&s.words[next])
}

// named tells words after which a verb's form is no imperative.
func named(before string) bool {
	switch before {
	case "at", "ordet", "en", "et", "den", "det", "af", "i", "to", "a", "the", "vi", "jeg", "de", "i-":
		return true
	}
	return false
}

func isSubject(w *word) bool {
	switch w.text {
	case "vi", "jeg", "man", "de", "den", "det", "der", "kommunen", "we", "they":
		return true
	}
	return w.in(authorities)
}

func isModal(text string) bool {
	switch text {
	case "skal", "maa", "kan", "boer", "burde", "vil", "er", "har", "faar", "gaelder", "findes", "does", "is", "are", "must", "may", "should", "shall", "has", "do":
		return true
	}
	return false
}

// addressGap is how many words may stand between "kan du" and its verb.
const addressGap = 4

// isAddressed tells whether the infinitive at i belongs to a "kan du".
func isAddressed(words []word, i int) bool {
	if !words[i].in(infinitive | imperative | present) {
		return false
	}
	for j := i - 1; j >= 0; j-- {
		if words[j].in(address) && j+words[j].span <= i {
			return i-j-words[j].span <= addressGap+1 && !asksBefore(words, j)
		}
		if i-j > addressGap+5 || words[j].in(questions) {
			return false
		}
		if t := words[j].text; (t == "at" && !leadsOn(words, j) || t == "om" || t == "for" || words[j].in(texts)) && !partOfAddress(words, j) {
			return false
		}
	}
	return false
}

// leadsOn tells whether "at" belongs to a polite form: "være så venlig at".
func leadsOn(words []word, i int) bool {
	if i == 0 {
		return false
	}
	switch words[i-1].text {
	case "venlig", "soed", "rar", "flink", "til", "med", "dig":
		return true
	}
	return false
}

func partOfAddress(words []word, i int) bool {
	for j := i; j >= 0 && i-j < 7; j-- {
		if words[j].in(address) && j+words[j].span > i {
			return true
		}
	}
	return false
}

// asksBefore tells whether the clause that holds the word at i begins with a
// question word: "hvornår skal du …" asks for a rule.
func asksBefore(words []word, i int) bool {
	for j := i; j >= 0; j-- {
		if words[j].in(questions) && j < i {
			return true
		}
		if words[j].mark >= comma {
			return words[j].in(questions)
		}
	}
	return false
}

// first returns the index of the first word that is in one of the lists; -1
// where none is.
func first(words []word, s set) int {
	for i := range words {
		if words[i].in(s) {
			return i
		}
	}
	return -1
}

func has(words []word, s set) bool { return first(words, s) >= 0 }

// genitive tells whether a word for a person is a possessor: "borgerens".
func genitive(w *word) bool {
	return strings.HasSuffix(w.text, "ens") || strings.HasSuffix(w.text, "ets") || strings.HasSuffix(w.text, "nes")
}
