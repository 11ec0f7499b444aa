package assistant

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/server/policy"
)

func allowed(string) policy.Verdict { return policy.Verdict{Allowed: true} }

// TestLawQuestions asks real questions over real acts. The figures it logs are
// the measure; the floors only catch a fall.
func TestLawQuestions(t *testing.T) {
	b := lawBed(t)
	a := New(b, b, allowed)
	var tally [2]struct{ n, cited, first, said, answered int }
	for i, q := range answerable {
		ans := ask(t, a, q.text)
		c := &tally[i%2]
		c.n++
		cited, first := citesExpected(ans, q)
		said := saysPhrase(ans, q)
		c.cited += b2i(cited)
		c.first += b2i(first)
		c.said += b2i(said)
		c.answered += b2i(ans.Answered)
		if os.Getenv("HJEMMEL_READ") != "" && (os.Getenv("HJEMMEL_READ") == "all" || !cited || !said) && i%2 == 0 {
			fmt.Println(render(q.text, ans, cited, said))
		}
	}
	for i, c := range tally {
		t.Logf("%s: %d questions, answered %d, expected § cited %d, cited first %d, key phrase quoted %d",
			[]string{"even (answers read)", "odd (totals seen)"}[i], c.n, c.answered, c.cited, c.first, c.said)
		if c.cited*10 < c.n*6 || c.said*10 < c.n*5 {
			t.Errorf("too few right answers")
		}
	}
	refused := [2]int{}
	for i, q := range unanswerable {
		ans := ask(t, a, q)
		refused[i%2] += b2i(!ans.Answered)
		if ans.Answered && os.Getenv("HJEMMEL_READ") != "" {
			fmt.Println(render(q, ans, false, false))
		}
	}
	t.Logf("refused %d of %d (even), %d of %d (odd)", refused[0], (len(unanswerable)+1)/2, refused[1], len(unanswerable)/2)
	// By words alone, as here: with the engine's signs and meaning it is nine tenths.
	if (refused[0]+refused[1])*10 < len(unanswerable)*6 {
		t.Errorf("too few refusals")
	}
}

func ask(tb testing.TB, a *Assistant, question string) Answer {
	tb.Helper()
	ans, err := a.Ask(context.Background(), Request{Question: question}, nil)
	if err != nil {
		tb.Fatalf("%s: %v", question, err)
	}
	return ans
}

func citesExpected(ans Answer, q lawQuestion) (cited, first bool) {
	for i, s := range ans.Sources {
		act, section, _ := strings.Cut(s.Section, "#")
		for _, wantAct := range strings.Split(q.act, "|") {
			for _, want := range strings.Split(q.section, "|") {
				if strings.HasPrefix(act, wantAct) && section == want {
					cited, first = true, first || i == 0
				}
			}
		}
	}
	return cited, first
}

func saysPhrase(ans Answer, q lawQuestion) bool {
	for _, s := range ans.Answer {
		for _, want := range strings.Split(q.phrase, "|") {
			if strings.Contains(strings.ToLower(s.Text), want) {
				return true
			}
		}
	}
	return false
}

func render(question string, ans Answer, cited, said bool) string {
	var out strings.Builder
	fmt.Fprintf(&out, "\n=== %s   [cited %v, said %v, %.1f ms]\n%s", question, cited, said, ans.Usage.MS, ans.Refused)
	for _, s := range ans.Answer {
		refs := make([]string, len(s.Citations))
		for i, n := range s.Citations {
			refs[i] = ans.Sources[n-1].Reference
		}
		fmt.Fprintf(&out, "  %-9s %s  (%s)\n", s.Role, s.Text, strings.Join(refs, "; "))
	}
	return out.String()
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
