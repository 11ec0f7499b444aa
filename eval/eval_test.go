package eval

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The run and judgements below are small enough to compute by hand:
// relevant are a (2), c (1) and e (1); ranked are b, a, d, c.
var (
	handRun   = []string{"b", "a", "d", "c"}
	handQrels = map[string]int{"a": 2, "b": 0, "c": 1, "e": 1}
)

func TestMetricsByHand(t *testing.T) {
	ideal := 2 + 1/math.Log2(3) + 1/math.Log2(4)
	for name, want := range map[string]float64{
		"nDCG@10":   (2/math.Log2(3) + 1/math.Log2(5)) / ideal,
		"nDCG@2":    (2 / math.Log2(3)) / (2 + 1/math.Log2(3)),
		"R@2":       1.0 / 3,
		"R@10":      2.0 / 3,
		"P@2":       1.0 / 2,
		"P@5":       2.0 / 5,
		"RR@10":     1.0 / 2,
		"RR@1":      0,
		"AP":        (1.0/2 + 2.0/4) / 3,
		"Success@1": 0,
		"Success@2": 1,
	} {
		m, err := ParseMetric(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.compute(handRun, handQrels); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
		if got := m.compute(nil, map[string]int{}); got != 0 || math.IsNaN(got) {
			t.Errorf("%s of nothing = %v", name, got)
		}
	}
	for _, bad := range []string{"", "nDCG@0", "nDCG@x", "MAP", "R@-1"} {
		if _, err := ParseMetric(bad); err == nil {
			t.Errorf("%q is no metric", bad)
		}
	}
}

func TestOrderBreaksTiesAsTrecEval(t *testing.T) {
	run := []Ranked{{"a", 1}, {"c", 1}, {"b", 2}}
	order(run)
	if got := fmt.Sprint(run); got != "[{b 2} {c 1} {a 1}]" {
		t.Error(got)
	}
}

func TestFigureHasItsMeanInItsInterval(t *testing.T) {
	f := figure("x", []float64{0, 1, 1, 0, 1, 1, 0, 1})
	if f.Mean != 0.625 || f.Low >= f.Mean || f.High <= f.Mean || f != figure("x", []float64{0, 1, 1, 0, 1, 1, 0, 1}) {
		t.Errorf("%+v", f)
	}
}

// suite writes a small suite and returns its folder.
func suite(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var small = map[string]string{
	"corpus.jsonl": `{"_id":"1#1","title":"Lov om frugt","text":"§ 1. Æbler plukkes i september."}
{"_id":"1#2","title":"Lov om frugt","text":"§ 2. Pærer plukkes i oktober."}
{"_id":"2","title":"Note","text":"Blommer plukkes i august."}
`,
	"queries.jsonl":  `{"_id":"q1","text":"hvornår plukkes æbler"}` + "\n" + `{"_id":"q2","text":"blommer"}` + "\n" + `{"_id":"q3","text":"uden domme"}`,
	"qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\t1#1\t1\nq2\t2\t1\n",
}

func TestRetrievalRunsASuite(t *testing.T) {
	run := filepath.Join(t.TempDir(), "run.trec")
	got, err := Retrieval(t.Context(), Options{Suite: suite(t, small), RunFile: run, Metrics: []string{"nDCG@10", "Success@1"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Items) != 2 || got.Collection.Sections != 3 || got.Collection.Documents != 2 || got.Figures[0].Mean != 1 || got.Figures[1].Mean != 1 {
		t.Errorf("%+v", got)
	}
	data, err := os.ReadFile(run)
	if err != nil || !bytes.HasPrefix(data, []byte("q1 Q0 1#1 1 ")) || !bytes.Contains(data, []byte("\nq2 Q0 2 1 ")) {
		t.Errorf("run file %q %v", data, err)
	}
}

func TestSuiteErrorsNameThePlace(t *testing.T) {
	for name, c := range map[string]struct{ file, text, says string }{
		"no qrels":    {"qrels/test.tsv", "", "line 1"},
		"bad qrels":   {"qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1 1#1 1\n", "line 2"},
		"bad score":   {"qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\t1#1\tja\n", "line 2"},
		"bad corpus":  {"corpus.jsonl", "{\"_id\":\"1\"}\n{", "corpus.jsonl, line 2"},
		"bad queries": {"queries.jsonl", "x", "queries.jsonl, line 1"},
	} {
		files := map[string]string{}
		for k, v := range small {
			files[k] = v
		}
		files[c.file] = c.text
		if _, err := ReadSuite(suite(t, files), "test"); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if _, err := ReadSuite(t.TempDir(), "test"); err == nil {
		t.Error("an empty folder is no suite")
	}
}
