package policy

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// injection finds attempts to change or to see the rules, plain or disguised.
func (t *reading) injection() []span {
	if spans := t.matchPatterns(ClassInjection); spans != nil {
		return spans
	}
	if spans := t.defeatsOrders(); spans != nil {
		return spans
	}
	whole := []span{{0, len(t.text)}}
	if m := speaker.FindStringIndex(t.text); m != nil {
		return []span{{m[0], m[1]}}
	}
	for _, m := range markers {
		if at := strings.Index(strings.ToLower(t.text), m); at >= 0 {
			return []span{{at, min(len(t.text), at+len(m))}}
		}
	}
	for _, clear := range disguised(t.text, t.words) {
		hidden := &reading{policy: t.policy, text: clear, words: splitWords(clear)}
		t.policy.lexicon.mark(hidden.words)
		hidden.sentences = sentences(clear, hidden.words)
		if hidden.matchPatterns(ClassInjection) != nil {
			return whole
		}
	}
	if t.spacedOut() {
		return whole
	}
	return nil
}

// defeatsOrders finds a sentence that puts Hjemmel's own rules out of force, in
// whatever order it says so: "de regler, du har fået, gælder ikke mere".
func (t *reading) defeatsOrders() []span {
	for i := range t.sentences {
		words := t.sentences[i].words
		defeat, order := first(words, defeats), firstOrder(words)
		if defeat < 0 || order < 0 || !speaksToHjemmel(words) || asksOfOthers(words) || t.mentions(&t.sentences[i], defeat) {
			continue
		}
		if words[0].in(questions) && t.sentences[i].asks {
			continue
		}
		return []span{{words[defeat].start, words[defeat].end}}
	}
	return nil
}

// firstOrder returns the first word for Hjemmel's rules. Rules about something
// ("reglerne om partshøring") are not Hjemmel's.
func firstOrder(words []word) int {
	for i := range words {
		if !words[i].in(orders) {
			continue
		}
		if i+1 < len(words) && words[i].in(texts) {
			switch words[i+1].text {
			case "om", "i", "for", "efter", "fra", "about", "in", "on", "§":
				continue
			}
		}
		return i
	}
	return -1
}

// speaksToHjemmel tells whether a sentence says "you" other than in "kan du".
func speaksToHjemmel(words []word) bool {
	for i := range words {
		switch words[i].text {
		case "dine", "din", "dit", "dig", "your", "hjemmel":
			return true
		case "du", "you":
			if i == 0 || !words[i-1].in(address) {
				return true
			}
		}
	}
	return false
}

// speaker is how a text poses as a message of the system.
var speaker = regexp.MustCompile(`(?i)^\W*(?:system|systembesked|system message|admin|administrator|developer)\W*:`)

// markers are what chat formats write around a system message.
var markers = []string{"<|im_start|>", "<|system|>", "<|endoftext|>", "[inst]", "<<sys>>", "</system>", "<system>", "### system", "### instruction", "###instruction", "[system]", "begin system prompt"}

// disguised returns what a text may say when it is decoded: base64, hex, rot13,
// backwards, digits for letters.
func disguised(text string, words []word) []string {
	out := []string{strings.NewReplacer("-", " ", "_", " ", ".", " ", "/", " ").Replace(text), mapLetters(text, rot13), mapLetters(text, unleet)}
	if utf8.ValidString(text) && len(text) < 4000 {
		out = append(out, backwards(text))
	}
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\"'`:,()", r) }) {
		if len(field) < 16 {
			continue
		}
		bare := strings.TrimRight(field, "=")
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			if data, err := enc.DecodeString(bare); err == nil && readable(data) {
				out = append(out, string(data))
			}
		}
		if data, err := hex.DecodeString(field); err == nil && readable(data) {
			out = append(out, string(data))
		}
	}
	return out
}

// readable tells text from what chance decodes to.
func readable(data []byte) bool {
	if !utf8.Valid(data) {
		return false
	}
	for _, r := range string(data) {
		if !unicode.IsPrint(r) && r != '\n' {
			return false
		}
	}
	return len(data) > 0
}

func mapLetters(s string, f func(rune) rune) string { return strings.Map(f, s) }

func rot13(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return 'a' + (r-'a'+13)%26
	case 'A' <= r && r <= 'Z':
		return 'A' + (r-'A'+13)%26
	}
	return r
}

func unleet(r rune) rune {
	if i := strings.IndexRune("013457@$!|", r); i >= 0 {
		return rune("oieastasil"[i])
	}
	return r
}

func backwards(s string) string {
	runes := []rune(s)
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return string(runes)
}

// spacedOut tells whether single letters in a row spell an attempt: "i g n o r
// e r  d i n e  i n s t r u k t i o n e r".
func (t *reading) spacedOut() bool {
	var b strings.Builder
	for i := range t.words {
		w := strings.ReplaceAll(t.words[i].text, "-", "")
		if len(w) <= 1 {
			b.WriteString(w)
		}
	}
	if b.Len() < 15 {
		return false
	}
	s := b.String()
	for _, verb := range []string{"ignorer", "ignore", "glem", "forget", "vis", "reveal", "tilsidesaet", "override", "disregard"} {
		if at := strings.Index(s, verb); at >= 0 && (strings.Contains(s[at:], "instru") || strings.Contains(s[at:], "prompt") || strings.Contains(s[at:], "regler") || strings.Contains(s[at:], "rules")) {
			return true
		}
	}
	return false
}
