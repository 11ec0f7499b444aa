package gaps

import (
	"strings"

	"github.com/hjemmel/hjemmel/server/assistant/norm"
)

// The weights of what speaks for and against that a guideline ought to have a
// duty that it does not meet. They add up to a confidence; chosen on the
// development half of eval/suites/gaps and the sample documents.
const (
	lackBase       = 0.05
	lackTreated    = 0.28 // × the share of the section that the text treats
	lackTopical    = 0.30 // × how much the text speaks of the duty's subject, above the middle
	topicalMiddle  = 0.35
	lackUnlike     = 0.40 // × how far the likest passage falls short
	lackSkipped    = 0.15 // the text goes through the section by its stk. and leaves this one out
	lackSameStk    = 0.12 // the text cites the very stk.
	lackProcedural = 0.12 // the duty is to tell, ask, confirm, write …
	lackOther      = -0.14
	lackGiven      = 0.10  // the user named the section
	lackFigure     = 0.06  // the duty has a deadline
	lackBinds      = 0.05  // it names the municipality
	lackVerb       = -0.08 // the text does say to do it, of something
	lackSpecial    = -0.14 // it is for a special case
	lackFar        = -0.18 // … of which the text does not speak
	lackLeaning    = -0.12 // it only adds to the sentence before
	lackMain       = -0.12 // it is the section's main rule, which the text is about
	lackLong       = -0.08
	lackPassing    = -0.15 // the text cites the section in passing
	lackTabular    = -0.25
	longDuty       = 22 // content words
	surest         = 0.92
)

// lacks weighs whether a duty that the text does not meet is one that it ought
// to have: the more of the section it treats, the more it speaks of the duty's
// subject, and the more definite the duty, the surer. 0 for a duty that is met.
func (r *run) lacks(m *meeting, t *treatment) float64 {
	if m.met() {
		return 0
	}
	l := m.duty
	lower := strings.ToLower(l.Quote(l.sec.Text))
	c := lackBase + lackTreated*t.share(l.Part) + lackTopical*(m.topical-topicalMiddle) + lackUnlike*(isMet-m.degree)
	for _, f := range []struct {
		holds  bool
		weight float64
	}{
		{t.exact[l.Part], lackSameStk}, {t.skips(l.Part), lackSkipped}, {isProcedural(l), lackProcedural}, {!isProcedural(l), lackOther}, {t.given, lackGiven},
		{len(l.Quantities) > 0, lackFigure}, {l.Who == norm.Municipality, lackBinds}, {m.verb, lackVerb},
		{startsWith(lower, specialCases), lackSpecial}, {startsWith(lower, specialCases) && m.topical < topicalMiddle+0.1, lackFar},
		{startsWith(lower, leanings), lackLeaning}, {isMainRule(l), lackMain}, {len(l.Words) > longDuty, lackLong},
		{len(t.exact) == 0 && len(t.said) < 2 && !t.given, lackPassing}, {t.tabular && !t.given, lackTabular},
	} {
		if f.holds {
			c += f.weight
		}
	}
	return max(0.01, min(surest, c))
}

// skips tells whether the text goes through the section by its stk. and leaves
// one out.
func (t *treatment) skips(part string) bool {
	return len(t.exact) >= 2 && t.share(part) >= 0.6 && !t.exact[part] && !t.said[part]
}

func startsWith(s string, list []string) bool {
	for _, p := range list {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

var specialCases = []string{"hvis ", "såfremt ", "ønsker ", "vurderer ", "er der ", "opnår ", "i sager, hvor", "i særlige", "viser ", "bliver ", "har ", "medfører ", "for så vidt", "i tilfælde", "inden kommunen forelægger", "erstattes ", "i det omfang", "for sygemeldte omfattet", "udlændinge omfattet", "for personer omfattet"}

var leanings = []string{"i disse", "i dette", "herudover", "det skal", "dette skal", "ved denne", "i vurderingen", "desuden", "herunder", "denne ", "disse ", "salget ", "samtidig", "heri", "der skal i den forbindelse", "kommunalbestyrelsen skal herunder", "kommunalbestyrelsen skal desuden", "kommunalbestyrelsen skal endvidere"}

// isMainRule recognises the grant that opens a section: "Kommunalbestyrelsen
// skal yde hjælp til …".
func isMainRule(l *lawClause) bool {
	return (l.Part == "" || l.Part == "stk. 1") && len(l.Verbs) > 0 && grants[l.Verbs[0]]
}

var grants = stemsOf("yde tilbyde give sørge træffe sikre have")

// procedural are the stems of what duties demand that guidelines are written
// for.
var procedural = stemsOf(`oplyse orientere orienteres underrette underrettes vejlede meddele meddeles bekræfte indhente indhentes høre høres inddrage inddrages tilbyde udarbejde
	udarbejdes begrunde begrundes revurdere vurdere offentliggøre offentliggøres registrere registreres udpege udpeges følge afholde afholdes undersøge indkalde
	overveje forelægge forelægges sende sendes godkende godkendes varsle fastsætte anvise notere dokumentere indstille videresende angive besvares registrering`)

// telling are the stems of nouns by which a duty to tell is put: "have besked".
var telling = stemsOf("besked underretning meddelelse oplysning vejledning kvittering")

func isProcedural(l *lawClause) bool {
	for _, v := range l.Verbs {
		if procedural[v] {
			return true
		}
	}
	if len(l.Verbs) > 0 && weakVerbs[l.Verbs[0]] {
		for _, w := range l.Words {
			if telling[w] || procedural[w] && w == norm.Stem("registrering") {
				return true
			}
		}
	}
	return false
}

func stemsOf(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[norm.Stem(w)] = true
	}
	return m
}
