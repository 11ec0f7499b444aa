package lexical

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// entriesOf makes a document whose sections are the texts.
func entriesOf(id string, revision int64, texts ...string) DocumentEntries {
	d := DocumentEntries{Document: corpus.Document{ID: id, Revision: revision, Collection: "lov", Kind: corpus.KindAct, Language: "da"}}
	for i, text := range texts {
		sec := corpus.Section{ID: fmt.Sprintf("%s#%d", id, i+1), Document: id, Text: text}
		passage := corpus.Passage{ID: sec.ID + "/1", Section: sec.ID, Document: id, End: len(text), Context: "Lov om frugt", Text: text}
		d.Entries = append(d.Entries, Entry{Section: sec, Document: d.Document, Passages: []corpus.Passage{passage}})
	}
	return d
}

func open1(t *testing.T, dir string) *Index {
	t.Helper()
	x, err := Open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func closed(t *testing.T, x *Index) {
	t.Helper()
	if err := x.Close(); err != nil {
		t.Error(err)
	}
}

func putAll(t *testing.T, x *Index, docs ...DocumentEntries) {
	t.Helper()
	if err := x.PutMany(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
}

func found(t *testing.T, x *Index, q Query) []string {
	t.Helper()
	if q.K == 0 {
		q.K = 10
	}
	found, err := x.Search(t.Context(), q)
	hits := found.Hits
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range hits {
		ids = append(ids, h.Section)
	}
	return ids
}

func TestSearchByWordsPartsAndGrams(t *testing.T) {
	x := open1(t, t.TempDir())
	defer closed(t, x)
	putAll(t, x,
		entriesOf("a", 1, "Der ydes hjælp til tabt arbejdsfortjeneste.", "Arbejdet udføres af kommunen.", "En fortjeneste beskattes."),
		entriesOf("b", 2, "Fristen er 14 dage, jf. § 85 a.", "Botilbuddet omfatter støtte.", "Børnene hører til i skolen."))
	for query, want := range map[string]string{
		"arbejdsfortjenester": "a#1", // inflected
		"tabt fortjeneste":    "a#1", // a part of a compound, and another word
		"§ 85a":               "b#1", // a reference in another spelling
		"14 dages frist":      "b#1",
		"botilbud":            "b#2",
		"boernene":            "b#3", // typed without ø
		"arbejdsfortjensten":  "a#1", // misspelt: grams
	} {
		if ids := found(t, x, Query{Text: query, Lang: "da"}); len(ids) == 0 || ids[0] != want {
			t.Errorf("%q: %q, want %s first", query, ids, want)
		}
	}
	for _, query := range []string{"", "og i at", "xyz", "?!"} {
		if ids := found(t, x, Query{Text: query}); len(ids) != 0 {
			t.Errorf("%q finds %q", query, ids)
		}
	}
}

func TestFilters(t *testing.T) {
	x := open1(t, t.TempDir())
	defer closed(t, x)
	old, now, local := entriesOf("gammel", 1, "Æbler plukkes."), entriesOf("ny", 2, "Æbler plukkes."), entriesOf("lokal", 3, "Æbler plukkes.")
	old.Document.InForceTo, now.Document.InForceFrom = "2024-01-01", "2024-01-01"
	local.Document.Collection, local.Document.Kind = "vejledninger", corpus.KindLocal
	putAll(t, x, old, now, local)
	for _, c := range []struct {
		q    Query
		want string
	}{
		{Query{}, "gammel#1 lokal#1 ny#1"},
		{Query{AsOf: "2025-01-01"}, "lokal#1 ny#1"},
		{Query{AsOf: "2023-01-01"}, "gammel#1 lokal#1"},
		{Query{Collections: []string{"lov"}}, "gammel#1 ny#1"},
		{Query{Kinds: []corpus.Kind{corpus.KindLocal}}, "lokal#1"},
		{Query{Documents: []string{"ny", "lokal"}}, "lokal#1 ny#1"},
		{Query{Documents: []string{"findes-ikke"}}, ""},
		{Query{AsOf: "2025-01-01", Collections: []string{"lov"}}, "ny#1"},
	} {
		c.q.Text = "æbler"
		for range 2 { // the second time from the cache
			ids := found(t, x, c.q)
			slices.Sort(ids)
			if got := strings.Join(ids, " "); got != c.want {
				t.Errorf("%+v: %q, want %q", c.q, got, c.want)
			}
		}
	}
	if found, err := x.Search(t.Context(), Query{Text: "æbler", K: 1, Documents: []string{"ny"}}); found.Total != 1 || err != nil {
		t.Errorf("the count tells of what the filter hides: %d %v", found.Total, err)
	}
}

func TestReplaceDeleteReopen(t *testing.T) {
	dir := t.TempDir()
	x := open1(t, dir)
	putAll(t, x, entriesOf("a", 1, "Æbler.", "Pærer.", "Blommer."), entriesOf("b", 2, "Æbler."))
	putAll(t, x, entriesOf("a", 5, "Bananer.", "Pærer."))
	if err := x.Delete(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	if err := x.Delete(t.Context(), "findes-ikke"); err != nil {
		t.Fatal(err)
	}
	check := func(x *Index) {
		t.Helper()
		for query, want := range map[string][]string{"æbler": nil, "blommer": nil, "bananer": {"a#1"}, "pærer": {"a#2"}} {
			if ids := found(t, x, Query{Text: query}); !slices.Equal(ids, want) {
				t.Errorf("%q: %q, want %q", query, ids, want)
			}
		}
		if r, err := x.Revisions(t.Context()); err != nil || len(r) != 1 || r["a"] != 5 {
			t.Errorf("revisions %v %v", r, err)
		}
	}
	check(x)
	reader, err := Open(dir, true) // beside the writer
	if err != nil {
		t.Fatal(err)
	}
	check(reader)
	closed(t, reader)
	if left, _ := filepath.Glob(dir + "-reader-*"); len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
	closed(t, x)
	again := open1(t, dir)
	check(again)
	closed(t, again)
	reader, err = Open(dir, true) // alone
	if err != nil {
		t.Fatal(err)
	}
	check(reader)
	closed(t, reader)
}

func TestUnusableIndexIsTold(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "findes-ikke"), true); !errors.Is(err, ErrCorrupt) {
		t.Errorf("no index: %v", err)
	}
	dir := t.TempDir()
	x := open1(t, dir)
	putAll(t, x, entriesOf("a", 1, "Æbler."))
	closed(t, x)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for name, change := range map[string]func([]byte) []byte{
			"emptied": func([]byte) []byte { return nil },
			"halved":  func(b []byte) []byte { return b[:len(b)/2] },
			"zeroed":  func(b []byte) []byte { return make([]byte, len(b)) },
		} {
			damaged := filepath.Join(t.TempDir(), "bleve")
			if err := os.CopyFS(damaged, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(damaged, filepath.Base(file)), change(data), 0o600); err != nil {
				t.Fatal(err)
			}
			x, err := Open(damaged, false)
			if err == nil { // harmless, or an empty index: the store's revisions will tell
				closed(t, x)
			} else if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrVersion) {
				t.Errorf("%s %s: %v", filepath.Base(file), name, err)
			}
		}
	}
}

func TestSearchWhileWriting(t *testing.T) {
	x := open1(t, t.TempDir())
	defer closed(t, x)
	putAll(t, x, entriesOf("fast", 1, "Æbler plukkes i september."))
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for ctx.Err() == nil {
				found, err := x.Search(context.Background(), Query{Text: "september", K: 100, AsOf: "2025-01-01"})
				if err != nil || len(found.Hits) == 0 {
					t.Errorf("%v %v", found, err)
					return
				}
			}
		})
	}
	for i := range 30 {
		putAll(t, x, entriesOf(fmt.Sprint("d", i%5), int64(i), "Pærer plukkes i september.", "Blommer i august."))
	}
	cancel()
	wg.Wait()
}

// laws loads the acts as one section a paragraph, for benchmarks.
func laws(b *testing.B) []DocumentEntries {
	files, err := filepath.Glob(filepath.Join(sharedtest.Dir(b, "corpus", "law"), "*.md"))
	if err != nil {
		b.Fatal(err)
	}
	var docs []DocumentEntries
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		docs = append(docs, entriesOf(strings.TrimSuffix(filepath.Base(file), ".md"), 1, strings.Split(string(data), "\n\n")...))
	}
	return docs
}

func BenchmarkIndex(b *testing.B) {
	docs := laws(b)
	bytes := 0
	for _, d := range docs {
		for _, e := range d.Entries {
			bytes += len(e.Section.Text)
		}
	}
	b.SetBytes(int64(bytes))
	for b.Loop() {
		x, err := Open(b.TempDir(), false)
		if err != nil {
			b.Fatal(err)
		}
		if err := x.PutMany(b.Context(), docs); err != nil {
			b.Fatal(err)
		}
		if err := x.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	x, err := Open(b.TempDir(), false)
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	if err := x.PutMany(b.Context(), laws(b)); err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{"words2": "tabt arbejdsfortjeneste", "words8": "hvornår skal kommunen tilbyde hjælp til personer med nedsat funktionsevne"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := x.Search(b.Context(), Query{Text: text, Lang: "da", K: 300}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The vocabulary counts what is there, not what was there.
func TestVocabularyForgetsWhatWasDeleted(t *testing.T) {
	x, err := Open(t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	put := func(id string, texts ...string) {
		doc := corpus.Document{ID: id, Title: id, Language: "da"}
		var entries []Entry
		for i, text := range texts {
			sec := corpus.Section{ID: fmt.Sprintf("%s#%d", id, i+1), Document: id, Text: text}
			entries = append(entries, Entry{Section: sec, Document: doc, Passages: []corpus.Passage{{ID: sec.ID + "/1", Section: sec.ID, Document: id, End: len(text), Text: text}}})
		}
		if err := x.Put(t.Context(), doc, entries); err != nil {
			t.Fatal(err)
		}
	}
	put("a", "Kommunen skal yde merudgifter.", "Merudgifter dækkes.")
	put("a", "Kommunen skal yde merudgifter.")
	put("b", "Støtte til befordring.")
	if err := x.Delete(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	reader, segments, err := x.seenBy(corpus.Reader{Everything: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	v, err := readVocabulary(segments)
	if err != nil {
		t.Fatal(err)
	}
	if n := v.counts[danish.Stem("merudgifter")]; n != 1 {
		t.Errorf("merudgifter stands in %d passages, want 1", n)
	}
	if n, ok := v.counts[danish.Stem("befordring")]; ok {
		t.Errorf("befordring is counted %d times, though its document is gone", n)
	}
}

// TestCutOffWords searches as one types: the last word may be a beginning, where no
// word is just so. Grams are left out, as they would find it too.
func TestCutOffWords(t *testing.T) {
	x := open1(t, t.TempDir())
	defer closed(t, x)
	putAll(t, x, entriesOf("a", 1, "Der ydes hjælp til tabt arbejdsfortjeneste.", "Arbejdet udføres af kommunen.", "Botilbuddet omfatter støtte."))
	for query, want := range map[string]string{
		"tabt arbejdsfor":  "a#1",
		"arbejdsfor":       "a#1",
		"botil":            "a#3",
		"arbejde":          "a#2", // a word of its own is not completed
		"arbejdsfor. ":     "",    // typed to its end
		"arbejdsfor hjælp": "a#1", // not the last: "hjælp" alone finds it
		"arb":              "",    // too short to mean one word
	} {
		ids := found(t, x, Query{Text: query, Lang: "da", Weights: Weights{Words: 1, Parts: 0.3}})
		if want == "" && len(ids) > 0 || want != "" && (len(ids) != 1 || ids[0] != want) {
			t.Errorf("%q: %q, want %q", query, ids, want)
		}
	}
}
