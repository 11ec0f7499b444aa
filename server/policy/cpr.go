package policy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// findCPR returns the places of CPR numbers, in order. year is the current one:
// nobody is born later.
func findCPR(text string, year int) []Place {
	places := findWritten(text, year)
	if len(text) <= longestHidden {
		places = mergePlaces(text, places, findHidden(text, year))
	}
	places = mergePlaces(text, places, findParts(text, year))
	if len(text) <= longestBroken {
		places = mergePlaces(text, places, findLoose(text, year))
	}
	if len(text) <= longestBroken && strings.ContainsAny(text, "\n\r\t") {
		joined := strings.Map(func(r rune) rune {
			if r == '\n' || r == '\r' || r == '\t' {
				return lineBreak
			}
			return r
		}, text)
		if len(joined) == len(text) { // not where invalid bytes were replaced
			places = mergePlaces(text, places, slices.DeleteFunc(findWritten(joined, year), func(p Place) bool { return !plainNumber(joined[p.Start:p.End]) }))
		}
	}
	return places
}

// plainNumber tells whether a number has one separator at most besides line
// ends: dates and case numbers that are broken have more.
func plainNumber(s string) bool {
	separators := 0
	for _, r := range s {
		if r != lineBreak && !unicode.IsNumber(r) && !zeroWidth(r) {
			separators++
		}
	}
	return separators <= 1
}

// longestBroken is the longest text in which a number may be broken by a line
// end at any digit, in bytes: a question. In longer ones lines are rows of a
// table.
const longestBroken = 2000

// lineBreak stands for a line end inside a number: it is passed like a
// zero-width character, and no text holds it.
const lineBreak = '\x1f'

// findWritten finds the numbers that are written in digits, as a rule.
func findWritten(text string, year int) []Place {
	var places []Place
	for at := 0; at < len(text); {
		if c := text[at]; c < utf8.RuneSelf && (c < '0' || '9' < c) { // lineBreak too: a number begins with a digit
			at++
			continue
		}
		if _, size := digit(text[at:]); size == 0 {
			_, size = utf8.DecodeRuneInString(text[at:])
			at += size
			continue
		}
		c := readCandidate(text, at)
		if c.isCPR(text, year) {
			places = append(places, Place{Start: c.start, End: c.end, Masked: masked(text[c.start:c.end])})
			at = c.end
			continue
		}
		at = c.next
	}
	return places
}

// candidate is up to ten digits with what separates them.
type candidate struct {
	start, end int // of the whole number
	next       int // where to look further if it is none
	digits     []byte
	groups     []int // how many digits stand together
	separators []string
	letters    bool // the last four hold letters: a substitute number
}

// readCandidate reads groups of digits from at until ten are found or the text
// goes on otherwise.
func readCandidate(text string, at int) candidate {
	c := candidate{start: at, next: at}
	for {
		n := 0
		for {
			d, size := digit(text[at:])
			if size == 0 {
				break
			}
			c.digits = append(c.digits, d)
			at += size
			n++
		}
		c.groups = append(c.groups, n)
		c.end = at
		if len(c.groups) == 1 {
			c.next = at
		}
		if len(c.digits) >= 10 {
			return c
		}
		separator, size := separatorAt(text[at:])
		if size == 0 {
			return c
		}
		if c.substitute(text, at+size, separator) {
			return c
		}
		if _, more := digit(text[at+size:]); more == 0 {
			return c
		}
		c.separators = append(c.separators, separator)
		at += size
	}
}

// substitute reads the last four of a number that an authority made up where a
// person has none: letters and digits behind a hyphen.
func (c *candidate) substitute(text string, at int, separator string) bool {
	if len(c.digits) != 6 || len(c.groups) != 1 || separator != "-" || at+4 > len(text) {
		return false
	}
	tail := text[at : at+4]
	letters, digits := 0, 0
	for i := range 4 {
		switch {
		case 'A' <= tail[i] && tail[i] <= 'Z':
			letters++
		case '0' <= tail[i] && tail[i] <= '9':
			digits++
		}
	}
	if letters+digits < 4 || letters == 0 || digits == 0 {
		return false
	}
	c.letters, c.end = true, at+4
	c.separators = append(c.separators, separator)
	c.groups = append(c.groups, 4)
	return true
}

// digit reads a decimal digit of any script (１, ١), passing zero-width
// characters before it, and returns it with its length.
func digit(s string) (byte, int) {
	at := 0
	for at < len(s) {
		c := s[at]
		if '0' <= c && c <= '9' {
			return c - '0', at + 1
		}
		if c == lineBreak && at > 0 || c == lineBreak && len(s) > 1 && s[1] >= '0' && s[1] <= '9' {
			at++
			continue
		}
		if c < utf8.RuneSelf {
			return 0, 0
		}
		r, size := utf8.DecodeRuneInString(s[at:])
		if zeroWidth(r) {
			at += size
			continue
		}
		d, ok := digitValue(r)
		if !ok {
			return 0, 0
		}
		return d, at + size
	}
	return 0, 0
}

// digitValue returns the value of a digit of any script or style: １, ١, ①, ⁴.
func digitValue(r rune) (byte, bool) {
	if !unicode.IsNumber(r) {
		return 0, false
	}
	if plain := norm.NFKC.String(string(r)); len(plain) == 1 && '0' <= plain[0] && plain[0] <= '9' {
		return plain[0] - '0', true
	}
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	zero := r
	for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
		zero--
	}
	return byte(r - zero), true
}

func zeroWidth(r rune) bool {
	switch r {
	case '\u00ad', '\u034f', '\u180e', '\ufe0f', '\u20e3', '\ufeff':
		return true
	}
	return '\u200b' <= r && r <= '\u200f' || '\u202a' <= r && r <= '\u202e' || '\u2060' <= r && r <= '\u2069'
}

// separatorAt reads at most three characters that may stand inside a CPR
// number: every dash as "-", every white space as " ".
func separatorAt(s string) (string, int) {
	var out []byte
	at := 0
	for at < len(s) && len(out) < 4 {
		r, size := utf8.DecodeRuneInString(s[at:])
		switch {
		case zeroWidth(r):
		case r == '.' || r == '/':
			out = append(out, byte(r))
		case r == '-' || unicode.Is(unicode.Pd, r) || r == '\u2212':
			out = append(out, '-')
		case unicode.IsSpace(r):
			out = append(out, ' ')
		default:
			return string(out), at
		}
		at += size
	}
	if len(out) > 3 {
		return "", 0
	}
	return string(out), at
}

func masked(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsNumber(r) || unicode.IsLetter(r) {
			return '•'
		}
		return r
	}, s)
}
