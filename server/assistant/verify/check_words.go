package verify

import "strings"

// names holds proper names against the place and the source's title.
func (p *place) names(claim *text) (Reason, string) {
	for i := range claim.words {
		w := &claim.words[i]
		name := w.capital || i == 0 && len(claim.words) > 1 && claim.words[1].capital && w.carries() && w.actor == nobody
		if !name || !w.carries() && !w.capital {
			continue
		}
		if !hasWord(p.words, w) && !hasWord(p.context.words, w) && !hasWord(p.whole.words, w) {
			return Name, w.Term
		}
	}
	return Verified, ""
}

func hasWord(words []word, w *word) bool {
	for i := range words {
		if words[i].Term == w.Term || words[i].stem == w.stem || w.actor != nobody && w.stands(&words[i]) {
			return true
		}
	}
	return false
}

// contrary looks for a word that is the opposite of the source's, where the
// source does not have the word itself; and for words that widen a rule.
func (p *place) contrary(claim *text) (Reason, string) {
	for _, i := range claim.content() {
		w := &claim.words[i]
		if l, _ := nearest(w, p.words); l >= 0.8 {
			continue
		}
		for j := range p.words {
			if p.words[j].carries() && opposed(w.stem, p.words[j].stem) {
				return Opposite, w.Term
			}
		}
	}
	for i := range claim.words {
		if w := &claim.words[i]; widens[w.Term] && !p.widened() && !(strings.HasPrefix(w.Term, "enhver") && strings.Contains(p.raw, "en, der ")) {
			return Restriction, w.Term
		}
	}
	return Verified, ""
}

var widens = set("altid samtlige uanset ubegrænset alle enhver ethvert aldrig")

func (p *place) widened() bool {
	for i := range p.words {
		if t := p.words[i].Term; widens[t] || t == "hver" || t == "hvert" || t == "nogen" || strings.HasPrefix(t, "ingen") {
			return true
		}
	}
	return false
}
