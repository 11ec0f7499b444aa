package statute

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// provision is the number a § begins with: "§ 85 a. ", "§§ 13-15. ".
type provision struct {
	num     int    // 85
	letter  string // "a"; as written
	to      string // end of a range: "15", "h"; "" otherwise
	last    int    // the highest number it covers: 15 of "§§ 13-15"
	and     bool   // "§§ 15 c og 15 d"
	end     int    // bytes of the text that the number takes, with its full stop
	dotted  bool   // a full stop follows: the way a § begins in Danish statutes
	bare    bool   // nothing follows: a centred § of an amending act, or a headline
	quoted  bool   // opens with », so it is text to be inserted into another act
	capital bool   // what follows begins like a sentence
}

// id is the provision as a local section id: "85a", "13-15", "96k-o".
func (p provision) id() string {
	s := strings.ToLower(itoa(p.num) + p.letter)
	if p.to != "" {
		s += "-" + strings.ToLower(strings.ReplaceAll(p.to, " ", ""))
	}
	return s
}

// label is the provision as it is cited: "§ 85 a", "§§ 13-15".
func (p provision) label() string {
	s := itoa(p.num)
	if p.letter != "" {
		s += " " + p.letter
	}
	switch {
	case p.to == "":
		return "§ " + s
	case p.and:
		return "§§ " + s + " og " + p.to
	}
	return "§§ " + s + "-" + p.to
}

// readProvision reads the number at the head of text, or reports false.
func readProvision(text string) (provision, bool) {
	var p provision
	s := scanner{text: text}
	for s.accept('»') || s.accept('"') || s.accept('“') || s.accept('”') {
		p.quoted = true
	}
	if !s.accept('§') {
		return p, false
	}
	s.spaces()
	s.accept('§')
	s.spaces()
	var ok bool
	if p.num, p.letter, ok = s.number(); !ok {
		return p, false
	}
	p.to, p.and = s.rangeEnd()
	p.last = p.num
	if end := (&scanner{text: p.to}); p.to != "" {
		if n, _, ok := end.number(); ok {
			p.last = n
		}
	}
	mark := s.at
	s.spaces()
	if p.dotted = s.accept('.'); !p.dotted {
		s.at = mark
		s.accept(',') // "§ 31 D, Ministeren kan": a slip in an act in force
	}
	p.end = s.at
	s.spaces()
	p.bare = s.at == len(text)
	r, _ := utf8.DecodeRuneInString(text[s.at:])
	p.capital = unicode.IsUpper(r) || unicode.IsDigit(r) || r == '(' || r == '»' || r == '§'
	return p, true
}

// scanner reads a number at the head of a text, rune by rune.
type scanner struct {
	text string
	at   int
}

func (s *scanner) peek() rune {
	r, _ := utf8.DecodeRuneInString(s.text[s.at:])
	return r
}

func (s *scanner) accept(want rune) bool {
	if s.at < len(s.text) && s.peek() == want {
		s.at += utf8.RuneLen(want)
		return true
	}
	return false
}

func (s *scanner) spaces() {
	for s.accept(' ') || s.accept('\u00a0') {
	}
}

// number reads "85", "85 a", "85a" or "2 A"; a letter counts only alone.
func (s *scanner) number() (num int, letter string, ok bool) {
	start := s.at
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' && s.at-start < 5 {
		num = num*10 + int(s.text[s.at]-'0')
		s.at++
	}
	if s.at == start {
		return 0, "", false
	}
	mark := s.at
	s.spaces()
	if letter = s.letter(); letter == "" {
		s.at = mark
	}
	return num, letter, true
}

// letter reads a single letter that no other letter or digit follows.
func (s *scanner) letter() string {
	r, size := utf8.DecodeRuneInString(s.text[s.at:])
	if size == 0 || !unicode.IsLetter(r) {
		return ""
	}
	next, _ := utf8.DecodeRuneInString(s.text[s.at+size:])
	if s.at+size < len(s.text) && (unicode.IsLetter(next) || unicode.IsDigit(next)) {
		return ""
	}
	if r == 'i' && strings.HasPrefix(s.text[s.at:], "i ") && !strings.HasPrefix(s.text[s.at:], "i -") {
		return "" // "§ 5 i lov om …" is a preposition
	}
	s.at += size
	return string(r)
}

// rangeEnd reads "-15", " - 15 a", "-o", " og 15 d" and moves past it only if
// it is there.
func (s *scanner) rangeEnd() (to string, and bool) {
	mark := s.at
	s.spaces()
	switch {
	case s.accept('-'), s.accept('–'), s.accept('—'):
	case strings.HasPrefix(s.text[s.at:], "og "):
		s.at += len("og ")
		and = true
	default:
		s.at = mark
		return "", false
	}
	s.spaces()
	if num, letter, ok := s.number(); ok {
		to = itoa(num)
		if letter != "" {
			to += " " + letter
		}
		return to, and
	}
	if to = s.letter(); to == "" {
		s.at = mark
		return "", false
	}
	return to, and
}
