package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/eval"
)

// fruitSuite writes a small retrieval suite and returns its folder.
func fruitSuite(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "frugt")
	for name, text := range map[string]string{
		"corpus.jsonl": `{"_id":"1#1","title":"Lov om frugt","text":"§ 1. Æbler plukkes i september."}` + "\n" +
			`{"_id":"1#2","title":"Lov om frugt","text":"§ 2. Pærer plukkes i oktober."}` + "\n",
		"queries.jsonl":  `{"_id":"q1","text":"hvornår plukkes æbler"}` + "\n" + `{"_id":"q2","text":"pærer"}` + "\n",
		"qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\t1#1\t1\nq2\t1#2\t2\n",
	} {
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

func TestEvalRetrievalAndCompare(t *testing.T) {
	dir := fruitSuite(t)
	t.Chdir(t.TempDir())
	code, out, stderr := command(t, "", "eval", "retrieval", "--suite", dir, "--out", "a.json", "--report", "a.html",
		"--per-query", "a.tsv", "--run-file", "a.trec", "--min", "nDCG@10=1", "--min", "P@1=1")
	if code != exitOK || !strings.Contains(out, "nDCG@10") || !strings.Contains(out, "P@1") {
		t.Fatalf("%d %s%s", code, out, stderr)
	}
	for name, says := range map[string]string{"a.html": "<!DOCTYPE html>", "a.tsv": "q1\t1", "a.trec": "q2 Q0 1#2 1 "} {
		if data, err := os.ReadFile(name); err != nil || !strings.Contains(string(data), says) {
			t.Errorf("%s: %v %.200s", name, err, data)
		}
	}
	// The written run file, measured as another system's, gives the same figures.
	code, out, stderr = command(t, "", "eval", "retrieval", "--suite", dir, "--scored", "a.trec", "--out", "b.json", "--json", "--per-query", "b.jsonl")
	if run := decode[eval.Run](t, out); code != exitOK || run.Figures[0].Mean != 1 || len(run.Items) != 2 || run.Versions["hjemmel"] == "" {
		t.Errorf("%d %s%s", code, out, stderr)
	}
	code, out, stderr = command(t, "", "eval", "compare", "--report", "c.html", "a.json", "b.json")
	if code != exitOK || !strings.Contains(out, "The settings differ") || !strings.Contains(out, "1.0000") {
		t.Errorf("compare: %d %s%s", code, out, stderr)
	}
	if code, out, _ := command(t, "", "eval", "compare", "--json", "a.json", "b.json"); code != exitOK || decode[eval.Comparison](t, out).Differences[0].P != 1 {
		t.Errorf("compare --json: %d %s", code, out)
	}
	if code, out, _ := command(t, "", "eval", "ablation", "--suite", dir); code != exitOK || !strings.Contains(out, "words only") || !strings.Contains(out, "+ act bonus") {
		t.Errorf("ablation: %d %s", code, out)
	}
}

func TestEvalAnswersHoldsItsGates(t *testing.T) {
	smoke := filepath.Join(repository, "eval", "suites", "smoke")
	t.Chdir(t.TempDir())
	code, out, stderr := command(t, "", "eval", "answers", "--suite", smoke, "--min", "verbatim=1", "--max", "wrongly-refused=0.2", "--report", "r.html")
	if code != exitOK || !strings.Contains(out, "ALL RIGHT") {
		t.Errorf("%d %s%s", code, out, stderr)
	}
	code, _, stderr = command(t, "", "eval", "answers", "--suite", smoke, "--max", "length=1")
	if code != exitFindings || !strings.Contains(stderr, "length is") || !strings.Contains(stderr, "above 1.0000") {
		t.Errorf("a missed gate: %d %s", code, stderr)
	}
	// Without documents and a collection of its own, the data folder is asked.
	law := filepath.Join(repository, "eval", "suites", "answers")
	if code, _, stderr := command(t, "", "eval", "answers", "--suite", law, "--data", "none"); code != exitFailed || !strings.Contains(stderr, "hjemmel ingest") {
		t.Errorf("%d %s", code, stderr)
	}
}

func TestEvalUsage(t *testing.T) {
	dir := fruitSuite(t)
	t.Chdir(t.TempDir())
	for _, args := range [][]string{
		{"eval", "retrieval"}, {"eval", "answers"}, {"eval", "ablation"}, {"eval", "compare", "one.json"},
		{"eval", "retrieval", "--suite", dir, "--min", "nDCG@10"}, {"eval", "retrieval", "--suite", dir, "--min", "niceness=1"},
		{"eval", "answers", "--suite", filepath.Join(repository, "eval", "suites", "smoke"), "--min", "niceness=1"},
	} {
		if code, _, stderr := command(t, "", args...); code != exitUsage || stderr == "" {
			t.Errorf("%v: %d %s", args, code, stderr)
		}
	}
	if code, _, stderr := command(t, "", "eval", "compare", "none.json", "none.json"); code != exitFailed || !strings.Contains(stderr, "none.json") {
		t.Errorf("compare without files: %d %s", code, stderr)
	}
}

// TestEvalRetrievalWithVectors embeds a suite by a server, all of it and only what
// the queries find, and takes the vectors from the file the next time.
func TestEvalRetrievalWithVectors(t *testing.T) {
	dir := fruitSuite(t)
	t.Chdir(t.TempDir())
	far := newEmbeddingServer(t, 64)
	embedded := func(args ...string) int64 {
		t.Helper()
		before := far.texts.Load()
		args = append([]string{"eval", "retrieval", "--suite", dir, "--embedder", "openai", "--embed-url", far.URL + "/v1", "--embed-model", "ord",
			"--embed-key", embeddingKey, "--min", "nDCG@10=1", "--out", "run.json"}, args...)
		if code, out, stderr := command(t, "", args...); code != exitOK {
			t.Fatalf("%q: %d %s%s", args, code, out, stderr)
		}
		run, err := eval.ReadRun("run.json")
		if err != nil || run.Config["mode"] != "hybrid" {
			t.Errorf("%v, %v", run.Config, err)
		}
		return far.texts.Load() - before - 1 // the first text asks whether the server is there
	}
	if n := embedded("--vectors", "full", "--vector-file", "v"); n != 4 {
		t.Errorf("2 texts and 2 queries: %d were embedded", n)
	}
	if n := embedded("--vectors", "full", "--vector-file", "v"); n != 0 {
		t.Errorf("with all in the file %d were embedded", n)
	}
	if n := embedded("--vectors", "lazy"); n != 4 {
		t.Errorf("lazy: %d were embedded", n)
	}
	if code, _, stderr := command(t, "", "eval", "retrieval", "--suite", dir, "--vectors", "full", "--vector-file", "v"); code != exitFailed || !strings.Contains(stderr, "holds vectors of ord") {
		t.Errorf("vectors of another model: %d %s", code, stderr)
	}
}
