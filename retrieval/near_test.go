package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// meanings embeds a text by the few words that it knows.
type meanings struct{ err error }

var themes = [][]string{{"gratis", "betaling", "pris"}, {"genoptræning", "træning", "fysioterapi"}, {"arbejdsfortjeneste", "løn", "indtægt"}, {"hjælp"}}

func (meanings) Model() string { return "themes" }
func (meanings) Dim() int      { return len(themes) }

func (m meanings) Queries(_ context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, text := range texts {
		v, length := make([]float32, len(themes)), 0.0
		for j, words := range themes {
			for _, w := range words {
				v[j] += float32(strings.Count(strings.ToLower(text), w))
			}
			length += float64(v[j] * v[j])
		}
		for j := range v {
			v[j] /= float32(math.Sqrt(max(length, 1e-9)))
		}
		out[i] = v
	}
	return out, m.err
}

func (m meanings) Passages(ctx context.Context, texts []string) ([][]float32, error) {
	return m.Queries(ctx, texts)
}

// few is an index in a map.
type few struct {
	vector.Index
	vectors map[string][]float32 // by passage
	err     error
	asked   []string // passages that a query named
}

func (f *few) Search(_ context.Context, q vector.Query) ([]vector.Hit, error) {
	f.asked = append(f.asked, q.Passages...)
	var hits []vector.Hit
	for id, v := range f.vectors {
		if q.Passages != nil && !slices.Contains(q.Passages, id) {
			continue
		}
		s := 0.0
		for i := range v {
			s += float64(v[i] * q.Vector[i])
		}
		document, _, _ := strings.Cut(id, "#")
		hits = append(hits, vector.Hit{Document: document, Passage: id, Score: s})
	}
	slices.SortFunc(hits, func(a, b vector.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Passage, b.Passage))
	})
	return hits[:min(len(hits), q.K)], f.err
}

// withVectors gives the engine vectors of some of its sections.
func withVectors(t *testing.T, e *Engine, m meanings, sections ...string) *few {
	index := &few{vectors: map[string][]float32{}}
	for _, id := range sections {
		s, err := e.store.Section(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := meanings{}.Passages(t.Context(), []string{s.Text})
		index.vectors[id+"/1"] = v[0]
	}
	e.SetVectors(Vectors{Index: index, Embedder: m, Coverage: func(context.Context) (Coverage, error) {
		return Coverage{Done: len(sections), Total: 3}, nil
	}})
	return index
}

var inForceNow = []string{"lbk-2025-2#85", "lbk-2025-2#86", "lbk-2024-3#87"}

func search(t *testing.T, e *Engine, q Query) Result {
	t.Helper()
	res, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return res
}

func TestVectorsFindWhatSharesNoWord(t *testing.T) {
	e := collection(t)
	withVectors(t, e, meanings{}, inForceNow...)
	for _, mode := range []Mode{"", Hybrid, Vector} {
		res := search(t, e, Query{Text: "fysioterapi", Mode: mode})
		if len(res.Hits) == 0 || res.Hits[0].Section != "lbk-2025-2#86" || res.Degraded != "" || res.Vectors != (Coverage{3, 3}) {
			t.Errorf("%q: %+v", mode, res)
		}
		if want := cmp.Or(mode, Hybrid); res.Mode != want {
			t.Errorf("%q says it was %q", mode, res.Mode)
		}
	}
	if res := search(t, e, Query{Text: "fysioterapi", Mode: Lexical}); len(res.Hits) != 0 || res.Mode != Lexical {
		t.Errorf("words alone: %+v", res)
	}
}

func TestSearchGoesOnWithoutVectors(t *testing.T) {
	broken := errors.New("connection refused")
	for name, breakIt := range map[string]func(e *Engine){
		"embedder": func(e *Engine) { withVectors(t, e, meanings{err: broken}, inForceNow...) },
		"index":    func(e *Engine) { withVectors(t, e, meanings{}, inForceNow...).err = broken },
		"none yet": func(e *Engine) { withVectors(t, e, meanings{}) },
	} {
		e := collection(t)
		plain := search(t, e, Query{Text: "gratis hjælp"})
		breakIt(e)
		for _, mode := range []Mode{Hybrid, Vector} {
			res := search(t, e, Query{Text: "gratis hjælp", Mode: mode})
			if res.Mode != Lexical || !strings.HasPrefix(res.Degraded, "Der er kun søgt på spørgsmålets ord") || strings.Contains(res.Degraded, broken.Error()) || fmt.Sprint(res.Hits) != fmt.Sprint(plain.Hits) {
				t.Errorf("%s, %s: %+v", name, mode, res)
			}
		}
	}
}

func TestMissingVectorsAreAskedFor(t *testing.T) {
	e := collection(t)
	index := withVectors(t, e, meanings{}, "lbk-2025-2#85")
	res := search(t, e, Query{Text: "gratis hjælp tabt arbejdsfortjeneste"})
	if res.Shortfall() != "Betydningssøgningen er klar for 33 % af samlingen; resten er kun søgt på ord." {
		t.Errorf("shortfall %q", res.Shortfall())
	}
	if res.Mode != Hybrid || res.Vectors != (Coverage{1, 3}) || !slices.Contains(index.asked, "lbk-2024-3#87/1") {
		t.Errorf("%+v, asked for %q", res, index.asked)
	}
	if res.Hits[0].Section != "lbk-2024-3#87" {
		t.Errorf("a section without a vector loses against one that has: %+v", res.Hits)
	}
}

// TestUnknownNearnessKeepsTheOrder: sections without a vector keep their order
// among themselves, and none gets more than the nearest could.
func TestUnknownNearnessKeepsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := &nearness{hits: []vector.Hit{{Passage: "x#1/1"}}, bySec: map[string]float64{}, has: map[string]bool{}}
		var hits []lexical.Hit
		for i, s := range rapid.SliceOfN(rapid.Float64Range(0.01, 1), 1, 12).Draw(t, "scores") {
			h := lexical.Hit{Section: fmt.Sprint("s", i), Score: s}
			if rapid.Bool().Draw(t, "has") {
				n.has[h.Section] = true
				n.bySec[h.Section] = rapid.Float64Range(0, 1).Draw(t, "near")
			}
			hits = append(hits, h)
		}
		joined := n.join(slices.Clone(hits), 0.5)
		for i := range hits {
			if joined[i].Score < hits[i].Score || joined[i].Score > hits[i].Score+0.5 {
				t.Errorf("%v became %v", hits[i], joined[i])
			}
			for j := range hits {
				if !n.has[hits[i].Section] && !n.has[hits[j].Section] && hits[i].Score < hits[j].Score && joined[i].Score >= joined[j].Score {
					t.Errorf("%v and %v changed places", hits[i], hits[j])
				}
			}
		}
	})
}

func BenchmarkFusion(b *testing.B) {
	n := &nearness{bySec: map[string]float64{}}
	var hits []lexical.Hit
	for i := range nearest {
		section := fmt.Sprintf("d%d#%d", i%40, i)
		n.hits = append(n.hits, vector.Hit{Document: fmt.Sprint("d", i%40), Passage: section + "/1", Score: 1 - float64(i)/nearest})
		if i%3 == 0 && len(hits) < depth {
			hits = append(hits, lexical.Hit{Document: fmt.Sprint("d", i%40), Section: section, Score: 1 - float64(i)/nearest})
		}
	}
	for b.Loop() {
		n.scale()
		addActBonus(n.join(slices.Clone(hits), 0.5), 0.3)
	}
}
