package policy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isCPR judges a candidate by its form, its date of birth, and, where form and
// date could be chance, by the words around it and the check digit.
func (c *candidate) isCPR(text string, year int) bool {
	if c.partOfMore(text) {
		return false
	}
	digits, form := c.normal()
	if form == noForm || !validBirth(digits, year) {
		return false
	}
	said := saysCPR(text, c.start) || isCalledCPR(text, c.end)
	switch {
	case form == certain && !said && isLabelledOther(text, c.start) && !checkDigit(digits):
		return false
	case form == certain || said:
		return true
	case saysOther(text, c.start, c.end), c.inRow(text):
		return false
	case form == plain:
		return true
	}
	return checkDigit(digits)
}

// form says how much the spelling alone tells.
type form int

const (
	noForm  form = iota
	chance       // "01 01 90 12 34": could be a row of numbers
	plain        // "0101901234": could be another number
	certain      // "010190-1234": nothing else is written so
)

// normal returns the ten digits (the last four 0 for a substitute number) as
// DDMMYYSSSS.
func (c *candidate) normal() ([]byte, form) {
	spaces := !slices.ContainsFunc(c.separators, func(s string) bool { return strings.Trim(s, " ") != "" })
	last := ""
	if len(c.separators) > 0 {
		last = c.separators[len(c.separators)-1]
	}
	switch {
	case c.letters:
		return append(slices.Clone(c.digits[:6]), 0, 0, 0, 0), certain
	case slices.Equal(c.groups, []int{6, 4}):
		if spaces || strings.Contains(last, "/") {
			return c.digits, plain
		}
		return c.digits, certain
	case slices.Equal(c.groups, []int{10}):
		return c.digits, plain
	case slices.Equal(c.groups, []int{2, 2, 2, 4}) && c.evenly(2):
		if spaces {
			return c.digits, chance
		}
		return c.digits, certain
	case slices.Equal(c.groups, []int{2, 2, 4, 4}) && c.evenly(2) && strings.Trim(last, " ") == "-":
		return append(slices.Clone(c.digits[:4]), c.digits[6:]...), certain
	case slices.Equal(c.groups, []int{4, 2, 2, 4}) && c.evenly(2) && strings.Trim(last, " ") == "-": // 1990-01-01-1234
		return append(append(append(slices.Clone(c.digits[6:8]), c.digits[4:6]...), c.digits[2:4]...), c.digits[8:]...), certain
	case (slices.Equal(c.groups, []int{4, 2, 4}) || slices.Equal(c.groups, []int{6, 2, 2})) && len(c.digits) == 10:
		if spaces || strings.Trim(strings.Join(c.separators, ""), " -") != "" {
			return c.digits, chance
		}
		return c.digits, plain
	case len(c.digits) == 10 && len(c.groups) < 4 && strings.Trim(strings.Join(c.separators, ""), "-") == "" && len(c.separators) > 0:
		return c.digits, plain // "0101-901234"
	case len(c.groups) == 10:
		if strings.Trim(c.separators[5], " ") == "-" {
			return c.digits, certain
		}
		return c.digits, plain
	case len(c.digits) == 10 && len(c.groups) > 2 && len(c.groups) < 5 && c.pairs():
		return c.digits, chance // "0407 62 11-87"
	case len(c.digits) == 10 && c.evenly(len(c.separators)) && (len(c.groups) == 5 && !slices.ContainsFunc(c.groups, func(n int) bool { return n != 2 }) || len(c.groups) == 10):
		return c.digits, chance
	}
	return nil, noForm
}

// pairs tells whether every group is of two or four digits, and the serial
// number begins a group.
func (c *candidate) pairs() bool {
	sum, begins := 0, false
	for _, n := range c.groups {
		begins = begins || sum == 6
		if n != 2 && n != 4 {
			return false
		}
		sum += n
	}
	return begins
}

// evenly tells whether the first n separators are the same.
func (c *candidate) evenly(n int) bool {
	for _, s := range c.separators[:n] {
		if s != c.separators[0] {
			return false
		}
	}
	return true
}

// inRow tells whether further numbers stand beside the candidate: then it is a
// piece of a table.
func (c *candidate) inRow(text string) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[:c.start], " \u00a0\n"))
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[c.end:], " \u00a0\n"))
	return unicode.IsDigit(before) || unicode.IsDigit(after)
}

// partOfMore tells a number that goes on before or behind the candidate: an
// account, an amount, a KLE number, the hexadecimal id of a link.
func (c *candidate) partOfMore(text string) bool {
	before, size := utf8.DecodeLastRuneInString(text[:c.start])
	if unicode.IsDigit(before) {
		return true
	}
	if strings.ContainsRune(".,-/", before) {
		earlier, _ := utf8.DecodeLastRuneInString(text[:c.start-size])
		if unicode.IsDigit(earlier) {
			return true
		}
	}
	if unicode.IsLetter(before) && len(c.groups) == 1 && !saysCPR(text, c.start) {
		return true
	}
	after, size := utf8.DecodeRuneInString(text[c.end:])
	if after == '-' {
		after, _ = utf8.DecodeRuneInString(text[c.end+size:])
	}
	return unicode.IsDigit(after) || unicode.IsLetter(after)
}

// validBirth applies the century rule of the CPR office (Personnummeret i CPR,
// 2008): the seventh digit and the year give the century. Days from 61 are those
// of substitute numbers.
func validBirth(d []byte, now int) bool {
	day, month, yy, seventh := int(d[0])*10+int(d[1]), int(d[2])*10+int(d[3]), int(d[4])*10+int(d[5]), d[6]
	if day > 60 {
		day -= 60
	}
	year := 1900 + yy
	switch {
	case (seventh == 4 || seventh == 9) && yy <= 36, seventh >= 5 && seventh <= 8 && yy <= 57:
		year = 2000 + yy
	case seventh >= 5 && seventh <= 8:
		year = 1800 + yy
	}
	if month < 1 || month > 12 || day < 1 || year > now {
		return false
	}
	days := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		days = 29
	}
	return day <= days
}

// checkDigit is modulus 11. Since October 2007 numbers are given that do not
// satisfy it, so it can only speak for a number, never against.
func checkDigit(d []byte) bool {
	sum := 0
	for i, w := range []int{4, 3, 2, 7, 6, 5, 4, 3, 2, 1} {
		sum += w * int(d[i])
	}
	return sum%11 == 0
}

// saysCPR tells whether the words right before call the number a CPR number.
func saysCPR(text string, at int) bool {
	before := strings.ToLower(tail(text[:at], 40))
	for _, w := range []string{"cpr", "personnummer", "person nr", "personnr", "pnr"} {
		if strings.Contains(before, w) {
			return true
		}
	}
	near := strings.TrimRight(tail(before, 14), " :,.=")
	for _, w := range []string{"borger", "borgeren", "ansøger", "ansøgeren", "klient", "klienten", "patient", "patienten", "barnet", "part", "født", "sagen på", "sag på", "vedr", "vedrørende", "moren", "faren", "hende", "eleven", "citizen"} {
		if strings.HasSuffix(near, w) {
			return true
		}
	}
	return false
}

// isCalledCPR tells whether the words right behind call the number so: "… er
// hendes cpr-nummer".
func isCalledCPR(text string, end int) bool {
	after := strings.ToLower(text[end:min(len(text), end+28)])
	return strings.Contains(after, "cpr") && !hasDigit(strings.SplitN(after, "cpr", 2)[0])
}

// saysOther tells whether the words around call it something else.
func saysOther(text string, start, end int) bool {
	before := strings.ToLower(tail(text[:start], 30))
	for _, w := range []string{"tlf", "telefon", "mobil", "fax", "ean", "cvr", "p-nummer", "p-nr", "produktionsenhed", "enhedsnummer", "journal", "j.nr", "sagsn", "sag nr", "sags-id", "dokumentn", "faktura",
		"konto", "reg.", "ordre", "ticket", "kvittering", "serienum", "licens", "kundenr", "medlemsn", "varenr", "bestilling", "rekvisition", "kr.", "matrikel", "isbn", "issn", "løbenr", "løbenummer", "bfe", "kle", "+45", "http", "id="} {
		if strings.Contains(before, w) {
			return true
		}
	}
	after := strings.ToLower(strings.TrimLeft(text[end:min(len(text), end+12)], " \u00a0"))
	for _, w := range []string{"kr", "kroner", "dkk", "mio", "%"} {
		if strings.HasPrefix(after, w) {
			return true
		}
	}
	after = strings.ToLower(text[end:min(len(text), end+24)])
	for _, w := range []string{"journalnum", "sagsnum", "ordrenum", "fakturanum", "telefonnum", "kontonum", "dokumentnum"} {
		if strings.Contains(after, w) {
			return true
		}
	}
	return false
}

// isLabelledOther tells whether the word right before a number in the form of a
// CPR number says that it is the number of a record: "ordre 010190-1234".
func isLabelledOther(text string, start int) bool {
	before := strings.ToLower(tail(text[:start], 16))
	for _, w := range []string{"ordre", "dok.", "dokument", "journal", "j.nr", "faktura", "ticket", "kvittering", "tlf", "telefon", "konto", "bilag", "serienr", "rekvisition"} {
		if at := strings.LastIndex(before, w); at >= 0 && !strings.ContainsAny(before[at:], ",;") && len(strings.Fields(before[at:])) < 3 {
			return true
		}
	}
	return false
}

// tail returns the last n bytes of s, from the beginning of a character.
func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[len(s)-n:]
	for len(s) > 0 && !utf8.RuneStart(s[0]) {
		s = s[1:]
	}
	return s
}
