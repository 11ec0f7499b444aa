package corpus

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// reads calls every read of the store that readers make, and returns what each
// gave, without what tells nothing: revisions and times.
func reads(ctx context.Context, s *Store, ids []string) map[string]any {
	out := map[string]any{}
	note := func(name string, value any, err error) {
		if errors.Is(err, ErrNotFound) {
			value, err = nil, nil
			name += " is not found"
		}
		out[name] = []any{value, err}
	}
	plain := func(docs ...Document) []Document {
		for i := range docs {
			docs[i].Revision = 0
		}
		return docs
	}
	for _, filter := range []DocumentFilter{{}, {Collection: "lov"}, {Text: "frugt"}, {Limit: 2, Offset: 1}} {
		docs, err := s.Documents(ctx, filter)
		note("Documents "+filter.Collection+filter.Text, plain(docs...), err)
		n, err := s.CountDocuments(ctx, filter)
		note("CountDocuments "+filter.Collection+filter.Text, n, err)
	}
	collections, err := s.Collections(ctx)
	note("Collections", collections, err)
	totals, err := s.Totals(ctx)
	note("Totals", totals, err)
	citations, err := s.Citations(ctx, "2024-06-01")
	note("Citations", citations, err)
	for _, id := range ids {
		section := id + "#1"
		doc, err := s.Document(ctx, id)
		note("Document "+id, plain(doc), err)
		sections, err := s.SectionsOf(ctx, id)
		note("SectionsOf "+id, sections, err)
		one, err := s.Section(ctx, section)
		note("Section "+id, one, err)
		passages, err := s.PassagesOf(ctx, id)
		note("PassagesOf "+id, passages, err)
		passage, err := s.Passage(ctx, section+"/1")
		note("Passage "+id, passage, err)
		data, _, err := s.Original(ctx, id)
		note("Original "+id, string(data), err)
		refs, err := s.References(ctx, section, "2024-06-01")
		note("References "+id, refs, err)
		citing, err := s.CitedBy(ctx, section, "2024-06-01", 3)
		note("CitedBy "+id, citing, err)
		document, found, status, err := s.Resolve(ctx, "", id, "1", "2024-06-01")
		note("Resolve "+id, []any{document, found, status}, err)
	}
	for _, family := range []string{"lov om frugt", "lov om grønt"} {
		document, found, status, err := s.Resolve(ctx, family, "", "1", "2024-06-01")
		note("Resolve "+family, []any{document, found, status}, err)
	}
	return out
}

// Whatever documents there are and whoever reads them: a reader's reads give what
// they would give in a store that never held what is hidden from him.
func TestReadersSeeAStoreWithoutWhatIsHidden(t *testing.T) {
	groups := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"hr", "økonomi", "a,b", `"citat"`}), 0, 2, rapid.ID[string])
	rapid.Check(t, func(rt *rapid.T) {
		reader := Reader{Groups: groups.Draw(rt, "reader")}
		all, some := open(t), open(t)
		ids := []string{}
		for i, n := 0, rapid.IntRange(1, 6).Draw(rt, "documents"); i < n; i++ {
			family := rapid.SampledFrom([]string{"lov om frugt", "lov om grønt", ""}).Draw(rt, "family")
			id := "dok-" + string(rune('a'+i))
			c := act(id, family, Date(rapid.SampledFrom([]string{"2023-01-01", "2024-01-01", "2025-01-01"}).Draw(rt, "issued")), "1", "2")
			c.Document.Collection = rapid.SampledFrom([]string{"lov", "lokal"}).Draw(rt, "collection")
			c.Document.Groups = groups.Draw(rt, "groups")
			for range rapid.IntRange(0, 3).Draw(rt, "mentions") {
				m := Mention{Section: id + "#1", Start: 0, End: 4, Raw: "§ 1.", Local: "1"}
				if m.Family = rapid.SampledFrom([]string{"", "lov om frugt", "lov om grønt"}).Draw(rt, "cites"); m.Family == "" && i > 0 {
					m.Number = rapid.SampledFrom(ids).Draw(rt, "number")
				}
				m.Act = m.Family
				c.Mentions = append(c.Mentions, m)
			}
			ids = append(ids, id)
			put(t, all, c)
			if reader.MayRead(c.Document.Groups) {
				put(t, some, c)
			}
		}
		ctx := WithReader(t.Context(), reader)
		got, want := reads(ctx, all, ids), reads(ctx, some, ids)
		for name := range got {
			if !reflect.DeepEqual(got[name], want[name]) {
				rt.Errorf("%s: %+v, without what is hidden %+v", name, got[name], want[name])
			}
		}
		for name := range want {
			if _, ok := got[name]; !ok {
				rt.Errorf("%s: %+v without what is hidden only", name, want[name])
			}
		}
	})
}

// Every method of the store is told apart here: read as its reader sees it (and
// then called by reads), for the operator only, or a write.
func TestEveryReadOfTheStoreIsGuarded(t *testing.T) {
	guarded := strings.Fields("Document Documents CountDocuments Collections Totals Citations SectionsOf Section PassagesOf Passage Original References CitedBy Resolve")
	writes := strings.Fields("Put Delete DeleteSamples MarkSamples PutSource DeleteSource SetGroups PutVectors HashTexts DropModel BeginRun EndRun Close")
	harmless := strings.Fields("LastRevision View WantsSamples OtherModels") // a number that is shown nowhere, the reader's own view, yes or no, names of models
	s := open(t)
	ctx := WithReader(t.Context(), Reader{Groups: []string{"hr"}})
	operator := map[string]func() error{
		"Revisions":      func() error { _, err := s.Revisions(ctx); return err },
		"Families":       func() error { _, err := s.Families(ctx); return err },
		"Source":         func() error { _, _, err := s.Source(ctx, "lov", "a.md"); return err },
		"Sources":        func() error { _, err := s.Sources(ctx, "lov"); return err },
		"SourceOf":       func() error { _, err := s.SourceOf(ctx, "a"); return err },
		"IngestRuns":     func() error { _, err := s.IngestRuns(ctx, "v"); return err },
		"VectorsOf":      func() error { _, err := s.VectorsOf(ctx, "a", "m"); return err },
		"VectorCoverage": func() error { _, _, err := s.VectorCoverage(ctx, "m"); return err },
		"CountVectors":   func() error { _, err := s.CountVectors(ctx, "m"); return err },
		"Vectors": func() (err error) {
			for _, err = range s.Vectors(ctx, "m") {
			}
			return err
		},
	}
	for name, read := range operator {
		if err := read(); !errors.Is(err, ErrOperatorOnly) {
			t.Errorf("%s tells a reader: %v", name, err)
		}
	}
	for i := range reflect.TypeFor[*Store]().NumMethod() {
		name := reflect.TypeFor[*Store]().Method(i).Name
		if operator[name] == nil && !slices.Contains(slices.Concat(guarded, writes, harmless), name) {
			t.Errorf("Store.%s is new: what does it tell a reader who may not see everything?", name)
		}
	}
}

func TestVersionsTellOfNoHiddenOne(t *testing.T) {
	s := open(t)
	for _, v := range []struct {
		id     string
		issued Date
		groups []string
	}{{"v1", "2021-01-01", nil}, {"v2", "2022-01-01", []string{"hr"}}, {"v3", "2023-01-01", []string{"hr", "ledelse"}}, {"v4", "2024-01-01", nil}} {
		c := act(v.id, "lov om frugt", v.issued, "1")
		c.Document.Groups = v.groups
		put(t, s, c)
	}
	check := func(id, before, after string, to Date) {
		t.Helper()
		d, err := s.Document(t.Context(), id)
		if err != nil || d.Supersedes != before || d.SupersededBy != after || d.InForceTo != to {
			t.Errorf("%s: between %q and %q until %q, want %q, %q, %q (%v)", id, d.Supersedes, d.SupersededBy, d.InForceTo, before, after, to, err)
		}
	}
	check("v1", "", "v4", "2024-01-01")
	check("v2", "v1", "v3", "2023-01-01") // who is in hr may read v3
	check("v3", "v1", "v4", "2024-01-01") // who is in ledelse may not read v2
	check("v4", "v1", "", "")
	if err := s.SetGroups(t.Context(), "v2", nil); err != nil {
		t.Fatal(err)
	}
	check("v1", "", "v2", "2022-01-01")
	check("v3", "v2", "v4", "2024-01-01")
	if err := s.SetGroups(t.Context(), "borte", nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("of a document that is not there: %v", err)
	}
}
