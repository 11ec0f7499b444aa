package verify

import (
	"slices"
	"strings"
)

// modality holds what is said to be a duty, a permission or a right against the
// place. Danish acts also state duties without a modal verb ("kommunen yder").
func (p *place) modality(claim *text) (Reason, string) {
	theirs := p.operators(obliges, permits, advises, entitles)
	mine := claim.operators(obliges, permits, advises, entitles)
	partner := p.partners(claim, mine, theirs)
	answered, taken := map[*operator]bool{}, map[*operator]bool{}
	for _, y := range partner {
		taken[y] = true
	}
	for _, x := range mine {
		y := partner[x]
		if y == nil {
			y = p.closest(claim, x, theirs)
		}
		switch {
		case x.class == obliges && p.required(claim), p.forbids(claim, x):
		case x.class == obliges && p.plain(theirs) && claim.others(x):
		case y == nil && !p.unmatched(claim, x, theirs, taken), y != nil && !p.compatible(claim, x, y):
			return Modality, claim.at(x.at)
		case y != nil:
			answered[y] = true
		}
	}
	for _, y := range theirs {
		if p.concessive(y) && !claim.concedes() {
			continue
		}
		if answered[y] || y.weak || y.class != permits && y.class != advises || len(y.scope) == 0 {
			continue
		}
		if p.spoken(claim, y.scope) >= 0.6 && p.spoken(claim, y.scope[:1]) >= 0.7 && !p.elsewhereSaid(claim, y) {
			return Modality, p.at(y.at)
		}
	}
	return Verified, ""
}

// closest finds the modal of the place for one of a claim that says it twice.
func (p *place) closest(claim *text, x *operator, theirs []*operator) *operator {
	var best *operator
	score := sameScope
	for _, y := range theirs {
		if s := overlap(claim, x, p.text, y); s >= score && key(claim, x.scope, p.text, y.scope) > 0 {
			best, score = y, s
		}
	}
	return best
}

// unmatched judges a modal verb that falls on no words of the place's modals.
func (p *place) unmatched(claim *text, x *operator, theirs []*operator, taken map[*operator]bool) bool {
	if claim.at(x.at) == "kan" && claim.at(x.at+1) == "ikke" && len(p.operators(permits)) == 0 && len(p.operators(negates)) > 0 {
		return false // "kan ikke" is more than the "skal ikke" or "gælder ikke" of the place
	}
	if claim.at(x.at+1) == "ikke" || claim.at(x.at+1) == "ingen" || claim.at(x.at-1) == "ikke" && len(p.operators(negates)) > 0 {
		return true // "må ikke" where the source only negates: that is checked by itself
	}
	if len(theirs) == 0 {
		return x.class == obliges || x.class == entitles || x.weak
	}
	for _, y := range theirs {
		if !taken[y] && p.compatible(claim, x, y) {
			return true
		}
	}
	return false
}

// plain tells whether what the place itself says has no modal verb, whatever its
// subordinate clauses have: acts state duties so ("i kundgørelsen angives, hvor
// der kan fås oplysning").
func (p *place) plain(modals []*operator) bool {
	for _, y := range modals {
		first := y.at
		for first > 0 && p.words[first-1].clause == p.words[y.at].clause {
			first--
		}
		if !opensClause[p.at(first)] {
			return false
		}
	}
	return true
}

// others tells whether the text has modals of another class than x.
func (t *text) others(x *operator) bool {
	return slices.ContainsFunc(t.operators(permits, advises, entitles), func(o *operator) bool { return o.class != x.class })
}

// elsewhereSaid tells whether the claim has a modal of the same class at all:
// its scope may be worded quite differently.
func (p *place) elsewhereSaid(claim *text, y *operator) bool {
	for i := range claim.ops {
		c := claim.ops[i].class
		if c == y.class || c == restricts && y.class == permits {
			return true
		}
	}
	for i := range claim.words {
		if strings.HasSuffix(claim.words[i].Term, "mulighed") || strings.HasPrefix(claim.words[i].Term, "eventuel") {
			return true
		}
	}
	return false
}

// compatible tells whether the claim may say x where the source says y.
func (p *place) compatible(claim *text, x, y *operator) bool {
	if x.class == permits && y.class == obliges && len(claim.operators(restricts)) > 0 && len(p.operators(restricts)) > 0 {
		return true // "må kun", "skal alene"
	}
	switch x.class {
	case y.class:
		return true
	case permits:
		return x.weak && (y.class == obliges || y.class == entitles) || y.class == entitles
	case entitles:
		return y.class == obliges || y.weak || p.demands(y)
	case obliges:
		return y.class == entitles
	}
	return false
}
