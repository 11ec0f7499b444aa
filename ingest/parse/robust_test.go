package parse

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// named are the reasons that every failure must wrap one of.
var named = []error{ErrUnsupported, ErrEncrypted, ErrNoText, ErrDamaged, ErrTooLarge, ErrTimeout}

// TestForeignFiles reads every real file of the shared data, whole and cut in
// the middle: no panic, no hang, and each failure says why.
func TestForeignFiles(t *testing.T) {
	sharedtest.Figure(t)
	for _, folder := range []string{"data/robustness/office-markitdown", "data/documents/digst-cloud", "data/documents/kl-ffb",
		"data/documents/medcom", "data/documents/ddf-cms-manual", "data/documents/retsinfo-html"} {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			read, failed := map[string]int{}, map[string]int{}
			err := filepath.WalkDir(sharedtest.Dir(t, folder), func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				data, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				ext := strings.ToLower(filepath.Ext(path))
				if ext == ".pdf" {
					return nil // the PDF reader has its own test
				}
				began := time.Now()
				doc, err := Parse(context.Background(), path, data)
				if took := time.Since(began); took > 30*time.Second {
					t.Errorf("%s took %v", path, took)
				}
				checkResult(t, path, doc, err)
				if err == nil {
					read[ext]++
				} else {
					failed[ext]++
					t.Logf("%s: %v", filepath.Base(path), err)
				}
				doc, err = Parse(context.Background(), path, data[:len(data)/2])
				checkResult(t, path+" (half)", doc, err)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("read %v, failed %v", read, failed)
		})
	}
}

// checkResult asserts what every reader promises.
func checkResult(tb testing.TB, name string, doc *Document, err error) {
	tb.Helper()
	if err != nil {
		for _, want := range named {
			if errors.Is(err, want) {
				return
			}
		}
		tb.Errorf("%s: the failure has no name: %v", name, err)
		return
	}
	if doc.MediaType == "" || doc.Reader == "" || len(doc.Blocks) == 0 {
		tb.Errorf("%s: media type %q, reader %q, %d blocks", name, doc.MediaType, doc.Reader, len(doc.Blocks))
	}
	for i, b := range doc.Blocks {
		if b.Text == "" || b.Text != fold(b.Text) {
			tb.Errorf("%s: block %d is not folded: %q", name, i, b.Text)
		}
		if b.Kind == Heading && b.Level < 1 {
			tb.Errorf("%s: heading %q has level %d", name, b.Text, b.Level)
		}
	}
}
