package assistant

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// pointing is a search that finds what it is told to, as the engine does for a
// question that names a §.
type pointing struct {
	*bed
	hits []retrieval.Hit
	refs []citation.Ref
}

func (p pointing) Search(context.Context, retrieval.Query) (retrieval.Result, error) {
	return retrieval.Result{Hits: p.hits, Refs: p.refs, AsOf: "2026-11-01"}, nil
}

func TestNamedProvision(t *testing.T) {
	b := parkingBed(t)
	ref := func(raw, section, part string) []citation.Ref {
		return []citation.Ref{{Start: 11, End: 11 + len(raw), Raw: raw, Section: section, Part: part}}
	}
	hit := func(id string) []retrieval.Hit {
		return []retrieval.Hit{{Section: "lov-2024-1#" + id, Document: "lov-2024-1", Score: 1, Exact: true}}
	}
	for _, c := range []struct {
		name string
		pointing
		question string
		want     string // text of the first sentence, or part of the refusal
		ref      string // end of the first source's reference
	}{
		{"whole §", pointing{b, hit("3"), ref("§ 3", "3", "")}, "Hvad siger § 3?", "Prisen for en beboerlicens udgør 400 kr. om året.", "§ 3, stk. 1"},
		{"one stk.", pointing{b, hit("3"), ref("§ 3, stk. 2", "3", "stk. 2")}, "Hvad siger § 3, stk. 2?", "Beboerlicensen bortfalder ved fraflytning, medmindre licensen overføres.", "§ 3, stk. 2"},
		{"words decide within the §", pointing{b, hit("2"), ref("§ 2", "2", "")}, "Hvad siger § 2 om campingvogne?", "En beboerlicens kan ikke udstedes til\n1) lastbiler", "§ 2, stk. 2"},
		{"repealed", pointing{b, hit("4"), ref("§ 4", "4", "")}, "Hvad siger § 4?", "§ 4. (Ophævet)", "§ 4"},
		{"no such stk.", pointing{b, hit("3"), ref("§ 3, stk. 7", "3", "stk. 7")}, "Hvad siger § 3, stk. 7?", "§ 3, stk. 7 findes ikke i samlingen", ""},
		{"which act", pointing{b, nil, ref("§ 77", "77", "")}, "Hvad siger § 77?", "hvilken lov § 77 står i", ""},
		{"not there", pointing{b, nil, []citation.Ref{{Start: 11, End: 32, Raw: "parkeringslovens § 77", Act: "lov om parkering i kommunen", Section: "77"}}},
			"Hvad siger parkeringslovens § 77?", "parkeringslovens § 77 findes ikke i samlingen", ""},
	} {
		ans := ask(t, New(c.pointing, b, allowed), c.question)
		if c.ref == "" {
			if ans.Answered || !strings.Contains(ans.Refused, c.want) {
				t.Errorf("%s: %+v", c.name, ans)
			}
			continue
		}
		if !ans.Answered || !strings.HasPrefix(ans.Answer[0].Text, c.want) || !strings.HasSuffix(ans.Sources[0].Reference, c.ref) {
			t.Errorf("%s: %s", c.name, render(c.question, ans, false, false))
		}
	}
}

func TestSourceNotInForceIsAnnounced(t *testing.T) {
	b := parkingBed(t)
	doc := b.docs["lov-2024-1"]
	doc.InForceTo = "2026-01-01"
	b.docs[doc.ID] = doc
	p := pointing{b, []retrieval.Hit{{Section: "lov-2024-1#3", Document: doc.ID, Score: 1, Exact: true}},
		[]citation.Ref{{Start: 11, End: 15, Raw: "§ 3", Section: "3"}}}
	var l log
	ans, err := New(p, b, allowed).Ask(context.Background(), Request{Question: "Hvad siger § 3?"}, l.emit)
	if err != nil {
		t.Fatal(err)
	}
	if src := ans.Sources[0]; src.InForce || src.InForceTo != "2026-01-01" || src.InForceFrom != "2024-01-01" {
		t.Errorf("source %+v", src)
	}
	notices := 0
	for _, e := range l.events {
		if strings.Contains(e.Status, "er ikke i kraft den 1.11.2026") {
			notices++
		}
	}
	if notices != 1 {
		t.Errorf("%d notices in %+v", notices, l.events)
	}
}

func TestGuidelineIsCitedByItsHeading(t *testing.T) {
	b := newBed()
	b.add(corpus.Document{ID: "v", Title: "Kvalitetsstandard 2026", Kind: corpus.KindLocal}, []corpus.Section{
		{ID: "1", Label: "3.2", Heading: "Hvem kan få rengøring?", Text: "Rengøring gives til borgere, der ikke selv kan gøre rent.\nDer gøres rent hver anden uge.\nKommunen vasker ikke vinduer."},
		{ID: "2", Heading: "Flytning", Text: "Ved flytning ophører hjælpen."},
	})
	b.sure = 0.95
	a := New(b, b, allowed)
	for question, want := range map[string][2]string{
		"Hvem kan få rengøring?":                      {"Kvalitetsstandard 2026, 3.2 Hvem kan få rengøring?", "Rengøring gives til borgere"},
		"Hvor ofte kommer kommunen og gør rengøring?": {"Kvalitetsstandard 2026, 3.2 Hvem kan få rengøring?", "hver anden uge"},
		"Hvad sker der med hjælpen ved flytning?":     {"Kvalitetsstandard 2026, Flytning", "Ved flytning ophører hjælpen."},
	} {
		ans := ask(t, a, question)
		if !ans.Answered || ans.Sources[0].Reference != want[0] || !strings.Contains(render("", ans, true, true), want[1]) {
			t.Errorf("%s", render(question, ans, false, false))
		}
	}
}

// checkVerbatim fails unless every sentence consists of its quotes and every
// quote is the section's text at its place.
func checkVerbatim(t testing.TB, sections Sections, question string, ans Answer) {
	t.Helper()
	for _, src := range ans.Sources {
		sec, err := sections.Section(context.Background(), src.Section)
		if err != nil {
			t.Fatal(err)
		}
		if src.Start >= src.End || src.End > len(sec.Text) || sec.Text[src.Start:src.End] != src.Quote {
			t.Fatalf("%s: quote of %s is not its text at %d-%d", question, src.Section, src.Start, src.End)
		}
		for _, u := range units(&sec) {
			inside := func(at int) bool {
				if at <= u.start || at >= u.end {
					return false
				}
				for _, item := range u.items {
					if at == item.start || at == item.end {
						return false
					}
				}
				return u.items == nil || at != u.lead.end
			}
			if inside(src.Start) || inside(src.End) {
				t.Fatalf("%s: »%s« cuts a sentence of %s", question, src.Quote, src.Section)
			}
		}
	}
	for _, s := range ans.Answer {
		var quotes []string
		for _, n := range s.Citations {
			quotes = append(quotes, ans.Sources[n-1].Quote)
		}
		if s.Text != strings.Join(quotes, omitted) || !s.Verified {
			t.Fatalf("%s: sentence »%s« is not what it cites", question, s.Text)
		}
	}
	if ans.Answered != (len(ans.Answer) > 0) || ans.Answered == (ans.Refused != "") {
		t.Fatalf("%s: answered %v with %d sentences, refused »%s«", question, ans.Answered, len(ans.Answer), ans.Refused)
	}
}

func TestQuotesOfTheLawAreVerbatim(t *testing.T) {
	b := lawBed(t)
	a := New(b, b, allowed)
	for _, q := range answerable {
		checkVerbatim(t, b, q.text, ask(t, a, q.text))
	}
}

// TestQuotesAreVerbatim puts sections together at random from what statutes
// are made of, badly formed ones too.
func TestQuotesAreVerbatim(t *testing.T) {
	pieces := []string{"§ 1. ", "Stk. 2. ", "\n", "\n1) ", "\n2) ", "\na) ", "\n- ", " ", "Kommunen yder støtte til cykel.", "Støtten udgør 50 pct. af prisen.",
		"Det samme gælder ældre på ø.", "hvis cyklen er ny", "jf. § 3, stk. 1, nr. 2, og bl.a. kr. 500", "Dog ikke, når", ".", "æøå§", "\xff", "(Ophævet)", "1. pkt. gælder ikke."}
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.TrimSpace(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 40).Draw(rt, "text"), ""))
		b := newBed()
		b.add(corpus.Document{ID: "d", Title: "Lov om cykler", Kind: corpus.KindAct}, []corpus.Section{{ID: "1", Label: "§ 1", Text: text}})
		question := rapid.SampledFrom([]string{"Hvor meget støtte ydes til en cykel?", "Hvornår gælder det for ældre?", "Cykel"}).Draw(rt, "question")
		checkVerbatim(t, b, question, ask(t, New(b, b, allowed), question))
	})
}

func BenchmarkAsk(b *testing.B) {
	law := lawBed(b)
	found, err := law.Search(context.Background(), retrieval.Query{Text: "Hvornår kan vi yde tabt arbejdsfortjeneste?", K: poolSize})
	if err != nil {
		b.Fatal(err)
	}
	a := New(pointing{law, found.Hits, nil}, law, allowed)
	for b.Loop() {
		ask(b, a, "Hvornår kan vi yde tabt arbejdsfortjeneste?")
	}
}
