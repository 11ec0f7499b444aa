package verify

import "slices"

// overlap tells how far two operators fall on the same words, from 0 to 1.
func overlap(a *text, x *operator, b *text, y *operator) float64 {
	return scopes(a, x.scope, b, y.scope)
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

// sameScope is how far two operators must fall on the same words.
const sameScope = 0.3

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

// saidOf is how much of what the source negates or restricts a claim must speak
// of before it has to repeat the negation.
const saidOf = 0.5

func (p *place) negations(claim *text) (Reason, string) {
	added, dropped := p.pair(claim, claim.operators(negates), p.operators(negates))
	if len(added) > 0 {
		return Negation, claim.at(added[0].at)
	}
	for _, y := range dropped {
		if p.spoken(claim, y.scope) >= saidOf {
			return Negation, p.at(y.at)
		}
	}
	return Verified, ""
}

// conditional words carry a restriction in other words.
var conditional = set("betingelse betingelser betingelsen betinget forudsætning forudsætter forudsat krav kræves kræver skal først")

func (p *place) restrictions(claim *text) (Reason, string) {
	added, dropped := p.pair(claim, claim.operators(restricts), p.operators(restricts))
	if len(added) > 0 {
		return Restriction, claim.at(added[0].at)
	}
	for _, y := range dropped {
		if p.spoken(claim, y.scope) < saidOf {
			continue
		}
		if !slices.ContainsFunc(claim.words, func(w word) bool { return conditional[w.Term] }) {
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
