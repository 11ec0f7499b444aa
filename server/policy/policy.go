// Package policy decides whether a text may enter Hjemmel at all: before
// retrieval, before storage, before any model. It gives a verdict; it changes
// and stores nothing.
package policy

// Class names what a refused text holds.
type Class string

// The classes of refusal.
const (
	ClassCPR Class = "cpr"
)

// Verdict is the policy's answer. The zero value with Allowed true is "go on".
type Verdict struct {
	Allowed bool    `json:"allowed"`
	Class   Class   `json:"class,omitempty"`
	Reason  string  `json:"reason,omitempty"`  // Danish: what was found
	Ground  string  `json:"ground,omitempty"`  // the legal ground
	Instead string  `json:"instead,omitempty"` // Danish: what to do instead
	Places  []Place `json:"places,omitempty"`
}

// Place is where in the text the reason stands, with the offending part masked.
type Place struct {
	Start  int    `json:"start"` // bytes
	End    int    `json:"end"`
	Masked string `json:"masked"` // "010190-····": never the digits that identify
}
