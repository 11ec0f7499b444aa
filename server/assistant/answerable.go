package assistant

import (
	"fmt"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval"
)

// Shares of a question's weight that must be spoken of before it counts as
// answered: by one section, and by one of its sentences.
const (
	minSection  = 0.62
	minSentence = 0.40
	mainWord    = 0.90 // a word of this share of the heaviest word's weight may not be missing
)

// How well a word must be covered to count as spoken of, and to count as
// hinted at: "udgifter" hints at "merudgifter".
const (
	spoken = 0.6
	hinted = 0.5
)

const noSource = "Ingen kilde fundet: "

const advice = " Prøv med lovens egne ord, nævn loven eller paragraffen (fx »serviceloven § 85«), eller spørg om ét forhold ad gangen."

// unanswered says in Danish why the question has no answer in the collection,
// or returns "". It judges by the words of the question, not by a raw score:
// the best of bad hits also has one.
func (q *question) unanswered(res retrieval.Result, places []*place) string {
	exact := false
	for _, p := range places {
		exact = exact || p.hit.Exact
	}
	if missing := missingReference(res); missing != "" && !exact {
		return noSource + fmt.Sprintf("%s findes ikke i samlingen med virkning for den valgte dag. Bestemmelsen kan være ophævet eller flyttet: spørg uden paragrafnummer, så søges der efter indholdet.", missing)
	}
	if exact {
		return ""
	}
	if len(places) == 0 || len(q.terms) == 0 {
		return noSource + "samlingen har ingen bestemmelse, der svarer på spørgsmålet." + advice
	}
	for _, p := range places {
		if q.answeredBy(p) {
			return ""
		}
	}
	return noSource + "samlingen har ingen bestemmelse, der svarer på spørgsmålet." + q.unspoken(places) + advice
}

// answeredBy tells whether a section speaks of enough of the question.
func (q *question) answeredBy(p *place) bool {
	if p.covered < minSection || !q.enoughWords(p) {
		return false
	}
	for i := range p.units {
		if p.units[i].cover >= minSentence {
			return true
		}
	}
	return false
}

// enoughWords asks for the words that tell most of what the question is about,
// and for two words where it has two: one common word is found everywhere.
func (q *question) enoughWords(p *place) bool {
	heaviest := 0.0
	for _, t := range q.terms {
		heaviest = max(heaviest, t.weight)
	}
	subject, found := 0, 0
	for i, t := range q.terms {
		if t.generic {
			continue
		}
		subject++
		switch strength := p.whole[i].strength(); {
		case strength >= spoken:
			found++
		case strength < hinted && t.weight >= mainWord*heaviest:
			return false
		}
	}
	return found >= min(2, subject)
}

// unspoken names the words that no section speaks of, for a better question.
func (q *question) unspoken(places []*place) string {
	var words []string
	for i, t := range q.terms {
		if t.generic {
			continue
		}
		found := false
		for _, p := range places {
			found = found || p.whole[i].strength() >= spoken
		}
		if !found {
			words = append(words, "»"+t.text+"«")
		}
	}
	switch len(words) {
	case 0:
		return ""
	case 1:
		return " De nærmeste kilder nævner ikke " + words[0] + "."
	}
	last := len(words) - 1
	return " De nærmeste kilder nævner hverken " + strings.Join(words[:last], ", ") + " eller " + words[last] + "."
}

// missingReference returns the first provision that the question names by §
// or annex, as it was written.
func missingReference(res retrieval.Result) string {
	for _, r := range res.Refs {
		if r.Section != "" || r.Annex != "" || r.Chapter != "" {
			return r.Raw
		}
	}
	return ""
}
