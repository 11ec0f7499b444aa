package statute

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// BenchmarkActs reads and cuts all acts in force.
func BenchmarkActs(b *testing.B) {
	paths, _ := filepath.Glob(filepath.Join(sharedtest.Dir(b, "corpus", "law"), "*.md"))
	var files [][]byte
	size := 0
	for _, p := range paths {
		files = append(files, readFile(b, p))
		size += len(files[len(files)-1])
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, data := range files {
			doc, err := parse.Parse(context.Background(), "act.md", data)
			if err != nil {
				b.Fatal(err)
			}
			Structure(doc)
		}
	}
}
