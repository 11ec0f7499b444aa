// Package norm reads the sentences of statutes and guidelines into a small
// typed form: who must, may or must not do what, within which figures, and
// unless what. It looks at one sentence at a time and at words only; whether two
// clauses speak of the same thing is decided by who compares them.
package norm

import (
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// Modality is the force of a clause.
type Modality int

// The modalities.
const (
	None    Modality = iota // tells how something is or is done
	Must                    // skal, har pligt til, påhviler
	May                     // kan, må
	Should                  // bør
	MustNot                 // må ikke, kan ikke
	NeedNot                 // skal ikke, behøver ikke
)

// Danish names the modality as an explanation does.
func (m Modality) Danish() string {
	return [...]string{"beskriver", "skal", "kan", "bør", "må ikke", "skal ikke"}[m]
}

// Actor is who a clause binds or allows.
type Actor int

// The actors.
const (
	Nobody       Actor = iota // not said: "Afgørelsen skal begrundes"
	Municipality              // kommunalbestyrelsen, kommunen, jobcenteret …
	Minister                  // ministers, agencies of the state
	Other                     // the citizen, a court, a region …
)

// Clause is one sentence in typed form. All offsets are bytes of the text that
// it was read from.
type Clause struct {
	Start, End int
	Lead       int // index of the clause whose list this is an item of; -1 otherwise
	Item       bool
	Part       string // "stk. 2" of a statute's section; ""
	Modality   Modality
	ModalStart int // of the word that carries the modality; ModalEnd == ModalStart without one
	ModalEnd   int
	Mixed      bool // other main verbs of the sentence have another modality
	Who        Actor
	Passive    bool     // the first of the verbs is one: "skal begrundes"
	Verbs      []string // stems of the infinitives that follow the modality
	Words      []string // stems of the content words, without modality, figures and actor
	Quantities []Quantity
	Unless     bool // "medmindre", "dog ikke", "bortset fra"
}

// Quote is the clause's text.
func (c *Clause) Quote(text string) string { return text[c.Start:c.End] }

// Read returns the clauses of a section in the order of its text. Items of a
// list are clauses of their own that know their lead.
func Read(s *corpus.Section) []Clause {
	var out []Clause
	lead := -1
	for _, at := range danish.Sentences(s.Text) {
		start, end := skipLabel(s, at[0], at[1])
		if start >= end {
			continue
		}
		c := read(s.Text, start, end)
		c.Part, _, _ = strings.Cut(s.PartAt(at[0], at[1]), ",")
		c.Lead = -1
		if c.Item = isItem(s.Text[start:end]); c.Item && lead >= 0 {
			c.Lead = lead
		}
		if !c.Item {
			lead = -1
			if opensList(s.Text, end) {
				lead = len(out)
			}
		}
		out = append(out, c)
	}
	return out
}

// skipLabel passes "§ 85." and "Stk. 2." at the beginning of a sentence.
func skipLabel(s *corpus.Section, start, end int) (int, int) {
	text := s.Text[start:end]
	for _, label := range []string{s.Label + ".", s.Label} {
		if strings.HasPrefix(s.Label, "§") && start == 0 && strings.HasPrefix(text, label) {
			rest := strings.TrimLeft(text[len(label):], " \u00a0\n")
			return end - len(rest), end
		}
	}
	if m := stkLabel.FindString(text); m != "" {
		return start + len(m), end
	}
	return start, end
}

// isItem recognises the items of a list by their markers.
func isItem(text string) bool { return itemMarker.MatchString(text) }

// opensList tells whether a list follows the sentence that ends at end.
func opensList(text string, end int) bool {
	rest := strings.TrimLeft(text[end:], " \n")
	return strings.HasSuffix(text[:end], ":") || itemMarker.MatchString(rest)
}

func read(text string, start, end int) Clause {
	c := Clause{Start: start, End: end}
	sentence := text[start:end]
	c.Quantities = Quantities(sentence)
	for i := range c.Quantities {
		c.Quantities[i].Start += start
		c.Quantities[i].End += start
	}
	c.modality(sentence)
	c.who(sentence)
	c.words(sentence)
	lower := " " + strings.ToLower(sentence)
	c.Unless = strings.Contains(lower, " medmindre ") || strings.Contains(lower, " bortset fra ") || strings.Contains(lower, " dog ikke ")
	return c
}
