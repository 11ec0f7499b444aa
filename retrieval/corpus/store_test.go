package corpus

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// act makes the contents of a version of an act with the given sections.
func act(id, family string, issued Date, sections ...string) Contents {
	c := Contents{
		Document: Document{ID: id, Title: "Bekendtgørelse af " + family, ShortTitles: []string{"kort"}, Kind: KindAct, Family: family, Issued: issued,
			Collection: "lov", Source: "law/" + id + ".md", SHA256: "00", Language: "da", MediaType: "text/markdown", Reader: "markdown"},
		Original: []byte("kilden til " + id),
	}
	for i, number := range sections {
		text := fmt.Sprintf("§ %s. Rådet skal høre æblet.\nStk. 2. Det gælder ikke pærer.", number)
		sec := Section{ID: id + "#" + number, Document: id, Ordinal: i, Label: "§ " + number, Path: []string{"Kapitel 1", "§ " + number}, Text: text,
			Parts: []Part{{"stk. 1", 0, strings.Index(text, "\n")}, {"stk. 2", strings.Index(text, "Stk."), len(text)}}}
		c.Sections = append(c.Sections, sec)
		c.Passages = append(c.Passages, Passage{ID: PassageID(sec.ID, 0), Section: sec.ID, Document: id, Start: 0, End: len(text), Context: "kort › § " + number, Text: text})
	}
	return c
}

func put(t *testing.T, s *Store, c Contents) {
	t.Helper()
	if _, err := s.Put(t.Context(), c, Source{Collection: c.Document.Collection, Path: c.Document.Source, SHA256: "00", Status: "read"}); err != nil {
		t.Fatal(err)
	}
}

func TestPutReturnsWhatWasStored(t *testing.T) {
	s := open(t)
	c := act("lbk-2024-1", "lov om frugt", "2024-05-01", "1", "2a")
	put(t, s, c)
	ctx := t.Context()

	doc, err := s.Document(ctx, "lbk-2024-1")
	if err != nil || doc.Title != c.Document.Title || doc.Sections != 2 || doc.InForceFrom != "2024-05-01" || !slices.Equal(doc.ShortTitles, []string{"kort"}) {
		t.Errorf("document %+v, %v", doc, err)
	}
	sections, err := s.SectionsOf(ctx, doc.ID)
	if err != nil || len(sections) != 2 || sections[1].Text != c.Sections[1].Text || !slices.Equal(sections[1].Path, c.Sections[1].Path) {
		t.Errorf("sections %+v, %v", sections, err)
	}
	passages, err := s.PassagesOf(ctx, doc.ID)
	if err != nil || len(passages) != 2 || passages[0] != c.Passages[0] {
		t.Errorf("passages %+v, %v", passages, err)
	}
	one, err := s.Passage(ctx, "lbk-2024-1#2a/1")
	if err != nil || one != c.Passages[1] {
		t.Errorf("passage %+v, %v", one, err)
	}
	data, media, err := s.Original(ctx, doc.ID)
	if err != nil || string(data) != "kilden til lbk-2024-1" || media != "text/markdown" {
		t.Errorf("original %q %q, %v", data, media, err)
	}
}

func TestMissingIDsAreNotFound(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	errs := map[string]error{"delete": s.Delete(ctx, "nej")}
	_, errs["document"] = s.Document(ctx, "nej")
	_, errs["section"] = s.Section(ctx, "nej#1")
	_, _, errs["original"] = s.Original(ctx, "nej")
	for _, id := range []string{"", "nej", "nej#1/", "nej#1/x", "nej#1/1"} {
		_, errs["passage "+id] = s.Passage(ctx, id)
	}
	for what, err := range errs {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestVersionsAreDatedAgainstEachOther(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	const family = "lov om frugt"
	// The order of arrival must not matter.
	put(t, s, act("lbk-2024-1", family, "2024-05-01", "1"))
	put(t, s, act("lbk-2020-7", family, "2020-02-01", "1"))
	put(t, s, act("lbk-2022-3", family, "2022-03-01", "1"))

	type dates struct {
		from, to     Date
		before, next string
	}
	check := func(want map[string]dates) {
		t.Helper()
		for id, w := range want {
			d, err := s.Document(ctx, id)
			if got := (dates{d.InForceFrom, d.InForceTo, d.Supersedes, d.SupersededBy}); err != nil || got != w {
				t.Errorf("%s: %+v, want %+v (%v)", id, got, w, err)
			}
		}
	}
	check(map[string]dates{
		"lbk-2020-7": {"2020-02-01", "2022-03-01", "", "lbk-2022-3"},
		"lbk-2022-3": {"2022-03-01", "2024-05-01", "lbk-2020-7", "lbk-2024-1"},
		"lbk-2024-1": {"2024-05-01", "", "lbk-2022-3", ""},
	})
	revisions, err := s.Revisions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(ctx, "lbk-2022-3"); err != nil {
		t.Fatal(err)
	}
	check(map[string]dates{
		"lbk-2020-7": {"2020-02-01", "2024-05-01", "", "lbk-2024-1"},
		"lbk-2024-1": {"2024-05-01", "", "lbk-2020-7", ""},
	})
	after, err := s.Revisions(ctx)
	if err != nil || after["lbk-2020-7"] <= revisions["lbk-2020-7"] || after["lbk-2024-1"] <= revisions["lbk-2024-1"] {
		t.Errorf("indexes must learn of the new dates: %v → %v (%v)", revisions, after, err)
	}

	for day, want := range map[Date]string{"2019-01-01": "lbk-2020-7", "2021-01-01": "lbk-2020-7", "2024-05-01": "lbk-2024-1", "": "lbk-2024-1"} {
		_, section, status, err := s.Resolve(ctx, family, "", "1", day)
		if section != want+"#1" || status != Resolved || err != nil {
			t.Errorf("as of %q: %s %s %v, want %s", day, section, status, err, want)
		}
	}
}

func TestSourceThatGivesAnotherDocumentReplacesTheFirst(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	first := act("lbk-2024-1", "lov om frugt", "2024-05-01", "1")
	put(t, s, first)
	second := act("lbk-2025-2", "lov om frugt", "2025-05-01", "1")
	second.Document.Source = first.Document.Source // the same file, edited
	put(t, s, second)
	docs, err := s.Documents(ctx, DocumentFilter{})
	if err != nil || len(docs) != 1 || docs[0].ID != "lbk-2025-2" || docs[0].Supersedes != "" {
		t.Errorf("%+v, %v", docs, err)
	}
	if n, err := s.Totals(ctx); err != nil || n != (Totals{1, 1, 1, 0}) {
		t.Errorf("left over: %+v, %v", n, err)
	}
}

func TestReferenceGraphFollowsTheActToItsNextVersion(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	citing := act("lbk-2023-9", "lov om saft", "2023-01-01", "4", "5")
	citing.Mentions = []Mention{
		{Section: "lbk-2023-9#4", Start: 0, End: 3, Raw: "lov om frugt § 2 a", Act: "lov om frugt", Family: "lov om frugt", Local: "2a"},
		{Section: "lbk-2023-9#4", Start: 4, End: 9, Raw: "lov om frugt §§ 1-3", Act: "lov om frugt", Family: "lov om frugt", Local: "1", LocalTo: "3"},
		{Section: "lbk-2023-9#4", Start: 10, End: 12, Raw: "§ 5", Local: "5", Part: "stk. 2"},
		{Section: "lbk-2023-9#4", Start: 13, End: 15, Raw: "lov om nødder § 1", Act: "lov om nødder", Family: "lov om nødder", Local: "1"},
		{Section: "lbk-2023-9#4", Start: 16, End: 18, Raw: "lov om frugt § 99", Act: "lov om frugt", Family: "lov om frugt", Local: "99"},
	}
	put(t, s, citing)
	put(t, s, act("lbk-2020-7", "lov om frugt", "2020-02-01", "1", "2a", "13-15"))
	put(t, s, act("lbk-2024-1", "lov om frugt", "2024-05-01", "1", "2a", "13-15"))

	refs, err := s.References(ctx, "lbk-2023-9#4", "")
	if err != nil || len(refs) != 5 {
		t.Fatalf("%+v, %v", refs, err)
	}
	for i, want := range []struct {
		section string
		status  Status
	}{{"lbk-2024-1#2a", Resolved}, {"lbk-2024-1#1", Resolved}, {"lbk-2023-9#5", Resolved}, {"", Unknown}, {"", Unknown}} {
		if refs[i].Section != want.section || refs[i].Status != want.status {
			t.Errorf("%q → %q %s, want %q %s", refs[i].Raw, refs[i].Section, refs[i].Status, want.section, want.status)
		}
	}
	if old, err := s.References(ctx, "lbk-2023-9#4", "2021-01-01"); err != nil || old[0].Section != "lbk-2020-7#2a" {
		t.Errorf("as of 2021: %+v, %v", old, err)
	}
	cited, err := s.CitedBy(ctx, "lbk-2024-1#2a", "", 10)
	if err != nil || len(cited) != 2 || cited[0].From != "lbk-2023-9#4" {
		t.Errorf("cited by %+v, %v: want the reference and the range", cited, err)
	}
	if _, section, status, err := s.Resolve(ctx, "lov om frugt", "", "14", ""); section != "lbk-2024-1#13-15" || status != Resolved || err != nil {
		t.Errorf("§ 14 in §§ 13-15: %s %s %v", section, status, err)
	}
	counts, err := s.Citations(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := s.Document(ctx, "lbk-2024-1")
	if actCount, section := counts.Of(&doc, "2a"); actCount != 3 || section != 1 {
		t.Errorf("citations %d %d", actCount, section)
	}
	if actCount, section := counts.Of(&citing.Document, "5"); actCount != 0 || section != 0 {
		t.Errorf("an act's citations of itself: %d %d", actCount, section)
	}
}

func TestSectionKeyOrders(t *testing.T) {
	order := []string{"1", "2", "2a", "2b", "3", "10", "85", "85a", "85aa", "85b", "86", "100", "1000"}
	for i := 1; i < len(order); i++ {
		if sectionKey(order[i-1]) >= sectionKey(order[i]) || sectionKey(order[i-1]) == 0 {
			t.Errorf("%s must come before %s", order[i-1], order[i])
		}
	}
	for _, odd := range []string{"", "bilag-1", "3.2", "2æ", "2aaa", "x"} {
		if sectionKey(odd) != 0 {
			t.Errorf("%q has no place in the order", odd)
		}
	}
}

func TestDocumentsFilter(t *testing.T) {
	s := open(t)
	put(t, s, act("lbk-2024-1", "lov om ældre", "2024-05-01", "1"))
	local := act("bpa-1", "", "", "1")
	local.Document.Title, local.Document.Kind, local.Document.Collection, local.Document.Sample = "Ældrepolitik 100%", KindLocal, "eksempler", true
	put(t, s, local)
	for _, c := range []struct {
		filter DocumentFilter
		want   int
	}{
		{DocumentFilter{}, 2}, {DocumentFilter{Collection: "lov"}, 1}, {DocumentFilter{Kind: KindLocal}, 1}, {DocumentFilter{Text: "ældre"}, 2},
		{DocumentFilter{Text: "ÆLDREPOLITIK"}, 1}, {DocumentFilter{Text: "100%"}, 1}, {DocumentFilter{Text: "%"}, 1}, {DocumentFilter{Text: "lov ældre"}, 1}, {DocumentFilter{Text: "frugt"}, 0},
	} {
		docs, err := s.Documents(t.Context(), c.filter)
		n, err2 := s.CountDocuments(t.Context(), c.filter)
		if err != nil || err2 != nil || len(docs) != c.want || n != c.want {
			t.Errorf("%+v: %d documents, counted %d, want %d (%v %v)", c.filter, len(docs), n, c.want, err, err2)
		}
	}
	if page, err := s.Documents(t.Context(), DocumentFilter{Limit: 1, Offset: 1}); err != nil || len(page) != 1 {
		t.Errorf("second page: %v %v", page, err)
	}
}

func TestLockNamesItsOwner(t *testing.T) {
	dir := t.TempDir()
	lock, err := AcquireLock(dir, Owner{Command: "serve", Addr: "127.0.0.1:8080"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = AcquireLock(dir, Owner{Command: "ingest"})
	var locked *LockedError
	if !errors.As(err, &locked) || locked.Owner.Command != "serve" || locked.Owner.Addr != "127.0.0.1:8080" {
		t.Fatalf("second writer: %v", err)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	again, err := AcquireLock(dir, Owner{Command: "ingest"})
	if err != nil {
		t.Fatalf("after release: %v", err)
	}
	again.Release()
}

func TestOpenExistingNeedsACollection(t *testing.T) {
	if _, err := OpenExisting(t.Context(), t.TempDir()); !errors.Is(err, ErrNoCollection) {
		t.Error(err)
	}
}
