package assistant

import (
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// kind is a set of what a question asks for: "Hvornår kan vi …, og hvad er
// fristen?" asks for conditions and for a deadline.
type kind uint16

const (
	asksDeadline   kind = 1 << iota // hvornår skal, frist, senest
	asksDuration                    // hvor længe
	asksAmount                      // hvor meget, sats, beløb
	asksWho                         // hvem, hvilken myndighed
	asksDefinition                  // hvad er, hvad forstås ved
	asksCondition                   // hvornår kan, betingelser, krav
	asksMay                         // kan, må
	asksMust                        // skal, pligt
	asksAppeal                      // klage
	asksException                   // undtagelser
	asksContent                     // hvad skal … indeholde, oplyse om
)

// term is one word of the question that an answer is expected to speak of.
type term struct {
	text    string // lower case, folded
	stem    string
	same    []string // stems of the words that statutes use for it
	generic bool     // a word of every second provision or question: kommune, person, hjælp
	weight  float64  // how much it tells, set from the candidates; sums to 1 over a question
}

// question is a question taken apart.
type question struct {
	text  string
	kinds kind
	terms []term
}

func (q *question) asks(k kind) bool { return q.kinds&k != 0 }

// analyse takes a question apart. References are left to the search, which
// knows what they point to.
func analyse(text string) question {
	q := question{text: text}
	lower := plain(text)
	for _, c := range questionCues {
		if containsAny(lower, c.phrases) {
			q.kinds |= c.kind
		}
	}
	seen := map[string]bool{}
	for _, t := range danish.Tokens(text) {
		if t.Kind == danish.Reference || danish.Stop(t.Term) || questionWords[t.Term] {
			continue
		}
		stem := danish.Stem(t.Term)
		if seen[stem] || utf8.RuneCountInString(t.Term) < 2 && t.Kind == danish.Word {
			continue
		}
		seen[stem] = true
		q.terms = append(q.terms, term{text: t.Term, stem: stem, same: stems(sameWords()[stem]), generic: genericStems()[stem]})
	}
	q.promote()
	return q
}

// promote takes the generic words for the subject where the question has no
// other: "Hvad er fristen for at klage?".
func (q *question) promote() {
	for _, t := range q.terms {
		if !t.generic {
			return
		}
	}
	for i := range q.terms {
		q.terms[i].generic = false
	}
}

func stems(words []string) []string {
	var out []string
	for _, w := range words {
		out = append(out, danish.Stem(w))
	}
	return out
}
