package verify

import "strings"

// bounds are the words before a figure that say how it limits.
var bounds = map[string]bound{
	"højst": upper, "højest": upper, "maksimalt": upper, "maksimum": upper, "maks": upper, "max": upper, "senest": upper, "inden": upper, "under": upper,
	"indtil": upper, "før": upper, "yngre": upper, "mindre": upper, "færre": upper, "lavere": upper, "kortere": upper, "allersenest": upper,
	"mindst": lower, "minimum": lower, "over": lower, "tidligst": lower, "mere": lower, "flere": lower, "højere": lower, "længere": lower, "ældre": lower,
	"overstiger": lower, "overstige": lower, "overskrider": lower, "overskride": lower, "oversteget": lower, "oversteg": lower, "overskredet": lower, "overskred": lower, "minimalt": lower,
	"fra": lowerWeak, "fyldt": lowerWeak, "fyldte": lowerWeak, "fylder": lowerWeak, "efter": lowerWeak,
	"til": upperWeak, "frist": upperWeak, "fristen": upperWeak,
}

// comparing words need "end" behind them to be a comparator.
var comparing = set("mindre færre lavere kortere mere flere højere længere ældre yngre")

// passed over between a comparator and its figure.
var between = set("den det de en et i på for som er at end af ca cirka udgøre udgør være vare en periode tidsrum frist fristen dato inden og med hver kr alder alderen " +
	"har været samlet beløb op tid varighed")

// reach is how many words back a comparator is sought.
const reach = 5

// boundOf reads the comparator around a figure, and marks its words as taken.
func (t *text) boundOf(f *fact) bound {
	if b, ok := t.boundBehind(f); ok {
		return b
	}
	for i := f.from - 1; i >= 0 && i >= f.from-reach; i-- {
		term := t.words[i].Term
		if strings.ContainsAny(t.words[i+1].before, ".;:()\n") || t.words[i].taken && !(t.at(i) == "fyldte") {
			break
		}
		b, ok := bounds[term]
		if !ok || comparing[term] && t.at(i+1) != "end" && t.at(i+2) != "end" {
			if !between[term] && i < f.from-2 {
				break
			}
			continue
		}
		if term == "over" && (t.at(i+1) == "en" || t.at(i+1) == "et") {
			break // "over en periode": how long it lasts
		}
		if term == "til" && t.at(i-1) == "op" {
			b = upper
		}
		if (term == "frist" || term == "fristen" || term == "til" || term == "fra") && i-1 >= 0 {
			if stronger, ok := bounds[t.at(i-1)]; ok && stronger != b && (stronger == upper || stronger == lower) {
				b = stronger
			}
		}
		if term == "efter" && (t.at(i-1) == "først" || t.at(i-1) == "tidligst") {
			b = lower
		}
		if term == "fyldt" || term == "fyldte" || term == "fylder" {
			// "inden det fyldte 18. år", "er under det fyldte"
			if b2, at := t.boundWithin(i-1, 2); at >= 0 {
				b, i = b2, at
			}
		}
		t.words[i].taken = true
		if no := t.negatedAt(i); no >= 0 {
			t.words[no].taken = true
			return flip(b)
		}
		return b
	}
	if f.dim == dimDays || f.dim == dimMonths || f.dim == dimWork {
		if t.deadlineNear(f) {
			return upperWeak
		}
	}
	return exact
}

func (t *text) boundWithin(i, n int) (bound, int) {
	for j := i; j >= 0 && j > i-n-1; j-- {
		if b, ok := bounds[t.words[j].Term]; ok {
			return b, j
		}
	}
	return exact, -1
}

// negatedAt finds the "ikke" that turns a comparator round: "ikke over", "må
// ikke overstige". It returns -1 where there is none.
func (t *text) negatedAt(i int) int {
	far := 1
	if strings.HasPrefix(t.words[i].Term, "over") && t.words[i].Term != "over" {
		far = 3
	}
	for j := i - 1; j >= 0 && j >= i-far; j-- {
		if t.words[j].Term == "ikke" {
			return j
		}
		if t.words[j].clause != t.words[i].clause {
			break
		}
	}
	return -1
}

func flip(b bound) bound {
	switch b {
	case upper, upperWeak:
		return lower
	case lower, lowerWeak:
		return upper
	}
	return b
}

// boundBehind reads "18 år og derover", "eller mindre".
func (t *text) boundBehind(f *fact) (bound, bool) {
	if joint := t.at(f.to + 1); joint != "og" && joint != "eller" {
		return exact, false
	}
	switch t.at(f.to + 2) {
	case "derover", "mere", "flere", "ældre", "opefter", "længere", "opad":
		return lower, true
	case "derunder", "mindre", "færre", "yngre", "kortere", "nedefter":
		return upper, true
	}
	return exact, false
}

// deadlineNear tells whether a duration is a time limit: "fristen er 4 uger",
// "4 ugers klagefrist", "4 uger til at klage".
func (t *text) deadlineNear(f *fact) bool {
	for i := max(0, f.from-6); i < min(len(t.words), f.to+5); i++ {
		term := t.words[i].Term
		if t.words[i].clause != t.words[f.from].clause {
			continue
		}
		if strings.HasSuffix(term, "frist") || strings.HasSuffix(term, "fristen") || strings.HasSuffix(term, "fristens") {
			return true
		}
	}
	return t.at(f.to+1) == "til" && t.at(f.to+2) == "at"
}
