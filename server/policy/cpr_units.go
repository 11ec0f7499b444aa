package policy

import "strings"

// unit is a stretch of digits in a plain text, however they are written.
type unit struct {
	start, end int
	digits     []byte
	spelled    bool // as words: "nul", "fireogtredive"
	month      bool // a month's name, as two digits
	letters    int  // that stand for digits: "O1O190"
	gap        gap  // before it
}

// gap is what stands between two units.
type gap struct {
	text  string
	words []string
}

// tight tells a gap of nothing but signs and spaces.
func (g *gap) tight() bool {
	return len(g.words) == 0 && len(strings.ReplaceAll(g.text, " ", "")) <= 6 && !strings.ContainsAny(g.text, "§%")
}

// units reads the numbers of a plain text.
func units(text string) []unit {
	var out []unit
	last := 0
	var words []string
	tokens := tokensOf(text)
	for i, t := range tokens {
		read := unitsOf(text[t.start:t.end], t.start)
		if len(read) > 0 && counts(text, tokens, i) {
			read = nil
		}
		if len(read) == 0 {
			words = append(words, text[t.start:t.end])
			continue
		}
		for k := range read {
			read[k].gap = gap{text: text[last:read[k].start], words: words}
			last, words = read[k].end, nil
		}
		out = append(out, read...)
	}
	return out
}

// tokensOf returns the runs of letters and digits.
func tokensOf(text string) []span {
	var out []span
	start := -1
	for i := 0; i <= len(text); i++ {
		if i < len(text) && (isDigit(text[i]) || 'a' <= text[i] && text[i] <= 'z' || text[i] >= 0x80) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			out = append(out, span{start, i})
			start = -1
		}
	}
	return out
}

// counts tells a number that says how many digits are meant: "de sidste 4",
// "de første seks", "fire cifre".
func counts(text string, tokens []span, i int) bool {
	word := func(k int) string {
		if k < 0 || k >= len(tokens) {
			return ""
		}
		return text[tokens[k].start:tokens[k].end]
	}
	switch word(i) {
	case "4", "fire", "four", "6", "seks", "six":
		return digitWord(word(i+1)) || digitWord(word(i-1)) && word(i-1) != "tal"
	case "foerste", "first":
		next := word(i + 1)
		return next == "6" || next == "seks" || next == "six" || digitWord(next)
	}
	return false
}

func digitWord(word string) bool {
	switch word {
	case "sidste", "cifre", "ciffer", "tal", "first", "foerste", "last", "digits", "final":
		return true
	}
	return false
}

// unitsOf reads one token; nil if it holds another word.
func unitsOf(token string, at int) []unit {
	if !hasDigit(token) {
		if digits, month, ok := spelledDigits(token); ok {
			return []unit{{start: at, end: at + len(token), digits: digits, spelled: !month, month: month}}
		}
		return nil
	}
	if u, ok := lookalike(token, at); ok {
		return u.split()
	}
	var out []unit
	for i := 0; i < len(token); {
		j := i
		for j < len(token) && isDigit(token[j]) == isDigit(token[i]) {
			j++
		}
		part := token[i:j]
		switch digits, month, ok := spelledDigits(part); {
		case isDigit(part[0]):
			u := unit{start: at + i, end: at + j}
			for k := range len(part) {
				u.digits = append(u.digits, part[k]-'0')
			}
			out = append(out, u.split()...)
		case ok:
			out = append(out, unit{start: at + i, end: at + j, digits: digits, spelled: !month, month: month})
		case strings.Trim(part, "x") == "" && len(part) < 4 || i > 0 && ordinalEnd(part):
		case i == 0 && (part == "cpr" || part == "nr" || part == "cprnr" || part == "a" || part == "pnr"):
		case j == len(token) && i > 0 && part == "s":
		default:
			return nil
		}
		i = j
	}
	return out
}

// split parts twelve digits, a date with its century and four more, where
// nothing stands between the two.
func (u unit) split() []unit {
	if len(u.digits) != 12 {
		return []unit{u}
	}
	rest := u
	u.end, rest.start = u.start+8, u.start+8
	u.digits, rest.digits = u.digits[:8:8], rest.digits[8:]
	return []unit{u, rest}
}

func ordinalEnd(part string) bool {
	return part == "st" || part == "nd" || part == "rd" || part == "th"
}

// lookalike reads a token in which letters stand for digits: "O1O190", and as
// scanners read: "0101S2".
func lookalike(token string, at int) (unit, bool) {
	u := unit{start: at, end: at + len(token)}
	scans := 0
	for i := range len(token) {
		switch c := token[i]; c {
		case 'o', 'q', 'd':
			u.digits = append(u.digits, 0)
			u.letters++
			if c != 'o' {
				scans++
			}
		case 'l', 'i':
			u.digits = append(u.digits, 1)
			u.letters++
		case 's', 'z', 'b', 'g':
			u.digits = append(u.digits, map[byte]byte{'s': 5, 'z': 2, 'b': 8, 'g': 9}[c])
			u.letters++
			scans++
		default:
			if !isDigit(c) {
				return u, false
			}
			u.digits = append(u.digits, c-'0')
		}
	}
	if scans > 0 && (len(token) != 4 && len(token) != 6 && len(token) != 10 || u.letters*2 > len(token)) {
		return u, false
	}
	return u, u.letters == 0 || u.letters < len(token) && len(token) > 1
}

// spelledDigits reads a number word, several joined ("nulet"), or a month.
func spelledDigits(word string) (digits []byte, month, ok bool) {
	if n, found := monthNumber(word); found {
		return []byte{byte(n / 10), byte(n % 10)}, true, true
	}
	if d, found := spokenNumber(word); found {
		return d, false, true
	}
	if len(word) > 4 && len(word) < 60 {
		if d := joinedDigits(word, 0); len(d) > 0 {
			return d, false, true
		}
	}
	return nil, false, false
}

// joinedDigits reads number words without a space between them; nil where the
// word does not consist of them.
func joinedDigits(word string, depth int) []byte {
	if depth > 10 {
		return nil
	}
	for n := len(word); n >= 2; n-- {
		d, ok := spokenNumber(word[:n])
		if !ok {
			continue
		}
		if n == len(word) {
			return d
		}
		if rest := joinedDigits(word[n:], depth+1); rest != nil {
			return append(append([]byte(nil), d...), rest...)
		}
	}
	return nil
}
