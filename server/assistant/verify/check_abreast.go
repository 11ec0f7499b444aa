package verify

import "strings"

// This file pairs negations by their order, where the claim has as many as the
// place and of the same sort: then none was dropped or added, and their words
// may be worded more freely.

// looseNegation is how far two such negations must fall on the same words if
// they stand in the same sort of clause.
const looseNegation = 0.28

// abreast tells whether the claim's negations are those of the place, one by
// one in their order.
func (p *place) abreast(claim *text) bool {
	mine, theirs := claim.operators(negates), p.operators(negates)
	if len(mine) == 0 || len(mine) != len(theirs) {
		return false
	}
	for i, x := range mine {
		y := theirs[i]
		if sort(claim, x) != sort(p.text, y) || claim.concessive(x) != p.concessive(y) {
			return false
		}
		near := (key(claim, x.scope, p.text, y.scope) + scopes(claim, x.scope, p.text, y.scope)) / 2
		alike := !(claim.turns(x) && p.dependent(y)) && !(p.text.turns(y) && claim.dependent(x))
		exempts := p.frame(y) && !claim.subordinate(x) && claim.conditional() && p.conditional() && p.coverage >= 0.8
		if !(alike && near >= looseNegation) && !exempts {
			return false
		}
	}
	return true
}

// turns tells whether a negation turns what the sentence itself says. Behind a
// relative clause that was put in, a clause that begins with "ikke" goes on with
// what was there before.
func (t *text) turns(o *operator) bool {
	return t.states(o) && o.at > 0 && t.words[o.at-1].clause == t.words[o.at].clause
}

// dependent tells whether a negation stands in a clause that only says whom or
// which case is meant, or in a condition that begins with its verb.
func (t *text) dependent(o *operator) bool { return t.subordinate(o) || t.verbFirst(o) }

// verbFirst tells whether a negation stands in a condition that begins with its
// verb: "Har kommunen ikke …, kan …".
func (t *text) verbFirst(o *operator) bool {
	first := o.at
	for first > 0 && t.words[first-1].clause == t.words[o.at].clause {
		first--
	}
	last := t.words[len(t.words)-1].clause
	return (finite[t.at(first)] || isVerb(t.at(first))) && t.words[o.at].clause < last && strings.Contains(t.after(t.words[o.at].clause), ",")
}

// after returns what stands between a clause and the next.
func (t *text) after(clause int) string {
	for i := range t.words {
		if t.words[i].clause > clause {
			return t.words[i].before
		}
	}
	return ""
}

// sort tells negators apart that cannot stand for each other.
func sort(t *text, o *operator) string {
	switch term := t.at(o.at); term {
	case "ikke", "ej", "ingen", "intet", "aldrig", "forbudt", "forbyder", "forbydes", "forbud":
		return "not"
	case "uden":
		return "without"
	case "medmindre", "undtagen", "undtaget", "bortset", "undtagelse":
		return "unless"
	default:
		return term
	}
}

// concessive tells whether a negation stands in a clause that the rule is
// independent of: "uanset at der ikke …", "selv om … ikke".
func (t *text) concessive(o *operator) bool {
	for i := o.at - 1; i >= 0 && i >= o.at-6; i-- {
		switch t.at(i) {
		case "uanset", "uagtet":
			return true
		case "om":
			return t.at(i-1) == "selv"
		}
	}
	return false
}

// concedes tells whether a text has such a clause.
func (t *text) concedes() bool {
	for i := range t.words {
		switch t.at(i) {
		case "uanset", "uagtet", "selvom", "også", "skønt":
			return true
		case "selv":
			if t.at(i+1) == "om" {
				return true
			}
		}
	}
	return false
}
