package verify

import "strings"

// actor is somebody whom an act gives a part: exchanging two of them changes the
// rule, whatever the other words are.
type actor int

const (
	nobody actor = iota
	municipality
	region
	state
	appealBoard
	minister
	police
	court
	committee
	authority // any of the above
	person    // any human: the citizen, the applicant, whoever is concerned
	child
	parent
	spouse
	employer
	employee
	landlord
	tenant
	school
	pupil
	doctor
)

func (a actor) authority() bool { return a >= municipality && a <= authority }

// same tells whether two names may stand for one: "myndigheden" for the
// municipality, "borgeren" for the child.
func (a actor) same(b actor) bool {
	switch {
	case a == b:
		return true
	case a == authority || b == authority:
		return a.authority() && b.authority()
	case a == person || b == person:
		return !a.authority() && !b.authority() && a != employer && b != employer && a != landlord && b != landlord && a != school && b != school && a != doctor && b != doctor
	}
	return false
}

// stands tells whether two words may name the same actor. Ministers are told
// apart by their names.
func (w *word) stands(v *word) bool {
	if w.actor == nobody || v.actor == nobody || !w.actor.same(v.actor) {
		return false
	}
	if w.actor == minister && v.actor == minister {
		return w.stem == v.stem || strings.HasPrefix(w.Term, "minister") || strings.HasPrefix(v.Term, "minister")
	}
	return true
}

// actorPrefixes name an actor by the beginning of a word, the longest first.
var actorPrefixes = []struct {
	prefix string
	actor  actor
}{
	{"kommunalbestyrelse", municipality}, {"kommunernes", nobody}, {"kommunen", municipality}, {"kommuner", municipality}, {"kommune", municipality},
	{"opholdskommune", municipality}, {"bopælskommune", municipality}, {"handlekommune", municipality}, {"hjemkommune", municipality}, {"byråd", municipality}, {"jobcent", municipality},
	{"regionsråd", region}, {"region", region}, {"ankestyrels", appealBoard}, {"ankenævn", appealBoard}, {"klagenævn", appealBoard}, {"patientklagenævn", appealBoard},
	{"familieretshus", state}, {"statsforvaltning", state}, {"socialstyrels", state}, {"ministeri", minister}, {"politi", police}, {"anklagemyndighed", police},
	{"domstol", court}, {"byret", court}, {"landsret", court}, {"fogedret", court}, {"skifteret", court}, {"familieret", court},
	{"udvalg", committee}, {"ungeudvalg", committee}, {"myndighed", authority}, {"forvaltning", authority},
	{"borger", person}, {"ansøger", person}, {"person", person}, {"modtager", person}, {"enhver", person}, {"part", nobody}, {"parten", person}, {"parter", person},
	{"menneske", person}, {"voksn", person}, {"forældremyndighedsindehaver", parent}, {"forældre", parent}, {"forælder", parent}, {"moder", parent}, {"fader", parent},
	{"barn", child}, {"børn", child}, {"unge", child}, {"ung", child}, {"ægtefælle", spouse}, {"samlever", spouse},
	{"arbejdsgiver", employer}, {"lønmodtager", employee}, {"medarbejder", employee}, {"ansatte", employee}, {"udlejer", landlord}, {"lejer", tenant},
	{"skoleleder", school}, {"skolen", school}, {"elev", pupil}, {"læge", doctor},
}

// actorOf reads a word as an actor. Compounds with an actor in front
// ("personregister", "borgerservice") are things.
func actorOf(stem, term string) actor {
	if strings.HasSuffix(term, "minister") || strings.HasSuffix(term, "ministeren") || strings.HasSuffix(term, "ministerens") {
		return minister
	}
	for _, p := range actorPrefixes {
		rest, ok := strings.CutPrefix(term, p.prefix)
		if !ok {
			continue
		}
		if term == "modtager" || term == "ansøger" {
			return nobody // mostly the verb
		}
		if p.actor != nobody && inflections[rest] {
			return p.actor
		}
	}
	return nobody
}

// inflections of a noun, with its genitive.
var inflections = func() map[string]bool {
	m := map[string]bool{"": true}
	for _, e := range strings.Fields("s n ns en ens et ets e es er ers ne nes ene enes erne ernes r rs rne rnes ren rens t ts") {
		m[e] = true
	}
	return m
}()

// agency says what part an actor has in something.
type agency struct {
	who   actor
	role  string // acts, suffers, or the preposition before the actor: "til"
	scope []int  // the words of what is done
}

const (
	acts    = "acts"
	suffers = "suffers"
	object  = "object" // right behind the verb
)

func role(active bool) string {
	if active {
		return acts
	}
	return suffers
}

var prepositions = set("til fra for af hos med på om ved mod mellem i efter under over uden blandt samt og eller")

// receives are the prepositions that give an actor a part by themselves.
var receives = set("til fra hos mod mellem for")

var finite = set("skal kan må bør har er bliver vil skulle kunne måtte burde havde fik får")

// findAgency looks for actors beside a finite verb: "kommunen skal", "skal
// kommunen", and behind a passive: "træffes af kommunen".
func (t *text) findAgency() {
	for i := range t.words {
		w := &t.words[i]
		if w.actor == nobody || strings.HasSuffix(w.Term, "s") && i+1 < len(t.words) && !finite[t.at(i+1)] && !isVerb(t.at(i+1)) {
			continue // a genitive: "kommunens afgørelse"
		}
		before, after := t.at(i-1), t.at(i+1)
		switch {
		case predicative[before]:
		case before == "af" && i >= 2 && t.passiveBefore(i-1):
			t.agent = append(t.agent, agency{who: w.actor, role: acts, scope: t.around(i-1, 3, 0)})
		case (finite[after] || isVerb(after)) && !t.governed(i) && (i+1 >= len(t.words) || t.words[i+1].before == " "):
			t.agent = append(t.agent, agency{who: w.actor, role: role(!t.passiveFrom(i + 1)), scope: t.around(i, 0, 5)})
		case (finite[before] || isVerb(before)) && !t.governed(i) && t.opensWithVerb(i-1):
			t.agent = append(t.agent, agency{who: w.actor, role: role(!t.passiveFrom(i)), scope: t.around(i, 0, 5)})
		case isInfinitive(before) || isVerb(before):
			t.agent = append(t.agent, agency{who: w.actor, role: object, scope: t.around(i, 2, 0)})
		case t.opensClause(i) && t.verbAhead(i) > 0 && !t.governed(i):
			t.agent = append(t.agent, agency{who: w.actor, role: role(!t.passiveFrom(t.verbAhead(i))), scope: t.around(i, 0, 5)})
		case receives[before]:
			t.agent = append(t.agent, agency{who: w.actor, role: before, scope: t.around(i-1, 2, 2)})
		}
	}
}

func (t *text) opensClause(i int) bool {
	return i == 0 || t.words[i-1].clause != t.words[i].clause || opensClause[t.at(i-1)]
}

// verbAhead finds the verb of a subject with words behind it: "ministeren for
// samfundssikkerhed og beredskab fastsætter".
func (t *text) verbAhead(i int) int {
	for j := i + 1; j < len(t.words) && j < i+7 && t.words[j].clause == t.words[i].clause; j++ {
		if finite[t.at(j)] || isVerb(t.at(j)) {
			return j
		}
	}
	return 0
}

// isVerb takes a guess at a verb in the present: many nouns end like one, so
// it is asked only right beside an actor.
func isVerb(term string) bool {
	return len(term) > 3 && (strings.HasSuffix(term, "er") || strings.HasSuffix(term, "es") || term == "yder" || term == "gør") && !prepositions[term] && actorOf("", term) == nobody
}

// governed tells whether a preposition stands before the actor or its
// attributes.
func (t *text) governed(i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		if t.words[j+1].before != " " {
			return false
		}
		term := t.at(j)
		if prepositions[term] {
			return true
		}
		if finite[term] || isVerb(term) || t.words[j].actor != nobody {
			return false
		}
	}
	return false
}

// predicative words make of an actor what somebody is, not who does it.
var predicative = set("er som være bliver blive var")

// opensWithVerb tells whether the verb at i comes before its subject: nothing
// that could be a subject stands before it in its clause.
func (t *text) opensWithVerb(i int) bool {
	for j := i - 1; j >= 0 && t.words[j].clause == t.words[i].clause; j-- {
		if t.words[j].actor != nobody && !t.governed(j) {
			return false
		}
	}
	return true
}

// passiveFrom tells whether the verb phrase from word i on is passive.
func (t *text) passiveFrom(i int) bool {
	for j := i; j < len(t.words) && j < i+7 && t.words[j].clause == t.words[i].clause; j++ {
		term := t.at(j)
		if passiveForm(term) {
			return true
		}
		if (term == "bliver" || term == "blive") && j+1 < len(t.words) {
			return true
		}
		if j > i && isInfinitive(term) && t.words[j].carries() {
			return false
		}
	}
	return false
}

func passiveForm(term string) bool {
	return len(term) > 5 && strings.HasSuffix(term, "es") && !notPassive[term]
}

var notPassive = set("fælles deres vores borgeres personers forældres parternes ældres unges voksnes ansattes kommunernes børnenes")

func isInfinitive(term string) bool {
	return len(term) > 4 && strings.HasSuffix(term, "e") && !strings.HasSuffix(term, "ede") && !strings.HasSuffix(term, "lige")
}

func (t *text) passiveBefore(i int) bool {
	for j := i - 1; j >= 0 && j >= i-6; j-- {
		term := t.at(j)
		if passiveForm(term) || strings.HasSuffix(term, "et") && len(term) > 5 || strings.HasSuffix(term, "ede") {
			return true
		}
	}
	return false
}
