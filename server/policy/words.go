package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a word of a text with where it stands.
type word struct {
	text       string // folded: see fold
	start, end int    // bytes of the checked text
	upper      bool   // begins with a capital
	mark       mark   // what stands between the word before and this one
	quoted     bool   // stands between quotation marks
	sets       set    // the lists of the policy that hold it
	span       int    // words of the longest listed phrase that begins here; at least 1
}

// mark is the punctuation before a word.
type mark byte

const (
	space mark = iota
	comma      // , : – ( and the like: a clause may begin
	stop       // . ! ? ; or a new line: a sentence begins
)

// sentence is a run of words between two stops.
type sentence struct {
	words []word
	asks  bool // ends with a question mark
}

// foreign maps letters that look like Latin ones, by which words are hidden.
var foreign = map[rune]string{
	'а': "a", 'е': "e", 'о': "o", 'р': "p", 'с': "c", 'х': "x", 'у': "y", 'і': "i", 'к': "k", 'м': "m", 'т': "t", 'в': "b", 'н': "h", 'ѕ': "s", 'ј': "j",
	'α': "a", 'ο': "o", 'ε': "e", 'ι': "i", 'ν': "v", 'ρ': "p", 'τ': "t",
	'æ': "ae", 'ø': "oe", 'å': "aa", 'ä': "ae", 'ö': "oe", 'ß': "ss", 'ð': "d", 'þ': "th", 'ł': "l", 'đ': "d", 'ı': "i",
}

// foldRune writes a letter or digit in lower-case ASCII: å as "aa", as people
// type it who lack the key. Other characters give "".
func foldRune(r rune) string {
	if r < utf8.RuneSelf {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return ascii[r]
		case 'A' <= r && r <= 'Z':
			return ascii[r+'a'-'A']
		}
		return ""
	}
	r = unicode.ToLower(r)
	if s, ok := foreign[r]; ok {
		return s
	}
	if d, size := digit(string(r)); size > 0 {
		return ascii['0'+d]
	}
	var b strings.Builder
	for _, part := range norm.NFKD.String(string(r)) {
		if part = unicode.ToLower(part); part < utf8.RuneSelf && (unicode.IsLetter(part) || unicode.IsDigit(part)) {
			b.WriteRune(part)
		}
	}
	if b.Len() == 0 && unicode.IsLetter(r) {
		return string(r)
	}
	return b.String()
}

// ascii holds the one-letter strings, so that folding allocates nothing.
var ascii = func() (t [utf8.RuneSelf]string) {
	for i := range t {
		t[i] = string(rune(i))
	}
	return t
}()

// fold writes a word of the policy file as it is looked up.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		if r == '-' || r == '*' || r == '§' {
			b.WriteRune(r)
			continue
		}
		b.WriteString(foldRune(r))
	}
	return b.String()
}

// splitWords cuts a text into words. A hyphen between letters belongs to its
// word ("e-mail"); "§" is a word.
func splitWords(text string) []word {
	var words []word
	var b strings.Builder
	current := word{start: -1}
	quoted, gap := false, stop
	flush := func(end int) {
		if current.start < 0 {
			return
		}
		current.text, current.end = strings.Trim(b.String(), "-"), end
		if current.text != "" {
			words = append(words, current)
			gap = space
		}
		b.Reset()
		current = word{start: -1}
	}
	for i, r := range text {
		folded := ""
		switch {
		case zeroWidth(r):
			continue
		case (r == '\'' || r == '’') && current.start >= 0 && startsLetter(text[i+utf8.RuneLen(r):]):
			continue // "sms'en", "don't"
		case r == '\u030a' && b.Len() > 0: // a decomposed å
			b.WriteByte('a')
			continue
		case unicode.Is(unicode.Mn, r):
			continue
		case r == '§':
			folded = "§"
		case (r == '-' || r == '\u2010' || r == '\u2011') && current.start >= 0:
			folded = "-"
		default:
			folded = foldRune(r)
		}
		if folded != "" {
			if current.start < 0 {
				current = word{start: i, upper: unicode.IsUpper(r), mark: gap, quoted: quoted, span: 1}
			}
			b.WriteString(folded)
			continue
		}
		flush(i)
		switch {
		case strings.ContainsRune("\"“”„»«'‘’", r):
			quoted = !quoted && r != '”' && r != '’' || r == '»' || r == '„'
			gap = max(gap, comma)
		case r == '.' && abbreviated(words, text[i+1:]):
		case strings.ContainsRune(".!?;\n", r):
			gap = stop
		case !unicode.IsSpace(r):
			gap = max(gap, comma)
		}
	}
	flush(len(text))
	return words
}

func startsLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// abbreviated tells whether a full stop belongs to the word before it: "hr.",
// "nr. 3", "f.eks."
func abbreviated(words []word, rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return true
	}
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1].text
	if len(last) == 1 && unicode.IsLetter(rune(last[0])) {
		return true // "K. Yilmaz"
	}
	switch last {
	case "hr", "mr", "mrs", "ms", "prof", "vedr", "frk", "fr", "nr", "stk", "kap", "jf", "f", "eks", "ca", "bl", "a", "dr", "tlf", "pkt", "sct", "skt", "st", "cpr", "pnr", "inkl", "evt", "mv", "osv", "sagsnr":
		return true
	}
	return false
}

// sentences groups words; text tells which of them end with a question mark.
func sentences(text string, words []word) []sentence {
	var out []sentence
	from := 0
	for i := 1; i <= len(words); i++ {
		if i < len(words) && words[i].mark != stop {
			continue
		}
		until := len(text)
		if i < len(words) {
			until = words[i].start
		}
		if i > from {
			out = append(out, sentence{words: words[from:i], asks: strings.Contains(text[words[i-1].end:until], "?")})
		}
		from = i
	}
	return out
}
