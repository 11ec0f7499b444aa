package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// refuseSecret stands for the policy: it refuses texts with HEMMELIG.
func refuseSecret(text string) error {
	if i := strings.Index(text, "HEMMELIG"); i >= 0 {
		return secretError{i}
	}
	return nil
}

type secretError struct{ at int }

func (secretError) Error() string    { return "hemmeligt" }
func (e secretError) Offsets() []int { return []int{e.at} }

func writer(t *testing.T, dir string) *Library {
	t.Helper()
	lib, err := OpenWriter(t.Context(), dir, corpus.Owner{Command: "test"}, refuseSecret)
	if err != nil {
		t.Fatal(err)
	}
	if err := lib.Sync(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return lib
}

func closed(t *testing.T, lib *Library) {
	t.Helper()
	if err := lib.Close(); err != nil {
		t.Error(err)
	}
}

func ingestAll(t *testing.T, lib *Library, opts Options, items ...source.Item) Report {
	t.Helper()
	report, err := lib.Pipeline.Run(t.Context(), items, opts)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// fruitAct is a small act, issued in the given year.
func fruitAct(year int, rule string) []byte {
	return fmt.Appendf(nil, `---
title: Bekendtgørelse af lov om frugtbarhed i haver
number: LBK nr %d af %d-03-01
issued: %d-03-01
url: https://example.invalid/lbk/%d
---

# Bekendtgørelse af lov om frugtbarhed i haver

## Kapitel 1

§ 1. %s

Stk. 2. Reglen i stk. 1 gælder ikke for altaner.

§ 2. Den, der plukker efter § 1, skal give besked inden 14 dage.
`, year-2000, year, year, year, rule)
}

func find(t *testing.T, lib *Library, q retrieval.Query) []string {
	t.Helper()
	res, err := lib.Engine.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range res.Hits {
		ids = append(ids, h.Section)
	}
	return ids
}

func statuses(r Report) []Status {
	var out []Status
	for _, f := range r.Files {
		out = append(out, f.Status)
	}
	return out
}

func TestRunReadsOnceAndReplacesWhatChanged(t *testing.T) {
	lib := writer(t, t.TempDir())
	defer closed(t, lib)
	guide := source.Bytes("lokal/æbler.md", []byte("# Vejledning om æbler\n\nÆblerne plukkes om efteråret.\n"))
	act := source.Bytes("lov/frugt.md", fruitAct(2024, "Haver skal have æbletræer."))
	if got := statuses(ingestAll(t, lib, Options{}, guide, act)); !slices.Equal(got, []Status{Read, Read}) {
		t.Fatal(got)
	}
	if got := statuses(ingestAll(t, lib, Options{}, guide, act)); !slices.Equal(got, []Status{Unchanged, Unchanged}) {
		t.Fatal(got)
	}
	if ids := find(t, lib, retrieval.Query{Text: "æbletræer i haver"}); len(ids) == 0 || ids[0] != "lbk-2024-24#1" {
		t.Fatalf("found %q", ids)
	}
	changed := source.Bytes("lov/frugt.md", fruitAct(2024, "Haver skal have pæretræer."))
	copied := source.Bytes("andet/frugt-kopi.md", fruitAct(2024, "Haver skal have æbletræer."))
	report := ingestAll(t, lib, Options{}, guide, changed, copied)
	if got := statuses(report); !slices.Equal(got, []Status{Unchanged, Replaced, Duplicate}) {
		t.Fatal(got)
	}
	if ids := find(t, lib, retrieval.Query{Text: "pæretræer"}); len(ids) == 0 || ids[0] != "lbk-2024-24#1" {
		t.Errorf("found %q", ids)
	}
	sec, err := lib.Section(t.Context(), "lbk-2024-24#1")
	if err != nil || strings.Contains(sec.Text, "æbletræer") {
		t.Errorf("old text is left: %q %v", sec.Text, err)
	}
}

func TestSupersededVersionIsFoundOnItsDay(t *testing.T) {
	lib := writer(t, t.TempDir())
	defer closed(t, lib)
	ingestAll(t, lib, Options{}, source.Bytes("lov/ny.md", fruitAct(2024, "Haver skal have æbletræer.")),
		source.Bytes("lov/gammel.md", fruitAct(2020, "Haver kan have æbletræer.")))
	for day, want := range map[corpus.Date]string{"": "lbk-2024-24#1", "2022-01-01": "lbk-2020-20#1"} {
		for _, text := range []string{"æbletræer", "lov om frugtbarhed i haver § 1"} {
			ids := find(t, lib, retrieval.Query{Text: text, AsOf: day})
			if len(ids) == 0 || ids[0] != want || slices.ContainsFunc(ids, func(id string) bool { return id[:8] != want[:8] }) {
				t.Errorf("%q as of %q: %q, want %s and no other version", text, day, ids, want)
			}
		}
	}
	if err := lib.Delete(t.Context(), "lbk-2024-24"); err != nil {
		t.Fatal(err)
	}
	if ids := find(t, lib, retrieval.Query{Text: "æbletræer"}); len(ids) == 0 || ids[0] != "lbk-2020-20#1" {
		t.Errorf("after the newer version was deleted: %q", ids)
	}
}

func TestReportNamesWhatWasLeftOut(t *testing.T) {
	lib := writer(t, t.TempDir())
	defer closed(t, lib)
	items := []source.Item{
		source.Bytes("god.md", []byte("# God\n\nTekst om æbler.")),
		source.Bytes("hemmelig.md", []byte("# En\n\nTo\n\nHEMMELIG tre")),
		source.Bytes("tom.md", nil),
		source.Bytes("billede.png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")),
		{Path: "væk.md", Read: func(context.Context) ([]byte, error) { return nil, os.ErrNotExist }},
	}
	report := ingestAll(t, lib, Options{}, items...)
	if got := statuses(report); !slices.Equal(got, []Status{Read, Refused, Failed, Skipped, Failed}) {
		t.Fatalf("%v", got)
	}
	if reason := report.Files[1].Reason; !strings.Contains(reason, "hemmeligt (afsnit 3)") {
		t.Errorf("the place is missing: %q", reason)
	}
	if !errors.Is(report.Files[2].Err, parse.ErrNoText) {
		t.Errorf("empty file: %v", report.Files[2].Err)
	}
	if again := ingestAll(t, lib, Options{}, items...); !slices.Equal(statuses(again), []Status{Unchanged, Refused, Failed, Skipped, Failed}) {
		t.Errorf("second run: %v", statuses(again))
	}
	if n, err := lib.Totals(t.Context()); err != nil || n.Documents != 1 {
		t.Errorf("%+v %v", n, err)
	}
	data, err := os.ReadFile(filepath.Join(lib.dir, corpus.DatabaseFile))
	if err != nil || strings.Contains(string(data), "HEMMELIG") {
		t.Errorf("something of the refused document was stored (%v)", err)
	}
}

func TestPruneRemovesWhatIsGone(t *testing.T) {
	lib := writer(t, t.TempDir())
	defer closed(t, lib)
	a, b := source.Bytes("a.md", []byte("# A\n\nÆbler.")), source.Bytes("b.md", []byte("# B\n\nBananer."))
	ingestAll(t, lib, Options{Collection: "x"}, a, b)
	ingestAll(t, lib, Options{Collection: "y"}, b)
	report := ingestAll(t, lib, Options{Collection: "x", Prune: true}, a)
	if !slices.Equal(statuses(report), []Status{Unchanged, Removed}) {
		t.Errorf("%v", statuses(report))
	}
	docs, err := lib.Documents(t.Context(), corpus.DocumentFilter{})
	if err != nil || len(docs) != 2 {
		t.Errorf("%+v %v: the other collection's must stay", docs, err)
	}
	if ids := find(t, lib, retrieval.Query{Text: "bananer", Filter: retrieval.Filter{Collections: []string{"x"}}}); len(ids) != 0 {
		t.Errorf("found %q", ids)
	}
}

func TestIndexIsRebuiltFromTheStore(t *testing.T) {
	dir := t.TempDir()
	lib := writer(t, dir)
	ingestAll(t, lib, Options{}, source.Bytes("lov/ny.md", fruitAct(2024, "Haver skal have æbletræer.")))
	closed(t, lib)
	damage := map[string]func(string) error{
		"deleted": os.RemoveAll,
		"damaged": func(index string) error {
			return filepath.WalkDir(index, func(path string, d os.DirEntry, err error) error {
				if err == nil && d.Type().IsRegular() {
					err = os.WriteFile(path, []byte("rod"), 0o600)
				}
				return err
			})
		},
	}
	for name, f := range damage {
		t.Run(name, func(t *testing.T) {
			if err := f(filepath.Join(dir, IndexFolder)); err != nil {
				t.Fatal(err)
			}
			lib, err := OpenReader(t.Context(), dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer closed(t, lib)
			if ids := find(t, lib, retrieval.Query{Text: "æbletræer"}); len(ids) == 0 || ids[0] != "lbk-2024-24#1" {
				t.Errorf("found %q", ids)
			}
		})
	}
}

func TestReadersDoNotWaitForTheWriter(t *testing.T) {
	dir := t.TempDir()
	lib := writer(t, dir)
	defer closed(t, lib)
	ingestAll(t, lib, Options{}, source.Bytes("lov/ny.md", fruitAct(2024, "Haver skal have æbletræer.")))
	reader, err := OpenReader(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, reader)
	if ids := find(t, reader, retrieval.Query{Text: "æbletræer"}); len(ids) == 0 {
		t.Error("the reader finds nothing while a writer holds the folder")
	}
	var locked *corpus.LockedError
	if _, err := OpenWriter(t.Context(), dir, corpus.Owner{Command: "to"}, nil); !errors.As(err, &locked) || locked.Owner.Command != "test" {
		t.Errorf("second writer: %v", err)
	}
}

func TestSamplesAreOfferedOnce(t *testing.T) {
	lib := writer(t, t.TempDir())
	defer closed(t, lib)
	ctx := t.Context()
	if wants, err := lib.WantsSamples(ctx); !wants || err != nil {
		t.Fatal(wants, err)
	}
	ingestAll(t, lib, Options{Collection: "eksempler", Sample: true}, source.Bytes("a.md", []byte("# A\n\nÆbler.")))
	if err := lib.MarkSamples(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := lib.DeleteSamples(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if wants, err := lib.WantsSamples(ctx); wants || err != nil {
		t.Errorf("removed samples must not come back: %v %v", wants, err)
	}
	if ids := find(t, lib, retrieval.Query{Text: "æbler"}); len(ids) != 0 {
		t.Errorf("found %q", ids)
	}
}

func TestCancelledRunGoesOnLater(t *testing.T) {
	lib := writer(t, t.TempDir())
	defer closed(t, lib)
	ctx, cancel := context.WithCancel(t.Context())
	var items []source.Item
	for i := range 50 {
		items = append(items, source.Bytes(fmt.Sprintf("%02d.md", i), fmt.Appendf(nil, "# Nr. %d\n\nÆbler og %d pærer.", i, i)))
	}
	first, err := lib.Pipeline.Run(ctx, items, Options{Progress: func(p Progress) {
		if p.Done == 10 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || first.Counts[Read] < 10 || first.Counts[Read] == 50 {
		t.Fatalf("%v %v", first.Counts, err)
	}
	second := ingestAll(t, lib, Options{}, items...)
	if second.Counts[Unchanged] != first.Counts[Read] || second.Counts[Read] != 50-first.Counts[Read] {
		t.Errorf("first %v, then %v", first.Counts, second.Counts)
	}
	if ids := find(t, lib, retrieval.Query{Text: "pærer", K: 100}); len(ids) != 50 {
		t.Errorf("%d of 50 in the index", len(ids))
	}
}
