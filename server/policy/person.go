package policy

// person finds what tells of a certain person: a name with details of a life,
// or private contact data.
func (t *reading) person() []span {
	var spans []span
	for i := range t.names {
		if t.hasLife(&t.names[i]) {
			spans = append(spans, span{t.names[i].start, t.names[i].end})
		}
	}
	return append(spans, t.contacts()...)
}

// hasLife tells whether the text says more of a named person than the name.
func (t *reading) hasLife(n *name) bool {
	if n.kind == ofCase || n.kind == titled || t.actsOrSuffers(n) {
		return true
	}
	for i := range t.sentences {
		words := t.sentences[i].words
		from, until := words[0].start, words[len(words)-1].end
		here := from <= n.start && n.end <= until
		// The sentence after tells of the same person where it says "hun".
		next := !here && i > 0 && contains(t.sentences[i-1].words, n) && has(words, pronouns)
		if !here && !next && n.kind == single {
			continue
		}
		for k := range words {
			w := &words[k]
			if w.start >= n.start && w.end <= n.end || t.isName(w) {
				continue
			}
			if w.in(bodies) || w.in(life) && (n.kind != single || t.tells(words, k, n)) {
				return true
			}
		}
		if here && aged(words) && n.kind == single {
			return true
		}
		if n.kind != single && (here || next) && (aged(words) || has(words, pronouns)) {
			return true
		}
	}
	return false
}

// actsOrSuffers tells whether a name is the subject of a sentence about what
// somebody is, has or wants: "Oskar i 4.b er blevet mobbet". Those who speak or
// write are authors.
func (t *reading) actsOrSuffers(n *name) bool {
	for i := n.to; i < len(t.words) && i < n.to+4 && t.words[i].mark < stop; i++ {
		switch t.words[i].text {
		case "har", "er", "blev", "bliver", "fik", "faar", "vil", "oensker", "bor", "naegter", "mangler", "ligger", "sidder", "gaar", "lever", "kommer", "skal", "kan", "is", "has", "was", "wants", "needs", "refuses", "got", "cannot", "keeps":
			rest := t.words[i:min(len(t.words), i+5)]
			return !has(rest, speech|offices|authorities)
		}
		if t.words[i].in(speech | verbs&^shared) {
			return false
		}
	}
	return false
}

func contains(words []word, n *name) bool {
	return words[0].start <= n.start && n.end <= words[len(words)-1].end
}

// tells tells whether the word of life at k speaks of the single name n: near
// it, and the name is what acts or is spoken of, not an attribute ("Børges
// metode").
func (t *reading) tells(words []word, k int, n *name) bool {
	distance := words[k].start - n.end
	if distance < 0 {
		distance = n.start - words[k].end
	}
	return distance <= 60
}

// aged tells an age: "på 67", "67 år", "67-årig".
func aged(words []word) bool {
	for i := range words {
		if !hasDigit(words[i].text) || len(words[i].text) > 7 {
			continue
		}
		if i > 0 && words[i-1].text == "paa" && len(words[i].text) <= 2 || i+1 < len(words) && (words[i+1].text == "aar" || words[i+1].text == "aarig" || words[i+1].text == "years") {
			return true
		}
	}
	return false
}

// caseNames finds names beside words for a case or a person, as file names of
// case documents have them: "Afgørelse Mette Hansen", "sag Jens Jensen".
func (t *reading) caseNames() []span {
	var spans []span
	for i := range t.names {
		n := &t.names[i]
		if n.kind == single {
			continue
		}
		for k := range t.words {
			w := &t.words[k]
			if w.start >= n.start && w.end <= n.end || w.in(texts) && !w.in(letters) {
				continue
			}
			if n.kind == ofCase || w.in(person|case_|letters|judgements|bodies) {
				spans = append(spans, span{n.start, n.end})
				break
			}
		}
	}
	return append(spans, t.contacts()...)
}
