package eval

import (
	"strings"
	"testing"
)

func TestMaterialMakesWholePrompts(t *testing.T) {
	m, err := ReadMaterial("suites/policy/material")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range m.prompts(whole, 3, 1) {
		seen[p.Class] = true
		if strings.ContainsAny(p.Text, "{}|") || listUse.MatchString(p.Text) || p.Text == "" {
			t.Errorf("%s: %q is not whole", p.ID, p.Text)
		}
	}
	for _, class := range []string{"", "injection", "person", "scoring", "citizen", "decision"} {
		if !seen[class] {
			t.Errorf("no prompt of class %q", class)
		}
	}
	kept, learnt := m.prompts(kept, 1, 1), m.prompts(fitted, 1, 1)
	if len(kept) == 0 || len(kept)+len(learnt) != len(m.Templates) {
		t.Errorf("%d kept and %d fitted prompts of %d templates", len(kept), len(learnt), len(m.Templates))
	}
}
