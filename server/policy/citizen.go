package policy

// citizen finds a request for a letter, a reply or a decision to a citizen.
func (t *reading) citizen() []span {
	for i := range t.sentences {
		if at := t.headsLetter(t.sentences[i].words); at != nil {
			return []span{*at}
		}
		for _, r := range requests(&t.sentences[i]) {
			if r.kind&informs != 0 && t.informsCitizen(&r) || r.kind&writes != 0 && t.writesToCitizen(&r) || r.kind&answers != 0 && t.answersCitizen(&r) {
				return []span{{r.verb.start, r.verb.end}}
			}
		}
	}
	return t.matchPatterns(ClassCitizen)
}

// writesToCitizen looks at the first product that is asked for: a rule or a
// guideline is internal, a rejection never is, and of a mail the recipient
// decides.
func (t *reading) writesToCitizen(r *request) bool {
	i := first(r.object, texts|letters|notices|judgements|ratings)
	if !r.wish && (i < 0 || i > 1 && startsWithTo(r.object)) {
		return t.writesTo(r)
	}
	if i < 0 {
		return false
	}
	product, rest := &r.object[i], r.object[i+1:]
	switch {
	case product.in(texts) && !product.in(letters):
		return false
	case product.in(letters) && bare(product.text) && (r.verb.text == "giv" || r.verb.text == "give") && has(r.object[:i], person|pronouns):
		return false // "giv hende afslag" is a decision
	case product.in(letters):
		if has(rest, texts) && !t.recipient(rest) || has(rest, authorities) && !t.recipient(rest) {
			return false
		}
		return !r.wish || !bare(product.text) || t.recipient(rest)
	case product.in(notices):
		if t.recipient(rest) || t.recipient(r.object[:i]) {
			return true
		}
		who, at := t.about(rest)
		return who >= known && at <= 4 && !has(rest, authorities) || has(rest, letters) && product.text != "svar" && product.text != "svaret" && product.text != "answer" && !has(rest, texts|authorities)
	}
	return false
}

// bare tells the words for a decision that also stand for the thing itself.
func bare(text string) bool {
	return text == "afslag" || text == "afslaget" || text == "afgoerelse" || text == "afgoerelsen" || text == "rejection" || text == "refusal"
}

func startsWithTo(words []word) bool { return words[0].text == "til" || words[0].text == "to" }

// writesTo tells whether the verb alone addresses a citizen: "skriv til
// borgeren", "indkald hende".
func (t *reading) writesTo(r *request) bool {
	if t.recipient(r.object[:min(4, len(r.object))]) || has(r.before, notices|letters) && t.recipient(r.before) {
		return true // "sms til borgeren: skriv, at …"
	}
	return false
}

// informsCitizen tells whether somebody in a case is to be told something:
// "forklar borgeren, at …".
func (t *reading) informsCitizen(r *request) bool {
	if len(r.object) == 0 {
		return false
	}
	i := 0
	if (r.object[0].text == "den" || r.object[0].text == "the") && len(r.object) > 1 && !r.object[0].in(person) {
		i = 1
	}
	w := &r.object[i]
	return (w.in(person) || w.in(pronouns) || t.isName(w)) && t.subjectAt(r.object, i) >= known && !genitive(w) && !possessor(w) && !staff(w.text)
}

// possessor tells the pronouns of possession, which begin an object: "forklar
// hendes rettigheder".
func possessor(w *word) bool {
	return w.text == "hendes" || w.text == "hans" || w.text == "his" || w.text == "vedkommendes"
}

// headsLetter finds a letter that is ordered like a headline: "svar til klager,
// venlig tone", "tekst til borgeren: …".
func (t *reading) headsLetter(words []word) *span {
	if len(words) > 2 && (words[0].text == "udkast" || words[0].text == "forslag") && words[1].text == "til" && words[2].in(letters|notices) && t.recipient(words[3:]) {
		return &span{words[0].start, words[2].end}
	}
	if len(words) < 4 || !words[0].in(notices|letters) || words[1].text != "til" {
		return nil
	}
	for i := 2; i < len(words) && i < 5; i++ {
		if words[i].in(texts | authorities) {
			return nil
		}
		if words[i].in(person|pronouns) && !staff(words[i].text) && i+1 < len(words) && words[i+1].mark == comma && !words[i+1].in(questions|texts|frames) {
			return &span{words[0].start, words[i].end}
		}
	}
	return nil
}

// recipient tells whether a citizen stands behind "til".
func (t *reading) recipient(words []word) bool {
	for i := range words {
		switch words[i].text {
		case "til", "to", "for":
		default:
			if i == 0 && t.subjectAt(words, 0) >= known && !words[0].in(case_) && !genitive(&words[0]) {
				return true // "giv borgeren besked"
			}
			continue
		}
		for j := i + 1; j < len(words) && j <= i+4; j++ {
			if words[j].in(texts|authorities) || words[j].mark == stop {
				break
			}
			if (words[j].in(person|pronouns) || t.isName(&words[j])) && !staff(words[j].text) {
				return true
			}
		}
	}
	return false
}

// staff tells people who are no citizens in a case.
func staff(text string) bool {
	switch text {
	case "medarbejder", "medarbejderen", "medarbejdere", "medarbejderne", "ansatte", "ansat", "employee", "employees", "mennesker", "people":
		return true
	}
	return false
}

// answersCitizen tells whether what is to be answered comes from a citizen.
func (t *reading) answersCitizen(r *request) bool {
	for i := 1; i < len(r.object) && i < 6; i++ { // "svar på denne mail fra en borger"
		if w := r.object[i].text; (w == "fra" || w == "from") && has(r.object[:i], notices|case_) && has(r.object[i:min(len(r.object), i+4)], person|pronouns) {
			return true
		}
	}
	for i := range r.object[:min(4, len(r.object))] {
		w := &r.object[i]
		if w.in(questions|texts|authorities) || w.text == "om" || w.text == "ja" || w.text == "kort" && i == 0 {
			return false
		}
		if w.mark >= comma && i > 0 {
			return false
		}
		if t.subjectAt(r.object, i) >= known {
			return true
		}
	}
	return false
}
