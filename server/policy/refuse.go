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

// Refuse is Check as an error: nil, or a RefusedError.
func Refuse(text string) error {
	if v := Check(text); !v.Allowed {
		return RefusedError{Verdict: v}
	}
	return nil
}
