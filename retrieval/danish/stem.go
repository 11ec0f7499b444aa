package danish

import (
	"sync"

	"github.com/blevesearch/snowballstem"
	danishstem "github.com/blevesearch/snowballstem/danish"
	englishstem "github.com/blevesearch/snowballstem/english"
)

// Stem cuts a lower-case Danish word to its stem: the Snowball algorithm for
// Danish (Porter 2001), the one that the measured recipe of DESIGN 7 uses.
func Stem(word string) string { return StemLang("da", word) }

// StemLang is Stem for a language: "en" for English, Danish else.
func StemLang(lang, word string) string {
	if hasDigit(word) {
		return word // numbers, references, dates: nothing to inflect
	}
	env := envs.Get().(*snowballstem.Env)
	defer envs.Put(env)
	env.SetCurrent(word)
	if lang == "en" {
		englishstem.Stem(env)
	} else {
		danishstem.Stem(env)
	}
	return env.Current()
}

var envs = sync.Pool{New: func() any { return snowballstem.NewEnv("") }}

func hasDigit(s string) bool {
	for i := range len(s) {
		if '0' <= s[i] && s[i] <= '9' {
			return true
		}
	}
	return false
}
