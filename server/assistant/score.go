package assistant

import (
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// Weights of what speaks for a sentence. Set by reading answers to the
// even questions of questions_test.go; of the odd ones only the totals were seen.
const (
	ownWeight        = 0.45 // the sentence's own words
	nearWeight       = 0.20 // its stk. and the headings above it
	wholeWeight      = 0.20 // its section and the headings above it
	rankWeight       = 0.30 // where the search put its section
	searchWeight     = 1.00 // how well the search rated its section against the best
	subjectWeight    = 0.40 // a subject of the register that the question names is its section's
	governsWeight    = 0.20 // and it is its stk. that governs it
	kindWeight       = 0.18 // it does what the question asks for
	topicWeight      = 0.08 // it opens with a word of the question: that is its subject
	numberCost       = 0.12 // a number is asked for and it has none
	firstWeight      = 0.08 // it opens the section: the rule before its details
	partWeight       = 0.50 // the question names its stk.
	nextWeight       = 0.5  // the share of kindWeight that a neighbour lends
	exceptionCost    = 0.10 // it is an exception and none is asked for
	delegationCost   = 0.30
	commencementCost = 0.30
	longCost         = 0.06 // at 1,500 bytes
)

// rate scores every unit of a place for the question.
func (q *question) rate(p *place) {
	p.covered = q.coverage(p.whole)
	near := map[string]profile{} // by stk., with the headings above it
	for i := range p.units {
		u := &p.units[i]
		if near[u.stk] == nil {
			near[u.stk] = slices.Clone(p.around)
		}
		near[u.stk].add(u.own)
	}
	for i := range p.units {
		u := &p.units[i]
		u.cover, u.suit = q.coverage(u.own), q.suits(u)
		u.score = ownWeight*u.cover + nearWeight*q.coverage(near[u.stk]) + wholeWeight*p.covered +
			rankWeight*p.rank + kindWeight*u.suit - q.cost(u)
		if i == 0 {
			u.score += firstWeight
		}
		if q.opens(u.in(p.sec.Text)) {
			u.score += topicWeight
		}
		if p.part != "" && u.stk == p.part {
			u.score += partWeight
		}
	}
	for i := 1; i < len(p.units); i++ {
		lend(&p.units[i-1], &p.units[i])
	}
}

// favour adds to the sentences' words what the search and the subject register
// say of their section. Whether the question has an answer at all is judged by
// the words before: the best of bad hits is favoured too.
func favour(places []*place) {
	for _, p := range places {
		r := p.hit.Register
		for i := range p.units {
			u := &p.units[i]
			u.score += searchWeight*p.rated + subjectWeight*r.Score
			if r.Entry != nil && r.Part != "" && strings.HasPrefix(r.Part, u.stk) {
				u.score += governsWeight * r.Score
			}
		}
	}
}

// lend lets a rule share in the figure that the sentence beside it gives:
// "Arbejdsgiveren skal indkalde … Samtalen skal holdes senest 4 uger efter …".
func lend(a, b *candidate) {
	if a.stk != b.stk {
		return
	}
	if a.suit < b.suit {
		a, b = b, a
	}
	b.score += nextWeight * kindWeight * (a.suit - b.suit)
}

// suits tells how well a sentence does what the question asks for, 0 to 1.
func (q *question) suits(u *candidate) float64 {
	best, fits := 0.0, func(k kind, ok bool, v float64) float64 {
		if q.asks(k) && ok {
			return v
		}
		return 0
	}
	period, money := numberBefore(u.text, timeUnits), numberBefore(u.text, moneyUnits)
	deadline := isDeadline(u.text)
	for _, v := range []float64{
		fits(asksDeadline, deadline && period, 1),
		fits(asksDeadline, deadline || period, 0.6),
		fits(asksDuration, period, 1),
		fits(asksDuration, containsAny(u.text, frequencies), 0.9),
		fits(asksAmount, money, 1),
		fits(asksWho|asksCondition, containsAny(u.text, beneficiaries), 0.6),
		fits(asksWho, cuesOf(RoleAuthority).in(u.text), 0.8),
		fits(asksDefinition, strings.Contains(u.text, " forstås ") || strings.Contains(u.text, " defineres ") || strings.Contains(u.text, " betegnes "), 1),
		fits(asksCondition, cuesOf(RoleCondition).in(u.text), 0.6),
		fits(asksCondition, len(u.items) > 0 && cuesOf(RoleCondition).in(u.text), 1),
		fits(asksMay, strings.Contains(u.text, " kan ") || strings.Contains(u.text, " må ") || strings.Contains(u.text, " har ret til "), 0.3),
		fits(asksMust, strings.Contains(u.text, " skal ") || strings.Contains(u.text, " har pligt "), 0.4),
		fits(asksAppeal, cuesOf(RoleAppeal).in(u.text), 1),
		fits(asksException, cuesOf(RoleException).in(u.text), 0.8),
		fits(asksContent, len(u.items) > 0 || strings.Contains(u.text, " indeholde ") || strings.Contains(u.text, " oplyse "), 0.7),
	} {
		best = max(best, v)
	}
	return best
}

func (q *question) cost(u *candidate) float64 {
	cost := longCost * min(1, float64(u.end-u.start)/1500)
	if u.role == RoleException && !q.asks(asksException) {
		cost += exceptionCost
	}
	if delegates(u.text) && !strings.Contains(strings.ToLower(q.text), "minister") {
		cost += delegationCost
	}
	if q.asks(asksDeadline|asksDuration|asksAmount) && !hasFigure(u.text) {
		cost += numberCost
	}
	if containsAny(u.text, commencement) && !q.asksCommencement() {
		cost += commencementCost
	}
	return cost
}

func (q *question) asksCommencement() bool {
	return containsAny(plain(q.text), []string{" kraft", " grønland", " færøerne", " straf", " bøde", " ophæve"})
}

// opens tells whether a sentence begins with a word of the question's subject.
func (q *question) opens(text string) bool {
	head := text[:min(len(text), 60)]
	for n, t := range danish.Tokens(head) {
		if n == 4 {
			break
		}
		stem := danish.Stem(t.Term)
		for i := range q.terms {
			if !q.terms[i].generic && compare(&q.terms[i], t.Term, stem).whole >= 0.85 {
				return true
			}
		}
	}
	return false
}
