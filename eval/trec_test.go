package eval

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestParseRunOrdersAsTrecEval(t *testing.T) {
	for _, c := range []struct{ name, run, want string }{
		{"by score, not by line or rank", "q Q0 a 1 1.0 t\nq Q0 b 2 2.0 t\n", "map[q:[b a]]"},
		{"ties by id, the greatest first", "q Q0 a 1 1 t\nq Q0 c 2 1 t\nq Q0 b 3 1 t\n", "map[q:[c b a]]"},
		{"what single precision cannot tell apart is a tie", "q Q0 a 1 0.10000000001 t\nq Q0 b 2 0.1 t\n", "map[q:[b a]]"},
		{"several queries, tabs, blank lines", "q\tQ0\ta\t1\t-1e3\tt\n\nr Q0 a 1 0 t\n", "map[q:[a] r:[a]]"},
	} {
		got, err := parseRun(strings.NewReader(c.run))
		if err != nil || fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v %v, want %s", c.name, got, err, c.want)
		}
	}
}

func TestParseRunNamesTheLine(t *testing.T) {
	for run, says := range map[string]string{
		"q Q0 a 1 1.0\n":                      "line 1: 5 columns",
		"q Q0 a 1 1 t\nq Q0 b 2 high t\n":     "line 2",
		"q Q0 a 1 NaN t\n":                    "no score",
		"q Q0 a 1 1 t\nq Q0 a 2 0.5 t\n":      "line 2: a is ranked twice",
		"q Q0 " + strings.Repeat("x", 1<<17):  "token too long",
		"q Q0 a 1 1e999999999999999999999 t ": "no score",
	} {
		if _, err := parseRun(strings.NewReader(run)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40q: %v, want %q", run, err, says)
		}
	}
}

func TestRunFileComesBackInItsOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.trec")
	want := map[string][]string{"q1": {"a", "z", "m"}, "q2": {"z"}}
	if err := writeRunFile(path, []Query{{ID: "q1"}, {ID: "q2"}, {ID: "nothing found"}}, want); err != nil {
		t.Fatal(err)
	}
	got, err := readRunFile(path)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %v, want %v", got, err, want)
	}
	if _, err := readRunFile(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a run file that is not there")
	}
}

func TestScoredMeasuresAnotherSystemsRun(t *testing.T) {
	dir := suite(t, small)
	run := filepath.Join(dir, "other.trec")
	if err := os.WriteFile(run, []byte("q1 Q0 1#2 1 9 x\nq1 Q0 1#1 2 8 x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Retrieval(t.Context(), Options{Suite: dir, Scored: run, Metrics: []string{"RR"}})
	if err != nil {
		t.Fatal(err)
	}
	if got.Items[0].Values["RR"] != 0.5 || got.Items[1].Values["RR"] != 0 || got.Figures[0].Mean != 0.25 {
		t.Errorf("%+v", got)
	}
	if got.Items[1].Failure == "" || len(got.Items[0].Expected) != 1 || !got.Items[0].Expected[0].Right {
		t.Errorf("%+v", got.Items)
	}
}

func FuzzParseRun(f *testing.F) {
	f.Add("q Q0 a 1 1.0 t\nq Q0 b 2 2.0 t\n")
	f.Add("q Q0 a 1 -Inf t")
	f.Add("\x00 \n q")
	f.Fuzz(func(t *testing.T, text string) {
		runs, err := parseRun(strings.NewReader(text))
		if err != nil {
			return
		}
		for query, ranking := range runs {
			seen := map[string]bool{}
			for _, id := range ranking {
				if seen[id] || id == "" || query == "" {
					t.Fatalf("%q ranks %q", query, ranking)
				}
				seen[id] = true
			}
		}
	})
}
