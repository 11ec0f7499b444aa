package exact

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/hjemmel/hjemmel/retrieval/vector"
	"github.com/hjemmel/hjemmel/retrieval/vector/vectortest"
)

const testModel = "prøve-1"

func open(t testing.TB, dir string, readOnly bool) *Index {
	t.Helper()
	x, err := Open(dir, Options{Model: testModel, Dim: vectortest.Dim, ReadOnly: readOnly})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func shut(t testing.TB, x *Index) {
	t.Helper()
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestContract(t *testing.T) {
	vectortest.Run(t, func(t *testing.T) vector.Index { return open(t, t.TempDir(), false) })
}

// put gives the index a document whose vectors follow from id, revision and n.
func put(t testing.TB, x *Index, id string, revision int64, n int) []vector.Item {
	t.Helper()
	random := rand.New(rand.NewPCG(uint64(revision), uint64(n)))
	items := make([]vector.Item, n)
	for i := range items {
		items[i] = vector.Item{Passage: fmt.Sprintf("%s#%d/1", id, i+1), Vector: vectortest.Vector(random, nil, 1)}
	}
	if err := x.Put(t.Context(), vector.Document{ID: id, Revision: revision}, items); err != nil {
		t.Fatal(err)
	}
	return items
}

func revisions(t testing.TB, x *Index) map[string]int64 {
	t.Helper()
	r, err := x.Revisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func file(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("files %v, %v: want one", found, err)
	}
	return found[0]
}

func TestReopenHoldsTheSame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		x := open(t, dir, false)
		want := map[string]int64{}
		passages := 0
		sizes := map[string]int{}
		for i := range rapid.IntRange(0, 12).Draw(r, "steps") {
			id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "document")
			if rapid.Bool().Draw(r, "delete") {
				if err := x.Delete(t.Context(), id); err != nil {
					t.Fatal(err)
				}
				delete(want, id)
				delete(sizes, id)
			} else {
				n := rapid.IntRange(0, 40).Draw(r, "passages")
				put(t, x, id, int64(i+1), n)
				want[id], sizes[id] = int64(i+1), n
			}
			if rapid.IntRange(0, 3).Draw(r, "reopen") == 0 {
				shut(t, x)
				x = open(t, dir, false)
			}
		}
		for _, n := range sizes {
			passages += n
		}
		shut(t, x)
		for _, readOnly := range []bool{true, false} {
			x = open(t, dir, readOnly)
			if got := revisions(t, x); !maps.Equal(got, want) || x.Len() != passages {
				t.Fatalf("%v with %d vectors, want %v with %d", got, x.Len(), want, passages)
			}
			shut(t, x)
		}
	})
}

func TestDamageLosesOnlyWhatFollows(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir, false)
	for i := range 5 {
		put(t, x, fmt.Sprint("d", i), 1, 30)
	}
	third := x.docs["d3"].body
	size := x.size
	shut(t, x)
	whole, err := os.ReadFile(file(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]byte) []byte{
		"a flipped bit in a vector": func(b []byte) []byte { b[third+5] ^= 1; return b },
		"a torn end":                func(b []byte) []byte { return b[:third+100] },
		"zeros after a power cut":   func(b []byte) []byte { clear(b[third:]); return b },
	} {
		for _, readOnly := range []bool{true, false} {
			if err := os.WriteFile(file(t, dir), change(append([]byte{}, whole...)), 0o600); err != nil {
				t.Fatal(err)
			}
			x := open(t, dir, readOnly)
			if got := revisions(t, x); len(got) != 3 || x.Len() != 90 {
				t.Errorf("%s, read only %v: %v", name, readOnly, got)
			}
			if !readOnly {
				put(t, x, "d3", 1, 30)
				put(t, x, "d4", 1, 30)
				if x.size != size {
					t.Errorf("%s: %d bytes after the repair, want %d", name, x.size, size)
				}
				shut(t, x)
				x = open(t, dir, true)
				if got := revisions(t, x); len(got) != 5 {
					t.Errorf("%s: after the repair %v", name, got)
				}
			}
			shut(t, x)
		}
	}
}

func TestHeaderOfAnotherModelOrDamaged(t *testing.T) {
	dir := t.TempDir()
	x := open(t, dir, false)
	put(t, x, "a", 1, 10)
	shut(t, x)
	other, err := Open(dir, Options{Model: "en anden", Dim: vectortest.Dim, ReadOnly: true})
	if err != nil || other.Len() != 0 {
		t.Errorf("another model sees %d vectors, %v", other.Len(), err)
	}
	shut(t, other)
	data, _ := os.ReadFile(file(t, dir))
	data[40] ^= 0xff
	if err := os.WriteFile(file(t, dir), data, 0o600); err != nil {
		t.Fatal(err)
	}
	x = open(t, dir, false)
	if x.Len() != 0 {
		t.Errorf("%d vectors behind a damaged header", x.Len())
	}
	put(t, x, "a", 2, 10)
	shut(t, x)
	file(t, dir) // the damaged one is gone
}

// A reader keeps what it saw at its opening, whatever the writer does to files.
func TestReaderBesideAWriter(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, false)
	items := put(t, w, "a", 1, 300)
	r := open(t, dir, true)
	for i := range 40 {
		put(t, w, "b", int64(i), 1000) // grows past the frame, and wastes enough to be rewritten
		if i%10 != 0 {
			continue
		}
		late := open(t, dir, true)
		if late.Len() != 1300 {
			t.Errorf("a late reader sees %d vectors, want 1300", late.Len())
		}
		shut(t, late)
	}
	if w.serial < 3 {
		t.Errorf("the file was rewritten %d times: the test tests less than it says", w.serial-1)
	}
	hits, err := r.Search(t.Context(), vector.Query{Vector: items[7].Vector, K: 1000})
	if err != nil || len(hits) != 300 || hits[0].Passage != items[7].Passage {
		t.Errorf("the early reader: %d hits, %v", len(hits), err)
	}
	if err := r.Put(t.Context(), vector.Document{ID: "c"}, nil); err == nil {
		t.Error("a reader wrote")
	}
	shut(t, r)
	shut(t, w)
	if _, err := w.Search(t.Context(), vector.Query{Vector: items[7].Vector, K: 1}); err == nil {
		t.Error("a closed index answered")
	}
}

func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	x := open(f, dir, false)
	put(f, x, "a", 1, 3)
	put(f, x, "b", 1, 2)
	shut(f, x)
	data, err := os.ReadFile(x.path(x.serial))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)-9])
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "000001"+suffix), data, 0o600); err != nil {
			t.Fatal(err)
		}
		x := open(t, dir, false)
		if _, err := x.Search(t.Context(), vector.Query{Vector: make([]float32, vectortest.Dim), K: 3}); err != nil {
			t.Error(err)
		}
		shut(t, x)
	})
}
