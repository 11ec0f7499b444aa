package norm

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

//go:embed same.txt
var sameFile string

var same = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(sameFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(line)
		for _, w := range words {
			if s := danish.Stem(w); m[s] == "" {
				m[s] = danish.Stem(words[0])
			}
		}
	}
	return m
})

// Same returns the stem that stands for a stem and its synonyms.
func Same(stem string) string {
	if s, ok := same()[stem]; ok {
		return s
	}
	return stem
}
