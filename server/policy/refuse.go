package policy

import "time"

// RefusedError is a verdict as an error, for callers whose only question is
// whether they may go on.
type RefusedError struct{ Verdict Verdict }

func (e RefusedError) Error() string { return e.Verdict.Reason + " " + e.Verdict.Instead }

// Offsets returns where in the checked text the places begin, in bytes.
func (e RefusedError) Offsets() []int {
	offsets := make([]int, len(e.Verdict.Places))
	for i, p := range e.Verdict.Places {
		offsets[i] = p.Start
	}
	return offsets
}

// RefuseDocument tells whether a document may be stored: nil, or a RefusedError
// that says what to do with the document. A document may speak of cases,
// decisions and letters, and name its authors; it may hold no CPR number and
// no citizen's case.
func (p *Policy) RefuseDocument(text string) error {
	class, places := ClassCPR, findCPR(text, time.Now().Year())
	if len(places) == 0 {
		class, places = ClassPerson, p.caseFiles(text)
	}
	if len(places) == 0 {
		return nil
	}
	v := p.refuse(class, places)
	v.Instead = p.rules[class].DocumentInstead
	return RefusedError{Verdict: v}
}

// Check is Check of the built-in policy.
func Check(text string) Verdict { return Default().Check(text) }

// RefuseDocument is RefuseDocument of the built-in policy.
func RefuseDocument(text string) error { return Default().RefuseDocument(text) }

// Mask replaces every CPR number in text by dots, for logs and error messages.
func Mask(text string) string {
	return Verdict{Places: findCPR(text, time.Now().Year())}.Mask(text)
}
