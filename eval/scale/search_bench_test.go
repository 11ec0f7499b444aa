package scale

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// folderVariable names a data folder that `hjemmel eval scale --folder` filled.
const folderVariable = "HJEMMEL_SCALE"

// BenchmarkSearch asks each way of searching in turn and reports percentiles of
// the process's own time, which other processes do not lengthen:
//
//	HJEMMEL_SCALE=/tmp/large go test -run '^$' -bench Search -benchtime 100x -cpu 1 ./eval/scale
func BenchmarkSearch(b *testing.B) {
	folder := os.Getenv(folderVariable)
	if folder == "" {
		b.Skip("set " + folderVariable + " to a data folder made by hjemmel eval scale --folder")
	}
	acts, err := readOriginals(sharedtest.Dir(b, "corpus", "law"))
	if err != nil {
		b.Fatal(err)
	}
	model, err := readVectors(filepath.Join(sharedtest.Dir(b, "data", "embedding"), "os2bos-passages.i8"), 384)
	if err != nil {
		b.Fatal(err)
	}
	lib, err := ingest.OpenReader(b.Context(), folder, nil, ingest.WithEmbedder(model, slog.Default()))
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := lib.Close(); err != nil {
			b.Error(err)
		}
	}()
	queries := acts.queries(300, 1)
	for _, mode := range []retrieval.Mode{retrieval.Lexical, retrieval.Hybrid} {
		b.Run(string(mode), func(b *testing.B) {
			var own []time.Duration
			for i := range b.N + warmUp {
				if i == warmUp {
					b.ResetTimer()
				}
				before := cpuTime()
				if _, err := lib.Engine.Search(b.Context(), retrieval.Query{Text: queries[i%len(queries)], Mode: mode}); err != nil {
					b.Fatal(err)
				}
				if i >= warmUp {
					own = append(own, cpuTime()-before)
				}
			}
			b.ReportMetric(percentile(own, 0.5), "p50-cpu-ms")
			b.ReportMetric(percentile(own, 0.99), "p99-cpu-ms")
		})
	}
}
