package policy

import "strings"

// caseFiles finds where a document tells of a citizen's case: a person of the
// case by full name, with birth, health or another detail in the same sentence.
// Authors, contact persons and examples that say that they are some pass.
func (p *Policy) caseFiles(text string) []Place {
	var places []Place
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		if line := text[at:end]; p.mayName(line) {
			for _, s := range p.caseLine(line, exampleNear(text, at, end)) {
				places = append(places, Place{Start: at + s.start, End: at + s.end, Masked: masked(line[s.start:s.end])})
			}
		}
		at = end + 1
	}
	return places
}

// longestLine is how much of one paragraph is read: no sentence is longer.
const longestLine = 4 << 10

// caseRoles are the people whose cases documents are about.
var caseRoles = []string{"borgeren ", "ansøgeren ", "klienten ", "patienten ", "beboeren ", "barnet ", "moren ", "faren ", "den unge ", "eleven ", "borger ", "ansøger ", "klager ", "navn:", "borger:", "vedrørende:", "vedr.:", "ansøger:", "barnets navn:"}

// mayName is the cheap test that most lines of most documents fail.
func (p *Policy) mayName(line string) bool {
	if len(line) > longestLine {
		return false
	}
	lower := strings.ToLower(line)
	for _, role := range caseRoles {
		if strings.Contains(lower, role) {
			return true
		}
	}
	return false
}

func (p *Policy) caseLine(line string, example bool) []span {
	if example {
		return nil
	}
	t := p.read(line)
	form := isForm(line)
	var spans []span
	for i := range t.names {
		n := &t.names[i]
		if n.to-n.from < 2 || !t.words[n.from].in(given) || n.kind != ofCase && !form {
			continue
		}
		if !t.words[n.to-1].in(surnames) && !surnameLike(t.words[n.to-1].text) {
			continue
		}
		if t.caseDetail(n) {
			spans = append(spans, span{n.start, n.end})
		}
	}
	return spans
}

// isForm tells a line that is a field of a form: "Navn: …".
func isForm(line string) bool {
	label, _, ok := strings.Cut(line, ":")
	return ok && len(label) < 30
}

// caseDetail tells whether birth, home or health stands in the name's sentence.
func (t *reading) caseDetail(n *name) bool {
	for i := range t.sentences {
		words := t.sentences[i].words
		if !contains(words, n) {
			continue
		}
		for k := range words {
			switch words[k].text {
			case "foedt", "foedselsdato", "bor", "bopael", "adresse", "cpr", "diagnosen", "aarig":
				return true
			}
			if words[k].in(bodies) {
				return true
			}
		}
		return aged(words)
	}
	return false
}

// exampleNear tells whether the text around a line calls it an example.
func exampleNear(text string, start, end int) bool {
	around := strings.ToLower(text[max(0, start-400):min(len(text), end+100)])
	for _, w := range []string{"eksempel", "fiktiv", "opdigtet", "f.eks.", "fx ", "tænkt ", "case:", "illustration"} {
		if strings.Contains(around, w) {
			return true
		}
	}
	return false
}
