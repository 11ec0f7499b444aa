package source

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
)

func names(items []Item) []string {
	var out []string
	for _, i := range items {
		out = append(out, i.Path)
	}
	return out
}

func TestPathsNameFilesAlikeHoweverTheyAreGiven(t *testing.T) {
	root := filepath.Join(t.TempDir(), "vejledninger")
	for _, name := range []string{"bpa.md", "børn/anbringelse æøå.pdf", ".git/config", ".skjult.md", "~$bpa.docx", "børn/.DS_Store"} {
		file := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(name), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Symlink(filepath.Join(root, "bpa.md"), filepath.Join(root, "genvej.md")), os.Symlink(root, filepath.Join(root, "ring"))); err != nil {
		t.Fatal(err)
	}
	items, err := Paths(root)
	want := []string{"vejledninger/bpa.md", "vejledninger/børn/anbringelse æøå.pdf", "vejledninger/genvej.md"}
	if err != nil || !slices.Equal(names(items), want) {
		t.Fatalf("folder: %q, %v", names(items), err)
	}
	if data, err := items[1].Read(t.Context()); err != nil || string(data) != "børn/anbringelse æøå.pdf" {
		t.Errorf("read %q, %v", data, err)
	}
	one, err := Paths(filepath.Join(root, "bpa.md"))
	if err != nil || !slices.Equal(names(one), want[:1]) {
		t.Errorf("file: %q, %v: must have the name it has in its folder", names(one), err)
	}
	t.Chdir(root)
	here, err := Paths(".", "bpa.md")
	if err != nil || !slices.Equal(names(here), want) {
		t.Errorf("here: %q, %v: nothing twice", names(here), err)
	}
	if _, err := Paths("findes-ikke"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestReadRefusesWhatIsTooLargeOrGone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "stor.pdf")
	if err := errors.Join(os.WriteFile(file, nil, 0o644), os.Truncate(file, MaxBytes+1)); err != nil {
		t.Fatal(err)
	}
	items, err := Paths(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := items[0].Read(t.Context()); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	os.Remove(file)
	if _, err := items[0].Read(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestFSAndBytes(t *testing.T) {
	items, err := FS(fstest.MapFS{"a.md": {Data: []byte("A")}, "b/c.md": {Data: []byte("C")}}, "eksempler")
	if err != nil || !slices.Equal(names(items), []string{"eksempler/a.md", "eksempler/b/c.md"}) {
		t.Fatalf("%q, %v", names(items), err)
	}
	if data, err := items[1].Read(t.Context()); err != nil || string(data) != "C" {
		t.Errorf("%q, %v", data, err)
	}
	if data, err := Bytes("x", []byte("X")).Read(t.Context()); err != nil || string(data) != "X" {
		t.Errorf("%q, %v", data, err)
	}
}
