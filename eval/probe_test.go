package eval

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
	"github.com/hjemmel/hjemmel/server/assistant/verify"
)

func TestProbe(t *testing.T) {
	all, _ := readActs(context.Background(), sharedtest.Dir(t, "corpus", "law"))
	data, _ := os.ReadFile("/tmp/probe.txt")
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		id, sentence, _ := strings.Cut(line, "\t")
		for _, s := range all {
			if s.id == id {
				r := verify.Check(sentence, []int{1}, []verify.Source{s.source})
				t.Logf("%s\n  %+v\n  %s", sentence, r, strings.ReplaceAll(s.source.Text[r.Start:r.End], "\n", " / "))
			}
		}
	}
}
