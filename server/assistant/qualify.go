package assistant

import (
	"cmp"
	"slices"
	"strings"
)

// most is how many sentences of a role are said beside the answer.
var most = map[Role]int{RoleCondition: 2, RoleException: 1, RoleDeadline: 1, RoleAuthority: 1, RoleAppeal: 1}

// minRelevance is how much must tie a condition or exception to the answer.
const minRelevance = 0.55

// qualify adds what limits the answer: conditions, exceptions, deadlines, who
// decides. It looks in the section that the answer comes from; what
// limits a second one would blur the first.
func (c *composer) qualify() {
	type qualifier struct {
		ranked
		role  Role
		value float64
	}
	var found []qualifier
	for _, a := range slices.Clone(c.pieces) {
		if a.place != c.pieces[0].place {
			continue
		}
		for i := range a.place.units {
			u := &a.place.units[i]
			if u.role == RoleAnswer || u.chosen || delegates(u.text) || containsAny(u.text, commencement) {
				continue
			}
			if v := c.q.relevance(a, i); v >= minRelevance {
				found = append(found, qualifier{ranked{a.place, i}, u.role, v})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b qualifier) int { return cmp.Compare(b.value, a.value) })
	count := map[Role]int{}
	for _, f := range found {
		if f.get().chosen || count[f.role] == most[f.role] || c.repeats(f.get()) {
			continue
		}
		if c.take(f.place, f.unit, f.role) {
			count[f.role]++
		}
	}
}

// relevance tells how closely a sentence belongs to an answer of the same
// section: it stands in the same stk., names that stk., or speaks of the
// question itself. Who decides and by when is of interest beside the answer
// only, or when it is asked for.
func (q *question) relevance(a *piece, i int) float64 {
	u, answer := &a.place.units[i], &a.place.units[a.to]
	same := u.stk == answer.stk
	switch u.role {
	case RoleAuthority:
		if !same && !q.asks(asksWho) {
			return 0
		}
	case RoleDeadline:
		if !same && !q.asks(asksDeadline|asksDuration) {
			return 0
		}
	}
	v := u.cover + 0.3*u.suit
	switch {
	case same && (i == a.to+1 || i == a.from-1):
		v += 0.55
	case same:
		v += 0.4
	default:
		v = 0.75 * v
		if number, ok := strings.CutPrefix(answer.stk, "stk. "); ok && strings.Contains(u.text, " stk "+number+" ") {
			v += 0.25
		}
	}
	if q.asks(asksDefinition) && !q.asks(asksCondition|asksMay|asksMust) {
		v -= 0.2
	}
	return v - 0.2*min(1, float64(u.end-u.start)/800)
}
