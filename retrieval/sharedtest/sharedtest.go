// Package sharedtest finds the folder of public test data (acts, PDFs,
// relevance judgements) that lies beside the repository and is never copied
// into it. Only tests and benchmarks import it.
package sharedtest

import (
	"os"
	"path/filepath"
	"testing"
)

// Dir returns the path of elem below the shared folder: HJEMMEL_SHARED, or
// ../shared seen from the root of the repository. The test is skipped where
// the folder or elem is absent.
func Dir(tb testing.TB, elem ...string) string {
	tb.Helper()
	root := os.Getenv("HJEMMEL_SHARED")
	if root == "" {
		root = filepath.Join(moduleRoot(tb), "..", "shared")
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("shared test data is absent (%v): set HJEMMEL_SHARED to the folder that holds it", err)
	}
	return path
}

// Figure marks a test that measures a figure over whole collections in one
// goroutine: the race detector would find nothing there and take ten times as
// long, so with it, and with -short, the test is skipped.
func Figure(tb testing.TB) {
	tb.Helper()
	if raceDetector {
		tb.Skip("measures a figure over whole collections: run it without -race")
	}
	if testing.Short() {
		tb.Skip("measures a figure over whole collections: run it without -short")
	}
}

// Process marks a test that drives another program, or this one in a process of
// its own: it waits most of the time, and takes several times as long with the
// race detector, so there it is skipped. Tests inside the process race the same code.
func Process(tb testing.TB) {
	tb.Helper()
	if raceDetector {
		tb.Skip("drives another process: run it without -race")
	}
}

func moduleRoot(tb testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Fatal("no go.mod above the test's folder")
		}
		dir = parent
	}
}
