package qdrant

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/vector"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant/qdranttest"
	"github.com/hjemmel/hjemmel/retrieval/vector/vectortest"
)

// items are n passages with vectors of their own.
func items(document string, n int, seed uint64) []vector.Item {
	random := rand.New(rand.NewPCG(seed, 1))
	out := make([]vector.Item, n)
	for i := range out {
		out[i] = vector.Item{Passage: fmt.Sprintf("%s#%d/1", document, i+1), Vector: vectortest.Vector(random, nil, 1)}
	}
	return out
}

func put(t *testing.T, x *Index, id string, revision int64, list []vector.Item) {
	t.Helper()
	if err := x.Put(t.Context(), vector.Document{ID: id, Revision: revision}, list); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, x *Index, near []float32) int {
	t.Helper()
	hits, err := x.Search(t.Context(), vector.Query{Vector: near, K: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return len(hits)
}

// TestDeathInMidUpsert kills the server while a document is being replaced: what
// was there before is found whole; what is put again after the restart replaces
// it, and nothing of the broken attempt stays.
func TestDeathInMidUpsert(t *testing.T) {
	server := qdranttest.Start(t)
	x := open(t, options(server))
	before := items("lov", 200, 1)
	put(t, x, "lov", 1, before)
	var upserts atomic.Int32
	ctx, cancel := context.WithCancel(t.Context())
	server.SetFault(func(_ context.Context, call string) error {
		if call == "Upsert" && upserts.Add(1) > 3 {
			cancel() // the process that puts dies too
			return status.Error(codes.Unavailable, "killed")
		}
		return nil
	})
	if err := x.Put(ctx, vector.Document{ID: "lov", Revision: 2}, items("lov", 500, 2)); err == nil {
		t.Fatal("the replacement got through")
	}
	server.Down()
	server.SetFault(nil)
	server.Up(t)
	y := open(t, options(server))
	if n := server.Points(y.collection); n <= 201 {
		t.Fatalf("%d points: the kill came before anything was written", n)
	}
	if n := count(t, y, before[0].Vector); n != 200 {
		t.Errorf("%d passages after the kill, want the 200 of before", n)
	}
	if revisions, err := y.Revisions(t.Context()); err != nil || revisions["lov"] != 1 {
		t.Errorf("revisions %v, %v", revisions, err)
	}
	put(t, y, "lov", 2, items("lov", 30, 3))
	if n, points := count(t, y, before[0].Vector), server.Points(y.collection); n != 30 || points != 31 {
		t.Errorf("%d passages, %d points with the entry; want 30 and 31", n, points)
	}
}

// TestDeathInFirstPut: a document that was never whole is not there, but known,
// so that whoever compares revisions puts or deletes it.
func TestDeathInFirstPut(t *testing.T) {
	server := qdranttest.Start(t)
	x := open(t, options(server))
	var upserts atomic.Int32
	server.SetFault(func(_ context.Context, call string) error {
		if call == "Upsert" && upserts.Add(1) > 2 {
			return status.Error(codes.Internal, "disk full")
		}
		return nil
	})
	list := items("lov", 500, 1)
	if err := x.Put(t.Context(), vector.Document{ID: "lov", Revision: 7}, list); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Fatalf("%v", err)
	}
	server.SetFault(nil)
	if n := count(t, x, list[0].Vector); n != 0 {
		t.Errorf("%d passages of half a document", n)
	}
	if revisions, err := x.Revisions(t.Context()); err != nil || len(revisions) != 1 || revisions["lov"] == 7 {
		t.Errorf("revisions %v, %v", revisions, err)
	}
	if err := x.Delete(t.Context(), "lov"); err != nil {
		t.Fatal(err)
	}
	if n := server.Points(x.collection); n != 0 {
		t.Errorf("%d points after the deletion", n)
	}
}

// TestRestart: a server that is away for a moment delays a write, and fails a
// search with an error that names it.
func TestRestart(t *testing.T) {
	server := qdranttest.Start(t)
	x := open(t, options(server))
	list := items("lov", 100, 1)
	put(t, x, "lov", 1, list)
	server.Down()
	var unreachable *UnreachableError
	_, err := x.Search(t.Context(), vector.Query{Vector: list[0].Vector, K: 5})
	if !errors.As(err, &unreachable) || unreachable.Addr != server.Addr {
		t.Errorf("search without a server: %v", err)
	}
	if _, err := x.Words().Search(t.Context(), lexical.Query{Text: "lov", K: 5}); !errors.Is(err, retrieval.ErrUnavailable) {
		t.Errorf("search by words without a server: %v", err)
	}
	if err := x.Health(t.Context()); !errors.As(err, &unreachable) {
		t.Errorf("health without a server: %v", err)
	}
	written := make(chan error)
	go func() { written <- x.Put(t.Context(), vector.Document{ID: "lov", Revision: 2}, list[:40]) }()
	time.Sleep(300 * time.Millisecond)
	server.Up(t)
	if err := <-written; err != nil {
		t.Errorf("a write did not outlast the restart: %v", err)
	}
	if n := count(t, x, list[0].Vector); n != 40 {
		t.Errorf("%d passages, want 40", n)
	}
}

// TestSlowServer: a search gives up in time, and a write waits instead of piling
// up calls.
func TestSlowServer(t *testing.T) {
	server := qdranttest.Start(t)
	o := options(server)
	o.Timeout = 100 * time.Millisecond
	x := open(t, o)
	list := items("lov", 1000, 1)
	var now, most atomic.Int32
	server.SetFault(func(ctx context.Context, call string) error {
		if call == "Upsert" {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(5 * time.Millisecond)
			now.Add(-1)
		}
		return nil
	})
	put(t, x, "lov", 1, list)
	if most.Load() > inFlight {
		t.Errorf("%d calls at once, at most %d may wait", most.Load(), inFlight)
	}
	server.SetFault(func(ctx context.Context, call string) error {
		if call == "Query" {
			<-ctx.Done()
		}
		return ctx.Err()
	})
	start := time.Now()
	_, err := x.Search(t.Context(), vector.Query{Vector: list[0].Vector, K: 5})
	if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took > 2*time.Second {
		t.Errorf("after %s: %v", took, err)
	}
}

func TestWrongDimension(t *testing.T) {
	server := qdranttest.Start(t)
	x := open(t, options(server))
	o := options(server)
	o.Dim = 64
	other := open(t, o) // another collection: the name says the dimension too
	if other.collection == x.collection {
		t.Fatal("vectors of different lengths share a collection")
	}
	// A collection of that name that somebody else made.
	o.Model = "prøve-2"
	made, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	made.Dim = 32
	if err := made.check(t.Context()); err == nil || !strings.Contains(err.Error(), "64 components") || !strings.Contains(err.Error(), "qdrant_collection") {
		t.Errorf("%v", err)
	}
}

// TestChangeOfModel: until the new vectors are complete, readers of the old model
// find everything; then the alias moves and the old collection goes.
func TestChangeOfModel(t *testing.T) {
	server := qdranttest.Start(t)
	old := open(t, options(server))
	list := items("lov", 20, 1)
	put(t, old, "lov", 1, list)
	if err := old.Completed(t.Context()); err != nil {
		t.Fatal(err)
	}
	o := options(server)
	o.Model = "prøve-2"
	next := open(t, o)
	if n := count(t, next, list[0].Vector); n != 0 {
		t.Errorf("the new model finds %d vectors of the old one", n)
	}
	put(t, next, "lov", 1, list[:10])
	if n := count(t, old, list[0].Vector); n != 20 {
		t.Errorf("during the rebuild the old model finds %d of 20", n)
	}
	if err := next.Completed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if to, err := next.target(t.Context()); err != nil || to != next.collection || len(server.Collections()) != 1 {
		t.Errorf("the alias points to %q, collections %v, %v", to, server.Collections(), err)
	}
	if _, err := old.Search(t.Context(), vector.Query{Vector: list[0].Vector, K: 1}); !errors.Is(err, ErrNoModel) {
		t.Errorf("search with the old model after the change: %v", err)
	}
}

func TestReaderNeedsTheWritersModel(t *testing.T) {
	server := qdranttest.Start(t)
	open(t, options(server))
	o := options(server)
	o.Model, o.ReadOnly = "prøve-2", true
	x := open(t, o)
	if _, err := x.Search(t.Context(), vector.Query{Vector: items("x", 1, 1)[0].Vector, K: 1}); !errors.Is(err, ErrNoModel) || !strings.Contains(err.Error(), "prøve-2") {
		t.Errorf("%v", err)
	}
	if err := x.Put(t.Context(), vector.Document{ID: "lov"}, nil); !errors.Is(err, ErrReadOnly) {
		t.Errorf("%v", err)
	}
}

func TestKeyAndAddress(t *testing.T) {
	server := qdranttest.Start(t)
	server.APIKey = "hemmelig"
	if _, err := Open(t.Context(), options(server)); !errors.Is(err, ErrRefused) {
		t.Errorf("without the key: %v", err)
	}
	o := options(server)
	o.APIKey = "hemmelig"
	open(t, o)
	for _, addr := range []string{"", "http://qdrant:6334", "qdrant:x", ":6334"} {
		o.Addr = addr
		if _, err := Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "qdrant_addr") {
			t.Errorf("address %q: %v", addr, err)
		}
	}
}

// TestWords: a passage is found by its words before it has a vector, by what the
// vocabulary makes of the query, within the filter, and no longer once deleted.
func TestWords(t *testing.T) { wordsFind(t, options(qdranttest.Start(t))) }

func TestWordsOnRealServer(t *testing.T) {
	o := realServer(t)
	wordsFind(t, o)
	x := open(t, o)
	if err := x.client.DeleteCollection(t.Context(), x.collection); err != nil {
		t.Error(err)
	}
}

func wordsFind(t *testing.T, o Options) {
	texts := map[string][]string{
		"sel":       {"Kommunalbestyrelsen skal yde hjælp til dækning af tabt arbejdsfortjeneste.", "Borgeren kan klage inden 4 uger."},
		"bl":        {"Merudgifter dækkes for barnet under 18 år."},
		"personale": {"Opsigelse af medarbejdere drøftes i ledelsen."},
	}
	o.Texts = func(_ context.Context, id string) (out []Text, err error) {
		for i, text := range texts[id] {
			p := corpus.Passage{ID: fmt.Sprintf("%s#%d/1", id, i+1), Text: text, Context: "Lov om prøver"}
			out = append(out, Text{p.ID, lexical.PassageVectors(&corpus.Document{ID: id, Language: "da"}, &p)})
		}
		return out, nil
	}
	x := open(t, o)
	groups := map[string][]string{"personale": {"hr"}}
	for id := range texts {
		if err := x.Put(t.Context(), vector.Document{ID: id, Collection: id, From: "2024-01-01", Groups: groups[id]}, nil); err != nil {
			t.Fatal(err)
		}
	}
	stems := map[string]int{"arbejdsfortjenest": 1, "tab": 1, "klag": 1, "merudgift": 1}
	if err := x.PutVocabulary(t.Context(), lexical.NewVocabulary(3, stems, map[string]int{"prøv": 3}, nil)); err != nil {
		t.Fatal(err)
	}
	o.ReadOnly, o.Texts = true, nil
	reader := open(t, o)
	for _, c := range []struct {
		q    lexical.Query
		want string
	}{
		{lexical.Query{Text: "tabt arbejdsfortjeneste", Lang: "da", K: 5}, "sel#1"},
		{lexical.Query{Text: "Hvornår kan man klage?", Lang: "da", K: 5}, "sel#2"},
		{lexical.Query{Text: "merudgifter", Lang: "da", K: 5}, "bl#1"},
		{lexical.Query{Text: "merudgifter", Lang: "da", K: 5, Collections: []string{"sel"}}, ""},
		{lexical.Query{Text: "merudgifter", Lang: "da", K: 5, AsOf: "2023-12-31"}, ""},
		{lexical.Query{Text: "merudgifter", Lang: "da", K: 5, AsOf: "2024-01-01"}, "bl#1"},
		{lexical.Query{Text: "opsigelse", Lang: "da", K: 5}, ""},
		{lexical.Query{Text: "opsigelse", Lang: "da", K: 5, Reader: corpus.Reader{Groups: []string{"hr"}}}, "personale#1"},
		{lexical.Query{Text: "opsigelse", Lang: "da", K: 5, Reader: corpus.Reader{Everything: true}}, "personale#1"},
		{lexical.Query{Text: "og", Lang: "da", K: 5, Collections: []string{"ingen"}}, ""},
	} {
		res, err := reader.Words().Search(t.Context(), c.q)
		got := ""
		if len(res.Hits) > 0 {
			got = res.Hits[0].Section
		}
		if err != nil || got != c.want {
			t.Errorf("%+v: %q (%v), want %q", c.q, got, err, c.want)
		}
	}
	if err := x.Delete(t.Context(), "bl"); err != nil {
		t.Fatal(err)
	}
	if res, err := reader.Words().Search(t.Context(), lexical.Query{Text: "merudgifter", Lang: "da", K: 5}); err != nil || len(res.Hits) > 0 {
		t.Errorf("after the deletion: %+v, %v", res.Hits, err)
	}
}

func TestVocabularyIsReadAsItWasPut(t *testing.T) {
	server := qdranttest.Start(t)
	x := open(t, options(server))
	text := map[string]int{}
	for i := range 30_000 { // several parts
		text[fmt.Sprintf("ord%dæ", i)] = i + 1
	}
	title := map[string]int{"lov": 7, "ord1æ": 2}
	for range 2 { // the second replaces the first
		if err := x.PutVocabulary(t.Context(), lexical.NewVocabulary(40_000, text, title, []string{" og d", "ning "})); err != nil {
			t.Fatal(err)
		}
	}
	v, _, err := x.readVocabulary(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	gotText, gotTitle := v.Words()
	if v.Passages != 40_000 || len(gotText) != len(text) || gotText["ord299æ"] != 300 || len(gotTitle) != 2 || gotTitle["lov"] != 7 || len(v.CommonGrams()) != 2 {
		t.Errorf("%d passages, %d and %d words, %q", v.Passages, len(gotText), len(gotTitle), v.CommonGrams())
	}
	if parts := len(encodeVocabulary(v)); server.Points(x.collection) != parts+1 {
		t.Errorf("%d points for %d parts and their head", server.Points(x.collection), parts)
	}
}
