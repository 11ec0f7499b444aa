// Package scale measures how Hjemmel grows: it fills a data folder with varied
// copies of a folder of acts and says, at each size, how fast it was filled, how
// large it is, and how fast and with how much memory it answers on one core.
package scale

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"os"
	"path/filepath"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Options of a run.
type Options struct {
	Acts    string // folder of acts in Markdown
	Vectors string // file of real vectors: signed bytes, Dim a vector
	Dim     int
	Data    string // the data folder that is filled
	Check   func(text string) error
	// Step is told what is being done, now and then.
	Step func(what string, done, total int)
}

// Filled says what filling a data folder took, and how large it became.
type Filled struct {
	Sections     int     `json:"sections"`
	Passages     int     `json:"passages"`
	Documents    int     `json:"documents"`
	IngestRate   float64 `json:"ingest_rate"` // sections a second, of those that were added
	VectorRate   float64 `json:"vector_rate"` // passages a second into store and index, without a model's time
	StoreBytes   int64   `json:"store_bytes"`
	LexicalBytes int64   `json:"lexical_bytes"`
	VectorBytes  int64   `json:"vector_bytes"`
}

// Fill adds copies to the data folder until it holds at least sections of them.
func Fill(ctx context.Context, o Options, sections int) (_ Filled, err error) {
	acts, err := readOriginals(o.Acts)
	if err != nil {
		return Filled{}, err
	}
	model, err := readVectors(o.Vectors, o.Dim)
	if err != nil {
		return Filled{}, err
	}
	lib, err := ingest.OpenWriter(ctx, o.Data, corpus.Owner{Command: "eval scale"}, o.Check, ingest.WithEmbedder(model, slog.Default()))
	if err != nil {
		return Filled{}, err
	}
	defer func() { err = errors.Join(err, lib.Close()) }()
	f, err := fill(ctx, lib, acts, o, sections)
	if err != nil {
		return f, err
	}
	return f, f.measureFiles(o.Data)
}

func fill(ctx context.Context, lib *ingest.Library, acts *originals, o Options, sections int) (f Filled, err error) {
	totals, err := lib.Totals(ctx)
	if err != nil {
		return f, err
	}
	before, start := totals, time.Now()
	for n := totals.Documents / len(acts.texts); totals.Sections < sections; n++ {
		o.Step("ingest", totals.Sections, sections)
		report, err := lib.Pipeline.Run(ctx, acts.items(n), ingest.Options{Collection: "lov"})
		if err != nil {
			return f, err
		}
		if report.Counts[ingest.Failed]+report.Counts[ingest.Refused] > 0 {
			return f, fmt.Errorf("round %d of copies: %v", n, report.Counts)
		}
		if totals, err = lib.Totals(ctx); err != nil {
			return f, err
		}
	}
	f.IngestRate = rate(totals.Sections-before.Sections, start)
	start = time.Now()
	o.Step("vectors", 0, totals.Passages)
	if err := embedAll(ctx, lib); err != nil {
		return f, err
	}
	f.VectorRate = rate(totals.Passages-before.Passages, start)
	f.Sections, f.Passages, f.Documents = totals.Sections, totals.Passages, totals.Documents
	return f, nil
}

func rate(n int, since time.Time) float64 { return float64(n) / time.Since(since).Seconds() }

func (f *Filled) measureFiles(dir string) (err error) {
	size := func(name string) (n int64) {
		walk := filepath.WalkDir(filepath.Join(dir, name), func(_ string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			info, err := entry.Info()
			if errors.Is(err, fs.ErrNotExist) {
				return nil // a segment that was merged meanwhile
			}
			if err == nil {
				n += info.Size()
			}
			return err
		})
		err = errors.Join(err, walk)
		return n
	}
	f.StoreBytes = size(corpus.DatabaseFile)
	if _, err := os.Stat(filepath.Join(dir, corpus.DatabaseFile+"-wal")); err == nil {
		f.StoreBytes += size(corpus.DatabaseFile + "-wal")
	}
	f.LexicalBytes, f.VectorBytes = size(ingest.IndexFolder), size(ingest.VectorFolder)
	return err
}
