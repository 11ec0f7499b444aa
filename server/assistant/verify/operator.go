package verify

import "strings"

// class is what an operator does to the words in its scope.
type class int

const (
	negates class = iota
	restricts
	obliges
	permits
	advises
	entitles
	precedes
	follows
)

// operator is a word that turns or bounds what is said: ikke, kun, skal, før.
type operator struct {
	class class
	at    int
	scope []int // content words, the nearest first
	weak  bool  // of permits: "kan få", which only describes
}

var operatorWords = func() map[string]class {
	m := map[string]class{}
	for c, words := range map[class]string{
		negates: `ikke ej aldrig hverken uden ingen intet ingenting medmindre undtagen undtaget undtages undtagelse bortset undlade undlader
			undlades undladt fritage fritager fritages fritaget udelukket udelukker udelukkes forbudt forbyder forbydes forbud afskåret`,
		restricts: `kun alene udelukkende`,
		obliges: `betingelse betinget forudsætning skal skulle pligt pligten pligtig pligtige forpligtet forpligtede forpligtelse forpligter påhviler nødt kræves kræver påkrævet obligatorisk
			obligatoriske`,
		permits:  `kan kunne må måtte mulighed muligheden muligt tilladt tilladte adgang stand beføjelse bemyndiges frivilligt frivillig lov`,
		advises:  `bør burde`,
		entitles: `ret krav`,
		precedes: `før inden forinden forud forudgående forhånd førend`,
		follows:  `efter efterfølgende herefter derefter`,
	} {
		for w := range set(words) {
			m[w] = c
		}
	}
	return m
}()

// acquire are the verbs with which "kan" tells what somebody gets.
var acquire = set("få modtage opnå søge ansøge klage bruge benytte vælge")

func (t *text) findOperators() {
	for i := range t.words {
		c, ok := operatorWords[t.words[i].Term]
		if !ok && lacks(t.words[i].Term) {
			t.ops = append(t.ops, operator{class: negates, at: i, scope: []int{i}})
			continue
		}
		if !ok || t.words[i].taken || !t.operates(i, c) {
			continue
		}
		op := operator{class: c, at: i}
		switch c {
		case negates:
			op.scope = t.around(i, 3, 4)
			if t.frame(&op) {
				op.scope = t.around(i, 0, 4)
			} else if own := t.sameClause(op.scope, i); len(own) > 0 {
				op.scope = own
			}
		case restricts:
			op.scope = t.around(i, 3, 3)
		case precedes, follows:
			op.scope = t.around(i, 0, 3)
		default:
			op.scope = t.around(i, 0, 7)
			op.weak = c == permits && (t.acquires(i) || t.at(i) == "kunne" && t.at(i-1) == "at")
		}
		t.ops = append(t.ops, op)
	}
}

// operates sorts out the uses that turn nothing: "ikke kun", "efter § 5", "inden
// for kommunen", "krav til".
func (t *text) operates(i int, c class) bool {
	next := t.at(i + 1)
	switch t.words[i].Term {
	case "ikke":
		return !notOnly[next]
	case "kun", "alene", "udelukkende":
		return t.at(i-1) != "ikke"
	case "krav", "ret", "retten":
		return t.at(i-1) == "har" || t.at(i-1) == "have" || next == "på" || next == "til"
	case "lov":
		return next == "til" && t.at(i-1) != "om" && t.at(i-1) != "i"
	case "adgang", "stand":
		return next == "til"
	case "uden":
		return next != "for"
	case "inden":
		return next != "for"
	case "efter":
		if i+1 < len(t.words) {
			w := &t.words[i+1]
			return len(t.words[i+1].Term) > 0 && w.Term[0] != 0xc2 && !lawWords[w.Term]
		}
		return false
	case "muligt":
		return t.at(i-1) != "som" && t.at(i-1) != "vidt" && t.at(i-1) != "hurtigst" && t.at(i-1) != "snarest"
	}
	return true
}

var lawWords = set("stk reglerne regler bestemmelsen bestemmelserne bestemmelser loven lov denne dette disse kapitel ansøgning anmodning begæring omstændighederne aftale forhandling høring")

func (t *text) acquires(i int) bool {
	for j := i + 1; j < len(t.words) && j < i+6 && t.words[j].clause == t.words[i].clause; j++ {
		if acquire[t.at(j)] {
			return true
		}
	}
	return false
}

// around collects the content words about position i: up to back before it in
// its clause, up to ahead behind it, those of the same clause first. Actors are
// left out: who acts is checked by itself.
func (t *text) around(i, back, ahead int) []int {
	var out []int
	at := &t.words[i]
	for j := i + 1; j < len(t.words) && len(out) < ahead; j++ {
		w := &t.words[j]
		if w.clause > at.clause+1 && len(out) > 0 {
			break
		}
		if w.carries() && w.actor == nobody {
			out = append(out, j)
		}
	}
	for j, n := i-1, 0; j >= 0 && n < back && t.words[j].clause == at.clause; j-- {
		if w := &t.words[j]; w.carries() && w.actor == nobody {
			out = append(out, j)
			n++
		}
	}
	return out
}

// sameClause keeps the words of a scope that follow in the operator's clause, or
// where none follow, those before it.
func (t *text) sameClause(scope []int, at int) []int {
	var out []int
	follows := false
	for _, i := range scope {
		if t.words[i].clause == t.words[at].clause {
			out = append(out, i)
			follows = follows || i > at
		}
	}
	if !follows {
		return nil
	}
	return out
}

// lacks tells whether a word says that something is missing: "resultatløst".
func lacks(term string) bool {
	for _, ending := range []string{"løs", "løst", "løse"} {
		if strings.HasSuffix(term, ending) && len(term) > len(ending)+3 {
			return !strings.HasPrefix(term, "arbejdsløs") && !strings.HasPrefix(term, "hjemløs") && !strings.HasPrefix(term, "opløs")
		}
	}
	return false
}
