package citation

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cursor reads a text from left to right. Its readers leave it where it was
// when what they look for is not there.
type cursor struct {
	text string
	at   int
}

func (c *cursor) rest() string { return c.text[c.at:] }

// eat passes s exactly.
func (c *cursor) eat(s string) bool {
	if !strings.HasPrefix(c.rest(), s) {
		return false
	}
	c.at += len(s)
	return true
}

// word passes w in any case, unless it is the beginning of a longer word.
func (c *cursor) word(w string) bool {
	if len(c.rest()) < len(w) || !strings.EqualFold(c.rest()[:len(w)], w) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(c.text[c.at+len(w):])
	last, _ := utf8.DecodeLastRuneInString(w)
	if unicode.IsLetter(last) && unicode.IsLetter(next) {
		return false
	}
	c.at += len(w)
	return true
}

// space passes white space: blanks, no-break spaces, a line end within a
// reference.
func (c *cursor) space() bool {
	before := c.at
	for c.at < len(c.text) {
		if b := c.text[c.at]; b == ' ' || b == '\n' || b == '\t' || b == '\r' {
			c.at++
		} else if !c.eat("\u00a0") && !c.eat("\u2009") && !c.eat("\u202f") {
			break
		}
	}
	return c.at > before
}

// integer passes a number of at most n digits and returns it, or 0.
func (c *cursor) integer(n int) int {
	value, i := 0, c.at
	for i < len(c.text) && isDigit(c.text[i]) {
		if i-c.at == n {
			return 0
		}
		value = value*10 + int(c.text[i]-'0')
		i++
	}
	c.at = i
	return value
}

// digits passes digits, at most 4, and returns them.
func (c *cursor) digits() string {
	i := c.at
	for i < len(c.text) && isDigit(c.text[i]) {
		i++
	}
	if i-c.at > 4 {
		return ""
	}
	s := c.text[c.at:i]
	c.at = i
	return s
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// letter passes a single letter a–z that is a word of its own. "i" counts only
// before punctuation: "§ 85 i lov om …".
func (c *cursor) letter() string {
	if c.at >= len(c.text) {
		return ""
	}
	l := c.text[c.at] | 0x20
	if l < 'a' || l > 'z' {
		return ""
	}
	next, _ := utf8.DecodeRuneInString(c.text[c.at+1:])
	if unicode.IsLetter(next) || unicode.IsDigit(next) || l == 'i' && (unicode.IsSpace(next) || c.at+1 == len(c.text)) {
		return ""
	}
	c.at++
	return string(rune(l))
}
