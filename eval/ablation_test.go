package eval

import (
	"testing"

	"github.com/hjemmel/hjemmel/retrieval"
)

// A signal that is added to the recipe needs a row in the table.
func TestStepsLeadToTheFullRecipe(t *testing.T) {
	var recipe retrieval.Recipe
	for _, s := range steps {
		was := recipe
		s.add(&recipe, retrieval.DefaultRecipe())
		if recipe == was {
			t.Errorf("%q adds nothing", s.name)
		}
	}
	if recipe != retrieval.DefaultRecipe() {
		t.Errorf("the steps end at %+v, the product searches with %+v: add the missing step", recipe, retrieval.DefaultRecipe())
	}
}

func TestAblationMeasuresEveryStep(t *testing.T) {
	report, err := Ablation(t.Context(), Options{Suite: suite(t, small), Metrics: []string{"nDCG@10", "Success@1"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Components) != len(steps) || report.Queries != 2 || report.Collection.Sections != 3 {
		t.Fatalf("%+v", report)
	}
	for i, c := range report.Components {
		if len(c.Figures) != 2 || c.Figures[0].Mean < 0.5 || (i > 0) != (len(c.P) == 2) {
			t.Errorf("%+v", c)
		}
	}
}
