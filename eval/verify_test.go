package eval

import (
	"context"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// TestVerify holds the figures of verification: no falsified sentence of a gated
// kind passes, and faithful ones are kept. The command "hjemmel eval verify"
// runs more of them.
func TestVerify(t *testing.T) {
	report, err := Verify(context.Background(), VerifyOptions{
		Acts: sharedtest.Dir(t, "corpus", "law"), Sentences: 150, Seed: 1, Paraphrases: "suites/verify/paraphrases.tsv",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range report.Kinds {
		if strings.HasSuffix(k.Name, "(paraphrase test)") { // held out: told, not tuned on
			t.Logf("%s: %d of %d falsified sentences pass", k.Name, k.Verified, k.Total)
		} else if k.Gate && k.Verified > 0 {
			t.Errorf("%s: %d of %d falsified sentences pass", k.Name, k.Verified, k.Total)
		}
	}
	for _, k := range report.Faithful {
		t.Logf("%s: %d of %d kept", k.Name, k.Verified, k.Total)
		if k.Name != "paraphrase test" && float64(k.Verified) < 0.95*float64(k.Total) {
			t.Errorf("%s: %d of %d faithful sentences kept", k.Name, k.Verified, k.Total)
		}
	}
}
