package danish

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences returns the byte ranges of the sentences of text, without the white
// space around them. A line end always ends one. "§ 85." and "Stk. 2." belong
// to the sentence that they number.
func Sentences(text string) [][2]int {
	var out [][2]int
	start := 0
	add := func(end int) {
		from, to := start, end
		for from < to && isBlank(text[from]) {
			from++
		}
		for to > from && isBlank(text[to-1]) {
			to--
		}
		if from < to {
			out = append(out, [2]int{from, to})
		}
		start = end
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			add(i)
		case '.', '!', '?':
			end := closing(text, i+1)
			if end == len(text) || isBlank(text[end]) && begins(text, end) && !(text[i] == '.' && goesOn(text, start, i)) {
				add(end)
				i = end - 1
			}
		}
	}
	add(len(text))
	return out
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// closing passes the quotes and brackets that close with a sentence, and
// further stops ("...").
func closing(text string, at int) int {
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !strings.ContainsRune(`."')]«»”’!?`, r) {
			break
		}
		at += size
	}
	return at
}

// begins tells whether what follows the blanks can begin a sentence.
func begins(text string, at int) bool {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	r, _ := utf8.DecodeRuneInString(text[at:])
	return at == len(text) || unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("§»\"“”(•–-\n", r)
}

// goesOn tells whether the full stop at i ends an abbreviation, an ordinal
// number or the label of a paragraph rather than the sentence from start.
func goesOn(text string, start, i int) bool {
	word := lastWord(text[start:i])
	if word == "" {
		return false
	}
	before := strings.TrimSpace(text[start : i-len(word)])
	switch {
	case abbreviations[strings.ToLower(word)]:
		return true
	case isNumber(word):
		return isLabel(before) || nextIsLower(text, i+1)
	case initials(word):
		return true
	case len(word) == 1: // the letter of "§ 85 a."
		return strings.HasPrefix(before, "§") && len(strings.Fields(before)) == 2
	}
	return false
}

// initials recognises "H" and "H.C".
func initials(word string) bool {
	for part := range strings.SplitSeq(word, ".") {
		r, size := utf8.DecodeRuneInString(part)
		if !unicode.IsUpper(r) || size != len(part) {
			return false
		}
	}
	return true
}

// isLabel recognises what stands before the number of a label.
func isLabel(s string) bool {
	switch s {
	case "", "§", "§§", "Stk.", "stk.", "Nr.", "Kapitel", "Bilag":
		return true
	}
	return false
}

func lastWord(s string) string {
	i := strings.LastIndexAny(s, " \n\t(\u00a0")
	word := s[i+1:]
	if i >= 0 && s[i] == '\xa0' {
		word = s[i+1:]
	}
	return word
}

func isNumber(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func nextIsLower(text string, at int) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[at:], " \t"))
	return unicode.IsLower(r)
}

// abbreviations that are written with a full stop and go on in the sentence,
// without that stop.
var abbreviations = set(`adm adr afd afg afs alm ang art bek bekg bet bl.a bl bilag ca cf cirk cpr d dir dvs d.v.s d.å dkk ds e.g e.l el
	eks ekskl e.kr evt f f.eks fx ff fig fhv fk f.kr flg forh forsk frk g gl hhv hr i.e ifm ift iht inkl int jf jfr jr k kap kgl kl km kr kst
	l lb lbkg lign lok m m.a.o m.fl m.h.p m.h.t m.m m.v max mdr mht mia mill min mio ml mr mrs mv n n.n nedenn nr nuv o o.a o.fl o.l o.lign omg
	opr osv p p.a p.g.a p.t pct pga pkt pl pr prof red s s.d s.å sml skt st stk str t tab tilsv tlf u u.a ugtl undt v v.hj.a v.s.a vedr vha vsa vol
	årg årl`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
