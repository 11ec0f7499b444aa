// Package policy decides whether a text may enter Hjemmel at all: before
// retrieval, before storage, before any model. It gives a verdict; it changes
// and stores nothing. What it refuses, and in which words, stands in policy.yaml.
//
// CPR numbers are found by their digits. The other classes come from a small
// analysis of each sentence: what is asked of Hjemmel ("skriv", "kan du
// vurdere"), and whether its object is a rule, an unnamed example, or a certain
// person's case. A question about rules passes, whatever the rules are about.
package policy

// Class names what a refused text holds.
type Class string

// The classes of refusal.
const (
	ClassCPR       Class = "cpr"       // a civil registration number
	ClassPerson    Class = "person"    // a certain person with details of their life, or private contact data
	ClassDecision  Class = "decision"  // decide or assess a case
	ClassScoring   Class = "scoring"   // rank, score or profile people
	ClassCitizen   Class = "citizen"   // write to a citizen
	ClassInjection Class = "injection" // switch the rules off, or show them
)

// Classes lists all classes, in the order in which a text is tried.
var Classes = []Class{ClassCPR, ClassInjection, ClassPerson, ClassScoring, ClassCitizen, ClassDecision}

// Verdict is the policy's answer. The zero value with Allowed true is "go on".
type Verdict struct {
	Allowed bool    `json:"allowed"`
	Class   Class   `json:"class,omitempty"`
	Reason  string  `json:"reason,omitempty"`  // Danish: what was found
	Ground  string  `json:"ground,omitempty"`  // the legal ground
	Instead string  `json:"instead,omitempty"` // Danish: what to do instead
	Places  []Place `json:"places,omitempty"`  // in order, apart from each other
}

// Place is where in the text the reason stands, with the offending part masked.
type Place struct {
	Start  int    `json:"start"` // bytes
	End    int    `json:"end"`
	Masked string `json:"masked"` // "••••••-••••": no letter and no digit of a person
}

// Mask replaces the verdict's places, which are in order, by their masked form.
func (v Verdict) Mask(text string) string {
	for i := len(v.Places) - 1; i >= 0; i-- {
		p := v.Places[i]
		if 0 <= p.Start && p.Start <= p.End && p.End <= len(text) {
			text = text[:p.Start] + p.Masked + text[p.End:]
		}
	}
	return text
}

// Policy is a policy file made ready. It may be used by many goroutines.
type Policy struct {
	file     File
	source   []byte
	rules    map[Class]Rule
	lexicon  *lexicon
	patterns map[Class][]pattern
	judge    *Judge
}

// Source returns the file that the policy was read from.
func (p *Policy) Source() []byte { return p.source }
