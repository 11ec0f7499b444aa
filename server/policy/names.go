package policy

// name is a mention of a person by name.
type name struct {
	start, end int // bytes
	from, to   int // words[from:to]
	kind       nameKind
}

type nameKind int

const (
	single nameKind = iota // "Mette"
	titled                 // "fru Hansen"
	full                   // "Mette Hansen"
	ofCase                 // "borgeren Mette", "min borger Xhemile"
)

// findNames finds the people that a text names, without those known by their
// office or as part of a place, an institution or an act.
func (t *reading) findNames() []name {
	var out []name
	for i := 0; i < len(t.words); i++ {
		n, ok := t.nameAt(i)
		if !ok || t.isElsewhere(&n) {
			continue
		}
		n.start, n.end = t.words[n.from].start, t.words[n.to-1].end
		out = append(out, n)
		i = n.to - 1
	}
	return out
}

func (t *reading) nameAt(i int) (name, bool) {
	w := &t.words[i]
	switch {
	case w.in(titles) && t.joined(i+1) && nameLike(&t.words[i+1]):
		return name{from: i, to: t.endOfName(i + 1), kind: titled}, true
	case w.in(person) && !w.in(lead) && t.joined(i+1) && t.follows(i):
		return name{from: i + 1, to: t.endOfName(i + 1), kind: ofCase}, true
	case introduces(w.text) && t.joined(i+1) && t.words[i+1].upper && t.words[i+1].in(given|surnames):
		return name{from: i + 1, to: t.endOfName(i + 1), kind: ofCase}, true
	case w.in(given) || w.in(wordNames) && w.upper:
		end := t.endOfName(i)
		if end-i > 1 {
			return name{from: i, to: end, kind: full}, true
		}
		return name{from: i, to: end, kind: single}, w.in(given) && !w.in(wordNames)
	case w.upper && len(w.text) == 1 && i+1 < len(t.words) && t.words[i+1].upper && t.words[i+1].mark < stop && t.words[i+1].in(surnames) && !t.words[i+1].in(given):
		return name{from: i, to: t.endOfName(i + 1), kind: full}, true // "K. Yilmaz"
	case t.unlisted(i):
		return name{from: i, to: t.endOfName(i), kind: full}, true
	}
	return name{}, false
}

// introduces tells words that give a person's name.
func introduces(text string) bool {
	switch text {
	case "hedder", "navn", "named", "called", "navnet", "kaldet":
		return true
	}
	return false
}

// joined tells whether a word stands at i in the same phrase as the one before.
func (t *reading) joined(i int) bool { return i < len(t.words) && t.words[i].mark == space }

// nameLike tells a word that can be a name behind a title.
func nameLike(w *word) bool {
	return w.in(given|surnames) || surnameLike(w.text) && !w.in(^set(0)) || w.upper && !w.in(texts|authorities|places|person|case_) && !hasDigit(w.text)
}

// follows tells whether the word behind the person at i names that person.
func (t *reading) follows(i int) bool {
	next := &t.words[i+1]
	if next.in(given) && !next.in(wordNames) {
		return true
	}
	if !next.upper || next.in(texts|authorities|places|person|case_|offices) || hasDigit(next.text) || len(next.text) < 3 || allCapitals(t.text[next.start:next.end]) {
		return false
	}
	// An unlisted name: only behind a singular form, and not in a headline
	// where every word has a capital.
	return !isPlural(t.words[i].text) && !t.words[i].upper && !genitive(&t.words[i])
}

func isPlural(text string) bool {
	for _, end := range []string{"er", "erne", "ne", "e", "dre"} {
		if len(text) > len(end) && text[len(text)-len(end):] == end && text != "borger" && text != "ansoeger" && text != "klager" && text != "beboer" && text != "bruger" && text != "datter" && text != "familie" && text != "medarbejder" {
			return true
		}
	}
	return text == "boern" || text == "maend" || text == "citizens" || text == "people"
}

func allCapitals(s string) bool {
	for _, r := range s {
		if 'a' <= r && r <= 'z' || r == 'æ' || r == 'ø' || r == 'å' {
			return false
		}
	}
	return true
}

// endOfName returns the index behind a name that begins at i: further given
// names, initials, and a surname.
func (t *reading) endOfName(i int) int {
	end := i + 1
	for end < len(t.words) && end-i < 5 && t.words[end].mark < comma {
		w := &t.words[end]
		switch {
		case w.in(given|surnames) && (w.upper || !t.words[i].upper) && !(w.in(wordNames) && !w.upper):
		case w.upper && len(w.text) == 1, w.upper && surnameLike(w.text) && !w.in(places|texts|authorities):
		case (w.text == "van" || w.text == "von" || w.text == "el" || w.text == "al" || w.text == "de") && end+1 < len(t.words) && t.words[end+1].upper && end+1-i < 5:
		case w.upper && t.words[i].upper && !w.in(^given&^surnames) && !hasDigit(w.text) && !allCapitals(t.text[w.start:w.end]):
		default:
			return end
		}
		end++
	}
	return end
}

// surnameLike tells the endings of Danish surnames.
func surnameLike(text string) bool {
	for _, end := range []string{"sen", "gaard", "berg", "strup", "holm", "lund", "skov", "dahl", "bjerg", "toft", "kjaer", "ovic", "ska", "ski", "oglu", "zadeh"} {
		if len(text) > len(end)+1 && text[len(text)-len(end):] == end {
			return true
		}
	}
	return false
}

// unlisted tells whether two unknown words with capitals at i are a person's
// name, by what follows: "Xhemile Krasniqi på 45", "Qendresa Zymberi, født …".
func (t *reading) unlisted(i int) bool {
	if i+1 >= len(t.words) || !t.words[i].upper || !t.words[i+1].upper || t.words[i+1].mark != space {
		return false
	}
	for _, w := range t.words[i : i+2] {
		if w.text == "den" || w.text == "det" || w.text == "the" || w.in(^set(given|surnames)) || hasDigit(w.text) || len(w.text) < 3 || allCapitals(t.text[w.start:w.end]) {
			return false
		}
	}
	if t.words[i+1].in(surnames) || surnameLike(t.words[i+1].text) {
		return true
	}
	for _, w := range t.words[i+2 : min(len(t.words), i+14)] {
		switch w.text {
		case "hun", "han", "hendes", "hans", "hende", "ham", "aarig", "foedt", "she", "he", "her", "his":
			return true
		}
	}
	return false
}

// isElsewhere tells whether a name belongs to a place, an act, an institution
// or somebody in office.
func (t *reading) isElsewhere(n *name) bool {
	if n.to < len(t.words) && t.words[n.to].mark == space && t.words[n.to].in(places) {
		return true
	}
	last := &t.words[n.to-1]
	if n.to-n.from == 1 && last.in(places) {
		return true
	}
	if n.kind == ofCase {
		return false
	}
	for j := n.from - 1; j >= 0 && n.from-j <= 3 && t.words[j+1].mark < comma; j-- {
		if t.words[j].in(offices) && j+t.words[j].span >= n.from-1 {
			return true
		}
	}
	return false
}

// isName tells whether a word belongs to a name that was found.
func (t *reading) isName(w *word) bool {
	for i := range t.names {
		if t.names[i].start <= w.start && w.end <= t.names[i].end {
			return true
		}
	}
	return false
}
