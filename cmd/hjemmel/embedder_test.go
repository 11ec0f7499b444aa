package main

import (
	"bytes"
	"encoding/json"
	"hash/fnv"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval"
)

// embeddingServer speaks OpenAI's embeddings API: a vector counts the words of its
// text, in as many components as it is told.
type embeddingServer struct {
	*httptest.Server
	texts atomic.Int64
	down  atomic.Bool
}

const embeddingKey = "hemmelig-nøgle"

func newEmbeddingServer(t *testing.T, components int) *embeddingServer {
	s := &embeddingServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case s.down.Load():
			http.Error(w, `{"error":{"message":"closed for today"}}`, http.StatusBadRequest)
			return
		case r.Header.Get("Authorization") != "Bearer "+embeddingKey:
			http.Error(w, `{"error":{"message":"who are you"}}`, http.StatusUnauthorized)
			return
		}
		var asked struct {
			Model string
			Input []string
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Model != "ord" {
			http.Error(w, `{"error":{"message":"unknown model"}}`, http.StatusNotFound)
			return
		}
		s.texts.Add(int64(len(asked.Input)))
		type datum struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		var data []datum
		for i, text := range asked.Input {
			data = append(data, datum{i, countWords(text, components)})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "model": asked.Model, "data": data})
	}))
	t.Cleanup(s.Close)
	return s
}

func countWords(text string, components int) []float32 {
	v := make([]float32, components)
	v[0] = 0.1 // no text is without direction
	for _, word := range strings.Fields(strings.ToLower(text)) {
		h := fnv.New32a()
		_, _ = h.Write([]byte(strings.Trim(word, ".,?")))
		v[int(h.Sum32())%components]++
	}
	return v
}

// TestServerEmbeds sets a server that embeds in the configuration, with its key in
// the environment: documents are embedded there, and questions find them by it.
func TestServerEmbeds(t *testing.T) {
	t.Chdir(t.TempDir())
	data := filepath.Join(t.TempDir(), "data")
	far := newEmbeddingServer(t, 64)
	settings := "data: " + data + "\nembedder: openai\nembed_url: " + far.URL + "/v1\nembed_model: ord\nembed_key_env: MODEL_KEY\n"
	if err := os.WriteFile(defaultConfigFile, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	program := func(args ...string) (code int, stdout, stderr string) {
		var out, errs bytes.Buffer
		code = run(t.Context(), args, strings.NewReader(""), &out, &errs, []string{"MODEL_KEY=" + embeddingKey})
		return code, out.String(), errs.String()
	}
	if code, _, stderr := program("ingest", sampleFolder(t)); code != exitOK {
		t.Fatalf("ingest: %d %s", code, stderr)
	}
	code, out, stderr := program("vectors", "build")
	if built := far.texts.Load(); code != exitOK || built < 20 {
		t.Fatalf("build: %d, %d texts embedded, %s%s", code, built, out, stderr)
	}
	_, out, _ = program("vectors", "status", "--json")
	if status := decode[struct {
		Model       string
		Done, Total int
	}](t, out); status.Model != "ord" || status.Done == 0 || status.Done != status.Total {
		t.Errorf("status: %+v", status)
	}
	before := far.texts.Load()
	_, out, stderr = program("search", "--json", "frist for klage")
	found := decode[retrieval.Result](t, out)
	if found.Mode != retrieval.Hybrid || found.Degraded != "" || len(found.Hits) == 0 || far.texts.Load() <= before {
		t.Errorf("search: %s, degraded %q, %d hits, %s", found.Mode, found.Degraded, len(found.Hits), stderr)
	}

	far.down.Store(true)
	if code, _, stderr := program("search", "frist for klage"); code != exitUsage || !strings.Contains(stderr, "closed for today") || !strings.Contains(stderr, "embed_dimensions") {
		t.Errorf("a server that is down: %d %q", code, stderr)
	}
}

// TestSearchGoesOnWithoutItsServer gives the size of the vectors: then a server
// that is down costs the search its vectors and nothing else.
func TestSearchGoesOnWithoutItsServer(t *testing.T) {
	t.Chdir(t.TempDir())
	data := filepath.Join(t.TempDir(), "data")
	far := newEmbeddingServer(t, 64)
	flags := []string{"--data", data, "--embedder", "openai", "--embed-url", far.URL + "/v1", "--embed-model", "ord", "--embed-key", embeddingKey}
	if code, _, stderr := command(t, "", append([]string{"ingest", sampleFolder(t)}, flags...)...); code != exitOK {
		t.Fatalf("ingest: %d %s", code, stderr)
	}
	if code, _, stderr := command(t, "", append([]string{"vectors", "build"}, append(flags, "--embed-dimensions", "64")...)...); code != exitOK {
		t.Fatalf("build: %d %s", code, stderr)
	}
	far.down.Store(true)
	code, out, stderr := command(t, "", append([]string{"search", "--json", "frist for klage"}, append(flags, "--embed-dimensions", "64")...)...)
	if code != exitOK {
		t.Fatalf("%d %s", code, stderr)
	}
	if found := decode[retrieval.Result](t, out); found.Mode != retrieval.Lexical || found.Degraded == "" || len(found.Hits) == 0 {
		t.Errorf("%s, degraded %q, %d hits", found.Mode, found.Degraded, len(found.Hits))
	}
}

func TestEmbedderSettingsAreChecked(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, c := range map[string]struct {
		flags []string
		says  string
	}{
		"unknown kind":   {[]string{"--embedder", "word2vec"}, "builtin, openai, azure, ollama or none"},
		"no address":     {[]string{"--embedder", "openai", "--embed-model", "ord"}, "embed_url"},
		"no model":       {[]string{"--embedder", "ollama"}, "name of a model"},
		"no key in env":  {[]string{"--embedder", "openai", "--embed-key-env", "NØGLE"}, "embed_key_env"},
		"password in it": {[]string{"--embedder", "openai", "--embed-model", "ord", "--embed-url", "http://a:b@localhost/v1"}, "give it as the key"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, stderr := command(t, "", append([]string{"ingest", "--data", t.TempDir(), sampleFolder(t)}, c.flags...)...)
			if code != exitUsage || !strings.Contains(stderr, c.says) {
				t.Errorf("%d %q, want %q", code, stderr, c.says)
			}
		})
	}
}

// TestRealServerEmbeds asks a real server, by the settings alone; .ci/suite-embedders
// starts one that runs the built-in model's file.
func TestRealServerEmbeds(t *testing.T) {
	address := os.Getenv("HJEMMEL_EMBED_URL")
	if address == "" {
		t.Skip("HJEMMEL_EMBED_URL names no server: run .ci/suite-embedders")
	}
	suite := fruitSuite(t)
	t.Chdir(t.TempDir())
	code, out, stderr := command(t, "", "eval", "retrieval", "--suite", suite, "--vectors", "full", "--mode", "vector", "--min", "nDCG@10=1",
		"--embedder", "openai", "--embed-url", address, "--embed-model", "e5-passage", "--embed-query-model", "e5-query")
	if code != exitOK {
		t.Errorf("%d %s%s", code, out, stderr)
	}
}
