package eval

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/embed/e5"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
	"github.com/hjemmel/hjemmel/retrieval/vector"
	"github.com/hjemmel/hjemmel/retrieval/vector/exact"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant"
	"github.com/hjemmel/hjemmel/retrieval/vector/qdrant/qdranttest"
)

// documents are the precomputed vectors as an index takes them. The vectors of a
// section become passages of it, counted from 1.
func (p *precomputed) documents() map[string][]vector.Item {
	out := map[string][]vector.Item{}
	counts := map[string]int{}
	for i, section := range p.sections {
		counts[section]++
		document, _, _ := strings.Cut(section, "#")
		out[document] = append(out[document], vector.Item{
			Passage: fmt.Sprintf("%s/%d", section, counts[section]), Vector: vector.Dequantize(p.vectors[i]),
		})
	}
	return out
}

// firstPassages calls every passage the first of its section: the suite's texts
// were cut otherwise when they were embedded.
type firstPassages struct{ vector.Index }

func (f firstPassages) Search(ctx context.Context, q vector.Query) ([]vector.Hit, error) {
	hits, err := f.Index.Search(ctx, q)
	for i, h := range hits {
		hits[i].Passage = h.Passage[:strings.LastIndexByte(h.Passage, '/')] + "/1"
	}
	return hits, err
}

// oneIn is which share of the queries is asked: the server of the test looks at
// every vector in full. HJEMMEL_ALL_QUERIES=1 asks all.
const oneIn = 4

func some(queries []Query) (out []Query) {
	for i, q := range queries {
		if i%oneIn == 0 || os.Getenv("HJEMMEL_ALL_QUERIES") == "1" {
			out = append(out, q)
		}
	}
	return out
}

// TestIndexesAgree compares what is found on os2bos-ret by the indexes in the
// data folder, by their words with Qdrant's vectors, and by Qdrant alone as a
// replica does. The server of HJEMMEL_QDRANT_ADDR keeps the collection.
func TestIndexesAgree(t *testing.T) {
	sharedtest.Figure(t)
	vectors := readPrecomputed(t)
	o := Options{Suite: sharedtest.Dir(t, "data", "os2bos-ret"), Metrics: []string{"nDCG@10", "R@10", "R@100"}, Mode: retrieval.Hybrid}
	if err := o.normal(); err != nil {
		t.Fatal(err)
	}
	suite, err := ReadSuite(o.Suite, o.Split)
	if err != nil {
		t.Fatal(err)
	}
	suite.Queries = some(suite.Queries)
	b, err := build(t.Context(), suite, o.Progress)
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	model := e5.New()
	local, err := exact.Open(t.TempDir(), exact.Options{Model: model.Model(), Dim: model.Dim()})
	if err != nil {
		t.Fatal(err)
	}
	defer local.Close()
	remote, err := qdrant.Open(t.Context(), qdrant.Options{
		Addr: cmp.Or(os.Getenv("HJEMMEL_QDRANT_ADDR"), qdranttest.Start(t).Addr), Collection: fmt.Sprintf("hjemmel-test-%d", time.Now().UnixNano()), Model: model.Model(), Dim: model.Dim(), Timeout: time.Minute, Texts: func(ctx context.Context, id string) ([]qdrant.Text, error) { return weighted(ctx, b, id) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer remote.Close()
	for id, items := range vectors.documents() {
		doc := vector.Document{ID: id, Revision: 1, Collection: "eval", Kind: corpus.KindAct}
		if err := local.Put(t.Context(), doc, items); err != nil {
			t.Fatal(err)
		}
		if err := remote.Put(t.Context(), doc, items); err != nil {
			t.Fatal(err)
		}
	}
	index, err := lexical.Open(filepath.Join(b.dir, ingest.IndexFolder), true)
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	words, err := index.Vocabulary()
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.PutVocabulary(t.Context(), words); err != nil {
		t.Fatal(err)
	}
	all := retrieval.Coverage{Done: 1, Total: 1}
	engine := func(lexicalIndex retrieval.Index, index vector.Index) *retrieval.Engine {
		e := retrieval.NewEngine(b.lib.Store, lexicalIndex)
		e.SetVectors(retrieval.Vectors{Index: firstPassages{index}, Embedder: model, Coverage: func(context.Context) (retrieval.Coverage, error) { return all, nil }})
		return e
	}
	var first []answer
	for _, c := range []struct {
		name    string
		engine  *retrieval.Engine
		overlap float64
	}{
		{"data folder", engine(index, local), 1},
		{"vectors in qdrant", engine(index, remote), 0.95},
		{"replica", engine(remote.Words(), remote), 0.85},
	} {
		answers, err := b.ask(t.Context(), c.engine, suite, &o)
		if err != nil {
			t.Fatal(err)
		}
		c.engine.Close()
		if first == nil {
			first = answers
		}
		metrics, _ := parseMetrics(o.Metrics)
		run := &Run{}
		for i, q := range suite.Queries {
			run.Items = append(run.Items, judge(suite, q, &answers[i], metrics))
		}
		run.summarise(o.Metrics)
		shared := overlap(first, answers)
		t.Logf("%-18s overlap@10 %.4f, nDCG@10 %.4f, R@10 %.4f, R@100 %.4f, %.1f ms a query", c.name, shared,
			run.Figures[0].Mean, run.Figures[1].Mean, run.Figures[2].Mean, run.ItemMS)
		if shared < c.overlap {
			t.Errorf("%s: overlap at 10 is %.4f, want %.2f", c.name, shared, c.overlap)
		}
	}
}

func weighted(ctx context.Context, b *built, id string) ([]qdrant.Text, error) {
	doc, err := b.lib.Document(ctx, id)
	if err != nil {
		return nil, err
	}
	passages, err := b.lib.PassagesOf(ctx, id)
	out := make([]qdrant.Text, len(passages))
	for i := range passages {
		out[i] = qdrant.Text{Passage: passages[i].ID, Weighted: lexical.PassageVectors(&doc, &passages[i])}
	}
	return out, err
}

// overlap is the mean share of the ten best that two runs have in common.
func overlap(a, b []answer) float64 {
	sum := 0.0
	for i := range a {
		first, second := top(a[i].ranking, 10), top(b[i].ranking, 10)
		n := 0
		for _, id := range first {
			if slices.Contains(second, id) {
				n++
			}
		}
		sum += float64(n) / float64(max(1, len(first)))
	}
	return sum / float64(max(1, len(a)))
}
