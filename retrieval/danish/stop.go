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

// IsQuestion tells a question from words to look up, by its mark or its first
// word, in Danish or English.
func IsQuestion(text string) bool {
	if strings.Contains(text, "?") {
		return true
	}
	words := Tokens(text[:min(len(text), 100)])
	return len(words) > 2 && asking[words[0].Term]
}

// asking are words that begin questions and next to never a list of terms.
var asking = set("hvad hvem hvor hvornår hvordan hvorfor hvilken hvilket hvilke hvis må kan skal har er gælder findes bør kunne " +
	"what who where when how why which whose may can must shall should does do is are has")
