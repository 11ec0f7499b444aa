package danish

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

func terms(text string) string {
	var out []string
	for _, t := range Tokens(text) {
		out = append(out, t.Term)
	}
	return strings.Join(out, " ")
}

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		"Kommunalbestyrelsen skal yde hjælp.": "kommunalbestyrelsen skal yde hjælp",
		"børne- og ungeudvalget":              "børne og ungeudvalget",
		"efter § 85 a, stk. 2":                "efter §85a stk 2",
		"§§ 83, 85 a og 86-87":                "§83 §85a §86 §87",
		"§ 85 i lov om":                       "§85 i lov om",
		"§85":                                 "§85",
		"højst 1.250.000,50 kr. om året":      "højst 1250000,5kr om året",
		"25 procent, 3,0 pct. og 10%":         "25% 3% og 10%",
		"100 kroner og 5 kroners mønt":        "100kr og 5 kroners mønt",
		"den 22. september 2025":              "den 2025-09-22",
		"22/09/2025, 22-9-2025, 2025-09-22":   "2025-09-22 2025-09-22 2025-09-22",
		"32/13/2025":                          "32 13 2025",
		"14 dage":                             "14 dage",
		"nr. 3 og 85a":                        "nr 3 og 85a",
		"Allé, café, MÜLLER":                  "alle cafe muller",
		"a\u030abningstid":                    "åbningstid",
		"tids\u00adfrist":                     "tidsfrist",
		"o\ufb03ciel ｋｏｍｍｕｎｅ":                 "officiel kommune",
		"SØGNÄRING":                           "søgnæring",
		"":                                    "",
		"§ § ...":                             "",
	} {
		if got := terms(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTokenRangesSliceToWhatWasWritten(t *testing.T) {
	text := "Æblet koster 1.000 kr., jf. § 2 a, fra 1. maj 2024."
	var got []string
	for _, tok := range Tokens(text) {
		got = append(got, text[tok.Start:tok.End])
	}
	want := []string{"Æblet", "koster", "1.000 kr", "jf", "§ 2 a", "fra", "1. maj 2024"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestStem(t *testing.T) {
	for _, same := range [][]string{
		{"afgørelse", "afgørelsen", "afgørelser", "afgørelserne", "afgørelsers"}, {"kommune", "kommunen", "kommuner", "kommunens"}, {"barn", "barnet", "barnets"},
	} {
		for _, w := range same {
			if Stem(w) != Stem(same[0]) {
				t.Errorf("%s → %s, %s → %s", w, Stem(w), same[0], Stem(same[0]))
			}
		}
	}
	if StemLang("en", "obligations") != StemLang("en", "obligation") || Stem("§85a") != "§85a" || Stem("") != "" {
		t.Error("English, references, nothing")
	}
}

func TestStopWordsKeepLegalMeaning(t *testing.T) {
	for _, w := range []string{"ikke", "uden", "skal", "kan", "må", "hvis", "medmindre", "dog", "senest", "inden"} {
		if Stop(w) {
			t.Errorf("%q changes what a rule says", w)
		}
	}
	for _, w := range []string{"og", "i", "the", "som"} {
		if !Stop(w) {
			t.Errorf("%q says nothing", w)
		}
	}
}

func TestSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"Æbler plukkes. Pærer plukkes ikke.":                                   {"Æbler plukkes.", "Pærer plukkes ikke."},
		"§ 85. Kommunen skal hjælpe. Stk. 2. Den kan afslå.":                   {"§ 85. Kommunen skal hjælpe.", "Stk. 2. Den kan afslå."},
		"§ 85 a. Kommunen skal hjælpe.":                                        {"§ 85 a. Kommunen skal hjælpe."},
		"Efter § 4, stk. 2, jf. stk. 3, nr. 1, gælder det bl.a. Kommunen":      {"Efter § 4, stk. 2, jf. stk. 3, nr. 1, gælder det bl.a. Kommunen"},
		"Fra den 1. januar 2024 ydes 100 kr. pr. dag. Det gælder ca. 14 dage.": {"Fra den 1. januar 2024 ydes 100 kr. pr. dag.", "Det gælder ca. 14 dage."},
		"Loven trådte i kraft i 2024. Den gælder.":                             {"Loven trådte i kraft i 2024.", "Den gælder."},
		"Kapitel om æbler\nÆbler er frugt":                                     {"Kapitel om æbler", "Æbler er frugt"},
		"Må man det? Ja! »Godt.« Så.":                                          {"Må man det?", "Ja!", "»Godt.«", "Så."},
		"H.C. Andersen skrev. Det var f.eks. eventyr.":                         {"H.C. Andersen skrev.", "Det var f.eks. eventyr."},
		"§ 4, stk. 1, 2. pkt., gælder. Det er alt":                             {"§ 4, stk. 1, 2. pkt., gælder.", "Det er alt"},
		"  ": nil,
	} {
		var got []string
		for _, r := range Sentences(text) {
			got = append(got, text[r[0]:r[1]])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestDetectLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"Kommunalbestyrelsen skal yde hjælp til personer, der har behov for det.":          "da",
		"The controller shall be responsible for, and be able to demonstrate, compliance.": "en",
		"SEL § 85": "da", "": "da", "What must a firm report?": "en",
	} {
		if got := DetectLanguage(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestVariants(t *testing.T) {
	if v := Variants("boern"); !slices.Equal(v, []string{"børn"}) {
		t.Error(v)
	}
	if v := Variants("børn"); v != nil {
		t.Error(v)
	}
}

func TestSplit(t *testing.T) {
	s := NewSplitter(map[string]int{"arbejd": 50, "fortjenest": 9, "børn": 80, "hus": 3, "sag": 90, "behandling": 70, "frist": 60, "kommun": 99, "bestyrels": 40, "sagsbehandling": 30})
	for word, want := range map[string][]string{
		"arbejdsfortjenest":    {"arbejd", "fortjenest"},
		"kommunebestyrels":     {"kommun", "bestyrels"},
		"behandlingsfrist":     {"behandling", "frist"},
		"sagsbehandlingsfrist": {"sagsbehandling", "frist"},
		"kommun":               nil, "fortjenest": nil, "arbejdsløshed": nil, "": nil, "2024-01-01": nil,
	} {
		if got := s.Split(word); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"§§ 83, 85 a og 86-87", "1.000,50 kr.", "22. september 2025", "a\u030a", "\xff§\xc2", "2024-01-01-02"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, tok := range Tokens(text) {
			if tok.Start < at || tok.End <= tok.Start || tok.End > len(text) || tok.Term == "" {
				t.Fatalf("%q: %+v after %d", text, tok, at)
			}
			at = tok.End
			Stem(tok.Term)
		}
	})
}

func FuzzSentences(f *testing.F) {
	f.Add("§ 85. Æbler. Stk. 2. Pærer, jf. nr. 1.\nNyt (»her.«)")
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, r := range Sentences(text) {
			if r[0] < at || r[1] <= r[0] || r[1] > len(text) || utf8.ValidString(text) && !utf8.ValidString(text[r[0]:r[1]]) {
				t.Fatalf("%q: %v after %d", text, r, at)
			}
			if strings.TrimSpace(text[at:r[0]]) != "" {
				t.Fatalf("%q: text lost before %v", text, r)
			}
			at = r[1]
		}
	})
}

func BenchmarkTokensAndStems(b *testing.B) {
	data, err := os.ReadFile(sharedtest.Dir(b, "corpus", "law", "social-service.md"))
	if err != nil {
		b.Fatal(err)
	}
	text := string(data)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for _, t := range Tokens(text) {
			Stem(t.Term)
		}
	}
}

func TestIsQuestion(t *testing.T) {
	for text, want := range map[string]bool{
		"Hvornår kan vi yde tabt arbejdsfortjeneste?":       true,
		"hvad er fristen for at klage over en afgørelse":    true,
		"Kan kommunen kræve penge tilbage":                  true,
		"og hvad så hvis borgeren flytter?":                 true,
		"What must a report contain":                        true,
		"tabt arbejdsfortjeneste":                           false,
		"Aktivitets- og samværstilbud - sindslide":          false,
		"SEL § 85, stk. 2":                                  false,
		"skal-opgaver":                                      false, // two words are no question
		"":                                                  false,
		"frist for, hvornår en borger senest skal høres om": false,
	} {
		if got := IsQuestion(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
