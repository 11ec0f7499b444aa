package policy

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainText is a text in lower-case ASCII, for finding numbers however they are
// written: digits of all scripts as 0 to 9, every dash as "-", every space as
// " ", other signs as themselves or "~", without escapes, tags and characters
// that are not seen.
type plainText struct {
	text string
	at   []int // where each byte comes from, and the end
}

var (
	plainTag    = regexp.MustCompile(`^</?[a-zA-Z][^<>]{0,60}>`)
	plainEntity = regexp.MustCompile(`^&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});`)
	plainEscape = regexp.MustCompile(`^(?:%[0-9a-fA-F]{2})+`)
)

func asPlain(text string) plainText {
	var b strings.Builder
	p := plainText{at: make([]int, 0, len(text)+1)}
	emit := func(s string, at int) {
		b.WriteString(s)
		for range len(s) {
			p.at = append(p.at, at)
		}
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		source, decoded := text[i:i+size], text[i:i+size]
		switch r {
		case '&':
			if m := plainEntity.FindString(text[i:]); m != "" {
				source, decoded = m, html.UnescapeString(m)
			}
		case '%':
			if m := plainEscape.FindString(text[i:]); m != "" {
				if s, err := url.PathUnescape(m); err == nil && utf8.ValidString(s) {
					source, decoded = m, s
				}
			}
		case '<':
			if m := plainTag.FindString(text[i:]); m != "" {
				source, decoded = m, " "
			}
		}
		for _, r := range decoded {
			emit(plainRune(r), i)
		}
		i += len(source)
	}
	p.text, p.at = b.String(), append(p.at, len(text))
	return p
}

func plainRune(r rune) string {
	switch {
	case zeroWidth(r) || r == '\u030a':
		return ""
	case unicode.Is(unicode.Mn, r):
		return ""
	case unicode.IsSpace(r):
		return " "
	case unicode.Is(unicode.Pd, r) || r == '\u2212' || r == '\u00ad':
		return "-"
	case r == '§':
		return "§"
	}
	if s := foldRune(r); s != "" {
		return s
	}
	if r < utf8.RuneSelf {
		return string(r)
	}
	return "~"
}

// origin returns the span of the checked text that a span of the plain one
// comes from.
func (p *plainText) origin(start, end int, text string) span {
	from, to := p.at[start], p.at[end-1]
	_, size := utf8.DecodeRuneInString(text[to:])
	if next := p.at[end]; next > to {
		size = max(size, len(strings.TrimRightFunc(text[to:next], zeroWidth)))
	}
	return span{from, min(len(text), to+size)}
}
