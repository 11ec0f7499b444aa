package policy

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

// RefuseDocument is Check for a document that is to be stored: nil, or a
// RefusedError that says what to do with the document.
func RefuseDocument(text string) error {
	v := Check(text)
	if v.Allowed {
		return nil
	}
	v.Instead = "Fjern det fra dokumentet, og indlæs det igen. Dokumenter om borgere hører til i fagsystemet."
	return RefusedError{Verdict: v}
}
