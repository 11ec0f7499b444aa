package policy

import "strings"

// decision finds a request to decide or assess a case, or a question what its
// outcome should be.
func (t *reading) decision() []span {
	for i := range t.sentences {
		s := &t.sentences[i]
		for _, r := range requests(s) {
			if t.wantsDecision(&r) {
				return []span{{r.verb.start, r.verb.end}}
			}
		}
		if at := t.asksOutcome(s); at != nil {
			return []span{*at}
		}
	}
	return t.matchPatterns(ClassDecision)
}

func (t *reading) wantsDecision(r *request) bool {
	who, at := t.about(r.object)
	most := t.mostConcrete(r.object)
	switch {
	case r.kind&decides != 0:
		switch {
		case at < 0:
			return (len(r.before) == 0 || r.verb.span > 1 || len(r.object) > 0 && pointsBack(r.object[0].text)) && t.mostConcrete(t.words) >= known
		case who == nobody:
			return most == concrete
		}
		return who >= known || !article(r.object, at)
	case r.kind&assesses != 0:
		if who == nobody && at >= 0 {
			return most == concrete
		}
		return who >= known || who == generic && at == 0 && r.object[at].in(indefinite)
	case r.kind&checks != 0:
		return who >= known && has(r.object[at:], entitled|outcomes) && !has(r.object[at:], letters)
	case r.kind&tells != 0:
		return who == concrete && has(r.object[at:], entitled|outcomes) && !has(r.object[:at], questions)
	case r.kind&writes != 0:
		return t.wantsJudgement(r)
	}
	return false
}

// article tells whether "en", "et" or nothing but a plural stands before the
// word at i: then no certain case is meant.
func article(words []word, i int) bool {
	for j := max(0, i-3); j < i; j++ {
		if w := words[j].text; w == "en" || w == "et" || w == "a" || w == "an" {
			return true
		}
	}
	return false
}

// wantsJudgement tells whether the product is an assessment of a case: "lav en
// indstilling om barnet", "giv hende afslag".
func (t *reading) wantsJudgement(r *request) bool {
	i := first(r.object, texts|letters|notices|judgements|ratings)
	if i < 0 || r.object[i].in(texts) {
		return false
	}
	if r.object[i].in(letters|outcomes) && (r.verb.text == "giv" || r.verb.text == "give") {
		who, at := t.about(r.object[:i])
		return at >= 0 && who >= known
	}
	if !r.object[i].in(judgements) || r.object[i].in(notices) {
		return false
	}
	rest := r.object[i+1:]
	who, at := t.about(rest)
	if at >= 0 && who == nobody {
		return false
	}
	return who >= known || len(rest) == 0 && strings.HasPrefix(r.object[i].text, "indstilling")
}

// asksOutcome finds a yes-or-no question about one person's case: "skal hun
// have afslag?", "er min borger berettiget?".
func (t *reading) asksOutcome(s *sentence) *span {
	words := s.words
	for len(words) > 1 && words[0].in(lead) && !isModal(words[0].text) {
		words = words[1:]
	}
	if has(words, questions) && !startsYesNo(words[0].text) {
		return t.asksHowMuch(words)
	}
	for i := range words {
		if i == 0 && startsYesNo(words[0].text) || i > 0 && startsYesNo(words[i].text) && (words[i-1].text == "om" || words[i-1].text == "if" || words[i-1].text == "whether" || words[i].mark >= comma || words[i-1].in(lead) || t.subjectAt(words, i-1) == concrete && i > 1 && (words[i-2].text == "om" || words[i-2].text == "whether" || words[i-2].text == "if")) {
			if at := t.outcomeAfter(words, i); at != nil {
				return at
			}
		}
	}
	return nil
}

// asksHowMuch finds the question what one person is to get: "hvor mange timer
// skal hun have?"
func (t *reading) asksHowMuch(words []word) *span {
	if words[0].text != "hvor" && words[0].text != "hvad" && words[0].text != "how" {
		return nil
	}
	for i := 1; i+1 < len(words) && i < 6; i++ {
		if modal := words[i].text; modal != "skal" && modal != "boer" && modal != "should" {
			continue
		}
		clause := words[i:]
		if hit := first(clause, outcomes); hit >= 0 && words[i+1].in(pronouns) && t.subjectAt(words, i+1) == concrete && !has(clause, procedure|frames) {
			return &span{words[i].start, clause[hit].end}
		}
	}
	return nil
}

func startsYesNo(text string) bool {
	switch text {
	case "skal", "boer", "burde", "er", "har", "opfylder", "kan", "maa", "should", "is", "does", "has", "must":
		return true
	}
	return false
}

// outcomeAfter judges the question that begins with the verb at i.
func (t *reading) outcomeAfter(words []word, i int) *span {
	clause := words[max(0, i-1):]
	if i > 0 && t.subjectAt(words, i-1) == nobody {
		clause = words[i:]
	}
	for j := range clause {
		if j > 1 && !t.pointsOut(clause) && (clause[j].text == "hvis" || clause[j].text == "naar" || clause[j].text == "if" || clause[j].text == "when") {
			return nil
		}
	}
	if t.mostConcrete(clause) < concrete {
		return nil
	}
	hit := -1
	switch words[i].text {
	case "er", "har", "opfylder", "is", "does", "has":
		if hit = first(clause, entitled); hit < 0 {
			return nil
		}
	case "kan", "maa":
		if !isSubject(&words[min(i+1, len(words)-1)]) {
			return nil
		}
		if hit = first(clause, outcomes); hit < 0 || weakOutcome(clause[hit].text) && !has(clause, letters) {
			return nil
		}
	default:
		if has(clause, procedure) {
			return nil
		}
		if hit = first(clause, outcomes|entitled); hit < 0 {
			if hit = first(clause, pronouns); hit < 0 || !weOrI(words, i+1) {
				return nil // else "skal jeg … ham?"
			}
		}
	}
	return &span{words[i].start, clause[hit].end}
}

// pointsBack tells words for what was named before: "læs sagen, og godkend den".
func pointsBack(text string) bool {
	switch text {
	case "it", "den", "det", "dem", "them":
		return true
	}
	return false
}

func weOrI(words []word, i int) bool {
	if i >= len(words) {
		return false
	}
	switch words[i].text {
	case "vi", "jeg", "we", "i":
		return true
	}
	return false
}

// pointsOut tells whether words name a case other than by a pronoun: "min
// borger", "denne ansøgning", a name.
func (t *reading) pointsOut(words []word) bool {
	for i := range words {
		if !words[i].in(pronouns) && t.subjectAt(words, i) == concrete {
			return true
		}
	}
	return false
}

// weakOutcome tells verbs that end many sentences without an outcome in them.
func weakOutcome(text string) bool {
	switch text {
	case "have", "ha", "faa", "gives", "give", "udbetales":
		return true
	}
	return false
}
