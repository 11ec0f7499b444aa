package danish

import (
	_ "embed"
	"strings"
)

//go:embed stopwords.txt
var stopwordFile string

var stopwords = func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(stopwordFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			m[w] = true
		}
	}
	return m
}()

// Stop tells whether a token's term carries no content in a search. Words that
// change what a rule says ("ikke", "uden", "skal") are no stop words.
func Stop(term string) bool { return stopwords[term] }

// DetectLanguage tells Danish ("da") from English ("en") by their commonest
// words; what is neither counts as Danish.
func DetectLanguage(text string) string {
	const enough = 400 // tokens: more do not change the outcome
	da, en := 0, 0
	for i, t := range Tokens(text[:min(len(text), 12*enough)]) {
		if i == enough {
			break
		}
		if danishWords[t.Term] || strings.ContainsAny(t.Term, "æøå") {
			da++
		}
		if englishWords[t.Term] {
			en++
		}
	}
	if en > da {
		return "en"
	}
	return "da"
}

// Words that are common in one of the two languages and no words of the other.
var (
	danishWords  = set("og af er det som ikke til at skal kan ved eller efter den de hvad hvornår hvordan hvem må om på et en")
	englishWords = set("the of and to is are that shall with by or which what when how who does this be not under an firm must")
)
