package vectors

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/vector"
	"github.com/hjemmel/hjemmel/retrieval/vector/exact"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const dim = 64

// fake is an embedder whose vectors follow from the text's hash.
type fake struct {
	name string
	cost time.Duration // of a text
	mu   sync.Mutex
	seen []string // texts of passages, in the order they were embedded
	fail error
}

func (f *fake) Model() string { return f.name }
func (f *fake) Dim() int      { return dim }

func (f *fake) Queries(ctx context.Context, texts []string) ([][]float32, error) {
	return f.Passages(ctx, texts)
}

func (f *fake) Passages(ctx context.Context, texts []string) ([][]float32, error) {
	select {
	case <-time.After(f.cost * time.Duration(len(texts))):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return nil, f.fail
	}
	f.seen = append(f.seen, texts...)
	out := make([][]float32, len(texts))
	for i, text := range texts {
		out[i] = hashVector(f.name + text)
	}
	return out, nil
}

func (f *fake) embedded() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.seen)
}

func hashVector(text string) []float32 {
	sum := sha256.Sum256([]byte(text))
	random := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:])))
	v := make([]float32, dim)
	var square float64
	for i := range v {
		v[i] = float32(random.NormFloat64())
		square += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(square))
	}
	return v
}

// bench is a builder with all that it works on.
type bench struct {
	*Builder
	store *corpus.Store
	index *exact.Index
	model *fake
}

func open(t *testing.T, dir string, model *fake) *bench {
	t.Helper()
	store, err := corpus.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	index, err := exact.Open(dir+"/vectors", exact.Options{Model: model.name, Dim: dim})
	if err != nil {
		t.Fatal(err)
	}
	return &bench{NewBuilder(store, index, model, slog.New(slog.DiscardHandler)), store, index, model}
}

func (b *bench) close(t *testing.T) {
	t.Helper()
	if err := errors.Join(b.index.Close(), b.store.Close()); err != nil {
		t.Fatal(err)
	}
}

// put stores a document with n passages, each in a section of its own. cites
// names families that it refers to.
func (b *bench) put(t *testing.T, id string, n int, cites ...string) {
	t.Helper()
	c := corpus.Contents{Document: corpus.Document{ID: id, Title: "Lov om " + id, Family: "lov om " + id, Kind: corpus.KindAct, Collection: "lov", Source: id, Language: "da"}}
	for i := range n {
		text := fmt.Sprintf("§ %d. Kommunalbestyrelsen skal høre %s%s.", i+1, id, strings.Repeat(" igen", i%3))
		section := corpus.Section{ID: fmt.Sprintf("%s#%d", id, i+1), Document: id, Ordinal: i, Label: fmt.Sprintf("§ %d", i+1), Text: text}
		c.Sections = append(c.Sections, section)
		c.Passages = append(c.Passages, corpus.Passage{ID: corpus.PassageID(section.ID, 0), Section: section.ID, Document: id, End: len(text), Text: text})
	}
	for i, family := range cites {
		c.Mentions = append(c.Mentions, corpus.Mention{Section: c.Sections[0].ID, Start: i, End: i + 1, Raw: family, Act: family, Family: family, Local: "1"})
	}
	if _, err := b.store.Put(t.Context(), c, corpus.Source{Collection: "lov", Path: id, Status: "read"}); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) build(t *testing.T) {
	t.Helper()
	if err := b.Build(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}

// check asks for every passage by its own vector.
func (b *bench) check(t *testing.T, documents ...string) {
	t.Helper()
	want := 0
	for _, id := range documents {
		passages, err := b.store.PassagesOf(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		want += len(passages)
		for _, p := range passages {
			q := hashVector(b.model.name + corpus.EmbeddedText("Lov om "+id, p.Text))
			hits, err := b.index.Search(t.Context(), vector.Query{Vector: q, K: 1})
			if err != nil || len(hits) != 1 || hits[0].Passage != p.ID || hits[0].Score < 0.99 {
				t.Errorf("nearest to %s: %+v, %v", p.ID, hits, err)
			}
		}
	}
	if b.index.Len() != want {
		t.Errorf("the index holds %d vectors, want %d", b.index.Len(), want)
	}
}

func TestBuildFollowsTheStore(t *testing.T) {
	b := open(t, t.TempDir(), &fake{name: "m1"})
	defer b.close(t)
	b.put(t, "frugt", 30)
	b.put(t, "nødder", 300)
	b.build(t)
	b.check(t, "frugt", "nødder")
	if p := b.Progress(); !p.Complete() || p.Total != 330 || p.Building {
		t.Errorf("%+v", p)
	}
	before := len(b.model.embedded())
	b.put(t, "frugt", 31) // one passage more
	b.build(t)
	b.check(t, "frugt", "nødder")
	if n := len(b.model.embedded()) - before; n != 1 {
		t.Errorf("embedded %d texts, want the one that is new", n)
	}
	if err := b.store.Delete(t.Context(), "nødder"); err != nil {
		t.Fatal(err)
	}
	b.build(t)
	b.check(t, "frugt")
	if n, err := b.store.CountVectors(t.Context(), "m1"); n != 31 || err != nil {
		t.Errorf("%d vectors stored, want 31; %v", n, err)
	}
}

func TestBuildGoesOnWhereItWasStopped(t *testing.T) {
	dir := t.TempDir()
	model := &fake{name: "m1"}
	b := open(t, dir, model)
	b.put(t, "frugt", 100)
	ctx, stop := context.WithCancel(t.Context())
	err := b.Build(ctx, func(p Progress) {
		if p.Done >= 40 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v", err)
	}
	first := len(model.embedded())
	b.close(t)

	b = open(t, dir, model)
	if err := b.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := b.Progress(); p.Done != first || p.Done == 100 || b.index.Len() != first {
		t.Errorf("after the stop %+v, %d in the index, %d embedded", p, b.index.Len(), first)
	}
	b.build(t)
	b.check(t, "frugt")
	if n := len(model.embedded()); n != 100 {
		t.Errorf("embedded %d texts in all, want each of 100 once", n)
	}
	b.close(t)

	// A deleted or damaged index costs no embedding.
	b = open(t, dir, model)
	defer b.close(t)
	lost, err := exact.Open(t.TempDir(), exact.Options{Model: "m1", Dim: dim})
	if err != nil {
		t.Fatal(err)
	}
	defer lost.Close()
	if err := NewBuilder(b.store, lost, model, slog.New(slog.DiscardHandler)).Build(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if n := len(model.embedded()); n != 100 || lost.Len() != 100 {
		t.Errorf("the new index holds %d vectors; %d texts embedded", lost.Len(), n)
	}
}

func TestMostCitedFirstAndWantedBeforeAll(t *testing.T) {
	b := open(t, t.TempDir(), &fake{name: "m1"})
	defer b.close(t)
	b.put(t, "a", workTexts)
	b.put(t, "b", workTexts)
	b.put(t, "c", workTexts, "lov om b", "lov om b", "lov om d")
	b.put(t, "d", workTexts)
	wanted := false
	err := b.Build(t.Context(), func(Progress) {
		if !wanted {
			wanted = true
			b.Want([]string{"a#7/1", "findes#1/1", "ikke et id"})
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	first := map[string]int{}
	for i, text := range b.model.embedded() {
		title, _, _ := strings.Cut(text, ". ")
		if strings.Contains(text, "§ 7. ") && title == "Lov om a" {
			title = "§ 7"
		}
		if _, seen := first[title]; !seen {
			first[title] = i
		}
	}
	if !(first["Lov om b"] < first["§ 7"] && first["§ 7"] < first["Lov om a"] && first["§ 7"] <= 2*batchTexts && first["Lov om b"] < first["Lov om d"] &&
		first["Lov om d"] < first["Lov om c"]) {
		t.Errorf("first texts at %v", first)
	}
	b.check(t, "a", "b", "c", "d")
}

func TestAnotherModelReplacesTheFirst(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, &fake{name: "m1"})
	b.put(t, "frugt", 40)
	b.build(t)
	b.close(t)
	b = open(t, dir, &fake{name: "m2"})
	defer b.close(t)
	if err := b.Sync(t.Context()); err != nil || b.index.Len() != 0 {
		t.Fatalf("the new model sees %d vectors of the old one, %v", b.index.Len(), err)
	}
	err := b.Build(t.Context(), func(p Progress) {
		if n, err := b.store.CountVectors(t.Context(), "m1"); n != 40 || err != nil {
			t.Errorf("%d vectors of the old model while the new one is built, %v", n, err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	b.check(t, "frugt")
	if models, err := b.store.OtherModels(t.Context(), "m2"); len(models) != 0 || err != nil {
		t.Errorf("left over: %v, %v", models, err)
	}
}

// SQLite's connections are goroutines outside the bubble, so these tests of time
// use the builder's turns alone.
func TestEmbeddingYieldsToQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBuilder(nil, nil, &fake{name: "m1", cost: time.Second}, slog.New(slog.DiscardHandler))
		start := time.Now()
		var took time.Duration
		var work sync.WaitGroup
		work.Go(func() {
			if _, err := b.embedBatch(t.Context(), []text{{text: "a"}, {text: "b"}}); err != nil {
				t.Error(err)
			}
			took = time.Since(start)
		})
		time.Sleep(1500 * time.Millisecond)
		one, two := b.Busy(), b.Busy() // two questions, 3 s and 5 s long
		time.Sleep(3 * time.Second)
		one()
		time.Sleep(2 * time.Second)
		two()
		work.Wait()
		if want := 1500*time.Millisecond + 5*time.Second + 2*time.Second; took != want {
			t.Errorf("the batch ended after %v, want %v: given up, then done anew", took, want)
		}
	})
}

func TestEmbeddingIsNotStarvedByQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBuilder(nil, nil, &fake{name: "m1", cost: time.Second}, slog.New(slog.DiscardHandler))
		done := b.Busy()
		defer done()
		start := time.Now()
		if _, err := b.embedBatch(t.Context(), []text{{text: "a"}}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != patience+time.Second {
			t.Errorf("a batch between endless questions took %v", took)
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, err := b.embedBatch(ctx, []text{{text: "a"}}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a builder that is stopped while it waits: %v", err)
		}
	})
}

func TestRunStopsAndReportsFailures(t *testing.T) {
	b := open(t, t.TempDir(), &fake{name: "m1", fail: errors.New("modellen svarer ikke")})
	defer b.close(t)
	var log bytes.Buffer
	b.log = slog.New(slog.NewTextHandler(&log, nil))
	b.put(t, "frugt", 3)
	if err := b.Build(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "modellen svarer ikke") {
		t.Errorf("Build: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { b.Run(ctx) })
	time.Sleep(50 * time.Millisecond)
	b.model.mu.Lock()
	b.model.fail = nil
	b.model.mu.Unlock()
	b.Wake()
	for !b.Progress().Complete() || b.index.Len() == 0 {
		time.Sleep(time.Millisecond)
	}
	stop()
	work.Wait()
	if !strings.Contains(log.String(), "modellen svarer ikke") {
		t.Errorf("log: %s", &log)
	}
}

func TestWantingAsksForWhatIsMissing(t *testing.T) {
	b := open(t, t.TempDir(), &fake{name: "m1"})
	defer b.close(t)
	b.put(t, "frugt", 3)
	if err := b.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	q := vector.Query{Vector: hashVector("x"), K: 2, Passages: []string{"frugt#2/1", "frugt#3/1"}}
	if _, err := b.Wanting(b.index).Search(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	w, err := b.next(t.Context())
	if err != nil || !w.urgent || len(w.texts) != 2 {
		t.Errorf("next: %+v, %v", w, err)
	}
}
