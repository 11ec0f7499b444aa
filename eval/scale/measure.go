package scale

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// Answered says how a process that only reads answers from a data folder. Times
// are in milliseconds.
type Answered struct {
	Cores   int     `json:"cores"`
	StartMS float64 `json:"start_ms"` // from the call to the first answer's being possible
	FirstMS float64 `json:"first_ms"` // the first search by words, which fills caches
	Lexical Times   `json:"lexical"`
	// Vector is the search for the 1,000 nearest passages of all, without
	// embedding the question.
	Vector Times `json:"vector"`
	// Hybrid is the whole of a search that ranks by words and vectors, without
	// embedding the question.
	Hybrid Times  `json:"hybrid"`
	Memory Memory `json:"memory"`
}

// Times are percentiles of the time that passed, and of the process's own time,
// which other processes do not lengthen (0 where the system does not tell).
type Times struct {
	P50    float64 `json:"p50"`
	P99    float64 `json:"p99"`
	CPUP50 float64 `json:"cpu_p50"`
	CPUP99 float64 `json:"cpu_p99"`
}

// Memory is the process's, in bytes, after the last query. Files that are mapped
// count while their pages are in memory; the system takes them back at need.
type Memory struct {
	Own  int64 `json:"own"`
	File int64 `json:"file"`
	Peak int64 `json:"peak"` // of both together
}

// nearest is how deep the engine looks into the vectors: DESIGN 7 scales their
// scores by that of the 1,000th.
const nearest = 1000

// Measure opens the data folder as a reader and asks n questions in each way.
func Measure(ctx context.Context, o Options, n int) (a Answered, err error) {
	acts, err := readOriginals(o.Acts)
	if err != nil {
		return a, err
	}
	model, err := readVectors(o.Vectors, o.Dim)
	if err != nil {
		return a, err
	}
	start := time.Now()
	lib, err := ingest.OpenReader(ctx, o.Data, nil, ingest.WithEmbedder(model, slog.Default()))
	if err != nil {
		return a, err
	}
	defer func() { err = errors.Join(err, lib.Close()) }()
	a.StartMS = milliseconds(time.Since(start))
	queries := acts.queries(n, 1)
	vectors, err := model.Queries(ctx, queries)
	if err != nil {
		return a, err
	}
	words := func(i int) error {
		_, err := lib.Engine.Search(ctx, retrieval.Query{Text: queries[i], Mode: retrieval.Lexical})
		return err
	}
	meaning := func(i int) error {
		_, err := lib.Vectors.Search(ctx, vector.Query{Vector: vectors[i], K: nearest, Filter: vector.Filter{AsOf: corpus.Today()}})
		return err
	}
	o.Step("lexical", 0, n)
	start = time.Now()
	if err := words(0); err != nil {
		return a, err
	}
	a.FirstMS = milliseconds(time.Since(start))
	if a.Lexical, err = percentiles(n, words); err != nil {
		return a, err
	}
	o.Step("vector", 0, n)
	if a.Vector, err = percentiles(n, meaning); err != nil {
		return a, err
	}
	o.Step("hybrid", 0, n)
	a.Hybrid, err = percentiles(n, func(i int) error {
		_, err := lib.Engine.Search(ctx, retrieval.Query{Text: queries[i], Mode: retrieval.Hybrid})
		return err
	})
	if err != nil {
		return a, err
	}
	a.Memory, err = memory()
	return a, err
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// percentiles asks n questions, after a few that warm caches up.
func percentiles(n int, ask func(i int) error) (Times, error) {
	var took, own []time.Duration
	for i := range n + warmUp {
		start, before := time.Now(), cpuTime()
		if err := ask(i % n); err != nil {
			return Times{}, fmt.Errorf("question %d: %w", i, err)
		}
		if i >= warmUp {
			took, own = append(took, time.Since(start)), append(own, cpuTime()-before)
		}
	}
	return Times{P50: percentile(took, 0.5), P99: percentile(took, 0.99), CPUP50: percentile(own, 0.5), CPUP99: percentile(own, 0.99)}, nil
}

// percentile sorts the list.
func percentile(list []time.Duration, p float64) float64 {
	slices.Sort(list)
	return milliseconds(list[min(len(list)-1, int(p*float64(len(list))))])
}

const warmUp = 5

// memory reads what Linux says of the process; elsewhere it is zero.
func memory() (m Memory, err error) {
	file, err := os.Open("/proc/self/status")
	if errors.Is(err, os.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	defer file.Close()
	fields := map[string]*int64{"RssAnon": &m.Own, "RssFile": &m.File, "VmHWM": &m.Peak}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		if to, ok := fields[name]; ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			if err != nil {
				return m, fmt.Errorf("reading /proc/self/status: %w", err)
			}
			*to = kb << 10
		}
	}
	return m, lines.Err()
}
