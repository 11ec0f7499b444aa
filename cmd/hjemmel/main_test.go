package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/ingest/samples"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/server/assistant"
)

// repository is the root of the checkout, seen from this package's folder at
// start: tests change the working folder.
var repository = func() string {
	dir, err := filepath.Abs("../..")
	if err != nil {
		panic(err)
	}
	return dir
}()

// command runs the program in this process, in a folder without a
// configuration file.
func command(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(stdin), &out, &errs, nil)
	return code, out.String(), errs.String()
}

// decode reads the JSON that a command printed.
func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
	return v
}

// sampleFolder writes the sample documents into a folder.
func sampleFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "lindevig")
	if err := os.CopyFS(dir, samples.Files()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCommands(t *testing.T) {
	t.Chdir(t.TempDir())
	data := filepath.Join(t.TempDir(), "data")
	folder := sampleFolder(t)
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}

	code, _, stderr := command(t, "", "ask", "--data", data, "Hvad gælder?")
	if code != exitFailed || !strings.Contains(stderr, "hjemmel ingest") {
		t.Errorf("ask without a collection: %d %q", code, stderr)
	}
	code, out, stderr := command(t, "", "ingest", "--data", data, "--json", folder)
	report := decode[struct{ Counts map[string]int }](t, out)
	if code != exitOK || report.Counts["read"] != len(files) {
		t.Fatalf("ingest: %d %v %s", code, report.Counts, stderr)
	}
	if _, out, _ := command(t, "", "ingest", "--data", data, folder); !strings.Contains(out, "uændret") {
		t.Errorf("second run: %s", out)
	}

	code, out, _ = command(t, "", "search", "--data", data, "--json", "-k", "3", "tabt arbejdsfortjeneste")
	if res := decode[retrieval.Result](t, out); code != exitOK || len(res.Hits) != 3 || !strings.Contains(res.Hits[0].Title, "tabt arbejdsfortjeneste") {
		t.Errorf("search: %d %s", code, out)
	}
	code, out, _ = command(t, "Hvad er fristen for at klage til Ankestyrelsen?\n\nHvordan bager man brød?\ncpr 010190-1234\n", "ask", "--data", data, "-")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitOK || len(lines) != 3 {
		t.Fatalf("ask -: %d %s", code, out)
	}
	if a := decode[assistant.Answer](t, lines[0]); !a.Answered || len(a.Sources) == 0 {
		t.Errorf("first: %s", lines[0])
	}
	if a := decode[assistant.Answer](t, lines[1]); a.Answered || !a.Verdict.Allowed || !strings.Contains(a.Refused, "Ingen kilde fundet") {
		t.Errorf("second: %s", lines[1])
	}
	if a := decode[assistant.Answer](t, lines[2]); a.Verdict.Allowed || strings.Contains(lines[2], "1234") {
		t.Errorf("third: %s", lines[2])
	}

	_, out, _ = command(t, "", "documents", "list", "--data", data, "--json")
	list := decode[struct{ Documents []struct{ ID string } }](t, out)
	if len(list.Documents) != len(files) {
		t.Errorf("documents list: %s", out)
	}
	id := list.Documents[0].ID
	if code, out, _ := command(t, "", "documents", "show", "--data", data, id); code != exitOK || !strings.Contains(out, "Titel") {
		t.Errorf("documents show: %d %s", code, out)
	}
	if code, out, stderr := command(t, "", "documents", "delete", "--data", data, id); code != exitOK || !strings.Contains(out, id) {
		t.Errorf("documents delete: %d %s %s", code, out, stderr)
	}
	if code, _, stderr := command(t, "", "documents", "show", "--data", data, id); code != exitFailed || !strings.Contains(stderr, "findes ikke") {
		t.Errorf("deleted document: %d %s", code, stderr)
	}
	if code, out, _ := command(t, "", "version", "--json"); code != exitOK || decode[map[string]string](t, out)["version"] == "" || decode[map[string]string](t, out)["kernels"] == "" {
		t.Errorf("version: %d %s", code, out)
	}
}

func TestExitCodes(t *testing.T) {
	t.Chdir(t.TempDir())
	data := filepath.Join(t.TempDir(), "data")
	bad := filepath.Join(t.TempDir(), "notat.md")
	write(t, bad, "# Notat\n\nBorgeren 010190-1234 søger hjælp.\n")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"ingest", "--data", data, bad}, exitFindings, "afvist"},
		{[]string{"ingest", "--data", data}, exitUsage, "--help"},
		{[]string{"ingest", "--data", data, "findes-ikke"}, exitUsage, "findes-ikke"},
		{[]string{"search", "--data", data, "--as-of", "i går", "x"}, exitUsage, "2026-03-01"},
		{[]string{"search", "--data", data, "cpr 010190-1234"}, exitUsage, "cpr-nummer"},
		{[]string{"search", "--data", data, "--nej", "x"}, exitUsage, "nej"},
		{[]string{"search", "--data", data, "--mode", "magi", "x"}, exitFailed, "hybrid"},
		{[]string{"documents", "delete", "--data", data}, exitUsage, "--samples"},
		{[]string{"nej"}, exitUsage, "nej"},
		{[]string{"serve", "--data", data, "--addr", "0.0.0.0:8080"}, exitUsage, "access"},
		{[]string{"serve", "--data", data, "--log-level", "højt"}, exitUsage, "log_level"},
		{[]string{"eval", "retrieval"}, exitUsage, "--suite"},
		{[]string{"eval", "retrieval", "--suite", "findes-ikke"}, exitFailed, "findes-ikke"},
		{[]string{"config", "--config", "findes-ikke.yaml"}, exitUsage, "findes-ikke.yaml"},
		{[]string{"--help"}, exitOK, "cited sources"},
	} {
		code, stdout, stderr := command(t, "", c.args...)
		if code != c.code || !strings.Contains(stdout+stderr, c.says) {
			t.Errorf("%q: code %d, want %d; says %q", c.args, code, c.code, stdout+stderr)
		}
	}
}

func TestEveryCommandHasAnExample(t *testing.T) {
	app := &app{config: newConfig()}
	for _, c := range app.root().Commands() {
		if c.Example == "" || c.Short == "" {
			t.Errorf("%s has no example or no description", c.Name())
		}
	}
}

// serving runs "hjemmel serve" on a new data folder until the test ends, and
// returns its address.
func serving(t *testing.T, args ...string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan int)
	var out, errs bytes.Buffer
	go func() {
		done <- run(ctx, append([]string{"serve", "--data", filepath.Join(t.TempDir(), "data"), "--addr", addr}, args...), nil, &out, &errs, nil)
	}()
	t.Cleanup(func() {
		stop()
		if code := <-done; code != exitOK {
			t.Errorf("serve ended with %d: %s", code, errs.String())
		}
	})
	return ready(t, "http://"+addr)
}

// ready waits up to 10 seconds until what serves at base is ready, and returns
// base.
func ready(t *testing.T, base string) string {
	t.Helper()
	for range 200 {
		if resp, err := http.Get(base + "/readyz"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return base
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s does not get ready", base)
	return ""
}

func TestServeAnswersFromAnEmptyFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	base := serving(t)
	resp, err := http.Post(base+"/api/v1/chat", "application/json", strings.NewReader(`{"question":"Hvad er fristen for at klage til Ankestyrelsen?"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer assistant.Answer
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || !answer.Answered || !answer.Sources[0].Sample {
		t.Errorf("%+v %v", answer, err)
	}
}

// TestSampleQuestions asks what the sample documents answer, as listed beside
// them, and counts the answers that cite the right document and say the phrase.
func TestSampleQuestions(t *testing.T) {
	t.Chdir(t.TempDir())
	list, err := os.ReadFile(filepath.Join(repository, "ingest", "samples", "testdata", "questions.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	if code, out, stderr := command(t, "", "ingest", "--data", data, sampleFolder(t)); code != exitOK {
		t.Fatalf("ingest: %d %s %s", code, out, stderr)
	}
	lines := strings.Split(strings.TrimSpace(string(list)), "\n")[1:]
	citing, saying := 0, 0
	for _, line := range lines {
		fields := strings.Split(line, "\t")
		_, out, _ := command(t, "", "ask", "--data", data, "--json", fields[0])
		a := decode[assistant.Answer](t, out)
		cited, said := false, false
		stem := strings.TrimSuffix(fields[1], filepath.Ext(fields[1]))
		for _, s := range a.Sources {
			cited = cited || strings.HasPrefix(s.Document, stem)
			said = said || strings.Contains(s.Quote, fields[3])
		}
		if cited {
			citing++
		}
		if said {
			saying++
		}
		if !cited || !said {
			t.Logf("%s: cited %v, said %v: want %q in %s; got %s", fields[0], cited, said, fields[3], fields[1], out)
		}
	}
	t.Logf("of %d sample questions %d cite the document, %d quote the phrase", len(lines), citing, saying)
	if citing < len(lines)*4/5 {
		t.Errorf("only %d of %d answers cite the right document", citing, len(lines))
	}
}
