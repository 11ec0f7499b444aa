package danish

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func parse(t testing.TB, text string) *Thesaurus {
	t.Helper()
	th, err := ParseThesaurus(strings.NewReader(text), "egne.txt")
	if err != nil {
		t.Fatal(err)
	}
	return th
}

// expanded writes expansions as "from→words of the law", for comparison.
func expanded(t *Thesaurus, text string) string {
	var out []string
	for _, e := range t.Expand(text) {
		to := e.From + "→" + strings.Join(e.Terms, " ")
		if e.Weight != 1 {
			to += fmt.Sprint(" ^", e.Weight)
		}
		out = append(out, to)
	}
	return strings.Join(out, "; ")
}

func TestExpand(t *testing.T) {
	th := parse(t, `
plejehjem => plejebolig
hjælp i hjemmet => personlig hjælp og pleje; praktisk hjælp ^0.5   # a comment
hjemmet => bolig
nær familie => pårørende
BPA => borgerstyret personlig assistance
STU => ungdomsuddannelse for unge med særlige behov
MED! => medindflydelse
bostøtte => socialpædagogisk støtte
børnecheck => børneydelse
§ 56-aftale => kronisk lidelse
hane => husdyrhold
tvist <=> uenighed`)
	for text, want := range map[string]string{
		"Hvad koster plejehjemmet?":               "plejehjemmet→plejebolig",
		"PLEJEHJEM":                               "PLEJEHJEM→plejebolig",
		"kan hun få hjælp i hjemmet nu":           "hjælp i hjemmet→personlig hjælp og pleje; hjælp i hjemmet→praktisk hjælp ^0.5",
		"i hjemmets stue":                         "hjemmets→bolig",
		"den nære families rolle":                 "nære families→pårørende",
		"en BPA-ordning, en bpa ordning":          "BPA→borgerstyret personlig assistance; bpa→borgerstyret personlig assistance",
		"STU'en i stuen, stu":                     "STU→ungdomsuddannelse for unge med særlige behov; stu→ungdomsuddannelse for unge med særlige behov",
		"et møde med MED og Med":                  "MED→medindflydelse",
		"ET MØDE MED EN BORGER":                   "",
		"MED":                                     "MED→medindflydelse",
		"bo-støtte, bostøtten, bo støtte":         "bo-støtte→socialpædagogisk støtte; bostøtten→socialpædagogisk støtte",
		"boernechecken":                           "boernechecken→børneydelse",
		"en § 56-aftale":                          "§ 56-aftale→kronisk lidelse",
		"kan han få en hane":                      "hane→husdyrhold",
		"§ 56 alene":                              "",
		"tvisten om en uenighed":                  "tvisten→uenighed; uenighed→tvist",
		"plejehjem og hjælp i plejehjemmet, ikke": "plejehjem→plejebolig; plejehjemmet→plejebolig",
		"": "",
	} {
		if got := expanded(th, text); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestDefaultThesaurusKnowsTheField(t *testing.T) {
	for text, want := range map[string]string{
		"må en borger komme på plejehjem":    "plejebolig",
		"er underretningspligten skærpet":    "underrette kommunalbestyrelsen",
		"bostøtte efter § 85":                "socialpædagogisk støtte",
		"kontanthjælp under ferie":           "hjælp til forsørgelse",
		"udbetaling ved barsel":              "fravær på grund af graviditet",
		"PPR har lavet en vurdering":         "pædagogisk psykologisk rådgivning",
		"skolepsykologen mener":              "pædagogisk psykologisk rådgivning",
		"GDPR":                               "databeskyttelsesforordningen",
		"søge handicapparkering":             "parkeringskort for personer med handicap",
		"den kommunale hjemmehjælp":          "personlig hjælp og pleje",
		"hvor lang er sagsbehandlingstiden":  "hvor lang tid der må gå fra modtagelsen af en ansøgning",
		"SFO-pladsen":                        "skolefritidsordning",
		"naboorientering før byggeriet":      "partshøring",
		"hvornår må vi tvangsfjerne et barn": "anbringelse uden for hjemmet",
	} {
		var got []string
		for _, e := range DefaultThesaurus().Expand(text) {
			got = append(got, strings.Join(e.Terms, " "))
		}
		if !slices.Contains(got, want) {
			t.Errorf("%q: %q lacks %q", text, got, want)
		}
	}
}

func TestParseThesaurusErrorsSayWhereAndWhatToDo(t *testing.T) {
	for text, want := range map[string]string{
		"plejehjem plejebolig":                    `egne.txt:1: "plejehjem plejebolig" has no arrow: write`,
		"# ok\n\nplejehjem => ":                   "egne.txt:3: one side of the arrow is empty",
		"=> plejebolig":                           "egne.txt:1: one side",
		"a, b => bolig ^2":                        "the weight after ^ must be above 0",
		"hjem => bolig ^":                         "the weight after ^",
		"hjem => bolig ^nan":                      "the weight after ^",
		"med => medindflydelse":                   "as MED! to match it in capitals only",
		"med! => medindflydelse":                  "says nothing in a search",
		"hund! => dyr":                            "not written in capitals",
		"hjem => og":                              "write the law's own words",
		"plejehjem => plejehjemmet":               "leads to itself",
		"plejehjem => bolig\nplejehjemmet => hus": `egne.txt:2: "plejehjemmet" stands in line 1 already`,
		"hjem => b\xf8lig":                        "save the file as UTF-8",
		"- og":                                    "says nothing in a search",
		"dårlig\nværre":                           "egne.txt:2:", // every line at once
	} {
		_, err := ParseThesaurus(strings.NewReader(text), "egne.txt")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestWithOverridesAddsAndRemoves(t *testing.T) {
	base := parse(t, "plejehjem => plejebolig\nbostøtte => støtte\nMED! => medindflydelse\nherberg => boform")
	own := parse(t, "\ufeff# Lindevig Kommune\r\nplejehjemmet => ældrecenter ^0.5\r\n- bostøtter, MED!\r\nÅhuset => aktivitets- og samværstilbud\r\n")
	both := base.With(own)
	for text, want := range map[string]string{
		"plejehjem":  "plejehjem→ældrecenter ^0.5",
		"bostøtte":   "",
		"MED":        "",
		"herberget":  "herberget→boform",
		"på åhuset":  "åhuset→aktivitets og samværstilbud",
		"på Aahuset": "Aahuset→aktivitets og samværstilbud",
	} {
		if got := expanded(both, text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := expanded(base, "plejehjem"); got != "plejehjem→plejebolig" {
		t.Error("the base was changed:", got)
	}
}

// subjects counts the entries under each heading of the file.
func subjects(t *testing.T) (names []string, counts map[string]int) {
	counts = map[string]int{}
	lines := strings.Split(thesaurusFile, "\n")
	bySource := map[int]int{}
	for _, e := range DefaultThesaurus().entries {
		bySource[e.line]++
	}
	name := ""
	for i, line := range lines {
		if heading, ok := strings.CutPrefix(line, "# == "); ok {
			name = strings.TrimSuffix(heading, " ==")
			names = append(names, name)
		}
		if n := bySource[i+1]; n > 0 && name == "" {
			t.Errorf("line %d stands under no heading", i+1)
		}
		counts[name] += bySource[i+1]
	}
	return names, counts
}

func TestEverySubjectIsCovered(t *testing.T) {
	const inAll, inEach = 1200, 15
	if n := len(DefaultThesaurus().entries); n < inAll {
		t.Errorf("%d entries, want %d", n, inAll)
	}
	names, counts := subjects(t)
	for _, name := range names {
		if counts[name] < inEach {
			t.Errorf("%s: %d entries, want %d", name, counts[name], inEach)
		}
		t.Logf("%4d %s", counts[name], name)
	}
	t.Logf("%4d entries", len(DefaultThesaurus().entries))
}

func FuzzParseThesaurus(f *testing.F) {
	for _, s := range []string{"a => b", "MED! <=> medindflydelse ^0.5", "- bolig, hus", "x => y ^", "\xff", "bo-støtte, § 56-aftale => støtte; hjælp # nej"} {
		f.Add(s, "en bo-støtte MED BPA")
	}
	f.Fuzz(func(t *testing.T, file, text string) {
		own, err := ParseThesaurus(strings.NewReader(file), "x.txt")
		if err != nil {
			if !strings.Contains(err.Error(), "x.txt:") {
				t.Fatalf("%q: %v names no place", file, err)
			}
			return
		}
		at := 0
		for _, e := range DefaultThesaurus().With(own).Expand(text) {
			if e.Start < at || e.End <= e.Start || e.From != text[e.Start:e.End] || len(e.Terms) == 0 || !(e.Weight > 0 && e.Weight <= 1) {
				t.Fatalf("%q, %q: %+v after %d", file, text, e, at)
			}
			at = e.Start
		}
	})
}

func BenchmarkExpand(b *testing.B) {
	th := DefaultThesaurus()
	const question = "Kan en borger på plejehjem få bostøtte og hjælp til kørsel til læge, når hun også får BPA?"
	b.ReportAllocs()
	b.SetBytes(int64(len(question)))
	for b.Loop() {
		th.Expand(question)
	}
}

func BenchmarkParseThesaurus(b *testing.B) {
	b.SetBytes(int64(len(thesaurusFile)))
	for b.Loop() {
		if _, err := ParseThesaurus(strings.NewReader(thesaurusFile), "thesaurus.txt"); err != nil {
			b.Fatal(err)
		}
	}
}
