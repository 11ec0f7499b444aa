package citation

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// short writes references compactly: "act|section-to|part|chapter|annex|number".
func short(refs []Ref) string {
	var out []string
	for _, r := range refs {
		s := r.Act + "|" + r.Section
		if r.SectionTo != "" {
			s += "-" + r.SectionTo
		}
		s += "|" + r.Part
		if r.Chapter != "" {
			s += "|kap " + r.Chapter
		}
		if r.Annex != "" {
			s += "|bilag " + r.Annex
		}
		if r.Number.No != 0 {
			s += "|" + r.Number.ID()
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestParse(t *testing.T) {
	const sel, rsl = "lov om social service", "lov om retssikkerhed og administration på det sociale område"
	for _, c := range []struct{ text, want string }{
		// The act before the §.
		{"servicelovens § 85, stk. 2, nr. 1", sel + "|85|stk. 2, nr. 1"},
		{"Efter servicelovens § 85 a skal", sel + "|85a|"},
		{"SEL § 85", sel + "|85|"},
		{"sel § 85 stk 2", sel + "|85|stk. 2"},
		{"SEL §85 stk 2 nr 1", sel + "|85|stk. 2, nr. 1"},
		{"SEL 85", sel + "|85|"},
		{"serviceloven 85, stk. 2", sel + "|85|stk. 2"},
		{"servicelovens paragraf 85", sel + "|85|"},
		{"Ældrelovens § 3", "ældrelov|3|"},
		{"barnets lovs § 5, og § 6, stk. 1", "barnets lov|5|; barnets lov|6|stk. 1"},
		{"lov om aktiv socialpolitiks § 11", "lov om aktiv socialpolitik|11|"},
		{"lov om dag-, fritids- og klubtilbud m.v. til børn og unge § 4", "lov om dag- fritids- og klubtilbud til børn og unge|4|"},
		{"forvaltningslovens §§ 19 og 24 og retssikkerhedslovens § 4", "forvaltningsloven|19|; forvaltningsloven|24|; " + rsl + "|4|"},
		{"udlændingelovens § 7, stk. 1 eller 2, § 8, § 9 c", "udlændingeloven|7|stk. 1; udlændingeloven|8|; udlændingeloven|9c|"},
		{"skovbrugslovens § 3", "skovbrugsloven|3|"},
		{"GDPR art. 22", "databeskyttelsesforordningen|22|"},
		{"databeskyttelsesforordningens artikel 6, stk. 1, litra e", "databeskyttelsesforordningen|6|stk. 1, litra e"},
		// The act behind it.
		{"§ 87 i barnets lov", "barnets lov|87|"},
		{"hvad siger § 19 i forvaltningsloven?", "forvaltningsloven|19|"},
		{"§ 85 i lov om social service.", sel + "|85|"},
		{"efter §§ 5, 6 a, 7 og 9 i lov om almene boliger m.v. kan", "lov om almene boliger|5|; lov om almene boliger|6a|; lov om almene boliger|7|; lov om almene boliger|9|"},
		{"§ 11 i lov om en aktiv beskæftigelsesindsats eller integrationslovens § 16", "lov om en aktiv beskæftigelsesindsats|11|; lov om integration af udlændinge i danmark|16|"},
		{"§ 2 i lov om kommunernes pligt til ting finder anvendelse", "lov om kommunernes pligt til ting|2|"},
		{"§ 3 i lov om social service, jf. lovbekendtgørelse nr. 1129 af 22. september 2025, gælder", sel + "|3||lbk-2025-1129"},
		{"§ 3 i lov nr. 721 af 13. juni 2023", "|3||lov-2023-721"},
		{"§ 4 i denne lov", "|4|"},
		{"servicelovens § 3 og § 7, stk. 2, i samme lov", sel + "|3|; " + sel + "|7|stk. 2"},
		// The text's own act.
		{"jf. § 4, stk. 1, 2. pkt., og § 9", "|4|stk. 1, 2. pkt.; |9|"},
		{"§ 42, stk. 1, nr. 3, litra b", "|42|stk. 1, nr. 3, litra b"},
		{"§ 42, stk. 1, 1. og 2. pkt.", "|42|stk. 1, 1. pkt."},
		{"denne lovs § 5", "|5|"},
		{"lovens § 5", "|5|"},
		{"Efter forvaltningsloven gælder § 3 i forvaltningsloven. Lovens § 5", "forvaltningsloven|3|; forvaltningsloven|5|"},
		// Ranges and lists.
		{"§§ 83-87", "|83-87|"},
		{"§§ 83 a til 87", "|83a-87|"},
		{"§ 11, stk. 3-5, og § 12", "|11|stk. 3; |12|"},
		{"§ 11, stk. 3 og 5, nr. 2", "|11|stk. 3, nr. 2"},
		{"§ 5, 14 dage efter", "|5|"},
		{"§ 5 i kommunen", "|5|"},
		{"§ 33 i", "|33|"},
		{"§ 33 i.", "|33i|"},
		{"§\u00a085\u00a0a,\nstk. 2", "|85a|stk. 2"},
		// Chapters, annexes, numbers.
		{"forvaltningslovens kapitel 4", "forvaltningsloven|||kap 4"},
		{"kap. 16 i lov om social service", sel + "|||kap 16"},
		{"se bilag 1", "|||bilag 1"},
		{"LBK nr 1129 af 22/09/2025", "|||lbk-2025-1129"},
		{"bekendtgørelse nr. 12 af 7. januar 2024 om hjælpemidler", "|||bek-2024-12"},
		// No references.
		{"efter stk. 2", ""}, {"artikel 5 i avisen", ""}, {"SEL 2026-10-01", ""}, {"ABL 1.000 kr.", ""}, {"BL er kort for", ""},
		{"§", ""}, {"§§ og", ""}, {"loven 2024", ""}, {"kapitlet om hjælp", ""}, {"", ""},
	} {
		if got := short(Parse(c.text)); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestParseFindsWhatLabelWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		act := rapid.SampledFrom(Acts()).Draw(t, "act")
		section := rapid.StringMatching(`[1-9][0-9]{0,2}[a-hj-z]?`).Draw(t, "section")
		part := rapid.SampledFrom([]string{"", "stk. 2", "stk. 3, nr. 4", "stk. 1, nr. 12, litra b", "stk. 2, 1. pkt."}).Draw(t, "part")
		for _, text := range []string{act.Name + " " + Label(section, part), "Efter " + Label(section, part) + " i " + act.Short + " kan vi"} {
			refs := Parse(text)
			if len(refs) != 1 || refs[0].Section != section || refs[0].Part != part || refs[0].Act != act.Name {
				t.Fatalf("%q: %s", text, short(refs))
			}
		}
	})
}

func TestNumber(t *testing.T) {
	for text, want := range map[string]string{
		"LBK nr 1129 af 22/09/2025":                        "lbk-2025-1129 LBK nr 1129 af 22/09/2025",
		"LBK nr 1129 af 2025-09-22":                        "lbk-2025-1129 LBK nr 1129 af 22/09/2025",
		"lovbekendtgørelse nr. 1129 af 22. september 2025": "lbk-2025-1129 LBK nr 1129 af 22/09/2025",
		"Lov nr. 721 af 2023":                              "lov-2023-721 LOV nr 721 af 2023",
		"BEK nr 12 af 7.1.2024":                            "bek-2024-12 BEK nr 12 af 07/01/2024",
	} {
		n, ok := ParseNumber(text)
		if got := n.ID() + " " + n.String(); !ok || got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"", "LBK", "LBK nr", "LBK nr 0 af 2020", "LBK nr 5 af 40. maj", "nr. 5 af 2020", "LBK nr 123456 af 2020"} {
		if n, ok := ParseNumber(text); ok {
			t.Errorf("%q gives %v", text, n)
		}
	}
}

func TestNamesOfActs(t *testing.T) {
	for _, name := range []string{"SEL", "sel", "serviceloven", "Servicelovens", "lov om social service", "Lov om Social Service"} {
		if a, ok := Act(name); !ok || a.Short != "serviceloven" {
			t.Errorf("%q: %+v", name, a)
		}
	}
	for title, want := range map[string][2]string{
		"Bekendtgørelse af lov om social service":                                                       {"lov om social service", "serviceloven"},
		"Bekendtgørelse af lov om dag-, fritids- og klubtilbud m.v. til børn og unge (dagtilbudsloven)": {"lov om dag- fritids- og klubtilbud til børn og unge", "dagtilbudsloven"},
		"Bekendtgørelse af forvaltningsloven":                                                           {"forvaltningsloven", "forvaltningsloven"},
		"Ældrelov":                                                                                      {"ældrelov", "ældreloven"},
		"Lov om ændring af lov om social service":                                                       {"", "Lov om ændring af lov om social service"},
		"Bekendtgørelse af lov om frugt (frugtloven)":                                                   {"lov om frugt", "frugtloven"},
		"Bekendtgørelse af lov om frugt":                                                                {"lov om frugt", "lov om frugt"},
	} {
		if got := [2]string{Family(title), ShortTitle(title)}; got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

func TestLabel(t *testing.T) {
	for _, c := range [][3]string{{"85", "", "§ 85"}, {"85a", "stk. 2", "§ 85 a, stk. 2"}, {"13-15", "", "§§ 13-15"}, {"3.2", "", "§ 3.2"}} {
		if got := Label(c[0], c[1]); got != c[2] {
			t.Errorf("%q, want %q", got, c[2])
		}
	}
}

// TestCorpusActsAreInTheTable keeps the table complete for the acts that
// municipalities load first.
func TestCorpusActsAreInTheTable(t *testing.T) {
	f, err := os.Open(sharedtest.Dir(t, "corpus", "law", "INDEX.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Scan() // the header
	for lines.Scan() {
		title := strings.Split(lines.Text(), "\t")[1]
		if _, ok := Act(Family(title)); !ok {
			t.Errorf("%s: family %q is not in acts.tsv", title, Family(title))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"servicelovens § 85, stk. 2, nr. 1", "§§ 83-87 og 9 a i lov om almene boliger m.v., jf. LBK nr. 1 af 1. maj 2020", "SEL 85", "artikel 6 \u00a7", "lov om", "§ 1 i lov om x y. z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, r := range Parse(text) {
			if r.Start < at || r.End > len(text) || r.Start >= r.End || text[r.Start:r.End] != r.Raw {
				t.Fatalf("%q: reference %+v after %d", text, r, at)
			}
			at = r.End
		}
	})
}

func BenchmarkParse(b *testing.B) {
	files, err := filepath.Glob(filepath.Join(sharedtest.Dir(b, "corpus", "law"), "s*.md"))
	if err != nil {
		b.Fatal(err)
	}
	var text strings.Builder
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		text.Write(data)
	}
	b.SetBytes(int64(text.Len()))
	n := 0
	for b.Loop() {
		n = len(Parse(text.String()))
	}
	b.ReportMetric(float64(n), "refs")
}
