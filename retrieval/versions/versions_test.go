package versions

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func TestWordsGiveBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"kommunen ", "skal ", "kan ", "yde\n", "hjælp. ", "Stk. 2.", " "})
		old := strings.Join(rapid.SliceOfN(word, 0, 30).Draw(t, "old"), "")
		newer := strings.Join(rapid.SliceOfN(word, 0, 30).Draw(t, "new"), "")
		var a, b string
		for _, e := range Words(old, newer) {
			if e.Op != Insert {
				a += e.Text
			}
			if e.Op != Delete {
				b += e.Text
			}
		}
		if a != old || b != newer {
			t.Fatalf("%q → %q gives back %q → %q", old, newer, a, b)
		}
	})
}

func TestWordsKeepWhatStays(t *testing.T) {
	got := Words("Fristen er 4 uger fra modtagelsen.", "Fristen er 6 uger fra modtagelsen.")
	want := []Edit{{Keep, "Fristen er "}, {Delete, "4 "}, {Insert, "6 "}, {Keep, "uger fra modtagelsen."}}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %v, want %v", i, got[i], want[i])
		}
	}
}

func section(id, text string) corpus.Section {
	document, number, _ := strings.Cut(id, "#")
	return corpus.Section{ID: id, Document: document, Label: "§ " + number, Text: text}
}

func numbered(list []corpus.Section) []corpus.Section {
	for i := range list {
		list[i].Ordinal = i
	}
	return list
}

func TestCompare(t *testing.T) {
	const (
		advice  = "§ 10. Kommunalbestyrelsen skal sørge for, at enhver har mulighed for at få gratis rådgivning om sociale problemer."
		report  = "§ 11. Den, der får kendskab til, at et barn udsættes for vanrøgt eller nedværdigende behandling, har pligt til at underrette kommunen."
		extra   = "§ 12. Kommunalbestyrelsen skal yde dækning af nødvendige merudgifter ved forsørgelse i hjemmet af et barn med nedsat funktionsevne."
		removed = "§ 13. Plejehjemsbestyreren fører protokol over de beboere, der modtager lommepenge, og afregner hvert kvartal med amtskommunen."
		fresh   = "§ 14. Robotstøvsugere kan udlånes til personer, der modtager rengøring, når støvsugeren træder i stedet for hjælpen."
	)
	old := numbered([]corpus.Section{section("a1#10", advice), section("a1#11", report), section("a1#12", extra), section("a1#13", removed)})
	newer := numbered([]corpus.Section{section("a2#10", strings.Replace(advice, "gratis", "vederlagsfri", 1)), section("a2#11", fresh), section("a2#12a", extra)})
	other := numbered([]corpus.Section{section("b#5", strings.Replace(report, "§ 11", "§ 5", 1))})
	ix := NewIndex()
	ix.Add("a2", newer)
	ix.Add("b", other)
	ix.Seal()
	want := map[string]struct {
		status Status
		to     string
	}{
		"a1#10": {Changed, "a2#10"}, "a1#11": {Moved, "b#5"}, "a1#12": {Renumbered, "a2#12a"}, "a1#13": {Gone, ""}, "": {New, "a2#11"},
	}
	fates := ix.Compare(old, newer)
	if len(fates) != len(want) {
		t.Errorf("%d fates: %+v", len(fates), fates)
	}
	for _, f := range fates {
		if w := want[f.Old.Section]; f.Status != w.status || f.New.Section != w.to {
			t.Errorf("%s: %s %s, want %s %s (%.2f)", f.Old.Section, f.Status, f.New.Section, w.status, w.to, f.Similarity)
		}
	}
}

func TestCompareWithItself(t *testing.T) {
	list := numbered([]corpus.Section{section("a#1", "§ 1. Loven gælder for kommuner."), section("a#2", "§ 2. Kommunen skal svare.")})
	ix := NewIndex()
	ix.Add("a", list)
	ix.Seal()
	for _, f := range ix.Compare(list, list) {
		if f.Status != Unchanged {
			t.Errorf("%+v", f)
		}
	}
}
