package verify

import (
	"slices"
	"strings"
)

// This file holds the turns by which plain Danish tells a rule with other
// operators than the act: a prohibition as a duty, a demand as a right.

// requires tells whether the claim makes a duty of a prohibition with a time
// limit: "må ikke påbegyndes uden tilladelse" is "skal have tilladelse, før … må
// påbegyndes". The claim must have both the duty and the limit.
func (p *place) requires(claim *text, y *operator) bool {
	if !p.prohibits(y) {
		return false
	}
	duty := len(claim.operators(obliges)) > 0
	return duty && len(claim.operators(precedes)) > 0 && !claim.turned() && p.awaits(y)
}

// turned tells whether the text negates more than whom or which case is meant.
func (t *text) turned() bool {
	return slices.ContainsFunc(t.operators(negates), func(x *operator) bool { return !t.subordinate(x) })
}

// required tells whether the place has a prohibition that the claim tells so.
func (p *place) required(claim *text) bool {
	for _, y := range p.operators(negates) {
		if p.requires(claim, y) {
			return true
		}
	}
	return false
}

// prohibits tells whether y is the "ikke" of "må ikke" or "kan ikke", or the
// "uden" that such a one is limited by.
func (p *place) prohibits(y *operator) bool {
	for i := y.at; i >= 0; i-- {
		if p.at(i) == "ikke" && (p.at(i-1) == "må" || p.at(i-1) == "kan") {
			return i == y.at || p.at(y.at) == "uden"
		}
	}
	return false
}

// awaits tells whether a "før", "inden" or "uden" behind the prohibition names
// what lifts it.
func (p *place) awaits(y *operator) bool {
	for i := y.at; i < len(p.words); i++ {
		switch p.at(i) {
		case "før", "førend", "uden":
			return true
		case "inden":
			return p.at(i+1) != "for"
		}
	}
	return false
}

// hit is how much of a negation's scope a claim must speak of if it has the very
// word that is negated: a long scope must not hide that its head is told.
const hit = 0.25

// hits tells whether the claim says the word right behind a negation that turns
// the sentence itself.
func (p *place) hits(claim *text, y *operator) bool {
	if len(y.scope) == 0 || y.scope[0] < y.at || p.repeats(y) > saidOf || p.subordinate(y) {
		return false
	}
	return p.spoken(claim, y.scope[:1]) >= 0.9 && p.spoken(claim, y.scope) >= hit
}

// aimed tells whether the claim tells a condition as an aim: "for at få
// bevilling må man ikke …" is "bevilling kan kun meddeles personer, der ikke …".
// What the act negates of those persons the claim must negate too.
func (p *place) aimed(claim *text) bool {
	if claim.at(0) != "for" || claim.at(1) != "at" || len(claim.operators(obliges, permits)) == 0 {
		return false
	}
	return len(p.operators(negates)) == 0 || len(claim.operators(negates)) > 0
}

// forbids tells whether x is the "må" of "må ikke" where the place forbids too,
// and does not merely say that something need not be done.
func (p *place) forbids(claim *text, x *operator) bool {
	if len(claim.operators(precedes)) > 0 {
		return false // "skal …, før … må ikke": neither the one nor the other
	}
	return claim.at(x.at) == "må" && claim.at(x.at+1) == "ikke" && len(p.operators(negates)) > 0 && !p.says("skal", "ikke")
}

// onRequest tells whether the claim's actor only asks for what the place grants
// "efter ansøgning": whose application that is goes without saying.
func (p *place) onRequest(claim *text, a *agency) bool {
	if a.who.authority() || a.role != acts || len(a.scope) == 0 || !asks(claim.words[a.scope[0]].Term) {
		return false
	}
	for i := range p.words {
		if p.at(i) == "efter" && asks(p.at(i+1)) {
			return true
		}
	}
	return false
}

func asks(term string) bool {
	for _, beginning := range []string{"søge", "ansøg", "anmod", "beder", "bede", "begær"} {
		if strings.HasPrefix(term, beginning) {
			return true
		}
	}
	return false
}

// demands tells whether a "kan" is that of "kan forlange": a right.
func (p *place) demands(y *operator) bool {
	if y.class != permits {
		return false
	}
	for i := y.at + 1; i < len(p.words) && i <= y.at+4; i++ {
		switch p.at(i) {
		case "forlange", "kræve", "fordre":
			return true
		}
	}
	return false
}
