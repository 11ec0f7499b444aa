package retrieval

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
)

// collection fills a store and an index with acts of a few sections.
func collection(t *testing.T) *Engine {
	t.Helper()
	ctx := t.Context()
	store, err := corpus.Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	index, err := lexical.Open(t.TempDir(), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })
	for _, c := range []corpus.Contents{
		act("lbk-2023-1", "lov om social service", "serviceloven", "2023-01-01", "85", "§ 85. Kommunen kan tilbyde hjælp.\nStk. 2. Hjælpen er gratis."),
		act("lbk-2025-2", "lov om social service", "serviceloven", "2025-01-01", "85", "§ 85. Kommunen skal tilbyde hjælp og støtte.\nStk. 2. Hjælpen er gratis, jf. § 86.", "86", "§ 86. Genoptræning tilbydes uden betaling."),
		act("lbk-2024-3", "barnets lov", "barnets lov", "2024-01-01", "87", "§ 87. Hjælp til tabt arbejdsfortjeneste, jf. § 85 i lov om social service."),
	} {
		doc, err := store.Put(ctx, c, corpus.Source{Collection: "lov", Path: c.Document.ID, Status: "read"})
		if err != nil {
			t.Fatal(err)
		}
		c.Document = doc
	}
	docs, err := store.Documents(ctx, corpus.DocumentFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range docs {
		sections, err := store.SectionsOf(ctx, doc.ID)
		if err != nil {
			t.Fatal(err)
		}
		var entries []lexical.Entry
		for _, s := range sections {
			p, err := store.Passage(ctx, corpus.PassageID(s.ID, 0))
			if err != nil {
				t.Fatal(err)
			}
			entries = append(entries, lexical.Entry{Section: s, Document: doc, Passages: []corpus.Passage{p}})
		}
		if err := index.Put(ctx, doc, entries); err != nil {
			t.Fatal(err)
		}
	}
	e := NewEngine(store, index)
	e.SetRegister(nil) // its acts are made up
	return e
}

// act makes the contents of an act from pairs of § number and text.
func act(id, family, short string, issued corpus.Date, numbersAndTexts ...string) corpus.Contents {
	c := corpus.Contents{Document: corpus.Document{ID: id, Title: "Bekendtgørelse af " + family, ShortTitles: []string{short}, Kind: corpus.KindAct, Family: family, Issued: issued,
		Collection: "lov", Language: "da"}}
	for i := 0; i < len(numbersAndTexts); i += 2 {
		number, text := numbersAndTexts[i], numbersAndTexts[i+1]
		s := corpus.Section{ID: id + "#" + number, Document: id, Ordinal: i, Label: "§ " + number, Path: []string{"§ " + number}, Text: text}
		end := len(text)
		if at := strings.Index(text, "\nStk. 2."); at > 0 {
			end = at
			s.Parts = append(s.Parts, corpus.Part{Label: "stk. 2", Start: at + 1, End: len(text)})
		}
		s.Parts = append(s.Parts, corpus.Part{Label: "stk. 1", Start: 0, End: end})
		c.Sections = append(c.Sections, s)
		c.Passages = append(c.Passages, corpus.Passage{Section: s.ID, Document: id, End: len(text), Context: short})
		if at := strings.Index(text, "§ 86."); at > 0 && number == "85" {
			c.Mentions = append(c.Mentions, corpus.Mention{Section: s.ID, Start: at, End: at + 5, Raw: "§ 86", Local: "86"})
		}
		if at := strings.Index(text, "§ 85 i"); at > 0 {
			c.Mentions = append(c.Mentions, corpus.Mention{Section: s.ID, Start: at, End: at + 5, Raw: "§ 85", Act: "lov om social service", Family: "lov om social service", Local: "85"})
		}
	}
	return c
}

func hits(t *testing.T, e *Engine, q Query) []Hit {
	t.Helper()
	res, err := e.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return res.Hits
}

func TestNamedSectionComesFirstInItsVersion(t *testing.T) {
	e := collection(t)
	for _, text := range []string{"SEL § 85", "servicelovens § 85", "§ 85 i lov om social service", "serviceloven 85", "hvad siger SEL § 85 om genoptræning?"} {
		if h := hits(t, e, Query{Text: text}); len(h) == 0 || h[0].Section != "lbk-2025-2#85" || !h[0].Exact || !h[0].InForce {
			t.Errorf("%q: %+v", text, h)
		}
	}
	if h := hits(t, e, Query{Text: "SEL § 85", AsOf: "2023-06-01"}); h[0].Section != "lbk-2023-1#85" || !h[0].InForce {
		t.Errorf("as of 2023: %+v", h[0])
	}
	if h := hits(t, e, Query{Text: "SEL § 85", AsOf: "2020-06-01"}); h[0].Section != "lbk-2023-1#85" || h[0].InForce {
		t.Errorf("before the first version: %+v", h[0])
	}
	part := hits(t, e, Query{Text: "servicelovens § 85, stk. 2, 1. pkt."})[0]
	if part.Snippet != "Stk. 2. Hjælpen er gratis, jf. § 86." || part.Reference != "serviceloven § 85, stk. 2, 1. pkt." {
		t.Errorf("part: %+v", part)
	}
}

func TestBareReferenceBringsItsNeighbourhood(t *testing.T) {
	e := collection(t)
	var ids []string
	for _, h := range hits(t, e, Query{Text: "SEL § 85"}) {
		ids = append(ids, h.Section)
	}
	if got := strings.Join(ids, " "); !strings.HasPrefix(got, "lbk-2025-2#85 lbk-2025-2#86 lbk-2024-3#87") {
		t.Errorf("%s: want what it cites, then what cites it", got)
	}
}

func TestReferenceWithoutActNeedsADocument(t *testing.T) {
	e := collection(t)
	if h := hits(t, e, Query{Text: "§ 85"}); len(h) > 0 && h[0].Exact {
		t.Errorf("§ 85 of which act? %+v", h[0])
	}
	if h := hits(t, e, Query{Text: "§ 85", Filter: Filter{Documents: []string{"lbk-2025-2"}}}); len(h) == 0 || !h[0].Exact {
		t.Errorf("%+v", h)
	}
}

func TestFilterHoldsForNamedSectionsToo(t *testing.T) {
	e := collection(t)
	for _, f := range []Filter{{Collections: []string{"andet"}}, {Kinds: []corpus.Kind{corpus.KindLocal}}, {Documents: []string{"lbk-2024-3"}}} {
		for _, h := range hits(t, e, Query{Text: "SEL § 85", Filter: f}) {
			if h.Document != "lbk-2024-3" || len(f.Documents) == 0 {
				t.Errorf("%+v lets %s pass", f, h.Section)
			}
		}
	}
}

func TestSnippetsAreVerbatim(t *testing.T) {
	e := collection(t)
	for _, text := range []string{"gratis hjælp", "SEL § 85, stk. 2", "arbejdsfortjeneste", "genoptræning"} {
		list := hits(t, e, Query{Text: text})
		if len(list) == 0 {
			t.Errorf("%q finds nothing", text)
		}
		for i, h := range list {
			s, err := e.store.Section(t.Context(), h.Section)
			if err != nil || s.Text[h.Start:h.End] != h.Snippet || h.Snippet == "" || h.Rank != i+1 {
				t.Errorf("%q: %+v %v", text, h, err)
			}
		}
	}
}

func TestBadQueries(t *testing.T) {
	e := collection(t)
	for want, q := range map[error]Query{ErrEmptyQuery: {Text: " \n"}, ErrNoVectors: {Text: "x", Mode: Vector}, ErrUnknownMode: {Text: "x", Mode: "magi"}} {
		if _, err := e.Search(t.Context(), q); !errors.Is(err, want) {
			t.Errorf("%+v: %v, want %v", q, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Search(ctx, Query{Text: "hjælp"}); err == nil {
		t.Error("a cancelled search must fail")
	}
}

func TestActBonusLiftsActsWithSeveralMatches(t *testing.T) {
	list := []lexical.Hit{{Document: "a", Section: "a#1", Score: 0.9}, {Document: "b", Section: "b#1", Score: 0.85}, {Document: "b", Section: "b#2", Score: 0.8}, {Document: "b", Section: "b#3", Score: 0.8}}
	addActBonus(list, 0.3)
	if list[0].Score >= list[1].Score {
		t.Errorf("%+v", list)
	}
	if want := 0.9 + 0.3*0.9/3; list[0].Score != want {
		t.Errorf("missing sections count as 0: %v, want %v", list[0].Score, want)
	}
}

func TestRecipeSwitchesSignalsOff(t *testing.T) {
	e := collection(t)
	query := Query{Text: "arbejdsfortjenesten"}
	full := hits(t, e, query)
	plain := hits(t, e.WithRecipe(Recipe{Lexical: lexical.Weights{Words: 1}}), query)
	if len(plain) == 0 || plain[0].Score >= full[0].Score {
		t.Errorf("priors and bonus off: %v, want less than %v", plain, full)
	}
	typo := Query{Text: "arbejdsfortjeneste ydelsen genoptræningen"}
	grams := DefaultRecipe()
	grams.Lexical.Grams = 0
	if a, b := hits(t, e, Query{Text: "fortjenesten"}), hits(t, e.WithRecipe(grams), Query{Text: "ejdsfortjene"}); len(a) == 0 || len(b) != 0 {
		t.Errorf("grams find half words, and only they: %v, %v", a, b)
	}
	if a := hits(t, e.WithRecipe(DefaultRecipe()), typo); len(a) == 0 || a[0].Score != hits(t, e, typo)[0].Score {
		t.Errorf("the default recipe is the engine's own: %v", a)
	}
}
