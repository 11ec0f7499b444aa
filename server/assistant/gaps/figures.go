package gaps

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/server/assistant/norm"
)

// localCues mark what a municipality has laid down itself, and examples: such
// figures need not be the law's.
var localCues = []string{"lokalt ", "lokal frist", "lokale ", "serviceniveau", "servicemål", "udgangspunkt", "kvalitetsstandard", "vejledende", "typisk", "normalt", "som regel", "cirka", " ca. ",
	"for eksempel", "fx ", "f.eks.", "retningsgivende", "kommunalbestyrelsen har fastsat", "kommunalbestyrelsen har besluttet", "byrådet har", "politisk", "vi tilstræber", "målsætning",
	"fastsat af", "forventes", "internt", "interne", "udvalget har", "kommune har", "kommune er fristen"}

func isLocal(text string) bool {
	lower := " " + strings.ToLower(text)
	for _, cue := range localCues {
		if strings.Contains(lower, cue) {
			return true
		}
	}
	return false
}

// figures compares each figure of a clause with the law that it cites.
func (r *run) figures(c *clause, governing []*governed) {
	if len(c.Quantities) == 0 {
		return
	}
	sentence := c.Quote(c.sec.Text)
	for i := range c.Quantities {
		q := &c.Quantities[i]
		best := r.bestFigure(c, q, governing)
		if best == nil {
			continue
		}
		place := at(c.sec, c.Start, c.End)
		if best.equal {
			r.checked(Check{Subject: OfFigure, Outcome: InOrder, At: &place, Law: r.quote(best.law)})
			continue
		}
		confidence := best.confidence
		if isLocal(sentence) {
			confidence = min(confidence, 0.3)
		}
		if q.Kind == norm.Money && !sameLevel(sentence, best.law.sec.Text) {
			confidence = min(confidence, 0.4)
		}
		if confidence < 0.3 {
			continue
		}
		r.found(OfFigure, Finding{
			Kind: Contradiction, At: place, Law: r.quote(best.law), Confidence: confidence,
			Explanation: fmt.Sprintf("Teksten siger »%s«, men %s siger »%s«.", c.sec.Text[q.Start:q.End], r.quote(best.law).Reference, figureOf(best.law, best.other)),
		})
	}
}

func figureOf(l *lawClause, q *norm.Quantity) string { return l.sec.Text[q.Start:q.End] }

var levels = regexp.MustCompile(`\((\d{4})-niveau`)

// sameLevel tells whether an amount can be compared: amounts are raised each
// year, and guidelines give this year's.
func sameLevel(sentence, law string) bool {
	mine := levels.FindStringSubmatch(sentence)
	if mine == nil {
		return !strings.Contains(law, "-niveau") && !strings.Contains(law, "reguler")
	}
	return strings.Contains(law, "("+mine[1]+"-niveau")
}

// figureMatch is a figure of the law that a figure of the text restates.
type figureMatch struct {
	law        *lawClause
	other      *norm.Quantity
	equal      bool
	named      bool // the text names the stk. that the figure stands in
	likeness   float64
	confidence float64
}

// bestFigure finds the figure of the law that q restates, among the sections
// that the clause is tied to; nil where nothing comparable is about the same.
func (r *run) bestFigure(c *clause, q *norm.Quantity, governing []*governed) *figureMatch {
	var best *figureMatch
	var equal []*figureMatch
	for _, tie := range r.ties(c, governing) {
		for _, m := range r.figuresOf(c, q, tie) {
			if m.equal && (m.likeness > 0.12 || tie.reach <= near) {
				equal = append(equal, m)
			}
			if best == nil || m.confidence > best.confidence {
				best = m
			}
		}
	}
	if best == nil || best.equal {
		return best
	}
	for _, m := range equal {
		// The figure stands elsewhere in what the clause is tied to. That clears it,
		// unless the text names the stk. that it takes its figure from.
		if !best.named || m.named || m.likeness >= best.likeness || m.law.sec.ID != best.law.sec.ID {
			return nil
		}
	}
	return best
}

// ties lists what the clause may restate: what it cites, or where it cites
// nothing near, the sections that govern the text.
func (r *run) ties(c *clause, governing []*governed) []scope {
	ties := c.scopes
	for _, t := range ties {
		if t.reach <= near {
			return ties
		}
	}
	for _, g := range governing {
		if g.inMain || g.given {
			ties = append(ties, scope{sec: g.sec, reach: content})
		}
	}
	return ties
}

// Thresholds of likeness, on the development half of eval/suites/gaps.
var leastLike = [...]float64{direct: 0.16, led: 0.2, near: 0.24, around: 0.34, content: 0.42}

func (r *run) figuresOf(c *clause, q *norm.Quantity, tie scope) []*figureMatch {
	if tie.several {
		tie.part = "" // any of them may have the figure
	}
	var out []*figureMatch
	list := r.lawClauses(tie.sec)
	for i := range list {
		l := &list[i]
		words := r.like(c, l)
		like, shared := words.score(), words.longest
		if l.Lead >= 0 {
			like = max(like, r.like(c, &list[l.Lead]).score()*0.8)
		}
		inPart := tie.part == "" || l.Part == tie.part
		for j := range l.Quantities {
			o := &l.Quantities[j]
			if !comparableFigures(q, o) || shared < leastWords && !(tie.reach == direct && (tie.part == l.Part || len(c.Words) < 4)) {
				continue
			}
			m := &figureMatch{law: l, other: o, likeness: like, equal: sameFigure(q, o), named: tie.part != "" && inPart}
			near := r.anchor(c, q, l, o)
			s := 0.6*like + 0.4*near
			if tie.part != "" && inPart {
				s += 0.1
			} else if !inPart {
				s -= 0.1
			}
			if !m.equal && s < leastLike[tie.reach] {
				continue
			}
			m.confidence = min(0.97, (0.45+1.1*s)*trust[tie.reach])
			if m.equal {
				m.confidence += 0.05
			}
			out = append(out, m)
		}
	}
	return out
}

// comparableFigures tells whether two figures measure the same kind of thing.
func comparableFigures(q, o *norm.Quantity) bool {
	if q.Kind == norm.Frequency && o.Kind == norm.Duration || q.Kind == norm.Duration && o.Kind == norm.Frequency {
		return sameFigure(q, o)
	}
	if !q.Alike(o) {
		return false
	}
	if q.Kind != norm.Duration || (q.Unit == "timer") == (o.Unit == "timer") {
		return true
	}
	// Hours are work or help; against days they are a deadline only where those are few.
	days := q
	if q.Unit == "timer" {
		days = o
	}
	return days.Unit == "dage" && days.Value <= 3
}

func sameFigure(q, o *norm.Quantity) bool {
	if q.Equal(o) {
		return true
	}
	a, b := q, o
	if a.Kind == norm.Frequency {
		a, b = b, a
	}
	switch {
	case a.Kind == norm.Duration && b.Kind == norm.Frequency:
		return a.Unit == "måneder" && a.Value == b.Value
	case a.Kind == norm.Duration && b.Kind == norm.Duration:
		return a.Unit == "timer" && b.Unit == "dage" && a.Value == 24*b.Value || a.Unit == "dage" && b.Unit == "timer" && b.Value == 24*a.Value
	case a.Kind == norm.Date && b.Kind == norm.Date: // with and without a year
		return int(a.Value)%10000 == int(b.Value)%10000 && (a.Value < 10000 || b.Value < 10000)
	}
	return false
}

// anchor compares the words right around two figures.
func (r *run) anchor(c *clause, q *norm.Quantity, l *lawClause, o *norm.Quantity) float64 {
	mine := window(c.sec.Text, c.Start, c.End, q)
	yours := window(l.sec.Text, l.Start, l.End, o)
	s := compare(r.index, mine, yours).score()
	if bounds(q.Cmp) != 0 && bounds(o.Cmp) != 0 && bounds(q.Cmp) != bounds(o.Cmp) {
		s -= 0.2
	}
	return s
}

func bounds(c norm.Comparator) int {
	switch c {
	case norm.AtMost, norm.Below:
		return -1
	case norm.AtLeast, norm.Above:
		return 1
	}
	return 0
}

// window returns the content words within some bytes of a figure.
func window(text string, start, end int, q *norm.Quantity) []string {
	const reach = 80
	from, to := max(start, q.Start-reach), min(end, q.End+reach)
	for from > start && text[from-1] != ' ' {
		from--
	}
	for to < end && text[to] != ' ' {
		to++
	}
	return norm.Words(text[from:q.Start] + " " + text[q.End:to])
}

// quote makes a Law of a clause.
func (r *run) quote(l *lawClause) *Law { return r.place(l.sec, l.Start, l.End) }
