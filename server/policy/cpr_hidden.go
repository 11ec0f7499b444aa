package policy

import (
	"regexp"
	"slices"
	"strings"
)

// longestHidden is the longest text that is searched for numbers hidden in
// words, in bytes: a question or a page, not an act.
const longestHidden = 64 << 10

// numeral is a stretch of digits as a person may also write them: "0101", "O1O1",
// "nul et", "halvfems".
type numeral struct {
	start, end int
	digits     []byte
	spelled    bool // as words
	letters    int  // that stand for digits
}

// findHidden finds numbers that are spelled out, hold letters for digits, or
// are interrupted by words: "cpr er 010190 og så 1234".
func findHidden(text string, year int) []Place {
	words := splitWords(text)
	places := findDateTails(text, year)
	for i := 0; i < len(words); i++ {
		if end, ok := hiddenAt(text, words, i, year); ok {
			start, stop := words[i].start, words[end].end
			places = append(places, Place{Start: start, End: stop, Masked: masked(text[start:stop])})
			i = end
		}
	}
	return places
}

// hiddenAt reads a number that begins with the word at i and returns its last
// word.
func hiddenAt(text string, words []word, i, year int) (last int, ok bool) {
	var parts []numeral
	var digits []byte
	fillers, tail := 0, false
	for j := i; j < len(words); j++ {
		n, isNumeral := readNumeral(&words[j])
		if isNumeral && len(n.digits) == 1 && n.digits[0] == 4 && (j > 0 && tailWord(words[j-1].text) || j+1 < len(words) && tailWord(words[j+1].text)) {
			isNumeral = false // "de sidste fire", "last 4", "fire sidste"
		}
		if !isNumeral {
			if len(parts) == 0 || !filler(words[j].text) && words[j].text != "4" {
				return 0, false
			}
			fillers++
			tail = tail || tailWord(words[j].text)
			if fillers > mostFillers {
				return 0, false
			}
			continue
		}
		if monthName(words[j].text) && len(parts) == 1 && len(digits) == 1 {
			digits = []byte{0, digits[0]} // "1. januar"
		}
		parts = append(parts, n)
		digits = append(digits, n.digits...)
		if len(digits) > 12 {
			return 0, false
		}
		if len(digits) != 10 && len(digits) != 12 {
			continue
		}
		birth := digits
		if len(digits) == 12 { // the year in four digits
			birth = append(slices.Clone(digits[:4]), digits[6:]...)
		}
		if validBirth(birth, year) && hiddenForm(text, parts, fillers, tail) {
			return j, !goesOn(words, j)
		}
	}
	return 0, false
}

// mostFillers is how many words may stand inside one number.
const mostFillers = 8

// hiddenForm tells whether the way a number is written leaves little else for
// it to be.
func hiddenForm(text string, parts []numeral, fillers int, tail bool) bool {
	spelled, letters := 0, 0
	for _, p := range parts {
		if p.spelled {
			spelled += max(1, len(p.digits)/2)
		}
		letters += p.letters
	}
	said := saysCPR(text, parts[0].start) || isCalledCPR(text, parts[len(parts)-1].end)
	last := &parts[len(parts)-1]
	between := saysCPR(text, last.start)
	switch {
	case !said && saysOther(text, parts[0].start, last.end):
		return false
	case spelled >= 4 || said && spelled > 0:
		return true
	case letters > 0:
		return letters <= 4 && (len(parts) == 1 || len(parts) == 2 && len(parts[0].digits) == 6 || said)
	case fillers > 0:
		return tail || said || between
	case len(parts) == 2 && len(parts[0].digits) == 6 && len(parts[1].digits) == 4:
		// Joined by a sign that no other number has: "010190*1234", "010190 (1234)".
		sign := strings.TrimSpace(text[parts[0].end:parts[1].start])
		return sign != "" && sign != "." && sign != "," && strings.Trim(sign, "_*+~=|:#()[]-–.,\"”»«") == "" || said
	}
	return said && len(parts) > 1
}

// goesOn tells whether further digits follow: then it was another number.
func goesOn(words []word, i int) bool {
	if i+1 >= len(words) || words[i+1].mark != space {
		return false
	}
	n, ok := readNumeral(&words[i+1])
	return ok && !n.spelled && len(n.digits) > 1
}

// readNumeral reads a word as digits.
func readNumeral(w *word) (numeral, bool) {
	n := numeral{start: w.start, end: w.end}
	if spoken, ok := spokenNumber(w.text); ok {
		n.digits, n.spelled = spoken, true
		return n, true
	}
	if digits, ok := spokenRun(w.text); ok {
		n.digits, n.spelled = digits, true
		return n, true
	}
	for i := range len(w.text) {
		switch c := w.text[i]; c {
		case 'o':
			n.digits = append(n.digits, 0)
			n.letters++
		case 'l', 'i':
			n.digits = append(n.digits, 1)
			n.letters++
		case '-':
		default:
			if c < '0' || '9' < c {
				return n, false
			}
			n.digits = append(n.digits, c-'0')
		}
	}
	return n, (len(n.digits) > n.letters || len(n.digits) == 2 && strings.Contains(w.text, "o")) && len(n.digits) <= 12
}

// filler tells words that people put between the parts of a number.
func filler(text string) bool {
	switch text {
	case "og", "saa", "dernaest", "derefter", "efterfulgt", "af", "bindestreg", "streg", "mellemrum", "punktum", "de", "sidste", "fire", "er", "cifre", "tal", "kontrolcifre", "loebenummer", "loebenr", "nummer", "nr", "tallene", "plus", "minus",
		"slut", "slutter", "paa", "med", "ender", "endelsen", "resten", "kontroltal", "the", "last", "four", "digits", "and", "then", "are", "is", "followed", "by", "dash", "hyphen", "ending", "in", "samt", "cpr", "cprnr", "hans", "hendes", "koden", "kode", "skraastreg", "i", "den", "br", "td", "tr":
		return true
	}
	return false
}

// tailWord tells fillers that announce the serial number.
func tailWord(text string) bool {
	switch text {
	case "sidste", "kontrolcifre", "loebenummer", "loebenr", "slutter", "ender", "endelsen", "kontroltal", "efterfulgt", "bindestreg", "last", "ending", "followed", "dash", "hyphen", "cpr", "cprnr", "br", "td", "tr":
		return true
	}
	return false
}

// saidApart is a number that is called a CPR number and interrupted by any
// words: "cpr 010190, og det slutter så med 1234".
var saidApart = regexp.MustCompile(`(?i)(?:cpr|personn|person-n)[^\d\n]{0,30}\b(\d\d)(\d\d)(\d\d)\b[^\d§]{1,40}\b(\d{4})\b`)

// dateTail is a date of birth with the serial number behind it: "født 1/1 1990,
// sidste 4 cifre 1234".
var dateTail = regexp.MustCompile(`(?i)\b(\d{1,2})[./ -]{1,2}(\d{1,2})[./ -]{1,2}(?:\d\d)?(\d\d)\b[^\d]{1,40}(?:sidste|løbe|kontrol|slutter|ender|endelse|last|ending)[^\d]{0,20}(?:4[^\d]{1,20})?\b(\d{4})\b`)

func findDateTails(text string, year int) []Place {
	var places []Place
	matches := dateTail.FindAllStringSubmatchIndex(text, -1)
	for _, m := range saidApart.FindAllStringSubmatchIndex(text, -1) {
		if serial := text[m[8]:m[9]]; serial[:2] != "19" && serial[:2] != "20" { // a year
			matches = append(matches, m)
		}
	}
	for _, m := range matches {
		var digits []byte
		for g := 2; g < len(m); g += 2 {
			part := text[m[g]:m[g+1]]
			if len(part) == 1 {
				part = "0" + part
			}
			for i := range len(part) {
				digits = append(digits, part[i]-'0')
			}
		}
		if validBirth(digits, year) {
			places = append(places, Place{Start: m[0], End: m[1], Masked: masked(text[m[0]:m[1]])})
		}
	}
	return places
}

// mergePlaces joins two lists of places that may overlap.
func mergePlaces(text string, a, b []Place) []Place {
	if len(b) == 0 {
		return a
	}
	all := append(a, b...)
	slices.SortFunc(all, func(x, y Place) int { return x.Start - y.Start })
	out := all[:1]
	for _, p := range all[1:] {
		last := &out[len(out)-1]
		if p.Start >= last.End {
			out = append(out, p)
			continue
		}
		last.End = max(last.End, p.End)
		last.Masked = masked(text[last.Start:last.End])
	}
	return out
}
