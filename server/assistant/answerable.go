package assistant

import (
	"math"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
)

// signs are what tells whether the collection answers a question.
type signs struct {
	words    float64 // how likely it is by the words of the query: retrieval.Result.Answerable
	best     float64 // the score of the best sentence by its words
	subjects int     // words of the question that say what it is about
	near     float64 // cosine of the question and the sentence nearest to it
	compared bool    // near is known
	exact    bool    // the question names a § that is there
}

// Weights of the signs: logistic regressions on the development half of
// eval/suites/answers and on the questions of questions_test.go (219 questions
// with an answer, 81 without, classes weighed alike). Cross-validated AUC 0.89
// with near, 0.875 without.
const (
	answerableBias, answerableWords, answerableBest, answerableSubjects, answerableNear = -30.31, 0.225, 2.091, 1.613, 30.65
	wordsBias, wordsWords, wordsBest, wordsSubjects                                     = -5.883, 0.346, 3.787, 2.314

	// Below minAnswerable nothing is answered. Cross-validated, that refuses 0.14 and
	// 0.06 of the questions of the two sets that have an answer, and 0.60 and 0.91 of
	// those that have none. Below doubtful, the answer says which words its sources
	// lack.
	minAnswerable = 0.45
	doubtful      = 0.65
)

func (q *question) signs(res *retrieval.Result, places []*place) signs {
	s := signs{words: res.Answerable}
	for _, t := range q.terms {
		if !t.generic {
			s.subjects++
		}
	}
	for _, p := range places {
		s.exact = s.exact || p.hit.Exact
		for i := range p.units {
			s.best = max(s.best, p.units[i].score)
		}
	}
	return s
}

// answerable is the probability that the question has an answer among the
// places.
func (s signs) answerable() float64 {
	words := min(max(s.words, 0.01), 0.99)
	logit, subjects := math.Log(words/(1-words)), math.Log1p(float64(s.subjects))
	z := wordsBias + wordsWords*logit + wordsBest*s.best + wordsSubjects*subjects
	if s.compared {
		z = answerableBias + answerableWords*logit + answerableBest*s.best + answerableSubjects*subjects + answerableNear*s.near
	}
	return 1 / (1 + math.Exp(-z))
}

// spoken is how well a word must be covered to count as spoken of.
const spoken = 0.6

// The sentences of a refusal. What to try is said too.
const (
	noSource     = "Ingen kilde fundet: "
	nothingFound = noSource + "samlingen har ingen bestemmelse, der svarer på spørgsmålet."
	advice       = " Prøv med lovens egne ord, nævn loven eller paragraffen (fx »serviceloven § 85«), eller spørg om ét forhold ad gangen."
)

// unanswered says in Danish why the question has no answer in the collection,
// or returns "". It does not judge by the score of the best hit alone: the best
// of bad hits also has one.
func (q *question) unanswered(res retrieval.Result, places []*place, s signs) string {
	exact := slices.DeleteFunc(slices.Clone(places), func(p *place) bool { return !p.hit.Exact })
	if named, act := namedProvision(res); named != "" && !slices.ContainsFunc(exact, (*place).hasPart) {
		switch {
		case act || len(exact) > 0:
			return noSource + named + " findes ikke i samlingen med virkning for den valgte dag. Bestemmelsen kan være ophævet eller flyttet: spørg uden paragrafnummer, så søges der efter indholdet."
		case !q.hasSubject():
			return noSource + "det fremgår ikke, hvilken lov " + named + " står i. Nævn loven, fx »serviceloven § 85«."
		}
	}
	if len(places) == 0 || len(q.terms) == 0 && len(exact) == 0 {
		return nothingFound + advice
	}
	if len(exact) > 0 || s.answerable() >= minAnswerable {
		return ""
	}
	return nothingFound + q.unspoken(places) + advice
}

// reservation says of a doubtful answer which words of the question its sources
// do not speak of, or returns "".
func (q *question) reservation(s signs, pieces []*piece) string {
	if s.exact || s.answerable() >= doubtful {
		return ""
	}
	var places []*place
	for _, p := range pieces {
		places = append(places, p.place)
	}
	words := q.missing(places)
	if len(words) == 0 {
		return "Det er ikke sikkert, at kilderne besvarer spørgsmålet: læs, om reglen dækker det, du spørger om."
	}
	return "Kilderne nævner ikke " + enumerate(words) + ": læs, om reglen dækker det, du spørger om."
}

// hasPart tells whether the section has the stk. that the question names.
func (p *place) hasPart() bool {
	return p.part == "" || slices.ContainsFunc(p.units, func(u candidate) bool { return u.stk == p.part })
}

// unspoken names the words that no section speaks of, for a better question.
func (q *question) unspoken(places []*place) string {
	words := q.missing(places)
	switch len(words) {
	case 0:
		return ""
	case 1:
		return " De nærmeste kilder nævner ikke " + words[0] + "."
	}
	last := len(words) - 1
	return " De nærmeste kilder nævner hverken " + strings.Join(words[:last], ", ") + " eller " + words[last] + "."
}

// missing lists the words of the question's subject, in quotation marks, that
// none of the places speaks of.
func (q *question) missing(places []*place) []string {
	var words []string
	for i, t := range q.terms {
		if t.generic {
			continue
		}
		if !slices.ContainsFunc(places, func(p *place) bool { return p.whole[i].strength() >= spoken }) {
			words = append(words, "»"+t.text+"«")
		}
	}
	return words
}

// enumerate joins words as a Danish list: "a, b eller c".
func enumerate(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " eller " + words[last]
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
