package main

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant/qdranttest"
	"github.com/hjemmel/hjemmel/server/api"
	"github.com/hjemmel/hjemmel/server/assistant"
)

// cluster is a server that ingests and a replica, over one data folder and one
// Qdrant.
type cluster struct {
	qdrant          *qdranttest.Server
	writer, replica string // addresses
}

func startCluster(t *testing.T, args ...string) *cluster {
	sharedtest.Process(t)
	t.Helper()
	t.Chdir(t.TempDir())
	c := &cluster{qdrant: qdranttest.Start(t)}
	data := filepath.Join(t.TempDir(), "data")
	common := append([]string{"--data", data, "--vector-index", "qdrant", "--qdrant-addr", c.qdrant.Addr}, args...)
	c.writer = process(t, append([]string{"serve"}, common...)...)
	c.replica = process(t, append([]string{"serve", "--read-only"}, common...)...)
	return c
}

// process runs a server in a process of its own until the test ends, and returns
// its address.
func process(t *testing.T, args ...string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	cmd := exec.Command(os.Args[0], append(args, "--addr", addr)...)
	cmd.Env = append(os.Environ(), "HJEMMEL_TEST_MAIN=1")
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v ended with %v:\n%s", args, err, log.String())
		}
	})
	var out, errs bytes.Buffer
	for range 300 {
		if run(t.Context(), []string{"health", "--addr", addr}, nil, &out, &errs, nil) == exitOK {
			return "http://" + addr
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%v does not get ready: %s\n%s", args, errs.String(), log.String())
	return ""
}

func search(t *testing.T, base, query string) (res retrieval.Result, status int) {
	t.Helper()
	resp, err := http.Get(base + "/api/v1/search?q=" + url.QueryEscape(query))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&res); err != nil {
		t.Fatal(err)
	}
	return res, resp.StatusCode
}

func putFile(t *testing.T, base, name, text string) (status int, body string) {
	t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(base+"/api/v1/documents", w.FormDataContentType(), &form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

const skateVejledning = `# Vejledning om skaterbaner

## Åbningstid

Skaterbanen på Havnepladsen er åben alle dage fra klokken 7 til klokken 21. Efter lukketid slukkes lyset.
`

// seconds is how soon a replica must know of a change.
const seconds = 5 * time.Second

// soon asks until ok.
func soon(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	start := time.Now()
	for !ok() {
		if time.Since(start) > limit {
			t.Fatalf("not after %s: %s", limit, what)
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Logf("%s: after %s", what, time.Since(start).Round(time.Millisecond))
}

func TestReplicaSeesWhatTheOtherServerIngests(t *testing.T) {
	c := startCluster(t)
	if status, body := putFile(t, c.writer, "skaterbaner.md", skateVejledning); status != http.StatusOK {
		t.Fatalf("upload: %d %s", status, body)
	}
	const question = "Hvornår lukker skaterbanen?"
	var found string
	soon(t, seconds, "the replica finds the new document", func() bool {
		res, _ := search(t, c.replica, question)
		if len(res.Hits) > 0 && strings.Contains(res.Hits[0].Snippet, "klokken 21") {
			found = res.Hits[0].Document
		}
		return found != ""
	})
	resp, err := http.Post(c.replica+"/api/v1/chat", "application/json", strings.NewReader(`{"question":"`+question+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	var answer assistant.Answer
	err = json.NewDecoder(resp.Body).Decode(&answer)
	resp.Body.Close()
	if err != nil || !answer.Answered || answer.Sources[0].Document != found {
		t.Errorf("the replica's answer: %+v, %v", answer, err)
	}
	req, err := http.NewRequest(http.MethodDelete, c.writer+"/api/v1/documents/"+found, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err = http.DefaultClient.Do(req); err != nil || resp.StatusCode >= 300 {
		t.Fatalf("deleting: %v %v", resp, err)
	}
	resp.Body.Close()
	soon(t, seconds, "the replica forgets it", func() bool {
		res, _ := search(t, c.replica, question)
		for _, h := range res.Hits {
			if h.Document == found {
				return false
			}
		}
		return true
	})
}

func TestReplicaRefusesChanges(t *testing.T) {
	c := startCluster(t)
	status, body := putFile(t, c.replica, "skaterbaner.md", skateVejledning)
	var p api.Problem
	if err := json.Unmarshal([]byte(body), &p); err != nil || status != http.StatusForbidden || !strings.Contains(p.Detail, "kun læse") {
		t.Errorf("upload to a replica: %d %s", status, body)
	}
	for _, path := range []string{"/api/v1/documents/lbk-2025-1129", "/api/v1/samples"} {
		req, err := http.NewRequest(http.MethodDelete, c.replica+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusForbidden {
			t.Errorf("DELETE %s: %d", path, resp.StatusCode)
		}
	}
}

// TestQdrantGoesAndComes: without Qdrant the server that has an index of its own
// goes on by words, takes uploads and says so; the replica says that it cannot.
// When Qdrant is back, what it missed is brought to it.
func TestQdrantGoesAndComes(t *testing.T) {
	c := startCluster(t)
	ready := func(base string) (int, string) {
		resp, err := http.Get(base + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	c.qdrant.Down()
	if status, body := ready(c.writer); status != http.StatusOK || !strings.Contains(body, "ord alene") {
		t.Errorf("readyz of the server that ingests: %d %s", status, body)
	}
	if status, body := ready(c.replica); status != http.StatusServiceUnavailable {
		t.Errorf("readyz of the replica: %d %s", status, body)
	}
	if _, status := search(t, c.replica, "klage"); status != http.StatusServiceUnavailable {
		t.Errorf("search on the replica: %d", status)
	}
	if res, status := search(t, c.writer, "klage"); status != http.StatusOK || len(res.Hits) == 0 || res.Mode != retrieval.Lexical || res.Degraded == "" {
		t.Errorf("search without Qdrant: %d, mode %s, degraded %q", status, res.Mode, res.Degraded)
	}
	if status, body := putFile(t, c.writer, "skaterbaner.md", skateVejledning); status != http.StatusOK || !strings.Contains(body, `"status":"read"`) {
		t.Fatalf("upload without Qdrant: %d %s", status, body)
	}
	c.qdrant.Up(t)
	if status, body := putFile(t, c.writer, "andet.md", "# Notat\n\nEt notat om noget helt andet.\n"); status != http.StatusOK {
		t.Fatalf("upload: %d %s", status, body)
	}
	soon(t, seconds, "the replica finds what was ingested while Qdrant was away", func() bool {
		res, _ := search(t, c.replica, "Hvornår lukker skaterbanen?")
		return len(res.Hits) > 0 && strings.Contains(res.Hits[0].Snippet, "klokken 21")
	})
}

func TestServeNamesAnUnreachableQdrant(t *testing.T) {
	t.Chdir(t.TempDir())
	data := filepath.Join(t.TempDir(), "data")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--vector-index", "qdrant", "--qdrant-addr", "127.0.0.1:1"}, exitFailed, "Qdrant på 127.0.0.1:1 svarer ikke"},
		{[]string{"--vector-index", "qdrant", "--qdrant-addr", "http://x"}, exitFailed, "qdrant_addr"},
		{[]string{"--vector-index", "pinecone"}, exitUsage, "exact or qdrant"},
		{[]string{"--vector-index", "qdrant", "--embedder", "none"}, exitUsage, "embedder"},
		{[]string{"--read-only"}, exitUsage, "vector_index"},
	} {
		code, _, stderr := command(t, "", append([]string{"serve", "--data", data}, c.args...)...)
		if code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("%q: %d %q, want %d and %q", c.args, code, stderr, c.code, c.says)
		}
	}
}
