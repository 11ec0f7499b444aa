package parse

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func itoa(n int) string { return strconv.Itoa(n) }

// markerKind says what numbering or bullet a line begins with.
type markerKind int

const (
	noMarker      markerKind = iota
	sectionMark              // § 12 a.
	paragraphMark            // Stk. 2.
	numberMark               // 1)  (1)  1.  3.2
	letterMark               // a)
	bulletMark               // •
	chapterMark              // Kapitel 3, alone on its line
)

var markers = []struct {
	kind    markerKind
	pattern *regexp.Regexp
}{
	{sectionMark, regexp.MustCompile(`^§§?\s*\d+\s?[a-zA-ZæøåÆØÅ]{0,2}(\s*(-|–|og|,)\s*(§\s*)?\d+\s?[a-zA-ZæøåÆØÅ]{0,2})*\.(\s|$|[A-ZÆØÅ(])`)},
	{sectionMark, regexp.MustCompile(`^§\s*\d+\s?[a-zA-Z]?$`)},
	{paragraphMark, regexp.MustCompile(`^Stk\.\s*\d+`)},
	{chapterMark, regexp.MustCompile(`^(Kapitel|Afsnit|Afdeling|Bilag|Chapter|Annex|KAPITEL|AFSNIT|BILAG)\s+(\d+(\s?[a-zA-Z])?|[IVXLC]+|[A-Z])\.?$`)},
	{numberMark, regexp.MustCompile(`^\(?\d{1,3}\)\s`)},
	{numberMark, regexp.MustCompile(`^\d{1,3}(\.\d{1,3})*\.?\s+\S`)},
	{letterMark, regexp.MustCompile(`^\(?[a-zæøå]{1,2}\)\s`)},
	{letterMark, regexp.MustCompile(`^\(?[ivx]{1,5}\)\s`)},
	{bulletMark, regexp.MustCompile(`^[•·–—▪◦●○■□➢✓‒*-]\s`)},
}

// markerOf returns the marker that text begins with.
func markerOf(text string) markerKind {
	for _, m := range markers {
		if m.pattern.MatchString(text) {
			return m.kind
		}
	}
	return noMarker
}

// listMarker is a marker that cannot be the wrapped part of a sentence's number
// or date, as "1." in "1. januar" can.
var listMarker = regexp.MustCompile(`^(\(?\d{1,3}\)|\(?[a-zæøå]{1,2}\)|[•·▪◦●○■□➢✓])\s`)

// follows tells whether b is the item after a in one list: "2)" after "1)".
func follows(a, b string) bool {
	la, lb := strings.Trim(firstWord(a), "()."), strings.Trim(firstWord(b), "().")
	if na, err := strconv.Atoi(la); err == nil {
		nb, err := strconv.Atoi(lb)
		return err == nil && nb == na+1
	}
	ra, rb := []rune(la), []rune(lb)
	return len(ra) == 1 && len(rb) == 1 && unicode.IsLower(ra[0]) && rb[0] == ra[0]+1
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// keepsHyphen are the words after a hyphen that stands for a left-out part:
// "børne- og ungeudvalget".
var keepsHyphen = map[string]bool{"og": true, "eller": true, "samt": true, "til": true, "and": true, "or": true,
	"und": true, "oder": true, "respektive": true, "hhv.": true, "henholdsvis": true, "såvel": true, "men": true}

// joinLines appends the next line to text, and tells what stands between them:
// a space, nothing, or nothing with the hyphen taken away. soft says that the
// document marks its own word breaks (U+2010 or U+00AD), so that a plain hyphen
// at a line's end belongs to the word.
func joinLines(text, next string, soft bool) string {
	word := strings.TrimRight(firstWord(next), ",.;:)")
	switch last := lastRune(text); last {
	case '\u00ad', '\u2010':
		text = text[:len(text)-utf8.RuneLen(last)]
		if keepsHyphen[word] && last == '\u2010' {
			return text + "- " + next
		}
		return text + next
	case '-':
		before := lastRune(text[:len(text)-1])
		switch {
		case !unicode.IsLetter(before) && !unicode.IsDigit(before), keepsHyphen[word]:
			return text + " " + next
		case soft, !unicode.IsLower(before), !unicode.IsLower(firstRune(next)), shortPrefix(text):
			return text + next
		}
		return text[:len(text)-1] + next
	}
	return text + " " + next
}

// shortPrefix tells whether the last word of text is one letter and a hyphen,
// as in "e-boks" or "x-akse": a word is never broken there.
func shortPrefix(text string) bool {
	word := text[strings.LastIndexAny(text, " (»\"")+1:]
	return utf8.RuneCountInString(word) == 2
}

// tidyHyphens gives the hyphens inside a finished text their plain form.
var tidyHyphens = strings.NewReplacer("\u00ad", "", "\u2010", "-")
