package gaps

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

var lawFolder struct {
	sync.Once
	dir string
	err error
}

// lawLibrary opens a collection of the 72 acts and the older versions of eight,
// made once for all tests.
func lawLibrary(tb testing.TB) *ingest.Library {
	tb.Helper()
	sharedtest.Figure(tb) // the acts take a minute to read with the race detector
	acts, older := sharedtest.Dir(tb, "corpus", "law"), sharedtest.Dir(tb, "corpus", "law-older")
	lawFolder.Do(func() {
		if lawFolder.dir, lawFolder.err = os.MkdirTemp("", "hjemmel-gaps-*"); lawFolder.err == nil {
			lawFolder.err = ingestAll(lawFolder.dir, acts, older)
		}
	})
	if lawFolder.err != nil {
		tb.Fatal(lawFolder.err)
	}
	lib, err := ingest.OpenReader(context.Background(), lawFolder.dir, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := lib.Close(); err != nil {
			tb.Error(err)
		}
	})
	return lib
}

func ingestAll(dir string, folders ...string) error {
	ctx := context.Background()
	lib, err := ingest.OpenWriter(ctx, dir, corpus.Owner{Command: "test"}, func(string) error { return nil })
	if err != nil {
		return err
	}
	items, err := source.Paths(folders...)
	if err == nil {
		_, err = lib.Pipeline.Run(ctx, items, ingest.Options{Collection: "lov"})
	}
	if e := lib.Close(); err == nil {
		err = e
	}
	return err
}

func TestMain(m *testing.M) {
	code := m.Run()
	if lawFolder.dir != "" {
		_ = os.RemoveAll(lawFolder.dir)
	}
	os.Exit(code)
}
