package parse

import (
	"strings"
	"unicode"
)

// fold turns every run of white space into one space, trims the ends and drops
// characters that are invisible and break words when they are searched for:
// soft hyphens, zero-width spaces and joiners, byte order marks, controls.
func fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
		case invisible(r):
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isFolded is the quick test that spares most text a copy.
func isFolded(s string) bool {
	before := ' '
	for _, r := range s {
		if r == ' ' && before == ' ' || r != ' ' && unicode.IsSpace(r) || invisible(r) || r == unicode.ReplacementChar {
			return false
		}
		before = r
	}
	return before != ' ' || s == ""
}

func invisible(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\u2061', '\u2062', '\u2063', '\ufeff':
		return true
	}
	return unicode.IsControl(r)
}

// hasText tells whether any block carries text.
func hasText(blocks []Block) bool {
	for _, b := range blocks {
		if b.Text != "" {
			return true
		}
	}
	return false
}

// firstHeading returns the text of the first heading among the first blocks,
// which serves as a title where a format has none of its own.
func firstHeading(blocks []Block) string {
	for _, b := range blocks[:min(len(blocks), 20)] {
		if b.Kind == Heading {
			return b.Text
		}
	}
	return ""
}
