package citation

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestName in bytes bounds how far an act's name is sought.
const longestName = 220

// actBefore finds the act that is named right before position at, and where its
// name begins. own is "" with a beginning before at: "denne lovs § 5".
func (p *parser) actBefore(at int) (start int, act string) {
	from := max(p.done, at-longestName)
	before := strings.TrimRight(p.text[from:at], " \u00a0\n\t")
	if before == "" {
		return at, ""
	}
	word := lastWords(before, 1)
	lower := strings.ToLower(word)
	switch lower {
	case "lovens", "loven", "bekendtgørelsens", "forordningens":
		return from + len(before) - len(word), p.last
	}
	if two := strings.ToLower(lastWords(before, 2)); two == "denne lovs" || two == "nærværende lovs" || two == "denne bekendtgørelses" {
		return from + len(before) - len(two), ""
	}
	if start, act, ok := p.knownBefore(from, before); ok {
		return start, act
	}
	// An act that the table lacks, by its one-word name, mostly in the genitive.
	if base := strings.TrimSuffix(lower, "s"); len(base) > len("loven") && (strings.HasSuffix(base, "loven") || strings.HasSuffix(base, "forordningen") || strings.HasSuffix(base, "bekendtgørelsen")) {
		return from + len(before) - len(word), base
	}
	return at, ""
}

// knownBefore matches the longest name of the table that ends here.
func (p *parser) knownBefore(from int, before string) (start int, act string, ok bool) {
	t := acts()
	word := lastWords(before, 1)
	if n, found := t.abbreviations[strings.ToUpper(word)]; found && (word == strings.ToUpper(word) || word == strings.ToLower(word)) {
		return from + len(before) - len(word), t.acts[n].Name, true
	}
	if !strings.Contains(strings.ToLower(word), "lov") && !strings.Contains(strings.ToLower(before), "lov") && !strings.Contains(strings.ToLower(before), "forordning") && !strings.Contains(strings.ToLower(before), "reglement") {
		return 0, "", false
	}
	for words := min(t.longest+1, strings.Count(before, " ")+1); words >= 1; words-- {
		name := lastWords(before, words)
		if n, found := t.lookup(normalName(name)); found {
			return from + len(before) - len(name), t.acts[n].Name, true
		}
	}
	return 0, "", false
}

// lastWords returns the last n words of s as they stand.
func lastWords(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		i = strings.LastIndexAny(strings.TrimRight(s[:i], " \n\t"), " \n\t(»\"")
		if i < 0 {
			return s
		}
		if n > 1 {
			continue
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		return s[i+size:]
	}
	return s[max(i, 0):]
}

// actBehind reads " i lov om social service", " i barnets lov", " i lov nr. 721
// af 13. juni 2023", with a ", jf. lovbekendtgørelse nr. …" behind it. Without
// one the cursor stays.
func (p *parser) actBehind() (act string, number Number) {
	before := p.at
	p.eat(",")
	if !p.space() || !p.word("i") || !p.space() {
		p.at = before
		return "", Number{}
	}
	if n, ok := p.number(); ok {
		act = p.titleBehindNumber()
		return act, n
	}
	for _, own := range []string{"denne lov", "nærværende lov", "denne bekendtgørelse"} {
		if p.word(own) {
			return "", Number{}
		}
	}
	if p.word("samme lov") || p.word("loven") || p.word("den nævnte lov") {
		return p.last, Number{}
	}
	if act = p.nameBehind(); act == "" {
		p.at = before
		return "", Number{}
	}
	at := p.at
	if p.eat(","); p.space() && (p.word("jf.") || p.word("jævnfør")) && p.space() {
		if n, ok := p.number(); ok {
			return act, n
		}
	}
	p.at = at
	return act, Number{}
}

// titleBehindNumber reads " om social service" behind "lov nr. … af …".
func (p *parser) titleBehindNumber() string {
	before := p.at
	if p.space() && p.word("om") {
		c := cursor{text: "lov om" + p.text[p.at:min(len(p.text), p.at+longestName)]}
		if name, length := readName(c.text); name != "" {
			p.at += length - len("lov om")
			return name
		}
	}
	p.at = before
	return ""
}

// nameBehind reads an act's name at the cursor: the longest of the table, else
// "lov om …" up to the first word that cannot belong to a title, else a single
// word that ends in "loven".
func (p *parser) nameBehind() string {
	name, length := readName(p.text[p.at:min(len(p.text), p.at+longestName)])
	p.at += length
	return name
}

func readName(text string) (name string, length int) {
	ends := wordEnds(text)
	t := acts()
	for i := min(len(ends), t.longest+2) - 1; i >= 0; i-- {
		candidate := text[:ends[i]]
		if n, ok := t.names[normalName(candidate)]; ok {
			if !strings.HasSuffix(candidate, "m.v.") && !strings.HasSuffix(candidate, "m.m.") {
				candidate = strings.TrimRight(candidate, ".,;:?!")
			}
			return t.acts[n].Name, len(candidate)
		}
	}
	if len(ends) == 0 {
		return "", 0
	}
	first := strings.Trim(text[:ends[0]], ".,;:()?!")
	if n, ok := t.abbreviations[first]; ok {
		return t.acts[n].Name, len(first)
	}
	if lower := strings.ToLower(first); len(lower) > len("loven") && strings.HasSuffix(lower, "loven") {
		return lower, len(first)
	}
	return unknownTitle(text, ends)
}

// wordEnds returns where each word of text ends, up to the end of the sentence.
func wordEnds(text string) []int {
	var ends []int
	inWord := false
	for i, r := range text {
		space := unicode.IsSpace(r)
		if space && inWord {
			ends = append(ends, i)
			if last := text[i-1]; last == ';' || last == ':' {
				return ends
			}
		}
		inWord = !space
	}
	if inWord {
		ends = append(ends, len(text))
	}
	return ends
}

// unknownTitle reads "lov om …" of an act that the table lacks. Titles hold no
// verbs, so a title ends before the first of the words that begin a clause, and
// at punctuation.
func unknownTitle(text string, ends []int) (string, int) {
	lower := strings.ToLower(text)
	if !strings.HasPrefix(lower, "lov om ") && !strings.HasPrefix(lower, "bekendtgørelse om ") {
		return "", 0
	}
	length, from := 0, 0
	for i, end := range ends {
		word := strings.TrimSpace(lower[from:end])
		from = end
		if i > 1 && clauseWords[strings.Trim(word, ".,;:()")] {
			break
		}
		length = end
		if last := word[len(word)-1]; i > 1 && (last == '.' || last == ',' || last == ';' || last == ':' || last == ')') {
			break
		}
	}
	title := strings.TrimRight(text[:length], " .,;:)")
	if strings.Count(title, " ") < 2 {
		return "", 0
	}
	return normalName(title), len(title)
}

var clauseWords = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`finder gælder skal kan må er har hvis når som der det de den eller samt jf jf. dog medmindre tilsvarende
		blev bliver efter ikke indtil inden uanset træffes ydes anvendes omfattes indtræder fastsættes sker at hvor i § §§ stk`) {
		m[w] = true
	}
	return m
}()
