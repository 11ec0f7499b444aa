// Package vectortest holds the tests that every vector.Index must pass, the one
// in the process and the remote ones alike.
package vectortest

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// Dim is the number of components that the tests use.
const Dim = 128

// Run tests the indexes that open returns: empty ones for vectors of Dim
// components. Each is closed by the test that opened it.
func Run(t *testing.T, open func(t *testing.T) vector.Index) {
	tests := []struct {
		name string
		run  func(*testing.T, *world)
	}{
		{"nearest first", nearestFirst},
		{"filters hide", filtersHide},
		{"access groups hide", groupsHide},
		{"passages limit", passagesLimit},
		{"put replaces", putReplaces},
		{"delete removes", deleteRemoves},
		{"wrong input", wrongInput},
		{"concurrent use", concurrentUse},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			index := open(t)
			w := &world{Index: index, random: rand.New(rand.NewPCG(1, 2)), want: map[string][]vector.Item{}}
			test.run(t, w)
			if err := index.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// world is an index and what it should hold.
type world struct {
	vector.Index
	random *rand.Rand
	want   map[string][]vector.Item
}

// Vector returns a unit vector near center; spread 0 gives center itself.
func Vector(random *rand.Rand, center []float32, spread float64) []float32 {
	v := make([]float32, Dim)
	var sum float64
	for i := range v {
		x := random.NormFloat64() * spread
		if center != nil {
			x += float64(center[i]) * math.Sqrt(Dim)
		}
		v[i] = float32(x)
		sum += x * x
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum))
	}
	return v
}

func (w *world) put(t *testing.T, doc vector.Document, n int) {
	t.Helper()
	var items []vector.Item
	for i := range n {
		items = append(items, vector.Item{Passage: fmt.Sprintf("%s#%d/1", doc.ID, i+1), Vector: Vector(w.random, nil, 1)})
	}
	if err := w.Put(t.Context(), doc, items); err != nil {
		t.Fatal(err)
	}
	w.want[doc.ID] = items
}

func (w *world) search(t *testing.T, q vector.Query) []vector.Hit {
	t.Helper()
	hits, err := w.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(hits); i++ {
		if hits[i].Score > hits[i-1].Score {
			t.Fatalf("hit %d is nearer than hit %d", i+1, i)
		}
	}
	return hits
}

func documents(hits []vector.Hit) []string {
	found := map[string]bool{}
	for _, h := range hits {
		found[h.Document] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func nearestFirst(t *testing.T, w *world) {
	w.put(t, vector.Document{ID: "lbk-2025-1", Revision: 1}, 40)
	w.put(t, vector.Document{ID: "lbk-2025-2", Revision: 2}, 30)
	for id, items := range w.want {
		for _, item := range items {
			hits := w.search(t, vector.Query{Vector: item.Vector, K: 5})
			if len(hits) != 5 || hits[0].Passage != item.Passage || hits[0].Document != id || hits[0].Score < 0.995 {
				t.Fatalf("nearest to %s: %+v", item.Passage, hits)
			}
		}
	}
	if hits := w.search(t, vector.Query{Vector: w.want["lbk-2025-1"][0].Vector, K: 1000}); len(hits) != 70 {
		t.Errorf("%d of 70 vectors", len(hits))
	}
	for _, h := range w.search(t, vector.Query{Vector: w.want["lbk-2025-1"][0].Vector, K: 70}) {
		if want := w.cosine(h.Passage, w.want["lbk-2025-1"][0].Vector); math.Abs(h.Score-want) > 0.01 {
			t.Errorf("%s: score %.4f, cosine %.4f", h.Passage, h.Score, want)
		}
	}
}

func (w *world) cosine(passage string, q []float32) (sum float64) {
	for _, items := range w.want {
		for _, item := range items {
			if item.Passage == passage {
				for i := range q {
					sum += float64(q[i]) * float64(item.Vector[i])
				}
			}
		}
	}
	return sum
}

func filtersHide(t *testing.T, w *world) {
	w.put(t, vector.Document{ID: "lov-gammel", Collection: "lov", Kind: corpus.KindAct, From: "2020-01-01", To: "2024-05-01"}, 9)
	w.put(t, vector.Document{ID: "lov-ny", Collection: "lov", Kind: corpus.KindAct, From: "2024-05-01"}, 9)
	w.put(t, vector.Document{ID: "vejledning", Collection: "lokal", Kind: corpus.KindLocal}, 9)
	for _, c := range []struct {
		filter vector.Filter
		want   []string
	}{
		{vector.Filter{}, []string{"lov-gammel", "lov-ny", "vejledning"}},
		{vector.Filter{AsOf: "2024-04-30"}, []string{"lov-gammel", "vejledning"}},
		{vector.Filter{AsOf: "2024-05-01"}, []string{"lov-ny", "vejledning"}},
		{vector.Filter{Collections: []string{"lov"}}, []string{"lov-gammel", "lov-ny"}},
		{vector.Filter{Kinds: []corpus.Kind{corpus.KindLocal, corpus.KindOrder}}, []string{"vejledning"}},
		{vector.Filter{Documents: []string{"lov-ny", "findes-ikke"}}, []string{"lov-ny"}},
		{vector.Filter{AsOf: "2019-01-01", Collections: []string{"lov"}}, nil},
	} {
		q := vector.Query{Vector: Vector(w.random, nil, 1), K: 100, Filter: c.filter}
		hits := w.search(t, q)
		if got := documents(hits); !slices.Equal(got, c.want) || len(hits) != 9*len(c.want) {
			t.Errorf("%+v: %d hits of %v, want %v", c.filter, len(hits), got, c.want)
		}
		for _, items := range w.want {
			for _, item := range items {
				q.Passages = append(q.Passages, item.Passage)
			}
		}
		if got := documents(w.search(t, q)); !slices.Equal(got, c.want) {
			t.Errorf("%+v: of named passages %v, want %v", c.filter, got, c.want)
		}
	}
}

// groupsHide: a reader finds what is open to everyone and what one of his groups
// may read, with the scores of an index that holds nothing else; the operator
// finds all; access changes with the next Put.
func groupsHide(t *testing.T, w *world) {
	w.put(t, vector.Document{ID: "lov"}, 9)
	w.put(t, vector.Document{ID: "personale", Groups: []string{"hr", "ledelse"}}, 9)
	w.put(t, vector.Document{ID: "boern", Groups: []string{"boern og unge"}}, 9)
	for _, c := range []struct {
		reader corpus.Reader
		want   []string
	}{
		{corpus.Reader{}, []string{"lov"}},
		{corpus.Reader{Groups: []string{"økonomi", "HR", "boern"}}, []string{"lov"}},
		{corpus.Reader{Groups: []string{"hr"}}, []string{"lov", "personale"}},
		{corpus.Reader{Groups: []string{"ledelse", "boern og unge"}}, []string{"boern", "lov", "personale"}},
		{corpus.Reader{Everything: true}, []string{"boern", "lov", "personale"}},
	} {
		q := vector.Query{Vector: w.want["personale"][0].Vector, K: 100, Filter: vector.Filter{Reader: c.reader}}
		hits := w.search(t, q)
		if got := documents(hits); !slices.Equal(got, c.want) || len(hits) != 9*len(c.want) {
			t.Errorf("%+v: %d hits of %v, want %v", c.reader, len(hits), got, c.want)
		}
		q.Passages = []string{"personale#1/1", "lov#1/1", "boern#1/1"}
		if got := documents(w.search(t, q)); !slices.Equal(got, c.want) {
			t.Errorf("%+v: of named passages %v, want %v", c.reader, got, c.want)
		}
	}
	hr := vector.Filter{Reader: corpus.Reader{Groups: []string{"hr"}}}
	w.put(t, vector.Document{ID: "personale", Revision: 1, Groups: []string{"ledelse"}}, 9)
	w.put(t, vector.Document{ID: "boern", Revision: 1}, 9)
	if got := documents(w.search(t, vector.Query{Vector: w.want["lov"][0].Vector, K: 100, Filter: hr})); !slices.Equal(got, []string{"boern", "lov"}) {
		t.Errorf("after the access had changed: %v", got)
	}
}

func passagesLimit(t *testing.T, w *world) {
	w.put(t, vector.Document{ID: "a"}, 20)
	w.put(t, vector.Document{ID: "b"}, 20)
	q := vector.Query{Vector: w.want["a"][0].Vector, K: 10, Passages: []string{"b#3/1", "a#1/1", "a#99/1", "c#1/1", "uden", "b#3/1"}}
	hits := w.search(t, q)
	if len(hits) != 2 || hits[0].Passage != "a#1/1" || hits[1].Passage != "b#3/1" {
		t.Errorf("of the passages named: %+v", hits)
	}
	q.Passages = []string{}
	if hits := w.search(t, q); len(hits) != 0 {
		t.Errorf("an empty list of passages found %+v", hits)
	}
}

func putReplaces(t *testing.T, w *world) {
	w.put(t, vector.Document{ID: "a", Revision: 1, Collection: "lov"}, 20)
	w.put(t, vector.Document{ID: "b", Revision: 1, Collection: "lov"}, 5)
	before := w.want["a"][19].Vector
	w.put(t, vector.Document{ID: "a", Revision: 7, Collection: "lokal"}, 3)
	if hits := w.search(t, vector.Query{Vector: before, K: 100}); len(hits) != 8 {
		t.Errorf("%d vectors after the replacement, want 3 and 5", len(hits))
	}
	if hits := w.search(t, vector.Query{Vector: before, K: 100, Filter: vector.Filter{Collections: []string{"lokal"}}}); len(hits) != 3 {
		t.Errorf("%d vectors in the new collection, want 3", len(hits))
	}
	w.put(t, vector.Document{ID: "b", Revision: 9}, 0)
	revisions, err := w.Revisions(t.Context())
	if err != nil || !maps.Equal(revisions, map[string]int64{"a": 7, "b": 9}) {
		t.Errorf("revisions %v, %v", revisions, err)
	}
}

func deleteRemoves(t *testing.T, w *world) {
	if err := w.Delete(t.Context(), "findes-ikke"); err != nil {
		t.Errorf("deleting what is not there: %v", err)
	}
	w.put(t, vector.Document{ID: "a", Revision: 1}, 20)
	w.put(t, vector.Document{ID: "b", Revision: 2}, 20)
	if err := w.Delete(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if got := documents(w.search(t, vector.Query{Vector: w.want["a"][0].Vector, K: 100})); !slices.Equal(got, []string{"b"}) {
		t.Errorf("after the deletion: %v", got)
	}
	w.put(t, vector.Document{ID: "a", Revision: 3}, 2)
	revisions, err := w.Revisions(t.Context())
	if err != nil || !maps.Equal(revisions, map[string]int64{"a": 3, "b": 2}) {
		t.Errorf("revisions %v, %v", revisions, err)
	}
}

func wrongInput(t *testing.T, w *world) {
	w.put(t, vector.Document{ID: "a", Revision: 1}, 2)
	if _, err := w.Search(t.Context(), vector.Query{Vector: make([]float32, Dim-1), K: 1}); err == nil {
		t.Error("a question of another length was taken")
	}
	bad := []vector.Item{{Passage: "a#1/1", Vector: Vector(w.random, nil, 1)}, {Passage: "a#2/1", Vector: make([]float32, Dim+1)}}
	if err := w.Put(t.Context(), vector.Document{ID: "a", Revision: 2}, bad); err == nil {
		t.Error("a vector of another length was taken")
	}
	if revisions, err := w.Revisions(t.Context()); err != nil || revisions["a"] != 1 {
		t.Errorf("after the failed Put: %v, %v", revisions, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Search(ended, vector.Query{Vector: w.want["a"][0].Vector, K: 1}); err == nil {
		t.Error("a search went on after its context had ended")
	}
}

// concurrentUse is for the race detector, and for what it cannot see: a document
// is never half there.
func concurrentUse(t *testing.T, w *world) {
	w.put(t, vector.Document{ID: "a", Revision: 1}, 50)
	var work sync.WaitGroup
	question := w.want["a"][0].Vector
	for range 4 {
		work.Go(func() {
			for range 30 {
				hits, err := w.Search(t.Context(), vector.Query{Vector: question, K: 1000, Filter: vector.Filter{Documents: []string{"a"}}})
				if err != nil || (len(hits) != 50 && len(hits) != 20 && len(hits) != 0) {
					t.Errorf("%d hits, %v", len(hits), err)
					return
				}
			}
		})
	}
	for i := range 10 {
		w.put(t, vector.Document{ID: "a", Revision: int64(i)}, 20)
		w.put(t, vector.Document{ID: "b", Revision: int64(i)}, 200)
		if err := w.Delete(t.Context(), "a"); err != nil {
			t.Error(err)
		}
		w.put(t, vector.Document{ID: "a", Revision: int64(i)}, 50)
	}
	work.Wait()
}
