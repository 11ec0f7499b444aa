package assistant

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

//go:embed words.txt
var wordsFile string

// sameWords maps the stem of a word of a question to the words that statutes
// use in its place.
var sameWords = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(wordsFile) {
		word, same, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(word, "#") {
			continue
		}
		stem := danish.Stem(word)
		for _, w := range strings.Fields(same) {
			if danish.Stem(w) != stem {
				m[stem] = append(m[stem], w)
			}
		}
	}
	return m
})

// genericStems are the stems of genericWords.
var genericStems = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w := range genericWords {
		m[danish.Stem(w)] = true
	}
	return m
})
