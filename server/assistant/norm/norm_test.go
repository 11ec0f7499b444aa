package norm

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func quantitiesOf(text string) string {
	var out []string
	for _, q := range Quantities(text) {
		s := fmt.Sprintf("%d:%s", q.Kind, q.String())
		if q.Per != "" {
			s += "/" + q.Per
		}
		out = append(out, s+[]string{"", "≤", "≥", "<", ">"}[q.Cmp])
	}
	return strings.Join(out, " ")
}

func TestQuantities(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Klagen skal være modtaget inden 4 uger efter afgørelsen.", "0:28 dage≤"},
		{"inden fire uger", "0:28 dage≤"},
		{"senest fjorten dage efter", "0:14 dage≤"},
		{"2 uger", "0:14 dage"},
		{"inden for en måned", "0:1 måneder≤"},
		{"i op til 3 måneder", "0:3 måneder≤"},
		{"senest 24 timer efter modtagelsen", "0:24 timer≤"},
		{"inden for et døgn", "0:24 timer≤"},
		{"senest 6 hverdage efter", "0:6 hverdage≤"},
		{"med 8 ugers varsel", "0:56 dage"},
		{"15 timers ledsagelse om måneden", "0:15 timer/måned"},
		{"i 20 timer om ugen", "0:20 timer/uge"},
		{"i halvandet år", "0:18 måneder"},
		{"dog højst 34.055 kr. om måneden (2023-niveau)", "1:34055 kr.≤"},
		{"mindst 15 pct. af dagene", "2:15 pct.≥"},
		{"10 % af beløbet", "2:10 pct."},
		{"børn under 18 år", "3:18 år<"},
		{"den unge, der er fyldt 15 år", "3:15 år>"},
		{"unge mellem 12 og 17 år", "3:12 år 3:17 år"},
		{"unge i alderen 10-17 år", "3:10 år 3:17 år"},
		{"15-årige", "3:15 år"},
		{"personer på 18 år eller derover", "3:18 år"},
		{"mindst én gang om året", "4:12 måneder imellem≥"},
		{"hvert andet år", "4:24 måneder imellem"},
		{"hver 3. måned", "4:3 måneder imellem"},
		{"mindst to gange årligt", "4:6 måneder imellem≥"},
		{"senest den 1. november", "5:1. november≤"},
		{"udvalget har mindst tre medlemmer", "6:3 medlem≥"},
		{"der skal indhentes to eller flere bud", ""},
		{"der skal vælges tre eller flere suppleanter", "6:3 suppleant"},
		{"mindst én sagkyndig deltager", "6:1 deltag≥"},
		{"jf. § 12, stk. 2, nr. 3", ""},
		{"LBK nr. 1129 af 22. september 2025", ""},
		{"Kapitel 3 og punkt 4.2", ""},
		{"kl. 14.30", ""},
		{"et barn og en ung", ""},
	} {
		if got := quantitiesOf(c.text); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestModality(t *testing.T) {
	for _, c := range []struct {
		text  string
		want  Modality
		verbs string
	}{
		{"Kommunen skal bekræfte modtagelsen.", Must, "bekræft"},
		{"Når kommunen modtager en underretning, skal den vurdere barnets sundhed.", Must, "vurd"},
		{"Hvis barnet kan tale for sig selv, skal samtalen holdes.", Must, "hold"},
		{"Kommunen kan yde hjælp til personer, der skal flytte.", May, "yd"},
		{"Der må ikke træffes afgørelse, før parten er hørt.", MustNot, "træff"},
		{"Kommunen kan ikke opkræve betaling.", MustNot, "opkræv"},
		{"Kommunen skal ikke høre parten.", NeedNot, "hø"},
		{"Kommunen skal ikke alene vejlede.", Must, "vejled"},
		{"Ingen må modtage et barn.", MustNot, "modtag"},
		{"Kommunen bør tilbyde en samtale.", Should, "tilbyd"},
		{"Kommunen yder hjælp.", None, ""},
		{"Inden kommunen kan træffe afgørelse, skal den høre parten.", Must, "hø"},
		{"Efter servicelovens § 85 skal kommunen tilbyde støtte.", Must, "tilbyd"},
		{"Afgørelser kan som hovedregel ikke indbringes.", MustNot, "klag"},
		{"Den, der er inhabil, må hverken træffe afgørelse eller medvirke.", MustNot, "træf"},
		{"Serviceniveauet kan der ikke klages over.", MustNot, ""},
		{"For personer mellem 40 og 50 år kan perioden, hvor personen er i forløb, ikke overstige 5 år.", MustNot, ""},
		{"Ved hver samtale tager vi stilling til, om borgeren er uarbejdsdygtig, eller om arbejdet kan genoptages.", None, ""},
		{"Kan fristen ikke holdes, skal borgeren have besked.", Must, ""},
		{"Forældre skal have mulighed for at ønske et dagtilbud.", May, ""},
		{"Inden 4 uger skal sagen genvurderes.", Must, ""},
		{"Enhver har pligt til at underrette kommunen.", Must, "underret"},
	} {
		s := &corpus.Section{Text: c.text}
		got := Read(s)
		if len(got) != 1 || got[0].Modality != c.want {
			t.Errorf("%q: %v, want %v", c.text, got, c.want.Danish())
			continue
		}
		if c.verbs != "" && (len(got[0].Verbs) == 0 || !strings.HasPrefix(got[0].Verbs[0], c.verbs[:2])) {
			t.Errorf("%q: verbs %v, want %s", c.text, got[0].Verbs, c.verbs)
		}
	}
}

func FuzzQuantities(f *testing.F) {
	for _, s := range []string{"senest 4 uger", "§ 5, stk. 2", "10-17 år", "1.000.000 kr", "hver 3. måned", "\xc2 æ 12 pct"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, q := range Quantities(text) {
			if q.Start < at || q.End > len(text) || q.Start >= q.End {
				t.Fatalf("%q: %+v after %d", text, q, at)
			}
			at = q.End
		}
	})
}
