// Package danish turns Danish (and English) text into tokens, stems, sentences
// and the parts of compounds. It is the one analysis for index, query,
// highlighting and verification; it knows nothing of documents or ranking.
package danish

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// TokenKind says what a token is.
type TokenKind int

// The kinds of token.
const (
	Word      TokenKind = iota
	Number              // "1000", "2,5": without thousands separators
	Reference           // "§85a"
	Amount              // "1000kr", "25%"
	Date                // "2026-03-01"
)

// Token is a word, or a number, reference, amount or date in its normal form.
type Token struct {
	Term       string // lower case, compatibility forms folded, not stemmed
	Start, End int    // byte range in the text
	Kind       TokenKind
}

// Tokens cuts text into tokens in their order. White space, punctuation and
// hyphens separate; soft hyphens and zero-width characters do not.
func Tokens(text string) []Token {
	s := scanner{text: text, out: make([]Token, 0, len(text)/6)}
	for s.at < len(text) {
		c := text[s.at]
		switch {
		case c < utf8.RuneSelf && asciiClass[c] == 0:
			s.at++
		case '0' <= c && c <= '9':
			s.number()
		case c == '\xc2' && strings.HasPrefix(text[s.at:], "§"):
			s.reference()
		default:
			s.word()
		}
	}
	return s.out
}

type scanner struct {
	text string
	at   int
	out  []Token
	buf  []byte
}

// asciiClass is 1 for letters and digits.
var asciiClass = func() (t [utf8.RuneSelf]byte) {
	for c := range t {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' {
			t[c] = 1
		}
	}
	return t
}()

func (s *scanner) emit(term string, start int, kind TokenKind) {
	s.out = append(s.out, Token{Term: term, Start: start, End: s.at, Kind: kind})
}

// word scans letters and digits from a letter, or passes over what is neither.
func (s *scanner) word() {
	start, end := s.at, s.at
	s.buf = s.buf[:0]
	for s.at < len(s.text) {
		c := s.text[s.at]
		if c < utf8.RuneSelf {
			if asciiClass[c] == 0 {
				break
			}
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			s.buf = append(s.buf, c)
			s.at++
			end = s.at
			continue
		}
		r, size := utf8.DecodeRuneInString(s.text[s.at:])
		if !s.fold(r) {
			if len(s.buf) == 0 {
				s.at += size
			}
			break
		}
		s.at += size
		if !ignorable(r) {
			end = s.at
		}
	}
	if len(s.buf) > 0 {
		s.out = append(s.out, Token{Term: string(s.buf), Start: start, End: end, Kind: Word})
	}
}

// fold appends the normal form of r, and tells whether r belongs to a word.
func (s *scanner) fold(r rune) bool {
	switch {
	case ignorable(r):
		return true
	case unicode.Is(unicode.Mn, r): // a combining mark: å typed as a and a ring
		last, size := utf8.DecodeLastRune(s.buf)
		if size == 0 {
			return false
		}
		s.buf = s.buf[:len(s.buf)-size]
		for _, c := range norm.NFC.String(string(last) + string(r)) {
			s.appendFolded(c)
		}
		return true
	case unicode.IsLetter(r):
		s.appendFolded(r)
		return true
	}
	return false
}

// appendFolded writes a letter in lower case, without the accents that Danish
// may leave out, and compatibility forms (ﬁ, ａ) as the letters they stand for.
func (s *scanner) appendFolded(r rune) {
	r = unicode.ToLower(r)
	if plain, ok := accents[r]; ok {
		r = plain
	}
	if r == 'æ' || r == 'ø' || r == 'å' || r < utf8.RuneSelf {
		s.buf = utf8.AppendRune(s.buf, r)
		return
	}
	for _, c := range norm.NFKC.String(string(r)) {
		s.buf = utf8.AppendRune(s.buf, unicode.ToLower(c))
	}
}

var accents = map[rune]rune{'ä': 'æ', 'ö': 'ø', 'é': 'e', 'è': 'e', 'ê': 'e', 'ë': 'e', 'á': 'a', 'à': 'a', 'ü': 'u', 'ó': 'o', 'í': 'i'}

// ignorable characters stand inside words without being part of them.
func ignorable(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return true
	}
	return false
}

// reference scans "§ 85 a" to "§85a", and each number of "§§ 83, 85 og 86-87".
func (s *scanner) reference() {
	start := s.at
	plural := false
	for s.eat("§") {
		plural = s.at-start > len("§")
	}
	for {
		s.spaces()
		number := s.digits()
		if number == "" {
			return
		}
		s.emit("§"+number+s.sectionLetter(), start, Reference)
		if !plural || !s.joiner() {
			return
		}
		start = s.at
	}
}

// joiner passes "-", "," or "og" where another number follows.
func (s *scanner) joiner() bool {
	before := s.at
	s.spaces()
	for _, word := range []string{"-", "–", ",", "og", "eller", "til"} {
		if s.eat(word) {
			s.spaces()
			if s.at < len(s.text) && isDigit(s.text[s.at]) {
				return true
			}
			break
		}
	}
	s.at = before
	return false
}

// sectionLetter passes the letter of "85 a". The words "i" and "å" are taken
// for a letter only right before punctuation: "§ 85 i lov om …".
func (s *scanner) sectionLetter() string {
	before := s.at
	s.spaces()
	if s.at < len(s.text) {
		c := s.text[s.at] | 0x20
		next := byte(0)
		if s.at+1 < len(s.text) {
			next = s.text[s.at+1]
		}
		single := next < utf8.RuneSelf && asciiClass[next] == 0
		if 'a' <= c && c <= 'z' && single && (c != 'i' || next != ' ' && next != 0) {
			s.at++
			return string(rune(c))
		}
	}
	s.at = before
	return ""
}

func (s *scanner) eat(word string) bool {
	if !strings.HasPrefix(s.text[s.at:], word) {
		return false
	}
	s.at += len(word)
	return true
}

// spaces passes blanks and no-break spaces, not line ends.
func (s *scanner) spaces() {
	for s.at < len(s.text) {
		switch {
		case s.text[s.at] == ' ':
			s.at++
		case strings.HasPrefix(s.text[s.at:], "\u00a0"):
			s.at += len("\u00a0")
		default:
			return
		}
	}
}

func (s *scanner) digits() string {
	start := s.at
	for s.at < len(s.text) && isDigit(s.text[s.at]) {
		s.at++
	}
	return s.text[start:s.at]
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
