package retrieval

import (
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/register"
)

func withRegister(t *testing.T, text string) *Engine {
	t.Helper()
	r, err := register.Parse(strings.NewReader(text), "egne.txt")
	if err != nil {
		t.Fatal(err)
	}
	e := collection(t)
	e.SetRegister(r)
	return e
}

// The register finds a section that shares no word with the question, in the
// version in force on the day asked, and only where the filter lets it.
func TestRegisterLeadsToTheProvision(t *testing.T) {
	e := withRegister(t, "lov: serviceloven\n§ 85, stk. 2: hvad koster en hjemmevejleder\n§ 86: genoptræning\n")
	const question = "Hvad koster hjemmevejlederen?"
	for _, c := range []struct {
		name  string
		query Query
		want  string // first hit, "" for none that the register found
	}{
		{"in force", Query{Text: question}, "lbk-2025-2#85"},
		{"as of an earlier day", Query{Text: question, AsOf: "2024-06-01"}, "lbk-2023-1#85"},
		{"another document", Query{Text: question, Filter: Filter{Documents: []string{"lbk-2024-3"}}}, ""},
		{"another collection", Query{Text: question, Filter: Filter{Collections: []string{"vejledninger"}}}, ""},
	} {
		found := Hit{}
		for _, h := range hits(t, e, c.query) {
			if h.Subject != "" {
				found = h
				break
			}
		}
		if found.Section != c.want {
			t.Errorf("%s: the register finds %q, want %q", c.name, found.Section, c.want)
		}
		if c.want != "" && (found.Subject != "hvad koster en hjemmevejleder" || found.Register.Part != "stk. 2" || found.Register.Score <= 0.5 || found.Rank != 1) {
			t.Errorf("%s: %+v", c.name, found)
		}
	}
}

func TestRecipeWithoutRegisterLeavesItOut(t *testing.T) {
	e := withRegister(t, "lov: serviceloven\n§ 85: hjemmevejleder\n")
	r := DefaultRecipe()
	r.Register = QueryWeights{}
	for _, h := range hits(t, e.WithRecipe(r), Query{Text: "hjemmevejleder"}) {
		if h.Subject != "" {
			t.Errorf("%s is found by %q", h.Section, h.Subject)
		}
	}
}
