package verify

// actors checks who does what: no authority that the source does not name, no
// exchange of who acts and who is acted upon.
func (p *place) actors(claim *text) (Reason, string) {
	for i := range claim.words {
		w := &claim.words[i]
		if w.actor == nobody || w.actor == person || p.hasActor(w.actor) {
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
func (p *place) hasActor(a actor) bool {
	other := false
	for i := range p.words {
		b := p.words[i].actor
		if b != nobody && a.same(b) {
			return true
		}
		other = other || b != nobody && b.authority() == a.authority()
	}
	if other {
		return false
	}
	for i := range p.whole.words {
		if b := p.whole.words[i].actor; b != nobody && a.same(b) {
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
		if score < sameScope {
			continue
		}
		same := a.who.same(b.who)
		if same == (a.role == b.role) {
			agrees = max(agrees, score)
		} else if same || a.role == acts || a.role == b.role && a.role != suffers {
			differs = max(differs, score)
		}
	}
	return differs > agrees
}
