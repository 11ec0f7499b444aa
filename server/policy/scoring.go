package policy

// scoring finds a request to rank, score or profile people.
func (t *reading) scoring() []span {
	for i := range t.sentences {
		if words := t.sentences[i].words; words[0].in(ratings) && len(words) > 2 && words[1].text == "for" && t.subjectAt(words, 2) >= known {
			return []span{{words[0].start, words[0].end}} // "risikoscore for familien"
		}
		for _, r := range requests(&t.sentences[i]) {
			if t.wantsScore(&r) {
				return []span{{r.verb.start, r.verb.end}}
			}
		}
	}
	return t.matchPatterns(ClassScoring)
}

func (t *reading) wantsScore(r *request) bool {
	people := t.firstPeople(r.object)
	text := first(r.object, texts)
	switch {
	case people < 0:
		return false
	case r.kind&scores != 0:
		if text >= 0 && text < people {
			return false
		}
		return !r.verb.in(shared) || ranksBy(r.object)
	case r.kind&(writes|assesses|decides|checks|informs) != 0:
		if by := first(r.object, scores); by >= 0 && by < people && !r.object[by].in(shared) && r.object[by].in(present) && text < 0 {
			return true // "lav en model, der rangerer borgerne"
		}
		if r.kind&assesses != 0 && text < 0 && len(r.object) > 0 && risk(r.object[0].text) && t.mostConcrete(r.object) >= known {
			return true // "vurder risikoen for, at borgeren …"
		}
		rating := first(r.object, ratings)
		return rating >= 0 && (text < 0 || text > rating && text > people)
	}
	return false
}

func risk(text string) bool {
	return text == "risikoen" || text == "risiko" || text == "sandsynligheden" || text == "chancen"
}

// firstPeople returns the first word for people or their cases.
func (t *reading) firstPeople(words []word) int {
	for i := range words {
		if words[i].in(person|pronouns) || words[i].in(case_) || t.isName(&words[i]) {
			return i
		}
	}
	return -1
}

// ranksBy tells whether words say by what to order people, or what to suspect
// them of.
func ranksBy(words []word) bool {
	for i := range words {
		switch words[i].text {
		case "efter", "risiko", "risikoen", "mest", "stoerst", "hoejest", "sandsynligvis", "snyder", "snyd", "svindler", "misbruger", "sandsynlighed", "troligt", "by", "risk", "most", "likely", "likelihood", "egnede", "egnet", "point", "karakter",
			"socialt", "bedrageri", "vaerst", "daarligst", "truede", "udsatte", "fra", "trovaerdighed", "hvem":
			return true
		}
		if words[i].in(ratings) {
			return true
		}
	}
	return false
}
