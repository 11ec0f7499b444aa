package danish

import "strings"

// gramSize in characters: 5 was the best of 3 to 6 where the recipe was
// measured (DESIGN 7).
const gramSize = 5

// EachGram gives the character 5-grams of words as a running text, in their
// order, repeated ones too. A blank stands before and after each word: grams
// then tell where words begin and end, and which ones stand together. "støtte"
// and "bostøtte" share three, "støtte til" and "støtte fra" one more than
// "støttet" has with them.
func EachGram(words []Token, f func(gram string)) {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range words {
		b.WriteString(t.Term)
		b.WriteByte(' ')
	}
	text := b.String()
	var starts [gramSize]int // of the last characters
	n := 0
	for i := range text {
		if n >= gramSize {
			f(text[starts[n%gramSize]:i])
		}
		starts[n%gramSize] = i
		n++
	}
	if n >= gramSize {
		f(text[starts[n%gramSize]:])
	}
}
