// Package e5 is the built-in embedder: multilingual-e5-small (Wang et al. 2024,
// arXiv 2402.05672) in 4 bits with its vocabulary cut for Danish, embedded in
// the binary and run without cgo. It turns texts into vectors of 384 numbers; it
// trains nothing and stores nothing.
package e5

import (
	"context"
	_ "embed"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/hjemmel/hjemmel/retrieval/embed"
	"github.com/hjemmel/hjemmel/retrieval/embed/e5/kernel"
)

// weights are read from the binary where they lie; LICENSE.model is theirs.
//
//go:embed e5-small-da-q4.bin
var weights []byte

const (
	// name ends in the first digits of the SHA-256 of the weights and in the
	// revision of the encoder, which grows when its vectors change.
	name      = "multilingual-e5-small-da-q4-464953cd.1"
	dimension = 384

	queryPrefix, passagePrefix = "query: ", "passage: "

	// maxWindows bounds the work on one text to some 4,000 pieces (about 14,000
	// letters); what follows is cut.
	maxWindows = 8
)

// Embedder is the built-in model. Its vectors are the same bit for bit on every
// machine, whichever kernels it uses and whatever else is in the batch.
type Embedder struct {
	model   func() (*model, error)
	kernels *kernel.Set
	// Queries do not wait for the passages of a background run.
	queries, passages workers
}

var _ embed.Embedder = (*Embedder)(nil)

// New returns the built-in model. It costs nothing until first used; the first
// use takes some hundredths of a second more.
func New() *Embedder {
	e := newEmbedder(weights, kernel.Best())
	e.model = embedded
	return e
}

// embedded is read once, however many embedders use it.
var embedded = sync.OnceValues(func() (*model, error) { return load(weights) })

func newEmbedder(data []byte, kernels *kernel.Set) *Embedder {
	cores := runtime.GOMAXPROCS(0)
	return &Embedder{
		model:    sync.OnceValues(func() (*model, error) { return load(data) }),
		kernels:  kernels,
		queries:  newWorkers(cores),
		passages: newWorkers(cores),
	}
}

// Model identifies the weights and the encoder.
func (e *Embedder) Model() string { return name }

// Dim is 384.
func (e *Embedder) Dim() int { return dimension }

// Kernels names the instruction set in use: plain, avx2 or avx512vnni.
func (e *Embedder) Kernels() string { return e.kernels.Name }

// Queries embeds questions.
func (e *Embedder) Queries(ctx context.Context, texts []string) ([][]float32, error) {
	return e.embed(ctx, &e.queries, queryPrefix, texts)
}

// Passages embeds texts to be found. Texts of more than 510 pieces are read in
// windows, whose mean is the text's vector.
func (e *Embedder) Passages(ctx context.Context, texts []string) ([][]float32, error) {
	return e.embed(ctx, &e.passages, passagePrefix, texts)
}

func (e *Embedder) embed(ctx context.Context, w *workers, prefix string, texts []string) ([][]float32, error) {
	m, err := e.model()
	if err != nil {
		return nil, fmt.Errorf("loading the built-in model: %w", err)
	}
	windows, ends := m.windows(prefix, texts)
	if err := w.run(ctx, m, e.kernels, windows); err != nil {
		return nil, fmt.Errorf("embedding %d texts: %w", len(texts), err)
	}
	vectors, all, from := make([][]float32, len(texts)), make([]float32, len(texts)*m.hidden), 0
	for i, end := range ends {
		vectors[i] = all[i*m.hidden:][:m.hidden:m.hidden]
		join(vectors[i], windows[from:end])
		from = end
	}
	return vectors, nil
}

// windows cuts texts into windows; those of text i end before ends[i].
func (m *model) windows(prefix string, texts []string) (windows []window, ends []int) {
	var l lattice
	size := m.positions - 2
	for _, text := range texts {
		ids := m.tokens(&l, prefix, text)
		ids = append([]int32(nil), ids[:min(len(ids), maxWindows*size)]...)
		for {
			n := min(len(ids), size)
			windows = append(windows, window{ids: ids[:n]})
			if ids = ids[n:]; len(ids) == 0 {
				break
			}
		}
		ends = append(ends, len(windows))
	}
	vectors := make([]float32, len(windows)*m.hidden)
	for i := range windows {
		windows[i].vector = vectors[i*m.hidden:][:m.hidden]
	}
	return windows, ends
}

// workers bounds how many encoders run at once, over all calls.
type workers struct {
	slots    chan struct{}
	encoders sync.Pool // idle memory goes back to the garbage collector
}

func newWorkers(n int) workers { return workers{slots: make(chan struct{}, n)} }

// run encodes windows on as many cores as are free and worth it.
func (w *workers) run(ctx context.Context, m *model, kernels *kernel.Set, windows []window) error {
	batches := split(windows, m.positions, cap(w.slots))
	if len(batches) == 1 {
		return w.encode(ctx, m, kernels, batches[0])
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(len(batches), cap(w.slots)) {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(batches) {
					return
				}
				if err := w.encode(ctx, m, kernels, batches[i]); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

func (w *workers) encode(ctx context.Context, m *model, kernels *kernel.Set, windows []window) error {
	select {
	case w.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-w.slots }()
	e, ok := w.encoders.Get().(*encoder)
	if !ok {
		e = newEncoder(m, kernels)
	}
	defer w.encoders.Put(e)
	return e.encode(ctx, windows)
}

// split makes batches of at most rows rows. Rows of several texts lie behind
// each other without padding, so texts need not be alike in length; batches are
// smaller where that gives every core one.
func split(windows []window, rows, cores int) (batches [][]window) {
	total := 0
	for i := range windows {
		total += windows[i].rows()
	}
	target := min(rows, max(chunkRows, (total+cores-1)/cores))
	from, size := 0, 0
	for i := range windows {
		n := windows[i].rows()
		if i > from && (size+n > rows || size >= target) {
			batches = append(batches, windows[from:i])
			from, size = i, 0
		}
		size += n
	}
	if from < len(windows) {
		batches = append(batches, windows[from:])
	}
	return batches
}
