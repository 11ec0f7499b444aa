package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// child is the program in a process of its own.
type child struct {
	*exec.Cmd
	base string // where it serves
	log  *lockedBuffer
	done chan struct{}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// begin starts the program; the test's end kills it.
func begin(t *testing.T, args ...string) *child {
	t.Helper()
	sharedtest.Process(t)
	p := &child{Cmd: exec.Command(os.Args[0], args...), log: &lockedBuffer{}, done: make(chan struct{})}
	p.Dir = t.TempDir()
	p.Env = append(os.Environ(), "HJEMMEL_TEST_MAIN=1")
	p.Stdout, p.Stderr = p.log, p.log
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.Wait() // the state tells
		close(p.done)
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill()
		<-p.done
	})
	return p
}

// program runs the program to its end.
func program(t *testing.T, args ...string) (code int, output string) {
	t.Helper()
	p := begin(t, args...)
	return p.end(t), p.log.String()
}

// end waits for the exit code; -1 where a signal ended the process.
func (p *child) end(t *testing.T) int {
	t.Helper()
	select {
	case <-p.done:
	case <-time.After(2 * time.Minute):
		t.Fatalf("the process does not end:\n%s", p.log)
	}
	return p.ProcessState.ExitCode()
}

// killAfter kills the process (SIGKILL), and tells whether it still ran.
func (p *child) killAfter(t *testing.T, d time.Duration) bool {
	t.Helper()
	select {
	case <-p.done:
		return false
	case <-time.After(d):
	}
	_ = p.Process.Kill() // it may end at this moment
	p.end(t)
	return p.ProcessState.ExitCode() == -1
}

// stop asks the process to end, as an operator does.
func (p *child) stop(t *testing.T) int {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	return p.end(t)
}

// beginServing starts a server on a free port; where it is to answer, ready waits
// for it.
func beginServing(t *testing.T, data string, args ...string) *child {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	p := begin(t, append([]string{"serve", "--data", data, "--addr", addr, "--embedder", "none", "--samples=false"}, args...)...)
	p.base = "http://" + addr
	return p
}

func (p *child) ready(t *testing.T) *child {
	t.Helper()
	for range 600 {
		res, err := http.Get(p.base + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return p
			}
		}
		select {
		case <-p.done:
			t.Fatalf("the server ended:\n%s", p.log)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatalf("the server does not get ready:\n%s", p.log)
	return nil
}

// guidelines writes n files of a few sections each.
func guidelines(t *testing.T, n int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "vejledninger")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		var b strings.Builder
		fmt.Fprintf(&b, "# Vejledning nr. %d\n", i)
		for j, word := range []string{"Klagefrist", "Ansøgning", "Partshøring", "Tilskud"} {
			fmt.Fprintf(&b, "\n## %s\n\nKommunalbestyrelsen skal behandle %s i sag %d senest %d uger efter, at den er modtaget, jf. servicelovens § %d.\n", word, strings.ToLower(word), i, j+i%9+1, 80+i%20)
		}
		write(t, filepath.Join(dir, fmt.Sprintf("%04d.md", i)), b.String())
	}
	return dir
}

// ingested is a data folder with n guidelines.
func ingested(t *testing.T, n int) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	if code, out, stderr := command(t, "", "ingest", "--embedder", "none", "--data", data, guidelines(t, n)); code != exitOK {
		t.Fatalf("ingest: %d %s %s", code, out, stderr)
	}
	return data
}

// askServer asks over HTTP and returns the status.
func askServer(ctx context.Context, base string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/chat", strings.NewReader(`{"question":"Hvad er fristen for at behandle en klage?"}`))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(res.Body)
	return res.StatusCode, err
}
