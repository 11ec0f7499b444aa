package main

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"math"
	"mime/multipart"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/samples"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
	"github.com/hjemmel/hjemmel/server/policy"
)

// leakWorld is a server on a collection, with a key for each of its readers.
type leakWorld struct {
	*httptest.Server
	lib    *ingest.Library
	record *activity.Store
	keys   map[string]string // outsider, insider, editor (in no group)
	hidden []string          // ids of the documents that only hr may read
}

func newLeakWorld(t *testing.T, withHidden bool) *leakWorld {
	t.Helper()
	rules := policy.Default()
	log := slog.New(slog.DiscardHandler)
	lib, err := ingest.OpenWriter(t.Context(), t.TempDir(), corpus.Owner{Command: "test"}, rules.RefuseDocument, ingest.WithEmbedder(bagOfWords{}, log))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lib.Close() })
	w := &leakWorld{lib: lib, keys: map[string]string{}}
	w.fill(t, withHidden)
	store, err := access.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	for name, key := range map[string]access.Key{
		"outsider": {Roles: []access.Role{access.Reader}, Groups: []string{"oekonomi"}},
		"insider":  {Roles: []access.Role{access.Reader}, Groups: []string{"hr"}},
		"editor":   {Roles: []access.Role{access.Reader, access.Editor}, Groups: []string{"oekonomi"}},
	} {
		key.Name = name
		if _, w.keys[name], err = store.CreateKey(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	guard, err := access.New(t.Context(), store, access.Config{PublicURL: "http://localhost"})
	if err != nil {
		t.Fatal(err)
	}
	record, err := activity.Open(t.Context(), t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = record.Close() })
	w.record = record
	a := &app{config: newConfig()}
	a.config.Access.Rates.Requests, a.config.Access.Rates.Answers = 0, 0
	srv, err := a.newServer(lib, rules, a.assistant(lib, rules), guard, a.scheduler(nil, lib, rules, log), record, log)
	if err != nil {
		t.Fatal(err)
	}
	w.Server = httptest.NewServer(srv.Handler())
	t.Cleanup(w.Close)
	return w
}

func (w *leakWorld) fill(t *testing.T, withHidden bool) {
	t.Helper()
	items, err := source.FS(samples.Files(), samples.Collection)
	if err != nil {
		t.Fatal(err)
	}
	w.ingest(t, items, samples.Collection, nil)
	w.ingest(t, []source.Item{memory("lov.md", fmt.Sprintf(act, "aktindsigtsbehandling", "LBK nr 9001 af 01/02/2025", "2025-02-01", "")),
		memory("lov2.md", fmt.Sprintf(act, "journalføring", "LBK nr 9003 af 01/02/2025", "2025-02-01", ""))}, "lov", nil)
	if withHidden {
		pdf := slices.IndexFunc(items, func(i source.Item) bool { return strings.HasSuffix(i.Path, "byggesager-og-naboorientering.pdf") })
		data, err := items[pdf].Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		w.hidden = w.ingest(t, []source.Item{
			memory("pulje.md", guideline),
			memory("ny-lov.md", fmt.Sprintf(act, "aktindsigtsbehandling", "LBK nr 9002 af 01/02/2026", "2026-02-01", " Stk. 2. "+secretWord+" afgør anmodningen.")),
			{Path: "byggesager.pdf", Read: func(context.Context) ([]byte, error) { return data, nil }},
		}, "personale", []string{"hr"})
	}
	if err := w.lib.Builder.Build(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

func (w *leakWorld) ingest(t *testing.T, items []source.Item, collection string, groups []string) (ids []string) {
	t.Helper()
	report, err := w.lib.Pipeline.Run(t.Context(), items, ingest.Options{Collection: collection, Groups: groups})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Files {
		if f.Status != ingest.Read {
			t.Fatalf("%+v", f)
		}
		ids = append(ids, f.Document)
	}
	return ids
}

const boundary = "graense"

func upload(collection, groups, name, text string) call {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.SetBoundary(boundary)
	_ = w.WriteField("collection", collection)
	if groups != "" {
		_ = w.WriteField("groups", groups)
	}
	file, _ := w.CreateFormFile("file", name)
	_, _ = io.WriteString(file, text)
	_ = w.Close()
	return call{"POST", "/api/v1/documents", b.String()}
}

func memory(path, text string) source.Item {
	return source.Item{Path: path, Read: func(context.Context) ([]byte, error) { return []byte(text), nil }}
}

// bagOfWords is an embedder whose vectors are near where texts share stems.
type bagOfWords struct{}

func (bagOfWords) Model() string { return "bag of words" }
func (bagOfWords) Dim() int      { return 64 }

func (b bagOfWords) Queries(ctx context.Context, texts []string) ([][]float32, error) {
	return b.Passages(ctx, texts)
}

func (b bagOfWords) Passages(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		v, sum := make([]float32, b.Dim()), 1.0
		v[0] = 1
		for _, token := range danish.Tokens(text) {
			h := fnv.New32a()
			_, _ = io.WriteString(h, danish.Stem(token.Term))
			v[1+h.Sum32()%63]++
		}
		for _, x := range v[1:] {
			sum += float64(x * x)
		}
		for d := range v {
			v[d] /= float32(math.Sqrt(sum))
		}
		out[i] = v
	}
	return out, nil
}
