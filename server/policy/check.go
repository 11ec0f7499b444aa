package policy

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// span is a piece of a text, in bytes.
type span struct{ start, end int }

// reading is a text with what the policy's lists say of its words.
type reading struct {
	policy    *Policy
	text      string
	words     []word
	sentences []sentence
	names     []name
}

func (p *Policy) read(text string) *reading {
	t := &reading{policy: p, text: text, words: splitWords(text)}
	p.lexicon.mark(t.words)
	t.sentences = sentences(text, t.words)
	t.names = t.findNames()
	return t
}

// Check tells whether a question, a search or another request may enter
// Hjemmel. It keeps nothing of the text.
func (p *Policy) Check(text string) Verdict {
	if places := findCPR(text, time.Now().Year()); len(places) > 0 {
		return p.refuse(ClassCPR, places)
	}
	t := p.read(text)
	for _, try := range []struct {
		class Class
		find  func() []span
	}{
		{ClassInjection, t.injection}, {ClassPerson, t.person}, {ClassScoring, t.scoring}, {ClassCitizen, t.citizen}, {ClassDecision, t.decision},
	} {
		if spans := try.find(); len(spans) > 0 {
			if t.lifts(try.class) {
				return Verdict{Allowed: true}
			}
			return p.refuse(try.class, t.places(spans, try.class))
		}
	}
	if class, spans := t.judged(); class != "" {
		return p.refuse(class, t.places(spans, class))
	}
	return Verdict{Allowed: true}
}

// CheckName tells whether the name of a file or a collection may be stored. A
// name asks for nothing, so only numbers, contact data, and names of people in
// cases count.
func (p *Policy) CheckName(name string) Verdict {
	if places := findCPR(name, time.Now().Year()); len(places) > 0 {
		return p.refuse(ClassCPR, places)
	}
	// "sag_Mette-Hansen.pdf": what joins words in file names are spaces.
	t := p.read(strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == '+' {
			return ' '
		}
		return r
	}, name))
	if spans := t.caseNames(); len(spans) > 0 {
		t.text = name
		return p.refuse(ClassPerson, t.places(spans, ClassPerson))
	}
	return Verdict{Allowed: true}
}

func (p *Policy) refuse(class Class, places []Place) Verdict {
	r := p.rules[class]
	return Verdict{Class: class, Reason: r.Reason, Ground: r.Ground, Instead: r.Instead, Places: places}
}

// places makes places of spans: sorted, joined where they overlap, masked.
func (t *reading) places(spans []span, class Class) []Place {
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var out []Place
	for _, s := range spans {
		if n := len(out); n > 0 && s.start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.end)
		} else {
			out = append(out, Place{Start: s.start, End: s.end})
		}
	}
	for i := range out {
		out[i].Masked = maskFor(class, t.text[out[i].Start:out[i].End])
	}
	return out
}

// maskFor hides what identifies: of a person everything, of a request only the
// digits, so that one sees which words were meant.
func maskFor(class Class, s string) string {
	if class == ClassPerson || class == ClassCPR {
		return masked(s)
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || unicode.IsNumber(r) {
			return '•'
		}
		return r
	}, s)
}

// matchPatterns returns where one of the class's patterns matches first.
func (t *reading) matchPatterns(class Class) []span {
	for i := range t.sentences {
		words := t.sentences[i].words
		for k := range t.policy.patterns[class] {
			from, to, ok := t.policy.patterns[class][k].find(words)
			if ok && !t.mentions(&t.sentences[i], from) && !(class == ClassInjection && asksOfOthers(words)) && !(class == ClassDecision && t.supposes(words, from, to)) {
				return []span{{words[from].start, words[to-1].end}}
			}
		}
	}
	return nil
}

// asksOfOthers tells a question of what somebody else may do: "kan kommunen se
// bort fra …?", "hvornår må vi tilsidesætte …?"
func asksOfOthers(words []word) bool {
	if !words[0].in(questions) && !isModal(words[0].text) {
		return false
	}
	others := false
	for i := range words {
		switch words[i].text {
		case "du", "din", "dit", "dine", "dig", "you", "your", "jeres", "hjemmel", "systemprompt", "systemprompten":
			return false
		case "vi", "man", "we", "one":
			others = true
		}
		others = others || i < 4 && words[i].in(authorities|person|texts)
	}
	return others
}

// mentions tells whether the words at i only stand in quotation marks in a
// question: "hvad gør vi, når en borger skriver »…«?"
func (t *reading) mentions(s *sentence, i int) bool {
	return s.words[i].quoted && !s.words[0].quoted && (s.words[0].in(questions) || isModal(s.words[0].text))
}
