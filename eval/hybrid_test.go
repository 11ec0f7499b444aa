package eval

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/embed/e5"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// precomputed holds vectors of sections that were made elsewhere: encoding the
// suite takes an hour. It promises of vector.Index what a search needs.
type precomputed struct {
	vector.Index
	sections []string
	vectors  [][]int8
	scales   []float32
}

func readPrecomputed(t *testing.T) *precomputed {
	dir := sharedtest.Dir(t, "data", "embedding")
	table, err := os.ReadFile(filepath.Join(dir, "os2bos-passages.tsv"))
	if err != nil {
		t.Skip(err)
	}
	codes, err := os.ReadFile(filepath.Join(dir, "os2bos-passages.i8"))
	if err != nil {
		t.Skip(err)
	}
	p := &precomputed{}
	for i, line := range strings.Split(strings.TrimSpace(string(table)), "\n")[1:] {
		section, scale, _ := strings.Cut(line, "\t")
		s, err := strconv.ParseFloat(scale, 32)
		if err != nil {
			t.Fatal(err)
		}
		v := make([]int8, 384)
		for j := range v {
			v[j] = int8(codes[i*384+j])
		}
		p.sections, p.vectors, p.scales = append(p.sections, section), append(p.vectors, v), append(p.scales, float32(s))
	}
	return p
}

// Search scores every section by its best vector, and calls it its first passage.
func (p *precomputed) Search(_ context.Context, q vector.Query) ([]vector.Hit, error) {
	best := map[string]float64{}
	for i, v := range p.vectors {
		var dot float32
		for j, c := range v {
			dot += q.Vector[j] * float32(c)
		}
		s := float64(dot * p.scales[i])
		if have, ok := best[p.sections[i]]; !ok || s > have {
			best[p.sections[i]] = s
		}
	}
	hits := make([]vector.Hit, 0, len(best))
	for id, s := range best {
		document, _, _ := strings.Cut(id, "#")
		hits = append(hits, vector.Hit{Document: document, Passage: id + "/1", Score: s})
	}
	slices.SortFunc(hits, func(a, b vector.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Passage, b.Passage))
	})
	return hits[:min(q.K, len(hits))], nil
}

// TestHybridBeatsWords measures what vectors add on os2bos-ret, with its passages
// encoded beforehand and its queries encoded here.
func TestHybridBeatsWords(t *testing.T) {
	sharedtest.Figure(t)
	vectors := readPrecomputed(t)
	o := Options{Suite: sharedtest.Dir(t, "data", "os2bos-ret"), Metrics: []string{"nDCG@10", "R@10", "R@100"}}
	if err := o.normal(); err != nil {
		t.Fatal(err)
	}
	suite, err := ReadSuite(o.Suite, o.Split)
	if err != nil {
		t.Fatal(err)
	}
	b, err := build(t.Context(), suite, o.Progress)
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	all := retrieval.Coverage{Done: len(vectors.vectors), Total: len(vectors.vectors)}
	b.lib.Engine.SetVectors(retrieval.Vectors{Index: vectors, Embedder: e5.New(), Coverage: func(context.Context) (retrieval.Coverage, error) { return all, nil }})
	figures := map[retrieval.Mode][]Figure{}
	for _, mode := range []retrieval.Mode{retrieval.Lexical, retrieval.Vector, retrieval.Hybrid} {
		o.Mode = mode
		answers, err := b.ask(t.Context(), b.lib.Engine, suite, &o)
		if err != nil {
			t.Fatal(err)
		}
		metrics, _ := parseMetrics(o.Metrics)
		run := &Run{}
		for i, q := range suite.Queries {
			run.Items = append(run.Items, judge(suite, q, &answers[i], metrics))
		}
		run.summarise(o.Metrics)
		figures[mode] = run.Figures
		for _, f := range run.Figures {
			t.Logf("%-8s %-8s %.4f", mode, f.Metric, f.Mean)
		}
		t.Logf("%-8s %.1f ms a query", mode, run.ItemMS)
	}
	if l, h := figures[retrieval.Lexical][0].Mean, figures[retrieval.Hybrid][0].Mean; h < l+0.01 {
		t.Errorf("nDCG@10: hybrid %.4f, words alone %.4f", h, l)
	}
}
