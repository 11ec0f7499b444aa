package eval

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// made is a run whose items have the given nDCG@10 and length.
func made(fingerprint string, values map[string][2]float64) *Run {
	r := &Run{Kind: RetrievalRun, Suite: "frugt", Split: "test", Made: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		Config: map[string]string{"mode": "lexical"}, Versions: map[string]string{"go": "go1"},
		Collection: Collection{Documents: 1, Sections: 2, Fingerprint: fingerprint}}
	for _, id := range []string{"q1", "q2", "q3", "q4"} {
		v, ok := values[id]
		if !ok {
			continue
		}
		it := Item{ID: id, Question: "Hvornår plukkes <æbler> i " + id + "?", Hand: "plain", Values: map[string]float64{"nDCG@10": v[0], "length": v[1]},
			Expected: []Place{{Section: "1#1", Reference: "frugtloven § 1", Text: "§ 1. Æbler plukkes i september.", Right: v[0] > 0}},
			Found:    []Place{{Section: "1#1", Reference: "frugtloven § 1", Text: "§ 1. Æbler plukkes i september.", Right: v[0] > 0}}}
		if v[0] == 0 {
			it.Failure, it.Found = "nothing relevant among the first 10", nil
		}
		r.Items = append(r.Items, it)
	}
	r.summarise([]string{"nDCG@10", "length"})
	return r
}

var (
	before = made("f1", map[string][2]float64{"q1": {1, 100}, "q2": {0.5, 100}, "q3": {0, 100}, "q4": {1, 1}})
	after  = made("f2", map[string][2]float64{"q1": {1, 50}, "q2": {0.25, 150}, "q3": {1, 50}})
)

func TestCompareByHand(t *testing.T) {
	c, err := Compare("before.json", before, "after.json", after)
	if err != nil {
		t.Fatal(err)
	}
	d := c.Differences[0]
	if d.Metric != "nDCG@10" || d.N != 3 || d.A != 0.5 || d.B != 0.75 || d.Change != 0.25 || d.Wins != 1 || d.Losses != 1 || d.Ties != 1 {
		t.Errorf("%+v", d)
	}
	if l := c.Differences[1]; l.Wins != 2 || l.Losses != 1 {
		t.Errorf("a shorter answer is a better one: %+v", l)
	}
	if got := ids(c.Items); got != "q2 q1 q3" {
		t.Errorf("%s: want the greatest loss first", got)
	}
	if !c.Items[0].Worse("nDCG@10") || c.Items[2].Worse("nDCG@10") {
		t.Errorf("%+v", c.Items)
	}
	notes := strings.Join(c.Notes, " ")
	for _, says := range []string{"collections differ", "left out: 1."} {
		if !strings.Contains(notes, says) {
			t.Errorf("notes %q lack %q", notes, says)
		}
	}
}

func ids(pairs []Pair) string {
	var out []string
	for _, p := range pairs {
		out = append(out, p.ID)
	}
	return strings.Join(out, " ")
}

func TestRunsThatDoNotCompare(t *testing.T) {
	other := *after
	other.Kind = AnswersRun
	if _, err := Compare("a", before, "b", &other); err == nil {
		t.Error("answers against retrieval")
	}
	none := *after
	none.Items = []Item{{ID: "q9"}}
	if _, err := Compare("a", before, "b", &none); err == nil {
		t.Error("no item in common")
	}
	if c, err := Compare("a", before, "b", before); err != nil || len(c.Items) != 0 || c.Differences[0].P != 1 || len(c.Notes) != 0 {
		t.Errorf("a run against itself: %+v %v", c, err)
	}
}

func TestRunComesBackFromItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.json")
	if err := before.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	got, err := ReadRun(path)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := Compare("a", before, "b", got); err != nil || len(c.Items) != 0 || len(c.Notes) != 0 {
		t.Errorf("%+v %v", c, err)
	}
	for _, text := range []string{"", "{}", `{"kind":"retrieval"}`, "q1 Q0 a 1 1 t"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadRun(path); err == nil || !strings.Contains(err.Error(), "run.json") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestGates(t *testing.T) {
	for _, c := range []struct {
		gate   string
		most   bool
		missed int
	}{{"nDCG@10=0.6", false, 0}, {"ndcg@10=0.625", false, 0}, {"nDCG@10=0.63", false, 1}, {"length=75", true, 1}, {"length=76", true, 0}} {
		g, err := ParseGate(c.gate, c.most)
		if err != nil {
			t.Fatal(err)
		}
		if missed, err := before.Check([]Gate{g}); err != nil || len(missed) != c.missed {
			t.Errorf("%s: %v %v, want %d missed", c.gate, missed, err, c.missed)
		}
	}
	if _, err := before.Check([]Gate{{Metric: "AP"}}); err == nil {
		t.Error("a gate on a figure that is not there would hold for ever")
	}
	for _, bad := range []string{"", "nDCG@10", "=1", "nDCG@10=high"} {
		if _, err := ParseGate(bad, false); err == nil {
			t.Errorf("%q is no gate", bad)
		}
	}
}

func TestReportsAreGolden(t *testing.T) {
	c, err := Compare("before.json", before, "after.json", after)
	if err != nil {
		t.Fatal(err)
	}
	var report, comparison bytes.Buffer
	if err := WriteReport(&report, before); err != nil {
		t.Fatal(err)
	}
	if err := WriteComparison(&comparison, c); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{"report.html": report.Bytes(), "comparison.html": comparison.Bytes()} {
		for _, foreign := range []string{"<script", "http:", "https:", "src=", "<æbler>", "url("} {
			if bytes.Contains(got, []byte(foreign)) {
				t.Errorf("%s is not self-contained, or not escaped: it has %s", name, foreign)
			}
		}
		golden(t, name, got)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from %s: run with -update and read the difference", name, path)
	}
}

func TestHistogramHoldsEveryValue(t *testing.T) {
	h := newHistogram("x", []float64{0, 0.05, 0.1, 0.99, 1, 1})
	if h.Bars[0].N != 2 || h.Bars[1].N != 1 || h.Bars[9].N != 3 {
		t.Errorf("%+v", h.Bars)
	}
	if svg := string(h.SVG()); strings.Count(svg, "<rect") != 10 || !strings.Contains(svg, `role="img"`) {
		t.Error(svg)
	}
}
