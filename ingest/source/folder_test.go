package source

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestIncludeAndExclude(t *testing.T) {
	root := filepath.Join(t.TempDir(), "v")
	for _, name := range []string{"a.pdf", "b.MD", "kladder/c.pdf", "børn/kladder/d.pdf", "børn/e.pdf", "børn/f.docx"} {
		file := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte("x"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ include, exclude, want []string }{
		{nil, nil, []string{"v/a.pdf", "v/b.MD", "v/børn/e.pdf", "v/børn/f.docx", "v/børn/kladder/d.pdf", "v/kladder/c.pdf"}},
		{[]string{"*.pdf"}, []string{"kladder/**"}, []string{"v/a.pdf", "v/børn/e.pdf", "v/børn/kladder/d.pdf"}},
		{[]string{"*.pdf"}, []string{"kladder"}, []string{"v/a.pdf", "v/børn/e.pdf"}},
		{[]string{"*.pdf", "*.md"}, []string{"**/kladder/*"}, []string{"v/a.pdf", "v/b.MD", "v/børn/e.pdf"}},
		{[]string{"børn/*"}, []string{"*.docx"}, []string{"v/børn/e.pdf", "v/børn/kladder/d.pdf"}},
		{[]string{"?.pdf"}, []string{`børn\kladder`}, []string{"v/a.pdf", "v/børn/e.pdf", "v/kladder/c.pdf"}},
	} {
		items, err := Find(Options{Include: c.include, Exclude: c.exclude}, root)
		if err != nil || !slices.Equal(names(items), c.want) {
			t.Errorf("%q but %q: %q, %v; want %q", c.include, c.exclude, names(items), err, c.want)
		}
	}
	if _, err := Find(Options{Include: []string{" /"[1:]}}, root); err == nil {
		t.Error("an empty pattern passes")
	}
	if _, err := Find(Options{Links: "måske"}, root); err == nil {
		t.Error("an unknown policy passes")
	}
	if named, err := Find(Options{Include: []string{"*.docx"}}, filepath.Join(root, "a.pdf")); err != nil || len(named) != 1 {
		t.Errorf("a file that is named: %q, %v", names(named), err)
	}
}

func TestLinks(t *testing.T) {
	dir := t.TempDir()
	root, other := filepath.Join(dir, "v"), filepath.Join(dir, "andet")
	if err := errors.Join(os.MkdirAll(root, 0o755), os.MkdirAll(other, 0o755), os.WriteFile(filepath.Join(root, "a.md"), nil, 0o644), os.WriteFile(filepath.Join(other, "b.md"), nil, 0o644),
		os.Symlink(filepath.Join(root, "a.md"), filepath.Join(root, "inde.md")), os.Symlink(filepath.Join(other, "b.md"), filepath.Join(root, "ude.md")),
		os.Symlink(other, filepath.Join(root, "mappe")), os.Symlink(root, filepath.Join(other, "ring")), os.Symlink("væk", filepath.Join(root, "væk.md"))); err != nil {
		t.Fatal(err)
	}
	for policy, want := range map[Links][]string{
		"":        {"v/a.md", "v/inde.md", "v/ude.md"},
		LinksNone: {"v/a.md"},
		LinksAll:  {"v/a.md", "v/inde.md", "v/mappe/b.md", "v/ude.md"},
	} {
		items, err := Find(Options{Links: policy}, root)
		if err != nil || !slices.Equal(names(items), want) {
			t.Errorf("%q: %q, %v; want %q", policy, names(items), err, want)
		}
		for _, i := range items {
			_, err := i.Read(t.Context())
			if outside := policy == "" && i.Path == "v/ude.md"; outside != errors.Is(err, errLinkOutside) {
				t.Errorf("%q: %s: %v", policy, i.Path, err)
			}
		}
	}
}
