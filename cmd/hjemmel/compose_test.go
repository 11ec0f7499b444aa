package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/hjemmel/hjemmel/retrieval"
)

// composeFile is what is checked of compose.yaml.
type composeFile struct {
	Services map[string]struct {
		Image       string
		Command     []string
		Environment map[string]string
		Ports       []string
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	}
}

func readCompose(t *testing.T) composeFile {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository, "compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var c composeFile
	if err := yaml.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestComposeMatchesTheProgram: every setting that compose.yaml names is one of
// the program, every command line is understood, every address is a service.
func TestComposeMatchesTheProgram(t *testing.T) {
	c := readCompose(t)
	known := newConfig()
	for _, name := range []string{"ingest", "replica"} {
		s := c.Services[name]
		for variable := range s.Environment {
			setting := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(variable, envPrefix)), "_", "-")
			if known.flags.Lookup(setting) == nil {
				t.Errorf("%s: %s is no setting", name, variable)
			}
		}
		if s.Image != "hjemmel" || len(s.Command) == 0 {
			t.Errorf("%s: image %q, command %q", name, s.Image, s.Command)
			continue
		}
		if code, _, stderr := command(t, "", append(slices.Clone(s.Command), "--help")...); code != exitOK {
			t.Errorf("%s: %q: %s", name, s.Command, stderr)
		}
		for service := range s.DependsOn {
			if _, ok := c.Services[service]; !ok {
				t.Errorf("%s depends on %q, which is no service", name, service)
			}
		}
		if host, _, err := net.SplitHostPort(s.Environment["HJEMMEL_QDRANT_ADDR"]); err != nil || c.Services[host].Image == "" {
			t.Errorf("%s: Qdrant at %q", name, s.Environment["HJEMMEL_QDRANT_ADDR"])
		}
	}
	for name, s := range c.Services {
		for _, p := range s.Ports {
			if name != "proxy" || !strings.Contains(p, "127.0.0.1") {
				t.Errorf("%s publishes %q: only the proxy is published, on this machine unless it is told otherwise", name, p)
			}
		}
	}
	caddy, err := os.ReadFile(filepath.Join(repository, ".compose", "Caddyfile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\{\$HJEMMEL_(?:INGEST|REPLICAS):([a-z]+):8080\}`).FindAllSubmatch(caddy, -1) {
		if s := c.Services[string(m[1])]; !strings.HasSuffix(s.Environment["HJEMMEL_ADDR"], ":8080") {
			t.Errorf("the proxy sends to %s, which does not listen there", m[1])
		}
	}
}

// TestProxy runs the proxy of compose.yaml before a cluster: changes reach the
// server that ingests, and when Qdrant is away, questions do too.
func TestProxy(t *testing.T) {
	caddy, err := exec.LookPath("caddy")
	if err != nil {
		t.Skip("caddy is absent")
	}
	c := startCluster(t, "--hosts", "127.0.0.1")
	base := c.proxy(t, caddy)
	if status, body := putFile(t, base, "skaterbaner.md", skateVejledning); status != http.StatusOK {
		t.Fatalf("upload: %d %s", status, body)
	}
	finds := func() bool {
		res, status := search(t, base, "Hvornår lukker skaterbanen?")
		return status == http.StatusOK && len(res.Hits) > 0 && strings.Contains(res.Hits[0].Snippet, "klokken 21")
	}
	for range 6 { // whichever server answers
		if !finds() {
			t.Fatal("the new document is not found")
		}
	}
	c.qdrant.Down()
	soon(t, 15*time.Second, "without Qdrant the server that ingests answers all questions", func() bool {
		for range 4 {
			if res, _ := search(t, base, "klage"); !finds() || res.Mode != retrieval.Lexical {
				return false
			}
		}
		return true
	})
}

// proxy runs caddy with the configuration of compose.yaml, and returns its
// address once it sends requests on.
func (c *cluster) proxy(t *testing.T, caddy string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, caddy, "run", "--config", filepath.Join(repository, ".compose", "Caddyfile"), "--adapter", "caddyfile")
	cmd.Env = append(os.Environ(), "HJEMMEL_SITE=http://"+addr, "HJEMMEL_INGEST="+strings.TrimPrefix(c.writer, "http://"),
		"HJEMMEL_REPLICAS="+strings.TrimPrefix(c.replica, "http://"), "HOME="+t.TempDir())
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = cmd.Wait() // killed
		if t.Failed() {
			t.Log(log.String())
		}
	})
	return ready(t, "http://"+addr)
}
