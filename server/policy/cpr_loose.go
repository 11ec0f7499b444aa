package policy

import (
	"regexp"
	"strings"
)

// findLoose finds numbers in a question that are joined by signs which no
// record uses, escaped by a link or a web page, written with the year first, or
// with the serial number before the date of birth.
func findLoose(text string, year int) []Place {
	if !holdsDigits(text, 7) { // the shortest: "1. maj 90 - 1234"
		return nil
	}
	plain := unescaped(text)
	var places []Place
	if joined := oddSigns(plain); joined != text {
		places = findWritten(joined, year)
	}
	for _, order := range numberOrders {
		for _, m := range order.form.FindAllStringSubmatchIndex(plain, -1) {
			if order.named && !saysSerial(plain, m[0], m[1]) {
				continue
			}
			digits, ok := order.birth(plain, m)
			if !ok || !validBirth(digits, year) || looksLikeYear(digits[6:]) && !saysCPR(plain, m[0]) {
				continue
			}
			places = append(places, Place{Start: m[2], End: m[3]})
		}
	}
	for i := range places {
		places[i].Masked = masked(text[places[i].Start:places[i].End])
	}
	return mergePlaces(text, nil, places)
}

// holdsDigits tells whether a text holds at least n digits.
func holdsDigits(text string, n int) bool {
	for i := 0; i < len(text) && n > 0; i++ {
		if isDigit(text[i]) {
			n--
		}
	}
	return n <= 0
}

// escapes are how links and web pages write a hyphen or a space. Each is
// replaced by text of the same length, so that places stay right.
var escapes = regexp.MustCompile(`(?i)%e2%80%9[0-5]|%2d|%20|%2e|%2f|&#0?45;|&#x2d;|&#821[0-3];|&ndash;|&mdash;|&minus;|&nbsp;|&shy;|&hyphen;`)

func unescaped(text string) string {
	if !strings.ContainsAny(text, "%&") {
		return text
	}
	return escapes.ReplaceAllStringFunc(text, func(s string) string {
		sign := "-"
		if s == "%20" || strings.EqualFold(s, "&nbsp;") {
			sign = " "
		}
		fill := len(s) - 1
		zero := ""
		if fill%2 == 1 {
			zero, fill = "\u200b", fill-3
		}
		return sign + zero + strings.Repeat("\u00ad", fill/2)
	})
}

// oddSigns writes a hyphen for signs that stand directly between two digits,
// alone or as brackets back to back: "01'01'90'1234", "{010190}{1234}".
func oddSigns(text string) string {
	out := []byte(text)
	for i := 1; i+1 < len(text); i++ {
		if !oddSign(text[i]) {
			continue
		}
		from := i
		for i+1 < len(text) && oddSign(text[i+1]) {
			i++
		}
		if i-from < 3 && isDigit(text[from-1]) && i+1 < len(text) && isDigit(text[i+1]) {
			for k := from; k <= i; k++ {
				out[k] = '-'
			}
		}
	}
	return string(out)
}

func oddSign(c byte) bool { return strings.IndexByte(`'|_*~=\"{}[]<>^#`+"`", c) >= 0 }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// order is a way to arrange date of birth and serial number. The first group of
// its form is the whole number; the others are given by their places in DDMMYY
// and the serial number.
type order struct {
	form                     *regexp.Regexp
	named                    bool // only where words say what it is
	day, month, year, serial int  // groups
}

const (
	dateForm  = `(\d{1,2})[./ -]{0,2}(\d{1,2}|jan\pL*|feb\pL*|mar\pL*|apr\pL*|maj|jun\pL*|jul\pL*|aug\pL*|sep\pL*|okt\pL*|nov\pL*|dec\pL*)[./ -]{0,2}(?:19|20)?(\d\d)`
	solidDate = `(\d\d)[./ -]?(\d\d)[./ -]?(?:19|20)?(\d\d)`
	monthDate = `(\d{1,2})\.? ?(jan\pL*|feb\pL*|mar\pL*|apr\pL*|maj|jun\pL*|jul\pL*|aug\pL*|sep\pL*|okt\pL*|nov\pL*|dec\pL*)[. ]{1,2}`
)

var numberOrders = []order{
	{regexp.MustCompile(`\b((?:19|20)(\d\d)(\d\d)(\d\d) ?[-–] ?(\d{4}))\b`), false, 4, 3, 2, 5},                                           // 19900101-1234
	{regexp.MustCompile(`(?:^|[^\d/.-])((\d\d)(\d\d)(\d\d) ?[-–]? ?(\d{4}))\b`), true, 4, 3, 2, 5},                                        // 900101-1234
	{regexp.MustCompile(`(?:^|[^\d/.-])((\d{4})[^\d\pL§]{1,3}` + solidDate + `)\b`), true, 3, 4, 5, 2},                                    // 1234-010190
	{regexp.MustCompile(`(?:^|[^\d/.,-])((\d{1,2})[./-](\d{1,2})[./-](?:19|20)?(\d\d)(?:-| ?\+ ?)(\d{4}))\b`), false, 2, 3, 4, 5},         // 1/1-90-1234
	{regexp.MustCompile(`(?i)\b((\d{4})\b[^\d§]{1,45}(?:født|fødsel|f\.|born|birth)[^\d§]{0,20}` + dateForm + `)\b`), true, 3, 4, 5, 2},   // løbenr. 1234, født 1/1-90
	{regexp.MustCompile(`(?i)\b(` + dateForm + `\b[^\d§\n]{1,30}\b(\d{4})\b)[^\d§]{0,12}(?:sidste|løbe|kontrol|last)`), true, 2, 3, 4, 5}, // 01-01-90, 1234 er de sidste
	{regexp.MustCompile(`(?i)(?:^|[^\d/.-])(` + monthDate + `(\d\d) ?[-–/,] ?(\d{4}))\b`), false, 2, 3, 4, 5},                             // 1. januar 90 - 1234
	{regexp.MustCompile(`(?i)(?:^|[^\d/.-])(` + monthDate + `(?:19|20)?(\d\d)[ ,–/-]{1,3}(\d{4}))\b`), true, 2, 3, 4, 5},                  // cpr 1. januar 1990 1234
}

// birth returns DDMMYYSSSS from the groups that m found.
func (o *order) birth(text string, m []int) ([]byte, bool) {
	var digits []byte
	for _, g := range []int{o.day, o.month, o.year, o.serial} {
		part := strings.ToLower(text[m[2*g]:m[2*g+1]])
		if !isDigit(part[0]) {
			n, ok := monthNumber(part)
			if !ok {
				return nil, false
			}
			digits = append(digits, byte(n/10), byte(n%10))
			continue
		}
		if len(part) == 1 {
			part = "0" + part
		}
		for i := range len(part) {
			digits = append(digits, part[i]-'0')
		}
	}
	return digits, true
}

// monthNumber reads a month's name or its beginning: "januar", "jan".
func monthNumber(text string) (int, bool) {
	for _, name := range []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"} {
		if text == name || len(text) <= 4 && strings.HasPrefix(name, text) {
			return ordinals[name], true
		}
	}
	n, ok := englishMonths[text]
	return n, ok
}

// looksLikeYear tells serial numbers that are more likely a year: "010190-2024".
func looksLikeYear(serial []byte) bool {
	return serial[0] == 1 && serial[1] == 9 || serial[0] == 2 && serial[1] == 0
}

// saysSerial tells whether the words around a number speak of a CPR number or
// its parts.
func saysSerial(text string, start, end int) bool {
	if saysCPR(text, start) || isCalledCPR(text, end) {
		return true
	}
	around := strings.ToLower(tail(text[:start], 40) + "\n" + text[start:end] + "\n" + text[end:min(len(text), end+40)])
	for _, w := range []string{"personnum", "løbenr", "løbenum", "kontrolcif", "sidste fire", "sidste 4", "de sidste", "cifre", "vendt", "bagfra", "baglæns", "fødselsda", "last four", "last 4", "reversed", "backwards"} {
		if strings.Contains(around, w) {
			return true
		}
	}
	return false
}
