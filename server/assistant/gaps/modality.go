package gaps

import (
	"fmt"
	"slices"

	"github.com/hjemmel/hjemmel/server/assistant/norm"
)

// clash says how badly the modality of a text's clause fits that of the law's
// clause on the same thing: 0 where it fits. The weights lower a finding's
// confidence where practice may explain the difference: a municipality may bind
// itself to what it only may do.
func clash(text, law norm.Modality) float64 {
	switch law {
	case norm.Must:
		switch text {
		case norm.May:
			return 0.95
		case norm.Should:
			return 0.9
		case norm.MustNot, norm.NeedNot:
			return 1
		}
	case norm.MustNot:
		if text == norm.May || text == norm.Must {
			return 1
		}
	case norm.May:
		switch text {
		case norm.MustNot:
			return 0.95
		case norm.Must:
			return 0.85
		}
	case norm.NeedNot:
		if text == norm.Must {
			return 0.85
		}
	}
	return 0
}

// Thresholds, on the development half of eval/suites/gaps.
var leastSame = [...]float64{direct: 0.4, led: 0.45, near: 0.45, around: 0.55, content: 0.62}

const (
	verbBonus     = 0.15 // for the same verb behind the modal
	leastWords    = 2    // words in common
	withException = 0.9  // one of the two has an exception: the other may speak of that case
	veryLike      = 0.7  // from here on the verb need not be the same
	rival         = 0.1  // a clause of the law that agrees wins up to this margin
)

// modality compares what a clause demands, allows or forbids with what the law
// says of the same.
func (r *run) modality(c *clause) {
	if c.Modality == norm.None || c.Mixed || len(c.Words) < leastWords {
		return
	}
	var worst, agreeing *lawClause
	worstScore, agreeScore, weight := 0.0, 0.0, 0.0
	var reached reach
	var against norm.Modality
	for _, tie := range closest(c.scopes) {
		list := r.lawClauses(tie.sec)
		for i := range list {
			l, force := &list[i], &list[i].Clause
			words := l.Words
			if l.Lead >= 0 { // an item says what its lead demands
				force = &list[l.Lead].Clause
				words = append(slices.Clone(force.Words), words...)
			}
			like := compare(r.index, c.Words, words)
			if force.Modality == norm.None || force.Mixed || like.longest < leastWords || opposedActors(&c.Clause, force) || tie.part != "" && l.Part != tie.part {
				continue
			}
			s := like.score()
			verb := sharesVerb(&c.Clause, force)
			if verb {
				s += verbBonus
			}
			bad := clash(c.Modality, force.Modality)
			if force.Unless != c.Unless {
				bad *= withException
			}
			switch {
			case bad == 0 && s > agreeScore:
				agreeing, agreeScore = l, s
			case bad > 0 && (verb || s > veryLike) && s >= leastSame[tie.reach] && s*trust[tie.reach] > worstScore*trust[reached]:
				worst, against, worstScore, weight, reached = l, force.Modality, s, bad, tie.reach
			}
		}
	}
	place := at(c.sec, c.Start, c.End)
	switch {
	case worst == nil && agreeing != nil && agreeScore > leastSame[direct]:
		r.checked(Check{Subject: OfModality, Outcome: InOrder, At: &place, Law: r.quote(agreeing)})
	case worst != nil && agreeScore+rival < worstScore:
		r.found(OfModality, Finding{
			Kind: Contradiction, At: place, Law: r.quote(worst), Confidence: min(0.95, (0.35+0.8*worstScore)*trust[reached]*weight),
			Explanation: fmt.Sprintf("Teksten siger »%s«, men efter %s %s.", c.Modality.Danish(), r.quote(worst).Reference, forceWords[against]),
		})
	}
}

// forceWords end the sentence "… men efter barnets lov § 138 …".
var forceWords = map[norm.Modality]string{
	norm.Must: "er det en pligt (»skal«)", norm.May: "er det en mulighed (»kan«)",
	norm.MustNot: "er det ikke tilladt (»må ikke«, »kan ikke«)", norm.NeedNot: "er det ikke en pligt (»skal ikke«)",
}

// closest keeps the ties of a clause that are as strong as its strongest.
func closest(ties []scope) []scope {
	best := content
	for _, t := range ties {
		best = min(best, t.reach)
	}
	var out []scope
	for _, t := range ties {
		if t.reach == best {
			out = append(out, t)
		}
	}
	return out
}

// opposedActors tells whether two clauses bind different people. A passive may
// mean the municipality.
func opposedActors(c, l *norm.Clause) bool {
	if l.Who == norm.Minister {
		return true
	}
	return c.Who != l.Who && !(c.Who == norm.Nobody && l.Who == norm.Municipality) && !(c.Who == norm.Municipality && l.Who == norm.Nobody)
}
