package assistant

import (
	"cmp"
	"slices"
	"strings"
)

// How long an answer gets: a caseworker reads it in a quarter of a minute.
const (
	maxAnswers   = 3    // sentences of role answer
	maxSentences = 5    // of any role, before the rule on appeal
	maxBytes     = 1300 // of all quotes together
	maxAnswer    = 900  // of the answers after the first
	maxQualifier = 450  // of one that only qualifies
)

// piece is what becomes one sentence of the answer: consecutive units of one
// section, or a list's lead-in with some of its items.
type piece struct {
	place *place
	role  Role
	from  int // first unit
	to    int // last unit
	spans []span
}

func (p *piece) size() int {
	n := 0
	for _, s := range p.spans {
		n += s.end - s.start
	}
	return n
}

// composer picks sentences and keeps count of what they take.
type composer struct {
	q      *question
	pieces []*piece
	bytes  int
}

// compose chooses the sentences of the answer in the order they are said: none
// where the places hold no text.
func compose(q *question, places []*place) []*piece {
	c := &composer{q: q}
	if exact := slices.DeleteFunc(slices.Clone(places), func(p *place) bool { return !p.hit.Exact }); len(exact) > 0 {
		places = exact
		if !q.hasSubject() {
			c.recite(exact)
		}
	}
	if len(c.pieces) == 0 {
		c.answers(places)
	}
	if len(c.pieces) > 0 {
		c.qualify()
		c.related(places)
		c.join()
	}
	return c.pieces
}

// hasSubject tells whether the question has words beside a reference.
func (q *question) hasSubject() bool {
	for _, t := range q.terms {
		if !t.generic {
			return true
		}
	}
	return false
}

// recite answers "Hvad siger § 85?": the stk. that is named, else the section
// from its beginning.
func (c *composer) recite(places []*place) {
	for _, p := range places {
		for i := range p.units {
			if p.part != "" && p.units[i].stk != p.part {
				continue
			}
			if c.bytes > 0 && c.bytes+p.units[i].end-p.units[i].start > maxAnswer {
				break
			}
			c.take(p, i, RoleAnswer)
		}
	}
}

type ranked struct {
	place *place
	unit  int
}

func (r ranked) get() *candidate { return &r.place.units[r.unit] }

// answers takes the best sentence and those that come close to it.
func (c *composer) answers(places []*place) {
	var all []ranked
	for _, p := range places {
		for i := range p.units {
			all = append(all, ranked{p, i})
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.get().score, a.get().score) })
	top := all[0]
	c.take(top.place, top.unit, RoleAnswer)
	c.complete(top, all)
	for _, r := range all[1:] {
		if len(c.pieces) == maxAnswers {
			return
		}
		if c.adds(top, r) {
			c.take(r.place, r.unit, RoleAnswer)
		}
	}
}

// complete adds the figure that is asked for, where the best sentence gives the
// rule and another of its section the figure.
func (c *composer) complete(top ranked, all []ranked) {
	if !c.q.asks(asksDeadline|asksDuration|asksAmount) || top.get().suit >= 0.9 {
		return
	}
	var best *ranked
	value := 0.6 * top.get().score
	for i, r := range all {
		u := r.get()
		if r.place != top.place || u.chosen || u.suit < 0.9 {
			continue
		}
		v := u.score
		if u.stk == top.get().stk {
			v += 0.15
		}
		if v > value {
			best, value = &all[i], v
		}
	}
	if best != nil {
		c.take(best.place, best.unit, RoleAnswer)
	}
}

// adds tells whether one more sentence answers about as well as the best.
func (c *composer) adds(top, r ranked) bool {
	t, u := top.get(), r.get()
	need := 0.95
	switch {
	case u.chosen:
		return false
	case r.place == top.place && u.stk == t.stk:
		need = 0.82
	case r.place == top.place:
		need = 0.93
	case u.cover < 0.98*t.cover || c.elsewhere(top.place):
		return false
	}
	return u.score >= need*t.score && c.bytes+u.end-u.start <= maxAnswer && !c.repeats(u)
}

// elsewhere tells whether a second section is quoted already.
func (c *composer) elsewhere(main *place) bool {
	return slices.ContainsFunc(c.pieces, func(p *piece) bool { return p.place != main })
}

// repeats tells whether the same has been said: several acts carry the same
// words.
func (c *composer) repeats(u *candidate) bool {
	words := strings.Fields(u.text)
	for _, p := range c.pieces {
		said := " " + p.place.units[p.to].text + " "
		same := 0
		for _, w := range words {
			if strings.Contains(said, " "+w+" ") {
				same++
			}
		}
		if same*10 >= len(words)*8 {
			return true
		}
	}
	return false
}

// take adds a unit, unless the answer would get too long.
func (c *composer) take(p *place, i int, role Role) bool {
	pc := c.piece(p, i, role)
	if role != RoleAnswer && (c.bytes+pc.size() > maxBytes || pc.size() > maxQualifier || len(c.pieces) >= maxSentences) {
		return false
	}
	for j := pc.from; j <= i; j++ {
		p.units[j].chosen = true
	}
	c.pieces = append(c.pieces, pc)
	c.bytes += pc.size()
	return true
}

// piece is a unit, with the one before it where it cannot stand alone.
func (c *composer) piece(p *place, i int, role Role) *piece {
	u := &p.units[i]
	from := i
	for n := 0; n < 2 && p.units[from].leans(p.sec.Text) && !p.units[p.units[from].prev].chosen; n++ {
		from = p.units[from].prev
	}
	pc := &piece{place: p, role: role, from: from, to: i}
	if from == i {
		pc.spans = u.quote()
	} else {
		pc.spans = []span{{p.units[from].start, u.end}}
	}
	return pc
}

// order is how the roles follow each other in an answer.
var order = []Role{RoleAnswer, RoleCondition, RoleException, RoleDeadline, RoleAuthority, RoleAppeal, RoleRelated}

// join puts the pieces in order, what stands nearest to the best sentence
// first, and makes one of neighbours that say the same kind of thing.
func (c *composer) join() {
	main := c.pieces[0]
	near := func(p *piece) int {
		switch {
		case p.place != main.place:
			return 2
		case p.place.units[p.to].stk != main.place.units[main.to].stk:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(c.pieces, func(a, b *piece) int {
		return cmp.Or(
			cmp.Compare(slices.Index(order, a.role), slices.Index(order, b.role)),
			cmp.Compare(near(a), near(b)),
			cmp.Compare(a.place.hit.Rank, b.place.hit.Rank),
			cmp.Compare(a.from, b.from),
		)
	})
	var joined []*piece
	for _, p := range c.pieces {
		if n := len(joined); n > 0 {
			last := joined[n-1]
			if last.place == p.place && last.role == p.role && last.to+1 == p.from &&
				len(last.spans) == 1 && len(p.spans) == 1 && last.place.units[last.to].stk == p.place.units[p.from].stk {
				last.to = p.to
				last.spans[0].end = p.spans[0].end
				continue
			}
		}
		joined = append(joined, p)
	}
	c.pieces = joined
}
