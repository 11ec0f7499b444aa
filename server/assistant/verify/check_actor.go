package verify

// actors checks who does what: no authority that the source does not name, no
// exchange of who acts and who is acted upon.
func (p *place) actors(claim *text) (Reason, string) {
	for i := range claim.words {
		w := &claim.words[i]
		if w.actor == nobody || w.actor == person || p.hasActor(w) {
			continue
		}
		if hasWord(p.context.words, w) && !w.actor.authority() {
			continue
		}
		return Actor, w.Term
	}
	for i := range claim.agent {
		if p.exchanged(claim, &claim.agent[i]) {
			return Actor, ""
		}
	}
	return Verified, ""
}

// hasActor looks in the place, and where that names nobody of the kind, in the
// whole source: acts name their subject once for several sentences.
func (p *place) hasActor(w *word) bool {
	a := w.actor
	other := false
	for i := range p.words {
		b := p.words[i].actor
		if w.stands(&p.words[i]) {
			return true
		}
		other = other || b != nobody && b.authority() == a.authority()
	}
	if other {
		return false
	}
	for i := range p.whole.words {
		if w.stands(&p.whole.words[i]) {
			return true
		}
	}
	return false
}

// exchanged tells whether the place gives what the claim says of an actor to
// another one, or the other way round.
func (p *place) exchanged(claim *text, a *agency) bool {
	agrees, differs := 0.0, 0.0
	for i := range p.agent {
		b := &p.agent[i]
		if (a.role == acts || a.role == suffers) != (b.role == acts || b.role == suffers) || a.role != acts && a.role != suffers && a.role != b.role {
			continue
		}
		score := scopes(claim, a.scope, p.text, b.scope)
		if score < looseScope {
			continue
		}
		same := a.who.same(b.who)
		switch {
		case same && a.role == b.role:
			agrees = max(agrees, score)
		case !same && a.role == b.role && key(claim, a.scope, p.text, b.scope) > 0:
			differs = max(differs, score)
		case same && p.turned(claim, a, b):
			differs = max(differs, score)
		case !same && a.role != b.role:
			agrees = max(agrees, score)
		}
	}
	return differs > agrees
}

// turned tells whether one of the two makes a passive of the other's active
// verb: "kommunen skal underrettes", "kommunen skal underrette".
func (p *place) turned(claim *text, a, b *agency) bool {
	for _, i := range a.scope {
		for _, j := range b.scope {
			x, y := &claim.words[i], &p.words[j]
			if commonPrefix(x.stem, y.stem) >= min(len(x.stem), len(y.stem))-1 && passiveForm(x.Term) != passiveForm(y.Term) &&
				(isInfinitive(x.Term) || isInfinitive(y.Term)) {
				return true
			}
		}
	}
	return false
}
