package eval

import (
	"testing"

	"github.com/hjemmel/hjemmel/server/policy"
)

func TestPolicyFiguresByHand(t *testing.T) {
	dir := suite(t, map[string]string{"dev.jsonl": `{"id":"1","class":"cpr","text":"a"}
{"id":"2","class":"cpr","text":"b"}
{"id":"3","class":"person|decision","text":"c"}
{"id":"4","class":"citizen","text":"c"}
{"id":"5","class":"","text":"b"}
{"id":"6","class":"","text":"a"}
`})
	check := func(text string) policy.Verdict {
		switch text {
		case "a":
			return policy.Verdict{Class: policy.ClassCPR}
		case "c":
			return policy.Verdict{Class: policy.ClassDecision}
		}
		return policy.Verdict{Allowed: true}
	}
	report, err := Policy(dir, "dev", check)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"recall": 0.75, "false-refusals": 0.5, "class-accuracy": 2.0 / 3, "recall@cpr": 0.5, "recall@person": 1, "recall@citizen": 1}
	if len(report.Figures) != len(want) || report.Refuse != 4 || report.Pass != 2 {
		t.Errorf("%+v", report)
	}
	for _, f := range report.Figures {
		if f.Mean != want[f.Metric] {
			t.Errorf("%s = %v, want %v", f.Metric, f.Mean, want[f.Metric])
		}
	}
	if _, err := Policy(dir, "borte", check); err == nil {
		t.Error("a split that is absent")
	}
}

// The suite itself: enough prompts, half of which must pass, each once.
func TestPolicySuite(t *testing.T) {
	all, pass := 0, 0
	seen := map[string]bool{}
	for _, split := range []string{"dev", "test", "fresh"} {
		r, err := Policy("suites/policy", split, func(string) policy.Verdict { return policy.Verdict{Allowed: true} })
		if err != nil {
			t.Fatal(err)
		}
		all, pass = all+len(r.Prompts), pass+r.Pass
		for _, p := range r.Prompts {
			if seen[p.Text] || seen["id "+p.ID] {
				t.Errorf("%s stands twice: %s", p.ID, p.Text)
			}
			seen[p.Text], seen["id "+p.ID] = true, true
		}
	}
	if all < 320 || pass*100 < all*45 || pass*100 > all*55 {
		t.Errorf("%d prompts, %d of which must pass", all, pass)
	}
}
