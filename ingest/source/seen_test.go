package source

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestSeenFilesAreNotReadAgain follows one file: unchanged it is not read, and a
// change is noticed even where the size stays, or where the time is too young to
// be trusted.
func TestSeenFilesAreNotReadAgain(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.md")
	seen := &Seen{}
	write := func(text string, age time.Duration) {
		t.Helper()
		at := time.Now().Add(-age)
		if err := errors.Join(os.WriteFile(file, []byte(text), 0o600), os.Chtimes(file, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	known := ""
	look := func() (changed bool) {
		t.Helper()
		items, err := Find(Options{Seen: seen}, dir)
		if err != nil || len(items) != 1 {
			t.Fatal(items, err)
		}
		data, err := items[0].ReadChanged(t.Context(), known)
		if errors.Is(err, ErrUnchanged) {
			return false
		}
		if err != nil {
			t.Fatal(err)
		}
		known = digest(data)
		return true
	}
	write("Frist: 1 uge", time.Hour)
	if !look() || look() || look() {
		t.Error("an old file is read once")
	}
	write("Frist: 2 uge", time.Minute)
	if !look() || look() {
		t.Error("a change of the same size is not noticed, or noticed twice")
	}
	write("Frist: 3 uge", 0)
	for range 2 {
		if !look() {
			t.Error("a file that is being written to is trusted")
		}
	}
	write("Frist: 4 uge", time.Hour)
	known = digest([]byte("another text"))
	if !look() {
		t.Error("a collection that knows another text is not given this one")
	}
}
