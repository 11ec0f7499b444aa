package register

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

const small = `
# a municipality's own
lov: hundeloven
§ 6: hunden har bidt; aflivning af farlig hund
lov: serviceloven
§ 85: bostøtte; hjemmevejleder # everyday
§ 88, stk. 3: frist for svar på ansøgning om hjemmehjælp
§ 112: tilskud til hjælpemidler; hvem betaler for en kørestol
`

func parse(t *testing.T, text string) *Register {
	t.Helper()
	r, err := Parse(strings.NewReader(text), "egne.txt")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFindLeadsFromWhatPeopleSayToTheProvision(t *testing.T) {
	r := parse(t, small)
	for _, c := range []struct{ question, family, local, part, phrase string }{
		{"Hvad gør vi, når en hund har bidt et barn?", "lov om hunde", "6", "", "hunden har bidt"},
		{"Kan hun få en hjemmevejleder?", "lov om social service", "85", "", "hjemmevejleder"},
		{"Hvad er fristen for at svare på en ansøgning om hjemmehjælp?", "lov om social service", "88", "stk. 3", "frist for svar på ansøgning om hjemmehjælp"},
		{"Hvem skal betale kørestolen?", "lov om social service", "112", "", "hvem betaler for en kørestol"},
	} {
		found := r.Find(c.question, Meaning{}, 5)
		if len(found) == 0 {
			t.Errorf("%s: nothing", c.question)
			continue
		}
		f := found[0]
		if f.Family != c.family || f.Local != c.local || f.Part != c.part || f.Phrase != c.phrase || f.Score <= 0 || f.Score > 1 {
			t.Errorf("%s: %s § %s %s %q %.2f", c.question, f.Family, f.Local, f.Part, f.Phrase, f.Score)
		}
	}
	if found := r.Find("byggetilladelse til carport", Meaning{}, 5); len(found) > 0 {
		t.Errorf("a question that no subject speaks of finds %q", found[0].Phrase)
	}
	if found := r.Find("", Meaning{}, 5); len(found) > 0 {
		t.Errorf("nothing finds %q", found[0].Phrase)
	}
}

func TestTheSubjectItselfFitsBest(t *testing.T) {
	r := parse(t, small)
	for _, e := range r.Entries() {
		for _, p := range e.Phrases {
			found := r.Find(p, Meaning{}, 1)
			if len(found) != 1 || found[0].Phrase != p || found[0].Score < 0.99 {
				t.Errorf("%q finds %+v", p, found)
			}
		}
	}
}

func TestOwnRegisterOverridesTheBuiltInOne(t *testing.T) {
	r := parse(t, small).With(parse(t, "lov: serviceloven\n§ 85: støtte i Åhuset\n- § 112\n"))
	for question, want := range map[string]string{"støtte i Åhuset": "85", "hjemmevejleder": "", "kørestol": "", "bidt af hund": "6"} {
		got := ""
		if found := r.Find(question, Meaning{}, 1); len(found) > 0 {
			got = found[0].Local
		}
		if got != want {
			t.Errorf("%s: § %s, want %s", question, got, want)
		}
	}
}

func TestUnusableLinesAreNamed(t *testing.T) {
	_, err := Parse(strings.NewReader("§ 1: for tidligt\nlov: serviceloven\n85: bostøtte\n§ 85 bostøtte\n§ 86:\n§ 87: a\n§ 87: b\nlov:\n- § x\n"), "egne.txt")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"egne.txt: line 1: the first line must name the act", "line 3: ", "line 4: ", "line 5: § 86 has no subjects",
		"line 7: § 87 stands in line 6 already", `line 8: "lov:" without`, "line 9: ",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
}

// TestProvisionsStandInTheActs holds the built-in register to the acts: a
// provision that was repealed or moved leads nowhere.
func TestProvisionsStandInTheActs(t *testing.T) {
	acts := map[string]string{}
	files, err := filepath.Glob(filepath.Join(sharedtest.Dir(t, "corpus", "law"), "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, title, _ := strings.Cut(string(text), "title: ")
		title, _, _ = strings.Cut(title, "\n")
		acts[citation.Family(strings.TrimPrefix(title, "Bekendtgørelse af "))] = string(text)
	}
	phrases := 0
	for _, e := range Default().Entries() {
		phrases += len(e.Phrases)
		text, ok := acts[e.Family]
		if e.Local == "" {
			if ok {
				t.Errorf("%s is in the corpus: its subjects belong to its provisions", e.Act)
			}
			continue
		}
		if !ok {
			t.Errorf("%s is no act of the corpus", e.Family)
			continue
		}
		number := strings.TrimRight(e.Local, "abcdefghijklmnopqrstuvwxyzæøå")
		letter := strings.TrimPrefix(e.Local, number)
		_, rest, ok := strings.Cut(text, "\n"+strings.TrimSpace("§ "+number+" "+letter)+".")
		if !ok && letter != "" {
			_, rest, ok = strings.Cut(text, "\n§ "+number+" "+strings.ToUpper(letter)+".")
		}
		if !ok {
			t.Errorf("%s § %s does not stand in the act", e.Family, e.Local)
			continue
		}
		rest, _, _ = strings.Cut(rest, "\n§ ")
		if stk, ok := strings.CutPrefix(e.Part, "stk. "); ok && stk != "1" {
			stk, _, _ = strings.Cut(stk, ",")
			if !strings.Contains(rest, "\nStk. "+stk+".") {
				t.Errorf("%s § %s has no %s", e.Family, e.Local, e.Part)
			}
		}
		if strings.HasPrefix(strings.TrimSpace(rest), "(Ophævet)") {
			t.Errorf("%s § %s is repealed", e.Family, e.Local)
		}
	}
	t.Logf("%d provisions of %d acts, %d subjects", len(Default().Entries()), len(acts), phrases)
}

func FuzzParse(f *testing.F) {
	f.Add(small)
	f.Add("lov: x\n- § 1\n§ 2, stk. 3: ;;\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(strings.NewReader(text), "fuzz")
		if err != nil {
			if r != nil || errors.Unwrap(err) == nil && err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		for _, e := range r.Entries() {
			if e.Act == "" || e.Family == "" && e.Local != "" || len(e.Phrases) == 0 {
				t.Errorf("%+v", e)
			}
			for _, p := range e.Phrases {
				for _, found := range r.Find(p, Meaning{}, 3) {
					if found.Score <= 0 || found.Score > 1 {
						t.Errorf("%q: %v", p, found.Score)
					}
				}
			}
		}
	})
}
