package assistant

import (
	"slices"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func TestUnits(t *testing.T) {
	text := strings.Join([]string{
		"§ 5. Kommunen skal yde hjælp, jf. dog stk. 2, om afslag. Hjælpen er gratis.",
		"Stk. 2. Kommunen kan afslå hjælp, hvis",
		"1) behovet er dækket af",
		"a) familien eller",
		"b) andre, eller",
		"2) ansøgeren er bortrejst.",
		"Stk. 3. Det samme gælder, når ansøgeren flytter.",
	}, "\n")
	sec := corpus.Section{Text: text}
	var got []string
	all := units(&sec)
	for _, u := range all {
		got = append(got, u.in(text))
	}
	want := []string{
		"Kommunen skal yde hjælp, jf. dog stk. 2, om afslag.",
		"Hjælpen er gratis.",
		"Kommunen kan afslå hjælp, hvis\n1) behovet er dækket af\na) familien eller\nb) andre, eller\n2) ansøgeren er bortrejst.",
		"Det samme gælder, når ansøgeren flytter.",
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got %q", got)
	}
	list := all[2]
	if len(list.items) != 2 || list.items[0].in(text) != "1) behovet er dækket af\na) familien eller\nb) andre, eller" {
		t.Errorf("items %v", list.items)
	}
	if list.lead.in(text) != "Kommunen kan afslå hjælp, hvis" {
		t.Errorf("lead-in %q", list.lead.in(text))
	}
	if !all[3].leans(text) || all[2].leans(text) {
		t.Error("only the last unit leans on the one before it")
	}
}

func TestLeaning(t *testing.T) {
	for opening, want := range map[string]bool{
		"Det samme gælder, hvis barnet er anbragt.":         true,
		"Denne frist kan forlænges.":                        true,
		"1. pkt. gælder ikke for unge.":                     true,
		"1. og 2. pkt. gælder ikke for unge.":               true,
		"Den, der får hjælp, har pligt til at oplyse det.":  false,
		"De, der får hjælp, har pligt til at oplyse det.":   false,
		"Den kan forlænges.":                                true,
		"Den børnefaglige undersøgelse skal afsluttes.":     false,
		"De nødvendige undervisningsmidler er gratis.":      false,
		"Det er en betingelse, at ansøgeren bor i landet.":  false,
		"Kommunalbestyrelsen træffer afgørelse om hjælpen.": false,
	} {
		text := "Noget før. " + opening
		u := unit{span: span{len("Noget før. "), len(text)}, prev: 0}
		if u.leans(text) != want {
			t.Errorf("%q leans: %v", opening, !want)
		}
	}
	first := unit{span: span{0, 9}, prev: -1}
	if first.leans("Denne lov") {
		t.Error("the first unit has nothing to lean on")
	}
}

func TestLongListIsQuotedByItsItems(t *testing.T) {
	items := []string{"Kommunen kan yde støtte til"}
	for i := range 12 {
		item := string(rune('a'+i)) + ") udgifter til " + strings.Repeat("forskellige formål og ", 4) + "andet,"
		if i == 7 {
			item = "h) udgifter til specialcykler til voksne med nedsat førlighed,"
		}
		items = append(items, item)
	}
	b := newBed()
	b.add(corpus.Document{ID: "d", Title: "Lov om cykler", Kind: corpus.KindAct},
		[]corpus.Section{{ID: "1", Label: "§ 1", Text: "§ 1. " + strings.Join(items, "\n")}})
	ans := ask(t, New(b, b, allowed), "Kan der ydes støtte til specialcykler?")
	if len(ans.Answer) != 1 || ans.Answer[0].Text != "Kommunen kan yde støtte til […] "+items[8] || len(ans.Answer[0].Citations) != 2 {
		t.Errorf("%s", render("", ans, false, false))
	}
}

func FuzzUnits(f *testing.F) {
	f.Add("§ 1. A b. C d.\n1) e\na) f\nStk. 2. Det samme gælder.")
	f.Add("\n\n1) \n§ 2.")
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for i, u := range units(&corpus.Section{Text: text}) {
			if u.start < end || u.end <= u.start || u.end > len(text) || u.prev != i-1 {
				t.Fatalf("unit %d is %+v after %d", i, u, end)
			}
			end = u.end
			u.leans(text)
		}
	})
}
