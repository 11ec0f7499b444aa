package verify

import (
	"strconv"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// dimension is what a figure measures. Only figures of one dimension compare.
type dimension string

const (
	dimCount  dimension = "antal"
	dimMoney  dimension = "kr"
	dimShare  dimension = "%"
	dimDays   dimension = "dage" // weeks too, seven days each
	dimWork   dimension = "hverdage"
	dimMonths dimension = "måneder" // years too, twelve months each
	dimHours  dimension = "timer"
	dimMinute dimension = "minutter"
	dimDate   dimension = "dato"
	dimDay    dimension = "dag i året" // 1. januar
	dimYear   dimension = "årstal"
	dimPeriod dimension = "hver" // per day, week, month, year
	dimRef    dimension = "henvisning"
)

// fact is a figure as it is used: 4 weeks, at most.
type fact struct {
	dim      dimension
	value    string // canonical
	bound    bound
	from, to int // words
}

// bound is the sense in which a figure limits.
type bound int

const (
	exact bound = iota
	upperWeak
	upper
	lowerWeak
	lower
)

// agrees tells whether a claim may use bound b where the source has s.
func (b bound) agrees(s bound) bool {
	switch {
	case b == s:
		return true
	case b.side() == s.side():
		return true
	case b == exact:
		return s == upperWeak || s == lowerWeak
	case s == exact:
		return b == upperWeak || b == lowerWeak
	}
	return false
}

func (b bound) side() int {
	switch b {
	case upper, upperWeak:
		return 1
	case lower, lowerWeak:
		return -1
	}
	return 0
}

func (t *text) findFacts() {
	for i := 0; i < len(t.words); i++ {
		if t.words[i].taken {
			continue
		}
		f, ok := t.factAt(i)
		if !ok {
			continue
		}
		if f.dim != dimRef && f.dim != dimPeriod {
			f.bound = t.boundOf(&f)
		}
		for j := f.from; j <= f.to; j++ {
			t.words[j].taken = true
		}
		t.facts = append(t.facts, f)
		i = f.to
	}
	t.shareUnits()
	t.shareBounds()
}

// shareBounds hands the comparator of the first figure of an enumeration on:
// "længere skolevej end 2 km på 1. klassetrin, 6 km på 4. klassetrin".
func (t *text) shareBounds() {
	for k := 1; k < len(t.facts); k++ {
		b := &t.facts[k]
		before := k - 1
		for before > 0 && t.facts[before].dim != b.dim {
			before--
		}
		a := &t.facts[before]
		joined := strings.ContainsAny(t.words[b.from].before, ",") || t.at(b.from-1) == "og" || t.at(b.from-1) == "eller"
		if a.dim != b.dim || a.dim == dimRef || a.dim == dimPeriod || b.bound != exact || a.bound == exact || !joined {
			continue
		}
		if a.bound.side() > 0 {
			b.bound = upperWeak
		} else {
			b.bound = lowerWeak
		}
	}
}

func (t *text) factAt(i int) (fact, bool) {
	w := &t.words[i]
	switch w.Kind {
	case danish.Date:
		return fact{dim: dimDate, value: w.Term, from: i, to: i}, true
	case danish.Reference:
		return fact{dim: dimRef, value: w.Term, from: i, to: i}, true
	case danish.Amount:
		if value, ok := strings.CutSuffix(w.Term, "%"); ok {
			return fact{dim: dimShare, value: value, from: i, to: i}, true
		}
		return fact{dim: dimMoney, value: strings.TrimSuffix(w.Term, "kr"), from: i, to: i}, true
	case danish.Number:
		return t.numberAt(i), true
	}
	if f, ok := t.periodAt(i); ok {
		return f, true
	}
	if f, ok := t.shareAt(i); ok {
		return f, true
	}
	if label, ok := refLabels[w.Term]; ok && label == "litra " && len(t.at(i+1)) == 1 {
		return fact{dim: dimRef, value: label + t.at(i+1), from: i, to: i + 1}, true
	}
	value, ok := numeral(w.Term)
	if !ok {
		return compoundFact(w.Term, i)
	}
	f := fact{dim: dimCount, value: value, from: i, to: i}
	t.measure(&f)
	if isArticle[w.Term] && (f.dim == dimCount || f.dim == dimMoney) {
		return fact{}, false // "et barn": an article
	}
	return f, true
}

// refLabels are the words before the number of a part of an act.
var refLabels = map[string]string{
	"stk": "stk ", "stykke": "stk ", "nr": "nr ", "nummer": "nr ", "kapitel": "kap ", "kap": "kap ", "bilag": "bilag ", "artikel": "§", "art": "§",
	"litra": "litra ", "punkt": "punkt ", "afsnit": "afsnit ", "paragraf": "§",
}

func (t *text) numberAt(i int) fact {
	f := fact{dim: dimCount, value: t.words[i].Term, from: i, to: i}
	if label, ok := refLabels[t.at(i-1)]; ok {
		return fact{dim: dimRef, value: label + f.value, from: i - 1, to: i}
	}
	if next := t.at(i + 1); next == "pkt" || next == "punktum" {
		return fact{dim: dimRef, value: "pkt " + f.value, from: i, to: i + 1}
	}
	if last := len(t.facts) - 1; last >= 0 && t.facts[last].dim == dimRef && t.continues(t.facts[last].to, i) {
		if label, _, ok := strings.Cut(t.facts[last].value, " "); ok {
			return fact{dim: dimRef, value: label + " " + f.value, from: i, to: i}
		}
	}
	if month, ok := months[t.at(i+1)]; ok {
		return fact{dim: dimDay, value: f.value + "." + month, from: i, to: i + 1}
	}
	if len(f.value) == 4 && (f.value[:2] == "19" || f.value[:2] == "20") && beforeYear[t.at(i-1)] {
		f.dim = dimYear
		return f
	}
	if t.at(i+1) == "1" && t.at(i+2) == "2" && t.words[i+2].before == "/" {
		f.value, f.to = f.value+",5", i+2 // 2 1/2
	}
	t.measure(&f)
	return f
}

// compoundFact reads "treårig", "fireugers".
func compoundFact(term string, i int) (fact, bool) {
	for word, n := range smallNumbers {
		rest, ok := strings.CutPrefix(term, word)
		if !ok || n < 2 {
			continue
		}
		for _, u := range units {
			if rest == u.ending && u.unit.dim != dimCount && u.unit.dim != "kg" && u.unit.dim != "m" {
				return fact{dim: u.unit.dim, value: strconv.FormatFloat(float64(n)*u.unit.factor, 'f', -1, 64), from: i, to: i}, true
			}
		}
	}
	return fact{}, false
}

var beforeYear = set("i året år fra siden før efter af til " + strings.Join(monthNames, " "))

var monthNames = []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}

var months = func() map[string]string {
	m := map[string]string{}
	for i, name := range monthNames {
		m[name] = strconv.Itoa(i + 1)
	}
	return m
}()

// continues tells whether the number at i belongs to the list that a reference
// opened: "stk. 2 og 3", "nr. 1-4".
func (t *text) continues(last, i int) bool {
	switch between := t.words[i].before; {
	case last == i-1:
		return strings.TrimSpace(between) == "-" || strings.TrimSpace(between) == "–" || strings.TrimSpace(between) == ","
	case last == i-2:
		joint := t.at(i - 1)
		return (joint == "og" || joint == "eller" || joint == "til") && t.unitAt(i+1) == nil
	}
	return false
}

// measure reads the unit behind a number.
func (t *text) measure(f *fact) {
	at := f.to + 1
	for skip := 0; skip < 4 && loose[t.at(at)]; skip++ {
		at++
	}
	u := t.unitAt(at)
	if u == nil {
		return
	}
	f.dim, f.to = u.dim, at
	if n, err := strconv.ParseFloat(strings.Replace(f.value, ",", ".", 1), 64); err == nil && u.factor != 1 {
		f.value = strings.Replace(strconv.FormatFloat(n*u.factor, 'f', -1, 64), ".", ",", 1)
	}
	if f.dim == dimCount && u.factor > 1 && (t.at(at+1) == "kr" || t.at(at+1) == "kroner") {
		f.dim, f.to = dimMoney, at+1
	}
}

// loose words may stand between a number and its unit.
var loose = set("hele fulde på hinanden følgende sammenhængende løbende kalendermæssige fyldte samlede")

type unit struct {
	dim    dimension
	factor float64
}

// units by the endings of words, since Danish compounds them: kalenderdage.
var units = []struct {
	ending string
	unit   unit
}{
	{"arbejdsdage", unit{dimWork, 1}}, {"arbejdsdag", unit{dimWork, 1}}, {"hverdage", unit{dimWork, 1}}, {"hverdag", unit{dimWork, 1}},
	{"dages", unit{dimDays, 1}}, {"dage", unit{dimDays, 1}}, {"dag", unit{dimDays, 1}}, {"døgn", unit{dimDays, 1}}, {"dags", unit{dimDays, 1}},
	{"ugers", unit{dimDays, 7}}, {"uger", unit{dimDays, 7}}, {"uge", unit{dimDays, 7}}, {"uges", unit{dimDays, 7}},
	{"måneders", unit{dimMonths, 1}}, {"måneder", unit{dimMonths, 1}}, {"måned", unit{dimMonths, 1}}, {"måneds", unit{dimMonths, 1}}, {"mdr", unit{dimMonths, 1}},
	{"år", unit{dimMonths, 12}}, {"års", unit{dimMonths, 12}}, {"årige", unit{dimMonths, 12}}, {"årig", unit{dimMonths, 12}}, {"årsalderen", unit{dimMonths, 12}}, {"årsalder", unit{dimMonths, 12}}, {"årigt", unit{dimMonths, 12}}, {"åriges", unit{dimMonths, 12}},
	{"timer", unit{dimHours, 1}}, {"time", unit{dimHours, 1}}, {"timers", unit{dimHours, 1}}, {"times", unit{dimHours, 1}},
	{"minutter", unit{dimMinute, 1}}, {"minut", unit{dimMinute, 1}},
	{"procentpoint", unit{"procentpoint", 1}}, {"promille", unit{"promille", 1}},
	{"millioner", unit{dimCount, 1e6}}, {"million", unit{dimCount, 1e6}}, {"mio", unit{dimCount, 1e6}}, {"milliarder", unit{dimCount, 1e9}}, {"mia", unit{dimCount, 1e9}},
	{"kilo", unit{"kg", 1}}, {"kilogram", unit{"kg", 1}}, {"ton", unit{"kg", 1000}}, {"tons", unit{"kg", 1000}},
	{"kilometer", unit{"km", 1}}, {"meter", unit{"m", 1}}, {"kvadratmeter", unit{"m2", 1}},
}

// wholeUnits are read only as whole words.
var wholeUnits = map[string]unit{
	"kg": {"kg", 1}, "km": {"km", 1}, "m": {"m", 1}, "cm": {"cm", 1}, "m2": {"m2", 1}, "m3": {"m3", 1}, "gange": {"gange", 1}, "gang": {"gange", 1},
}

func (t *text) unitAt(i int) *unit {
	term := t.at(i)
	if u, ok := wholeUnits[term]; ok {
		return &u
	}
	for _, u := range units {
		if term == u.ending || len(term) > len(u.ending) && strings.HasSuffix(term, u.ending) && timeHeads[strings.TrimSuffix(term, u.ending)] {
			return &u.unit
		}
	}
	return nil
}

// timeHeads open compounds of a unit of time; others ("fødselsdag") are none.
var timeHeads = set("kalender leve skole aften løbe indkomst regnskabs ferie halv uddannelses optjenings")

// shareUnits gives the first number of "2-5 år" the unit of the second.
func (t *text) shareUnits() {
	for k := len(t.facts) - 2; k >= 0; k-- {
		a, b := &t.facts[k], &t.facts[k+1]
		if a.dim != dimCount || b.dim == dimRef || b.dim == dimPeriod || b.from-a.to > 2 {
			continue
		}
		joint := strings.TrimSpace(t.words[b.from].before)
		if b.from-a.to == 2 {
			joint = t.at(a.to + 1)
		}
		switch joint {
		case "-", "–", "til", "og", "eller":
			if n, err := strconv.ParseFloat(strings.Replace(a.value, ",", ".", 1), 64); err == nil {
				a.dim = b.dim
				if u := t.unitAt(b.to); u != nil {
					a.value = strings.Replace(strconv.FormatFloat(n*u.factor, 'f', -1, 64), ".", ",", 1)
				}
			}
			if joint == "og" && t.at(a.from-1) == "mellem" || joint == "-" || joint == "–" || joint == "til" {
				a.bound, b.bound = lowerWeak, upperWeak
			}
		}
	}
}
