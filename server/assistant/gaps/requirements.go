package gaps

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant/norm"
)

// requirements looks for each duty of the governing sections in the text, and
// reports the ones that a guideline on this subject ought to have and lacks.
func (r *run) requirements(list []clause, governing []*governed) {
	whole := textWords(list)
	for _, g := range governing {
		if !g.inMain && !g.given || r.text.ID == g.sec.Document {
			continue
		}
		t := r.treatment(g, list)
		clauses := r.lawClauses(g.sec)
		var lacking []lack
		for i := range clauses {
			if l := &clauses[i]; binds(l) {
				m := r.meet(l, t.restated[i], list, whole)
				lacking = append(lacking, lack{m, r.lacks(&m, t)})
			}
		}
		r.record(lacking, t, list)
	}
}

// lack is a duty with how sure it is that the text ought to have it and lacks it.
type lack struct {
	meeting
	confidence float64
}

// record records a section's duties. Of those that are lacking it reports the
// surest: the reader who looks that one up sees the others.
func (r *run) record(lacking []lack, t *treatment, list []clause) {
	surest := -1
	for i := range lacking {
		if lacking[i].confidence > 0 && (surest < 0 || lacking[i].confidence > lacking[surest].confidence) {
			surest = i
		}
	}
	for i := range lacking {
		r.requirement(&lacking[i], i == surest, t, list)
	}
}

func textWords(list []clause) []string {
	seen := map[string]bool{}
	var out []string
	for i := range list {
		for _, w := range list[i].Words {
			if !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	return out
}

// notDuties mark clauses that bind nobody a guideline is written for: rules on
// other rules, delegations, penalties, money between authorities.
var notDuties = []string{"finder tilsvarende anvendelse", "tilsvarende gælder", "det samme gælder", "ministeren", "efter reglerne i kapitel", "straffes", "træder i kraft",
	"refunder", "finansier", "regionsråd", "med virkning fra", "lovens ikrafttræden", "statens", "hegn", "finder anvendelse"}

// binds tells whether a clause is a duty of the municipality that a guideline
// could repeat.
func binds(l *lawClause) bool {
	if l.Lead >= 0 || l.Modality != norm.Must || l.Mixed || len(l.Words) < 3 {
		return false
	}
	quote := l.Quote(l.sec.Text)
	if l.Who != norm.Municipality && !(l.Who == norm.Nobody && (l.Passive || strings.HasPrefix(quote, "Der "))) && !isDocument(l) {
		return false
	}
	lower := strings.ToLower(quote)
	for _, cue := range notDuties {
		if strings.Contains(lower, cue) {
			return false
		}
	}
	return true
}

// isDocument recognises demands on what the municipality writes: "Kontrakten
// skal angive …", "Ansøgeren skal have besked om …".
func isDocument(l *lawClause) bool {
	if l.Who == norm.Municipality || l.Who == norm.Minister || len(l.Verbs) == 0 {
		return false
	}
	if l.Verbs[0] == norm.Stem("have") && slices.ContainsFunc(l.Words, func(w string) bool { return telling[w] }) {
		return true
	}
	return slices.ContainsFunc(l.Verbs, func(v string) bool { return contents[v] })
}

var contents = stemsOf("indeholde angive oplyse beskrive omfatte fremgå")

// treatment says how thoroughly the text treats a section of the law.
type treatment struct {
	*governed
	stks     int             // of the section
	exact    map[string]bool // stk. that a sentence cites by number
	said     map[string]bool // stk. that some sentence restates, cited or not
	nearby   []int           // clauses tied to the section by citation
	restated map[int]bool    // clauses of the law that some clause of the text restates
	tabular  bool            // cited in tables only: lists of competences and deadlines
}

// restates is the likeness from which a clause counts as restating the law's.
const restates = 0.34

func (r *run) treatment(g *governed, list []clause) *treatment {
	t := &treatment{governed: g, exact: map[string]bool{}, said: map[string]bool{}, restated: map[int]bool{}, tabular: true}
	law := r.lawClauses(g.sec)
	stks := map[string]bool{}
	for i := range law {
		stks[law[i].Part] = true
	}
	t.stks = len(stks)
	for i := range list {
		c := &list[i]
		if c.citesOther(g.sec) {
			continue
		}
		tied, part := false, ""
		for _, s := range c.scopes {
			if s.sec.ID == g.sec.ID && s.reach <= near {
				tied = true
				if s.reach == direct {
					part = s.part
				}
			}
		}
		if part != "" {
			t.exact[part] = true
		}
		if tied {
			t.nearby = append(t.nearby, i)
		}
		if tied && !isRow(c) {
			t.tabular = false
		}
		which, score := -1, restates
		likest, most := -1, 0.0 // of the duties in the stk. that the clause cites
		for j := range law {
			s := r.like(c, &law[j]).score()
			if part != "" && law[j].Part == part {
				if s >= most && law[j].Lead < 0 && law[j].Modality != norm.None {
					likest, most = j, s
				}
				if s >= alsoRestates && tellsAct(c, &law[j]) {
					t.restated[j] = true
				}
				s += sameStk
			}
			if s > score {
				which, score = j, s
			}
		}
		if likest >= 0 { // in its own words, whatever they are
			t.restated[likest] = true
		}
		if which >= 0 && (tied || score > restates+sameStk) {
			t.restated[which] = true
			t.said[law[which].Part] = true
		}
	}
	return t
}

// alsoRestates is the likeness from which a clause that cites a stk. counts as
// restating also those of its sentences that are not the likest.
const alsoRestates = 0.28

// tellsAct tells whether a clause speaks of the act that a duty is about, not
// only of what is done in its conditions and objects.
func tellsAct(c *clause, l *lawClause) bool {
	if len(l.Verbs) == 0 || weakVerbs[l.Verbs[0]] {
		return sharesVerb(&c.Clause, &l.Clause)
	}
	return matches(l.Verbs[0], c.Verbs) == 1 || matches(l.Verbs[0], c.Words) == 1
}

// sameStk is what the citation of a stk. adds to the likeness to its clauses.
const sameStk = 0.15

// citesOther tells whether a clause gives another section than s as its source:
// what it says it says of that one.
func (c *clause) citesOther(s *corpus.Section) bool {
	other := false
	for _, tie := range c.scopes {
		if tie.sec.ID == s.ID && tie.reach <= near {
			return false
		}
		other = other || tie.reach == direct
	}
	return other
}

// isRow recognises a row of a table: "Sagsområde: …; Frist: …".
func isRow(c *clause) bool {
	quote := c.Quote(c.sec.Text)
	return strings.Contains(quote, ": ") && strings.Contains(quote, "; ")
}

// share is how much of the section, apart from one stk., the text treats.
func (t *treatment) share(without string) float64 {
	n := 0
	for part := range t.said {
		if part != without {
			n++
		}
	}
	for part := range t.exact {
		if part != without && !t.said[part] {
			n++
		}
	}
	if t.stks <= 1 {
		return 0.5
	}
	return min(1, float64(n)/float64(t.stks-1))
}

// meeting says how well the text meets a duty.
type meeting struct {
	duty    *lawClause
	degree  float64 // of the best passage, 0 to 1
	best    int     // its clause; -1 where nothing is like the duty
	topical float64 // share of the duty's words, but its verbs, that the text has anywhere
	verb    bool    // the text says somewhere to do what the duty demands
	restate bool    // some clause restates the duty rather than its neighbours
}

// isMet is the degree from which a duty counts as met.
const isMet = 0.62

// meet finds the passage of the text that is most like a duty: a clause with
// its neighbours, since guidelines cut the law's sentences up.
func (r *run) meet(l *lawClause, restated bool, list []clause, whole []string) meeting {
	m := meeting{duty: l, best: -1, restate: restated, verb: doesSame(l, whole)}
	m.topical = compare(r.index, withoutVerbs(l), whole).coverage()
	for i := range list {
		c := &list[i]
		if len(c.Words) == 0 || c.citesOther(l.sec) {
			continue
		}
		alone := compare(r.index, l.Words, c.Words).coverage()
		words := c.Words
		if c.Lead >= 0 {
			words = append(append([]string{}, words...), list[c.Lead].Words...)
		}
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(list) && list[j].sec == c.sec {
				words = append(append([]string{}, words...), list[j].Words...)
			}
		}
		degree := 0.5*alone + 0.5*compare(r.index, l.Words, words).coverage()
		if doesSame(l, c.Words) {
			degree += 0.2
		}
		if degree > m.degree {
			m.degree, m.best = degree, i
		}
	}
	return m
}

func withoutVerbs(l *lawClause) []string {
	var out []string
	for _, w := range l.Words {
		if matches(w, l.Verbs) < 1 {
			out = append(out, w)
		}
	}
	return out
}

// doesSame tells whether words hold the act that a duty demands.
func doesSame(l *lawClause, words []string) bool {
	for _, v := range l.Verbs {
		if !weakVerbs[v] && matches(v, words) > 0 {
			return true
		}
	}
	return false
}

// requirement records what became of a duty.
func (r *run) requirement(m *lack, surest bool, t *treatment, list []clause) {
	law := r.quote(m.duty)
	where := r.belongs(&m.meeting, t, list)
	switch {
	case m.met():
		r.covered(&m.meeting, law, t, list)
	case where == nil || !surest || m.confidence < unsure:
		r.checked(Check{Subject: OfRequirement, Outcome: NotMentioned, Law: law, Confidence: hundredths(m.confidence), Note: "en pligt, som teksten ikke behøver at gentage, eller som er for usikker at melde"})
	default:
		r.found(OfRequirement, Finding{
			Kind: Missing, At: *where, Law: law, Confidence: m.confidence,
			Explanation: fmt.Sprintf("Teksten nævner ikke pligten i %s: »%s«", law.Reference, clip(law.Quote)),
		})
	}
}

// unsure is the confidence below which a duty is not even listed as possibly
// missing.
const unsure = 0.3

func (m *meeting) met() bool { return m.restate || m.degree >= isMet }

// clip shortens a quote inside a sentence.
func clip(s string) string {
	const most = 160
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// belongs is where a missing duty would stand: at the last clause that cites
// its stk. or section, or at the one most like it.
func (r *run) belongs(m *meeting, t *treatment, list []clause) *At {
	found := m.best
	if n := len(t.nearby); n > 0 {
		found = t.nearby[n-1]
	}
	for _, i := range t.nearby {
		for _, s := range list[i].scopes {
			if s.sec.ID == m.duty.sec.ID && s.part == m.duty.Part && s.reach == direct {
				found = i
			}
		}
	}
	if found < 0 {
		return nil
	}
	place := at(list[found].sec, list[found].Start, list[found].End)
	return &place
}
