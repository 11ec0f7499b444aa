package policy

// asksVerdict finds a text that tells of a certain person and, in the same or
// in another sentence, asks how it ends: "Moren drikker. Anbringelse, ja eller
// nej?"
func (t *reading) asksVerdict() []span {
	at, asked := t.verdict()
	if at == nil {
		return nil
	}
	who := t.atHand(asked)
	if who < known || who == known && !at.in(verdicts) || who == known && at.text == "er" && !has(t.sentences[asked].words, outcomes|pronouns) {
		return nil // "Borgeren har klaget. Er det nok til opsættende virkning?"
	}
	return []span{{at.start, at.end}}
}

// verdict returns the first word that asks for an outcome, and its sentence.
func (t *reading) verdict() (*word, int) {
	for i := range t.sentences {
		words := t.sentences[i].words
		if has(words, texts|frames|speech) {
			continue // asks what a rule says
		}
		for k := range words {
			w := &words[k]
			elliptic := k == 0 && elliptic(&t.sentences[i])
			if (w.in(verdicts) || elliptic) && !t.mentions(&t.sentences[i], k) && !asksOfOthers(words[:k+1]) {
				return w, i
			}
		}
	}
	return nil, 0
}

// elliptic tells a question without a verb: "Nok til handicapbil?", "Træk i
// ydelsen?". Only of a certain person it asks for the outcome.
func elliptic(s *sentence) bool {
	words := s.words
	if len(words) > 2 && (words[0].text == "nok" || words[0].text == "enough") && (words[1].text == "til" || words[1].text == "for" || words[1].text == "to") {
		return true
	}
	return s.asks && len(words) <= 4 && words[0].in(outcomes) && !has(words, questions)
}

// atHand returns how definite the person is whom the asker has before them. The
// definite form alone says so only in what is told, not in what is asked: "hvis
// borgeren …" may be anyone.
func (t *reading) atHand(asked int) subject {
	most := nobody
	for i := range t.sentences {
		words := t.sentences[i].words
		told := i != asked && !t.sentences[i].asks && !has(words, questions|frames|texts|authorities)
		for k := range words {
			switch t.subjectAt(words, k) {
			case concrete:
				return concrete
			case known:
				if told && !t.genericBefore(words[k].start) {
					most = known
				}
			case generic:
				if noted(words, k) {
					return concrete
				}
			}
		}
	}
	return most
}

// noted tells a person in a note: "borger: mand 54, slidgigt".
func noted(words []word, i int) bool {
	if i > 0 && (words[i-1].text == "en" || words[i-1].text == "et" || words[i-1].text == "a") || i+1 >= len(words) {
		return false
	}
	next := words[i+1].text
	return words[i].in(person) && words[i].in(indefinite) && len(next) <= 2 && hasDigit(next)
}

// supposes tells whether the words of a decision's pattern depend on a
// condition, or speak of an example that the text made up: then the question is
// what the rule says.
func (t *reading) supposes(words []word, from, to int) bool {
	if t.mostConcrete(words[from:to]) == concrete {
		return false
	}
	for i := from + 1; i < to; i++ {
		if w := words[i].text; i > 0 && (w == "naar" || w == "hvis" || w == "when" || w == "if") {
			return true
		}
	}
	return t.genericBefore(words[from].start) && !t.pointsOut(t.words)
}
