package assistant

import (
	"math"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/register"
)

// signs are what tells whether the collection answers a question.
type signs struct {
	words    float64 // how likely it is by the words of the query: retrieval.Result.Answerable
	best     float64 // the score of the best sentence by its words
	subjects int     // words of the question that say what it is about
	near     float64 // cosine of the question and the sentence nearest to it
	compared bool    // near is known
	exact    bool    // the question names a § that is there

	here      register.Found // of the subject register: retrieval.Result.Governed
	elsewhere register.Found // and retrieval.Result.Elsewhere
	anAct     bool           // the best sentence is from an act: the register knows those only
}

// Weights of the signs: logistic regressions on the development half of
// eval/suites/answers and on the questions of questions_test.go (217 questions
// with an answer, 81 without, classes weighed alike). Cross-validated, that
// refuses 0.03 and 0.00 of the questions of the two sets that have an answer, and
// 0.97 and 0.92 of those that have none; the acts that the collection lacks were
// put into the register by one who had seen the development half, so only other
// questions tell how good it is.
var (
	withMeaning = signWeights{bias: -35.27, words: 0.150, best: 1.06, subjects: 2.253, near: 15.44, cosine: 16.44, said: 2.748, margin: 4.99}
	wordsOnly   = signWeights{bias: -7.847, words: 0.203, best: 2.029, subjects: 2.655, said: 3.659, margin: 5.640}

	// Where the register has no say: a local guideline, a register without acts.
	localMeaning = signWeights{bias: -30.73, words: 0.225, best: 2.091, subjects: 1.613, near: 30.65}
	localWords   = signWeights{bias: -6.301, words: 0.346, best: 3.787, subjects: 2.314}
)

// signWeights weigh the signs.
type signWeights struct {
	bias, words, best, subjects float64
	near                        float64 // × cosine of the nearest sentence
	cosine                      float64 // × cosine of the nearest subject of the register
	said                        float64 // × how far a subject is of the question's words
	margin                      float64 // × how much better the best of municipal law fits than the best of what the collection lacks
}

const (
	// Below minAnswerable nothing is answered. Below doubtful, the answer says which
	// words its sources lack.
	minAnswerable = 0.35
	doubtful      = 0.6
)

func (q *question) signs(res *retrieval.Result, places []*place) signs {
	s := signs{words: res.Answerable, here: res.Governed, elsewhere: res.Elsewhere}
	for _, t := range q.terms {
		if !t.generic {
			s.subjects++
		}
	}
	for _, p := range places {
		s.exact = s.exact || p.hit.Exact
		for i := range p.units {
			if v := p.units[i].score; v > s.best {
				s.best, s.anAct = v, p.doc.Kind == corpus.KindAct
			}
		}
	}
	return s
}

// answerable is the probability that the question has an answer among the
// places.
func (s signs) answerable() float64 {
	words := min(max(s.words, 0.01), 0.99)
	logit, subjects := math.Log(words/(1-words)), math.Log1p(float64(s.subjects))
	w, margin := &localWords, 0.0
	switch registered := s.anAct && s.here.Score+s.elsewhere.Score > 0; {
	case !registered && s.compared:
		w = &localMeaning
	case !registered:
	case s.compared && s.here.Cosine+s.elsewhere.Cosine > 0:
		w, margin = &withMeaning, s.here.Score-s.elsewhere.Score
	default:
		w, margin = &wordsOnly, s.here.Words-s.elsewhere.Words
	}
	z := w.bias + w.words*logit + w.best*s.best + w.subjects*subjects + w.near*s.near + w.cosine*s.here.Cosine + w.said*s.here.Words + w.margin*margin
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
	if where := s.otherAct(); where != "" {
		return noSource + where
	}
	return nothingFound + q.unspoken(places) + advice
}

// otherAct says in Danish where the question seems to belong, where the
// subject register knows it and the collection lacks it; else "".
func (s signs) otherAct() string {
	other := s.elsewhere
	switch {
	case other.Entry == nil || other.Score <= s.here.Score:
		return ""
	case other.Family == "":
		return "spørgsmålet ser ud til at handle om " + other.Act + ", og det svarer samlingens regler ikke på."
	}
	return "spørgsmålet hører formentlig under " + other.Act + ", som ikke er i samlingen. Find den på retsinformation.dk, eller bed den, der vedligeholder samlingen, om at lægge den ind."
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
