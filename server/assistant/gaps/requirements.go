package gaps

import (
	"fmt"
	"strings"

	"github.com/hjemmel/hjemmel/server/assistant/norm"
)

// duty is a requirement of the law: a clause that binds the municipality, with
// the items of its list.
type duty struct {
	clause *lawClause
	items  []*lawClause
	in     *governed
}

// requirements looks for each duty of the governing sections in the text, and
// reports the ones that a guideline on this subject ought to have and lacks.
func (r *run) requirements(list []clause, governing []*governed) {
	whole := textWords(list)
	for _, g := range governing {
		if !g.inMain && !g.given || r.text.ID == g.sec.Document {
			continue
		}
		duties := r.dutiesOf(g)
		met := make([]meeting, len(duties))
		covered := 0
		for i := range duties {
			met[i] = r.meet(&duties[i], list, whole)
			if met[i].degree >= isMet {
				covered++
			}
		}
		for i := range duties {
			r.requirement(&duties[i], &met[i], covered, len(duties), list)
		}
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

// dutiesOf reads the duties of a section.
func (r *run) dutiesOf(g *governed) []duty {
	var out []duty
	list := r.lawClauses(g.sec)
	byLead := map[int]int{}
	for i := range list {
		l := &list[i]
		if l.Lead >= 0 {
			if n, ok := byLead[l.Lead]; ok {
				out[n].items = append(out[n].items, l)
			}
			continue
		}
		if binds(l) {
			byLead[i] = len(out)
			out = append(out, duty{clause: l, in: g})
		}
	}
	return out
}

// binds tells whether a clause is a duty of the municipality that a guideline
// could repeat: no delegation, no rule on other rules.
func binds(l *lawClause) bool {
	if l.Modality != norm.Must && l.Modality != norm.MustNot || l.Mixed {
		return false
	}
	if l.Who == norm.Minister || l.Who == norm.Other || l.Who == norm.Nobody && !l.Passive && !strings.HasPrefix(l.Quote(l.sec.Text), "Der ") {
		return false
	}
	lower := strings.ToLower(l.Quote(l.sec.Text))
	for _, cue := range []string{"finder tilsvarende anvendelse", "ministeren", "efter reglerne i kapitel", "straffes", "træder i kraft", "refunder", "finansier", "regionsråd", "med virkning fra", "lovens ikrafttræden", "tilsvarende gælder"} {
		if strings.Contains(lower, cue) {
			return false
		}
	}
	return len(l.Words) >= 3
}

// meeting says how well the text meets a duty.
type meeting struct {
	degree  float64 // of the best passage, 0 to 1
	best    int     // index of its clause; -1 where nothing is like the duty
	topical float64 // share of the duty's words that the text uses anywhere
	verb    bool    // the text does what the duty says to do
	cited   bool    // the text cites the duty's stk.
}

// isMet is the degree from which a duty counts as met.
const isMet = 0.5

// meet finds the passage of the text that is most like a duty: a clause with
// its neighbours, since guidelines cut the law's sentences up.
func (r *run) meet(d *duty, list []clause, whole []string) meeting {
	m := meeting{best: -1}
	l := d.clause
	m.topical = compare(r.index, l.Words, whole).coverage()
	for i := range list {
		c := &list[i]
		if len(c.Words) == 0 {
			continue
		}
		words := append([]string{}, c.Words...)
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(list) && list[j].sec == c.sec {
				words = append(words, list[j].Words...)
			}
		}
		if c.Lead >= 0 {
			words = append(words, list[c.Lead].Words...)
		}
		degree := 0.6*compare(r.index, l.Words, words).coverage() + 0.4*compare(r.index, l.Words, c.Words).coverage()
		cites, exact := citesPart(c, d)
		verb := doesSame(l, words)
		switch {
		case exact:
			degree += 0.35
		case cites:
			degree += 0.1
		}
		if verb {
			degree += 0.15
		}
		if degree > m.degree {
			m.degree, m.best, m.verb = degree, i, verb
		}
		m.cited = m.cited || exact
	}
	return m
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

// citesPart tells whether a clause is tied to a duty's section by citation, and
// to its very stk.
func citesPart(c *clause, d *duty) (cites, exact bool) {
	for _, t := range c.scopes {
		if t.sec.ID != d.clause.sec.ID || t.reach > near {
			continue
		}
		cites = true
		if t.part != "" && t.part == d.clause.Part {
			return true, true
		}
	}
	return cites, false
}

// requirement records what became of a duty.
func (r *run) requirement(d *duty, m *meeting, covered, all int, list []clause) {
	law := r.quote(d.clause)
	if m.degree >= isMet || m.cited {
		check := Check{Subject: OfRequirement, Outcome: InOrder, Law: law}
		if m.best >= 0 {
			place := at(list[m.best].sec, list[m.best].Start, list[m.best].End)
			check.At = &place
		}
		r.checked(check)
		return
	}
	confidence := r.lacks(d, m, covered, all)
	where := r.belongs(d, m, list)
	if where == nil || confidence < 0.3 {
		r.checked(Check{Subject: OfRequirement, Outcome: NotMentioned, Law: law, Note: "en pligt, som teksten ikke behøver at gentage, eller som er for usikker at melde"})
		return
	}
	r.found(OfRequirement, Finding{
		Kind: Missing, At: *where, Law: law, Confidence: confidence,
		Explanation: fmt.Sprintf("Teksten nævner ikke pligten i %s: »%s«", law.Reference, clip(law.Quote)),
	})
}

// clip shortens a quote inside a sentence.
func clip(s string) string {
	const most = 160
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// procedural are the stems of what duties demand that guidelines are written
// for: to tell, ask, hear, confirm, write, decide in time, follow up.
var procedural = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`oplyse orientere underrette vejlede meddele bekræfte indhente høre inddrage tilbyde udarbejde begrunde revurdere vurdere
		offentliggøre registrere udpege følge afholde træffe undersøge indkalde give tilrettelægge koordinere opkræve udbetale overveje forelægge
		varsle iværksætte ophøre frigive sende anvise oprette fastsætte godkende påse notere dokumentere medvirke samarbejde indstille videresende`) {
		m[norm.Stem(w)] = true
	}
	return m
}()

// lacks weighs whether a duty that the text does not meet is one that it ought
// to have: the more of the section it treats, the more it speaks of the duty's
// subject, and the more definite the duty, the surer.
func (r *run) lacks(d *duty, m *meeting, covered, all int) float64 {
	c := 0.32
	if d.in.cited > 0 {
		c += 0.08
	}
	if d.in.given {
		c += 0.15
	}
	if all > 1 {
		c += 0.16 * float64(covered) / float64(all-1)
	}
	c += 0.35 * (m.topical - 0.5)
	c += 0.5 * (isMet - m.degree) * 0.6
	if !m.verb {
		c += 0.06
	}
	l := d.clause
	if len(l.Quantities) > 0 {
		c += 0.1
	}
	for _, v := range l.Verbs {
		if procedural[v] {
			c += 0.08
			break
		}
	}
	if l.Who == norm.Municipality {
		c += 0.04
	}
	if m.topical < 0.3 {
		c -= 0.2
	}
	return max(0, min(0.92, c))
}

// belongs is where a missing duty would stand: at the last clause that cites
// its section, or at the one most like it.
func (r *run) belongs(d *duty, m *meeting, list []clause) *At {
	found := -1
	for i := range list {
		for _, t := range list[i].scopes {
			if t.sec.ID == d.clause.sec.ID && t.reach == direct {
				found = i
			}
		}
	}
	if found < 0 {
		found = m.best
	}
	if found < 0 {
		return nil
	}
	place := at(list[found].sec, list[found].Start, list[found].End)
	return &place
}
