package eval

import (
	"context"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

func TestVerify(t *testing.T) {
	report, err := Verify(context.Background(), VerifyOptions{Acts: sharedtest.Dir(t, "corpus", "law"), Sentences: 300, Seed: 1, Paraphrases: "suites/verify/paraphrases.tsv"})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range append(report.Faithful, report.Kinds...) {
		t.Logf("%-40s %5d of %5d verified", k.Name, k.Verified, k.Total)
	}
	for _, it := range report.Passed {
		t.Logf("PASSED %s %s\n   %s\n   %s", it.Kind, it.Section, it.Sentence, it.Original)
	}
	for _, it := range report.Lost {
		t.Logf("LOST %s %s %s %s\n   %s", it.Kind, it.Section, it.Reason, it.Detail, it.Sentence)
	}
}
