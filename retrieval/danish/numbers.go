package danish

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// number scans a date, an amount, a number, or a word that begins with digits
// ("85a").
func (s *scanner) number() {
	start := s.at
	if iso, end := dateAt(s.text, s.at); iso != "" {
		s.at = end
		s.emit(iso, start, Date)
		return
	}
	term := s.digits()
	if r, _ := utf8.DecodeRuneInString(s.text[s.at:]); unicode.IsLetter(r) {
		s.at = start + len(term)
		s.mixed(start)
		return
	}
	term += s.thousands(len(term))
	term += s.decimals()
	if unit := s.unit(); unit != "" {
		s.emit(term+unit, start, Amount)
		return
	}
	s.emit(term, start, Number)
}

// mixed scans the rest of a word that began with digits.
func (s *scanner) mixed(start int) {
	digits := s.text[start:s.at]
	n := len(s.out)
	s.word()
	if len(s.out) > n {
		last := &s.out[len(s.out)-1]
		last.Term, last.Start = digits+last.Term, start
		return
	}
	s.emit(digits, start, Number)
}

// thousands passes ".000" groups: 1.234.567.
func (s *scanner) thousands(first int) string {
	var b strings.Builder
	for first <= 3 && s.at+4 <= len(s.text) && s.text[s.at] == '.' &&
		isDigit(s.text[s.at+1]) && isDigit(s.text[s.at+2]) && isDigit(s.text[s.at+3]) &&
		(s.at+4 == len(s.text) || !isDigit(s.text[s.at+4])) {
		b.WriteString(s.text[s.at+1 : s.at+4])
		s.at += 4
	}
	return b.String()
}

// decimals passes ",50" and drops zeros at its end: 2,50 is 2,5.
func (s *scanner) decimals() string {
	if s.at+1 >= len(s.text) || s.text[s.at] != ',' || !isDigit(s.text[s.at+1]) {
		return ""
	}
	s.at++
	if digits := strings.TrimRight(s.digits(), "0"); digits != "" {
		return "," + digits
	}
	return ""
}

var units = []struct{ written, unit string }{
	{"kroner", "kr"}, {"kr", "kr"}, {"dkk", "kr"}, {"procent", "%"}, {"pct", "%"}, {"%", "%"},
}

// unit passes a currency or per cent sign behind a number.
func (s *scanner) unit() string {
	before := s.at
	s.spaces()
	rest := s.text[s.at:min(len(s.text), s.at+8)]
	for _, u := range units {
		if len(rest) < len(u.written) || !strings.EqualFold(rest[:len(u.written)], u.written) {
			continue
		}
		after, _ := utf8.DecodeRuneInString(s.text[s.at+len(u.written):])
		if !unicode.IsLetter(after) {
			s.at += len(u.written)
			return u.unit
		}
	}
	s.at = before
	return ""
}

var months = []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}

// dateAt reads "22. september 2025", "22/09/2025", "22-09-2025", "22.9.2025" or
// "2025-09-22" and returns it as 2025-09-22 with its end, or "".
func dateAt(text string, at int) (iso string, end int) {
	a, i := digitsAt(text, at)
	if a == "" || len(a) > 4 || i >= len(text) {
		return "", 0
	}
	if sep := text[i]; sep == '/' || sep == '-' || sep == '.' {
		b, j := digitsAt(text, i+1)
		if len(b) == 1 || len(b) == 2 {
			if j < len(text) && text[j] == sep {
				c, k := digitsAt(text, j+1)
				if len(a) == 4 && len(c) <= 2 && sep == '-' {
					return isoDate(a, b, c), k
				}
				if len(a) <= 2 && len(c) == 4 {
					return isoDate(c, b, a), k
				}
			}
		}
	}
	if len(a) <= 2 && text[i] == '.' {
		return writtenDate(text, a, i+1)
	}
	return "", 0
}

// writtenDate reads " september 2025" behind the day.
func writtenDate(text, day string, at int) (string, int) {
	at = skipBlank(text, at)
	for n, month := range months {
		if len(text)-at < len(month) || !strings.EqualFold(text[at:at+len(month)], month) {
			continue
		}
		year, end := digitsAt(text, skipBlank(text, at+len(month)))
		if len(year) == 4 {
			return isoDate(year, fmt.Sprint(n+1), day), end
		}
	}
	return "", 0
}

func skipBlank(text string, at int) int {
	for {
		switch {
		case strings.HasPrefix(text[at:], " "):
			at++
		case strings.HasPrefix(text[at:], "\u00a0"):
			at += len("\u00a0")
		default:
			return at
		}
	}
}

// isoDate returns "" for what is no day of a year.
func isoDate(year, month, day string) string {
	var y, m, d int
	fmt.Sscan(year, &y)
	fmt.Sscan(strings.TrimLeft(month, "0"), &m)
	fmt.Sscan(strings.TrimLeft(day, "0"), &d)
	if m < 1 || m > 12 || d < 1 || d > 31 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

func digitsAt(text string, at int) (string, int) {
	i := at
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return text[at:i], i
}
