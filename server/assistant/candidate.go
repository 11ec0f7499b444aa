package assistant

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// place is a section that may answer, read against the question.
type place struct {
	hit     retrieval.Hit
	sec     corpus.Section
	doc     corpus.Document
	units   []candidate
	around  profile // title, path and heading
	whole   profile // text and around
	part    string  // "stk. 2" where the question names it
	rank    float64 // 1 for the best hit, falling
	rated   float64 // the hit's score over that of the best
	covered float64 // share of the question that the whole section speaks of
}

// candidate is a unit with what speaks for quoting it.
type candidate struct {
	unit
	text   string // plain
	own    profile
	parts  []profile // of a list: each item's own
	cover  float64   // share of the question that the unit itself speaks of
	suit   float64   // how well it does what the question asks for, 0 to 1
	score  float64
	role   Role // what it does in the statute, RoleAnswer where nothing marks it
	chosen bool
}

// read takes a section apart for the question.
func read(m *matcher, hit retrieval.Hit, sec corpus.Section, doc corpus.Document) *place {
	p := &place{hit: hit, sec: sec, doc: doc}
	p.around = m.profile(strings.Join(sec.Path, " \n ") + " \n " + sec.Heading + " \n " + doc.Title + " \n " + strings.Join(doc.ShortTitles, " "))
	p.whole = slices.Clone(p.around)
	for _, u := range units(&sec) {
		c := candidate{unit: u}
		body := u.span
		if len(u.items) > 0 {
			body = u.lead
		}
		c.own = m.profile(body.in(sec.Text))
		for _, item := range u.items {
			own := m.profile(item.in(sec.Text))
			c.parts = append(c.parts, own)
			c.own.add(own)
		}
		c.text = plain(u.in(sec.Text))
		c.role = roleOf(c.text)
		p.whole.add(c.own)
		p.units = append(p.units, c)
	}
	return p
}

// weigh sets how much each term tells: more when few of the candidates contain
// it, and more for a long word than for a short one. Rarity counts little: the
// search brought these candidates because of the word that tells most.
func weigh(q *question, places []*place) {
	df, n := make([]float64, len(q.terms)), 0.0
	for _, p := range places {
		for _, u := range p.units {
			n++
			for i, l := range u.own {
				if l.strength() >= 0.7 {
					df[i]++
				}
			}
		}
	}
	total := 0.0
	for i := range q.terms {
		t := &q.terms[i]
		t.weight = (1 + 0.25*math.Log(1+n/(1+df[i]))) * (0.6 + 0.1*float64(min(12, utf8.RuneCountInString(t.text))))
		if t.generic {
			t.weight *= 0.15
		}
		total += t.weight
	}
	for i := range q.terms {
		q.terms[i].weight /= total
	}
}

// coverage is the share of the question's weight that the profile covers.
func (q *question) coverage(p profile) float64 {
	sum := 0.0
	for i, t := range q.terms {
		sum += t.weight * p[i].strength()
	}
	return sum
}

func roleOf(text string) Role {
	for _, c := range []Role{RoleAppeal, RoleDeadline, RoleException, RoleCondition, RoleAuthority} {
		if cuesOf(c).in(text) || c == RoleDeadline && isDeadline(text) {
			return c
		}
	}
	return RoleAnswer
}

func cuesOf(r Role) *statuteCue {
	for i := range statuteCues {
		if statuteCues[i].role == r {
			return &statuteCues[i]
		}
	}
	return nil
}

func (c *statuteCue) in(text string) bool { return containsAny(text, c.phrases) }

// isDeadline tells whether a sentence sets a time for doing something.
func isDeadline(text string) bool {
	return cuesOf(RoleDeadline).in(text) || numberBefore(text, timeUnits) && containsAny(text, []string{" inden for ", " inden ", " efter at "})
}
