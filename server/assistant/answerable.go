package assistant

import (
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
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

// The sentences of a refusal. What to try is said too.
const (
	noSource     = "Ingen kilde fundet: "
	nothingFound = noSource + "samlingen har ingen bestemmelse, der svarer på spørgsmålet."
	advice       = " Prøv med lovens egne ord, nævn loven eller paragraffen (fx »serviceloven § 85«), eller spørg om ét forhold ad gangen."
)

// unanswered says in Danish why the question has no answer in the collection,
// or returns "". It judges by the words of the question, not by a raw score:
// the best of bad hits also has one.
func (q *question) unanswered(res retrieval.Result, places []*place) string {
	exact := slices.DeleteFunc(slices.Clone(places), func(p *place) bool { return !p.hit.Exact })
	if named, act := namedProvision(res); named != "" && !slices.ContainsFunc(exact, (*place).hasPart) {
		switch {
		case act || len(exact) > 0:
			return noSource + named + " findes ikke i samlingen med virkning for den valgte dag. Bestemmelsen kan være ophævet eller flyttet: spørg uden paragrafnummer, så søges der efter indholdet."
		case !q.hasSubject():
			return noSource + "det fremgår ikke, hvilken lov " + named + " står i. Nævn loven, fx »serviceloven § 85«."
		}
	}
	if len(exact) > 0 || slices.ContainsFunc(places, q.answeredBy) {
		return ""
	}
	if len(places) == 0 || len(q.terms) == 0 {
		return nothingFound + advice
	}
	return nothingFound + q.unspoken(places) + advice
}

// hasPart tells whether the section has the stk. that the question names.
func (p *place) hasPart() bool {
	return p.part == "" || slices.ContainsFunc(p.units, func(u candidate) bool { return u.stk == p.part })
}

// answeredBy tells whether a section speaks of enough of the question.
func (q *question) answeredBy(p *place) bool {
	return p.covered >= minSection && q.enoughWords(p) &&
		slices.ContainsFunc(p.units, func(u candidate) bool { return u.cover >= minSentence })
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
		if !slices.ContainsFunc(places, func(p *place) bool { return p.whole[i].strength() >= spoken }) {
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

// namedProvision returns the first § that the question names, as it was
// written, and whether it names the act too. "§ 85" alone may stand in any.
func namedProvision(res retrieval.Result) (raw string, act bool) {
	for _, r := range res.Refs {
		if r.Section != "" {
			return r.Raw, r.Act != "" || r.Number != (citation.Number{})
		}
	}
	return "", false
}
