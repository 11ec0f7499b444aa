package assistant

import (
	"cmp"
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/ingest/statute"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// bed is a collection in memory with a plain BM25 search: enough to read
// answers over real acts without the engine and its indexes.
type bed struct {
	docs      map[string]corpus.Document
	sections  []corpus.Section
	byID      map[string]int
	ofDoc     map[string][]corpus.Section
	postings  map[string][]posting
	length    []float64
	passageOf []int // section of each passage
	mean      float64
	sure      float64 // what Search says of how likely an answer is
	mu        sync.Mutex
	searches  int
}

type posting struct{ passage, n int }

func newBed() *bed {
	return &bed{docs: map[string]corpus.Document{}, byID: map[string]int{}, ofDoc: map[string][]corpus.Section{}, postings: map[string][]posting{}, sure: 0.5}
}

func (b *bed) add(doc corpus.Document, sections []corpus.Section) {
	b.docs[doc.ID] = doc
	for _, s := range sections {
		s.ID, s.Document = doc.ID+"#"+s.ID, doc.ID
		i := len(b.sections)
		b.sections, b.byID[s.ID] = append(b.sections, s), i
		b.ofDoc[doc.ID] = append(b.ofDoc[doc.ID], s)
		for _, text := range passages(s.Text) {
			b.index(i, text+" "+s.Heading+" "+strings.Join(s.Path, " ")+" "+doc.Title)
		}
	}
}

func (b *bed) index(sec int, text string) {
	counts := map[string]int{}
	n := 0
	for _, t := range danish.Tokens(text) {
		n++
		for _, g := range features(t.Term) {
			counts[g]++
		}
	}
	for g, c := range counts {
		b.postings[g] = append(b.postings[g], posting{len(b.length), c})
	}
	b.length = append(b.length, float64(n))
	b.passageOf = append(b.passageOf, sec)
	b.mean += (float64(n) - b.mean) / float64(len(b.length))
}

// passages cuts a section at line breaks into pieces of about 1,200 bytes.
func passages(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if n := len(out); n > 0 && len(out[n-1])+len(line) < 1200 {
			out[n-1] += "\n" + line
		} else {
			out = append(out, line)
		}
	}
	return out
}

// features of a word are its stem and its character 5-grams.
func features(word string) []string {
	out := []string{danish.Stem(word)}
	for i := 0; i+5 <= len(word) && len(word) > 5; i++ {
		out = append(out, "_"+word[i:i+5])
	}
	return out
}

func (b *bed) Search(ctx context.Context, q retrieval.Query) (retrieval.Result, error) {
	b.mu.Lock()
	b.searches++
	b.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return retrieval.Result{}, err
	}
	refs := citation.Parse(q.Text)
	scores := map[int]float64{}
	for _, t := range danish.Tokens(withoutReferences(q.Text, refs)) {
		if questionWords[t.Term] || t.Kind == danish.Reference {
			continue
		}
		for k, f := range features(t.Term) {
			list := b.postings[f]
			if len(list)*2 > len(b.length) {
				continue
			}
			idf := math.Log(1 + float64(len(b.length)-len(list))/(float64(len(list))+0.5))
			if k > 0 {
				idf *= 0.5 / float64(len(t.Term)-4)
			}
			for _, p := range list {
				tf := float64(p.n)
				scores[p.passage] += idf * tf * 1.9 / (tf + 0.9*(0.6+0.4*b.length[p.passage]/b.mean))
			}
		}
	}
	best := map[int]float64{}
	for p, v := range scores {
		best[b.passageOf[p]] = max(best[b.passageOf[p]], v)
	}
	exact := b.exact(refs)
	for i := range exact {
		best[i] += 1000
	}
	return b.result(q, refs, best, exact), nil
}

func (b *bed) exact(refs []citation.Ref) map[int]bool {
	exact := map[int]bool{}
	for i := range b.sections {
		s := &b.sections[i]
		for _, r := range refs {
			doc := b.docs[s.Document]
			if r.Section != "" && r.Act != "" && sectionNumber(s) == r.Section && citation.Family(doc.Title) == r.Act {
				exact[i] = true
			}
		}
	}
	return exact
}

func (b *bed) result(q retrieval.Query, refs []citation.Ref, scores map[int]float64, exact map[int]bool) retrieval.Result {
	var ids []int
	for i := range scores {
		doc := b.docs[b.sections[i].Document]
		if doc.InForce(q.AsOf) || exact[i] {
			ids = append(ids, i)
		}
	}
	slices.SortFunc(ids, func(a, c int) int {
		return cmp.Or(cmp.Compare(scores[c], scores[a]), cmp.Compare(a, c))
	})
	res := retrieval.Result{Total: len(ids), Mode: retrieval.Lexical, Answerable: b.sure, AsOf: cmp.Or(q.AsOf, corpus.Today()), Refs: refs}
	for _, i := range ids[:min(len(ids), q.K)] {
		s := &b.sections[i]
		res.Hits = append(res.Hits, retrieval.Hit{
			Rank: len(res.Hits) + 1, Score: scores[i], Document: s.Document, Section: s.ID,
			Passage: s.ID + "/1", Snippet: s.Text, End: len(s.Text), Exact: exact[i],
		})
	}
	return res
}

func (b *bed) Section(_ context.Context, id string) (corpus.Section, error) {
	if i, ok := b.byID[id]; ok {
		return b.sections[i], nil
	}
	return corpus.Section{}, corpus.ErrNotFound
}

func (b *bed) Document(_ context.Context, id string) (corpus.Document, error) {
	if d, ok := b.docs[id]; ok {
		return d, nil
	}
	return corpus.Document{}, corpus.ErrNotFound
}

func (b *bed) SectionsOf(_ context.Context, id string) ([]corpus.Section, error) {
	return b.ofDoc[id], nil
}

// addText cuts a Markdown text and adds it as one document.
func (b *bed) addText(tb testing.TB, doc corpus.Document, text string) {
	tb.Helper()
	parsed, err := parse.Markdown(context.Background(), []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	out := statute.Structure(parsed)
	if doc.Title == "" {
		doc.Title = out.Title
	}
	if doc.Kind == "" {
		doc.Kind = out.Kind
	}
	b.add(doc, out.Sections)
}

var law = sync.OnceValue(newBed)
var lawOnce sync.Once

// lawBed is the shared acts, read once for all tests.
func lawBed(tb testing.TB) *bed {
	tb.Helper()
	dir := sharedtest.Dir(tb, "corpus", "law")
	b := law()
	lawOnce.Do(func() {
		files, err := filepath.Glob(filepath.Join(dir, "*.md"))
		if err != nil || len(files) == 0 {
			tb.Fatalf("no acts in the shared data: %v", err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				tb.Fatal(err)
			}
			b.addText(tb, corpus.Document{ID: strings.TrimSuffix(filepath.Base(f), ".md"), Language: "da"}, string(data))
		}
	})
	return b
}
