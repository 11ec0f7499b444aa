package policy

import "strings"

// spokenNumber reads a Danish or English number word of 0 to 99 as people read
// out CPR numbers: one digit below ten, two from ten on ("halvfems" 9 0).
func spokenNumber(text string) ([]byte, bool) {
	if n, ok := spoken[text]; ok {
		return twoDigits(n), true
	}
	if n, ok := ordinals[text]; ok {
		return []byte{byte(n / 10), byte(n % 10)}, true
	}
	// "enogtredive", "fireoghalvtreds"
	ones, tens, ok := strings.Cut(text, "og")
	if !ok {
		ones, tens, ok = strings.Cut(text, "-")
		ones, tens = tens, ones // "twenty-one"
	}
	if !ok {
		return nil, false
	}
	o, isOne := spoken[ones]
	t, isTen := spoken[tens]
	if !isTen {
		t, isTen = ordinals[tens] // "fireogtyvende"
	}
	if !isOne || !isTen || o == 0 || o > 9 || t < 20 {
		return nil, false
	}
	return twoDigits(t + o), true
}

// spokenRun reads number words that are joined: "nul-et-nul-et".
func spokenRun(text string) ([]byte, bool) {
	if !strings.Contains(text, "-") {
		return nil, false
	}
	var digits []byte
	for part := range strings.SplitSeq(text, "-") {
		d, ok := spokenNumber(part)
		if !ok {
			return nil, false
		}
		digits = append(digits, d...)
	}
	return digits, true
}

func twoDigits(n int) []byte {
	if n < 10 {
		return []byte{byte(n)}
	}
	return []byte{byte(n / 10), byte(n % 10)}
}

// spoken holds folded number words.
var spoken = map[string]int{
	"nul": 0, "et": 1, "en": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14,
	"femten": 15, "seksten": 16, "sytten": 17, "atten": 18, "nitten": 19, "tyve": 20, "tredive": 30, "fyrre": 40, "halvtreds": 50, "tres": 60, "halvfjerds": 70, "firs": 80, "halvfems": 90,
	"zero": 0, "oh": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
	"fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

// ordinals are the days and months of a spoken date: always two digits.
var ordinals = map[string]int{
	"foerste": 1, "anden": 2, "tredje": 3, "fjerde": 4, "femte": 5, "sjette": 6, "syvende": 7, "ottende": 8, "niende": 9, "tiende": 10, "ellevte": 11, "tolvte": 12,
	"trettende": 13, "fjortende": 14, "femtende": 15, "sekstende": 16, "syttende": 17, "attende": 18, "nittende": 19, "tyvende": 20, "tredivte": 30,
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14,
	"fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
	"januar": 1, "februar": 2, "marts": 3, "april": 4, "maj": 5, "juni": 6, "juli": 7, "august": 8, "september": 9, "oktober": 10, "november": 11, "december": 12,
}

// englishMonths are those that differ from the Danish ones.
var englishMonths = map[string]int{"january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "october": 10, "oct": 10}

func monthName(text string) bool {
	n, ok := ordinals[text]
	return ok && n <= 12 && !strings.HasSuffix(text, "e") && text != "anden"
}
