package assistant

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// statement is a sentence as the model wrote it, in plain text, and the numbers
// of the sources that it names.
type statement struct {
	text  string
	cited []int
}

// replyReader cuts a model's text into statements while it comes. The form asked
// for is a sentence a line with marks like [1] behind it; it also takes several
// sentences on a line, marks before or behind the full stop, and lists.
type replyReader struct {
	rest string
}

// maxLine is how much text without a line's or sentence's end is kept.
const maxLine = 4 << 10

// write takes more text and returns the statements that it completes.
func (r *replyReader) write(text string) []statement {
	r.rest += text
	var out []statement
	for {
		line, rest, ok := strings.Cut(r.rest, "\n")
		if !ok {
			break
		}
		out = append(out, statements(line)...)
		r.rest = rest
	}
	if begun, rest := completed(r.rest); begun != "" {
		out = append(out, statements(begun)...)
		r.rest = rest
	}
	if len(r.rest) > maxLine {
		out = append(out, statements(r.rest)...)
		r.rest = ""
	}
	return out
}

// end returns what is left when the reply is complete.
func (r *replyReader) end() []statement {
	out := statements(r.rest)
	r.rest = ""
	return out
}

// completed splits off the sentences of a line behind which another one has
// begun, with the marks between them.
func completed(line string) (done, rest string) {
	ranges := danish.Sentences(line)
	if len(ranges) < 2 {
		return "", line
	}
	cut := ranges[len(ranges)-1][0]
	if m := marks.FindStringIndex(line[cut:]); m != nil && m[0] == 0 {
		cut += m[1]
		if strings.TrimSpace(line[cut:]) == "" {
			return "", line // perhaps more marks follow
		}
	}
	return line[:cut], line[cut:]
}

var (
	mark  = regexp.MustCompile(`\[\s*(?:[Kk]ilde(?:\s*nr\.?)?\s*)?(\d{1,3}(?:\s*(?:,|og|;)\s*\d{1,3})*)\s*\]`)
	marks = regexp.MustCompile(`(?:\s*` + mark.String() + `)+[.!?]?`)
)

// statements reads one line.
func statements(line string) []statement {
	line = plainText(line)
	var out []statement
	for start := 0; start < len(line); {
		text := line[start:]
		end := len(text)
		for _, m := range marks.FindAllStringIndex(text, -1) {
			if rest := strings.TrimSpace(text[m[1]:]); rest == "" || opensSentence(rest) {
				end = m[1]
				break
			}
		}
		out = append(out, uncited(text[:end])...)
		start += end
	}
	return out
}

func opensSentence(s string) bool {
	for _, r := range s {
		return unicode.IsUpper(r) || r == '»' || r == '§'
	}
	return false
}

// uncited cuts a text whose marks all stand at its end. Only its last sentence
// is cited by them: the model gave none for those before.
func uncited(text string) []statement {
	var cited []int
	for _, m := range mark.FindAllStringSubmatch(text, -1) {
		for _, n := range strings.FieldsFunc(m[1], func(r rune) bool { return !unicode.IsDigit(r) }) {
			if k, err := strconv.Atoi(n); err == nil && !slices.Contains(cited, k) {
				cited = append(cited, k)
			}
		}
	}
	text = strings.TrimSpace(mark.ReplaceAllString(text, ""))
	text = strings.ReplaceAll(strings.ReplaceAll(text, " .", "."), " ,", ",")
	ranges := danish.Sentences(text)
	var out []statement
	for i, at := range ranges {
		s := statement{text: text[at[0]:at[1]]}
		if i == len(ranges)-1 {
			s.cited = cited
		}
		if strings.ContainsFunc(s.text, unicode.IsLetter) {
			out = append(out, s)
		}
	}
	return out
}

var (
	images   = regexp.MustCompile(`!\[[^\]]*\]\([^)]*\)`)
	links    = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	tags     = regexp.MustCompile(`<[^>]*>?`)
	bullets  = regexp.MustCompile(`^\s*(?:#{1,6}|[-*•–>]|\d{1,2}[.)])\s+`)
	emphasis = regexp.MustCompile("\\*{1,3}|_{2,3}|`+|~~")
)

// plainText takes markup, links and what is not seen out of a line. Addresses
// stay as text here; a sentence with one is refused (see hasAddress).
func plainText(line string) string {
	line = norm.NFKC.String(line)
	line = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, line)
	line = images.ReplaceAllString(line, "")
	line = links.ReplaceAllString(line, "$1")
	line = tags.ReplaceAllString(line, "")
	line = emphasis.ReplaceAllString(line, "")
	for bullets.MatchString(line) {
		line = bullets.ReplaceAllString(line, "")
	}
	return strings.Join(strings.Fields(line), " ")
}

var address = regexp.MustCompile(`(?i)https?:|www\.|[\w.]+@[\w.]+|\b[a-z0-9-]+\.(?:dk|com|net|org|io|eu|info)\b|javascript:|data:`)

// hasAddress tells whether a sentence names a web or mail address: a model is
// never to send a reader anywhere.
func hasAddress(s string) bool { return address.MatchString(s) }
