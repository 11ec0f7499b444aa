package eval

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval"
)

func TestContextOf(t *testing.T) {
	for before, want := range map[string]string{
		"Kommunen yder dækning af nødvendige merudgifter efter ":                "Kommunen yder dækning af nødvendige merudgifter",
		"Stk. 2. Personer, der modtager tabt arbejdsfortjeneste i henhold til ": "Personer, der modtager tabt arbejdsfortjeneste",
		"efter reglerne i ": "",
		"jf. ":              "",
	} {
		if got := contextOf(before); got != want {
			t.Errorf("%q: %q, want %q", before, got, want)
		}
	}
}

// TestFitFindsWhatTellsTheAnswersApart draws answers with known chances and
// expects the fit to say those chances of questions that it did not see.
func TestFitFindsWhatTellsTheAnswersApart(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var examples []example
	for i := range 3000 {
		x := retrieval.Features{r.Float64(), r.Float64()}
		chance := 1 / (1 + math.Exp(-(4*x[0] - 2*x[1] - 1)))
		examples = append(examples, example{x: x, answer: r.Float64() < chance, group: i})
	}
	f := fit(examples)
	if f.Weights[0] < 3 || f.Weights[0] > 5 || f.Weights[1] > -1 || f.Weights[1] < -3 {
		t.Errorf("weights %v, drawn with 4 and -2", f.Weights)
	}
	if f.AUC < 0.7 {
		t.Errorf("AUC %.3f", f.AUC)
	}
	for _, b := range f.Curve {
		if math.Abs(b.Said-b.Was) > 0.12 {
			t.Errorf("said %.2f, was %.2f", b.Said, b.Was)
		}
	}
}
