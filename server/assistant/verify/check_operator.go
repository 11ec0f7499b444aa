package verify

import (
	"slices"
	"strings"
)

// overlap tells how far two operators fall on the same words, from 0 to 1: half
// of it by the word that each falls on first.
func overlap(a *text, x *operator, b *text, y *operator) float64 {
	if lexical(a.words[x.at].stem) && a.words[x.at].stem == b.words[y.at].stem {
		return 0.6
	}
	if x.class == negates && (a.concessive(x) != b.concessive(y) || a.turns(x) && b.verbFirst(y) || b.turns(y) && a.verbFirst(x)) {
		return 0
	}
	k, s := key(a, x.scope, b, y.scope), scopes(a, x.scope, b, y.scope)
	if (a.frame(x) || b.frame(y)) && s >= 0.3 {
		k = max(k, 0.7)
	}
	if x.class == negates && (a.states(x) && b.subordinate(y) || b.states(y) && a.subordinate(x)) {
		return 0
	}
	return (k + s) / 2
}

// key tells whether the first word of either scope is among the first two of
// the other.
func key(a *text, x []int, b *text, y []int) float64 {
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	best := 0.0
	for _, j := range y[:min(2, len(y))] {
		best = max(best, likeness(&a.words[x[0]], &b.words[j]))
	}
	for _, i := range x[:min(2, len(x))] {
		best = max(best, likeness(&a.words[i], &b.words[y[0]]))
	}
	if best < 0.7 {
		return 0
	}
	return best
}

// frame tells whether a negation falls on no more than "det gælder", which a
// plain wording replaces by the rule itself.
func (t *text) frame(o *operator) bool {
	for i := max(0, o.at-3); i < o.at; i++ {
		switch t.at(i) {
		case "gælder", "gælde", "finder", "omfatter":
			return o.class == negates
		}
	}
	return false
}

// subordinate tells whether an "ikke" stands in a clause that only says whom or
// which case is meant: "der ikke er …", "hvis … ikke …".
func (t *text) subordinate(o *operator) bool {
	if t.at(o.at) != "ikke" {
		return false
	}
	for i := o.at; i >= 0 && t.words[i].clause == t.words[o.at].clause; i-- {
		switch t.at(i) {
		case "der":
			return strings.Contains(t.words[i].before, ",")
		case "som", "hvis", "når", "såfremt":
			return true
		}
	}
	return false
}

// states tells whether an "ikke" turns what the sentence itself says, other than
// a prohibition, which a condition may be told as.
func (t *text) states(o *operator) bool {
	if t.at(o.at) != "ikke" || t.frame(o) || t.at(o.at-1) == "må" || t.at(o.at-2) == "må" {
		return false
	}
	first := o.at
	for first > 0 && t.words[first-1].clause == t.words[o.at].clause {
		first--
	}
	return !opensClause[t.at(first)] && !(finite[t.at(first)] || isVerb(t.at(first)))
}

// lexical tells whether a negator is a word with a matter of its own.
func lexical(stem string) bool {
	for _, p := range []string{"undtag", "fritag", "undlad", "udeluk", "forb"} {
		if strings.HasPrefix(stem, p) {
			return true
		}
	}
	return false
}

func scopes(a *text, x []int, b *text, y []int) float64 {
	if len(x) == 0 && len(y) == 0 {
		return sameScope
	}
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	if len(x) > len(y) {
		a, x, b, y = b, y, a, x
	}
	sum, total := 0.0, 0.0
	for k, i := range x {
		weight := 1 / (1 + 0.3*float64(k))
		best := 0.0
		for l, j := range y {
			if like := max(likeness(&a.words[i], &b.words[j]), likeness(&b.words[j], &a.words[i])); like >= 0.7 {
				best = max(best, like/(1+0.08*float64(max(k-l, l-k))))
			}
		}
		sum += weight * best
		total += weight
	}
	return sum / total
}

// sameScope is how far two operators must fall on the same words, looseScope
// how far the words of two actors.
const (
	sameScope  = 0.35
	looseScope = 0.3
)

// spoken tells how much of a scope of the place the claim speaks of.
func (p *place) spoken(claim *text, scope []int) float64 {
	sum, total := 0.0, 0.0
	for k, i := range scope {
		weight := 1 / (1 + 0.4*float64(k))
		best := 0.0
		for _, j := range claim.content() {
			best = max(best, likeness(&claim.words[j], &p.words[i]))
		}
		if best >= 0.7 {
			sum += weight * best
		}
		total += weight
	}
	if total == 0 {
		return 0.5
	}
	return sum / total
}

func (t *text) operators(classes ...class) []*operator {
	var out []*operator
	for i := range t.ops {
		if slices.Contains(classes, t.ops[i].class) {
			out = append(out, &t.ops[i])
		}
	}
	return out
}

// pair matches operators of the claim with those of the place one to one, the
// closest first, and returns those that are left on either side.
func (p *place) pair(claim *text, mine, theirs []*operator) (added, dropped []*operator) {
	partner := p.partners(claim, mine, theirs)
	taken := map[*operator]bool{}
	for _, x := range mine {
		if partner[x] == nil {
			added = append(added, x)
		}
		taken[partner[x]] = true
	}
	for _, y := range theirs {
		if !taken[y] {
			dropped = append(dropped, y)
		}
	}
	return added, dropped
}

func (p *place) partners(claim *text, mine, theirs []*operator) map[*operator]*operator {
	type match struct {
		i, j  int
		score float64
	}
	var all []match
	for i, x := range mine {
		for j, y := range theirs {
			if s := overlap(claim, x, p.text, y); s >= sameScope {
				all = append(all, match{i, j, s})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b match) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	out, taken := map[*operator]*operator{}, map[int]bool{}
	for _, m := range all {
		if out[mine[m.i]] == nil && !taken[m.j] {
			out[mine[m.i]], taken[m.j] = theirs[m.j], true
		}
	}
	return out
}

// How much of what the source negates or restricts a claim must speak of before
// it has to repeat that: little where the sentence itself is negated, more where
// only a relative clause is, which a shorter wording may leave out.
const (
	saidOf       = 0.35
	saidOfClause = 0.6
)

func (p *place) repeats(y *operator) float64 {
	switch p.at(y.at) {
	case "medmindre", "undtagen", "undtaget", "bortset", "undtagelse":
		return saidOfClause
	}
	for i := y.at - 1; i >= 0 && i >= y.at-4; i-- {
		if term := p.at(i); term == "som" || term == "der" && strings.Contains(p.words[i].before, ",") {
			return saidOfClause
		}
		if p.words[i].clause < p.words[y.at].clause {
			break
		}
	}
	return saidOf
}

func (p *place) negations(claim *text) (Reason, string) {
	added, dropped := p.pair(claim, claim.operators(negates), p.operators(negates))
	if len(added) > 0 || len(dropped) > 0 {
		if p.abreast(claim) {
			added, dropped = nil, nil
		}
	}
	if len(added) > 0 {
		return Negation, claim.at(added[0].at)
	}
	for _, y := range dropped {
		if p.requires(claim, y) || p.concessive(y) && !claim.concedes() {
			continue
		}
		if (p.spoken(claim, y.scope) >= p.repeats(y) || p.hits(claim, y) || p.reversed(claim, y)) && !p.negated(claim, y) {
			return Negation, p.at(y.at)
		}
	}
	for i := range claim.words {
		if next := claim.at(i + 1); claim.at(i) == "ikke" && notOnly[next] && !p.says("ikke", next) {
			return Negation, "ikke " + next
		}
	}
	return Verified, ""
}

// negated tells whether the claim negates the same words as y, once where the
// place does so for several.
func (p *place) negated(claim *text, y *operator) bool {
	if len(y.scope) == 0 {
		return false
	}
	first := &p.words[y.scope[0]]
	negated, said := 0, 0
	for i := range claim.words {
		if w := &claim.words[i]; w.carries() && likeness(w, first) >= 0.9 {
			said++
		}
	}
	for _, x := range claim.operators(negates) {
		if !claim.frame(x) && key(claim, x.scope, p.text, y.scope) >= 0.9 && scopes(claim, x.scope, p.text, y.scope) >= 0.8 {
			negated++
		}
	}
	return negated > 0 && negated >= said
}

// reversed tells whether the claim has the words right behind an "uden", or makes
// a condition of a "medmindre".
func (p *place) reversed(claim *text, y *operator) bool {
	switch p.at(y.at) {
	case "uden":
		return p.spoken(claim, y.scope[:min(2, len(y.scope))]) >= 0.8
	case "medmindre":
		return claim.conditional() && !p.conditional()
	}
	return false
}

// conditional tells whether a text names a condition.
func (t *text) conditional() bool {
	return slices.ContainsFunc(t.words, func(w word) bool { return w.Term == "hvis" || w.Term == "når" || w.Term == "såfremt" })
}

// notOnly makes of "ikke" no negation but an extension: "ikke kun".
var notOnly = set("kun alene blot mindst udelukkende")

func (p *place) says(first, second string) bool {
	for i := range p.words {
		if p.at(i) == first && p.at(i+1) == second {
			return true
		}
	}
	return false
}

// conditional words carry a restriction in other words.
var conditional = set("betingelse betingelser betingelsen betinget forudsætning forudsætter forudsat krav kræves kræver skal først")

func (p *place) restrictions(claim *text) (Reason, string) {
	added, dropped := p.pair(claim, claim.operators(restricts), p.operators(restricts))
	if len(added) > 0 {
		return Restriction, claim.at(added[0].at)
	}
	for _, y := range dropped {
		if p.spoken(claim, y.scope) < p.repeats(y) {
			continue
		}
		if !p.aimed(claim) && !slices.ContainsFunc(claim.words, func(w word) bool { return conditional[w.Term] }) {
			return Restriction, p.at(y.at)
		}
	}
	return Verified, ""
}

// order checks before and after.
func (p *place) order(claim *text) (Reason, string) {
	closest := func(x *operator, c class) float64 {
		best := -1.0
		for _, y := range p.operators(c) {
			best = max(best, overlap(claim, x, p.text, y))
		}
		return best
	}
	for _, x := range claim.operators(precedes, follows) {
		if x.class == precedes && p.required(claim) {
			continue
		}
		other := follows
		if x.class == follows {
			other = precedes
		}
		same, contrary := closest(x, x.class), closest(x, other)
		if x.class == precedes && same < sameScope && !p.hasUpperBound() || contrary > same && contrary >= sameScope {
			return Comparator, claim.at(x.at)
		}
	}
	return Verified, ""
}

// hasUpperBound tells whether the place has a "senest" or "inden" that is read
// as part of a figure.
func (p *place) hasUpperBound() bool {
	for i := range p.words {
		switch p.words[i].Term {
		case "senest", "inden", "indtil", "før", "forinden":
			return true
		}
	}
	return false
}
