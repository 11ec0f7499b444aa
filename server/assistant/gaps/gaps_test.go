package gaps

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// guideline reads a guideline from Markdown.
func guideline(tb testing.TB, name, text string) Text {
	tb.Helper()
	draft, err := ingest.Draft(context.Background(), name, []byte(text), func(string) error { return nil })
	if err != nil {
		tb.Fatal(err)
	}
	return OfDraft(name, draft)
}

// brief writes findings compactly: "kind quote > law > now".
func brief(r *Report) string {
	var out []string
	for _, f := range r.Findings {
		s := string(f.Kind) + " " + f.At.Quote
		if f.Law != nil {
			s += " > " + f.Law.Reference
		}
		if f.Now != nil {
			s += " > " + f.Now.Reference
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}

func TestReferences(t *testing.T) {
	checker := NewChecker(lawLibrary(t))
	const sel, bl = "Bekendtgørelse af lov om social service (LBK nr 1129 af 22/09/2025)", "Bekendtgørelse af barnets lov (LBK nr 282 af 17/03/2025)"
	for _, c := range []struct{ text, asOf, want string }{
		{"Merudgifter gives efter servicelovens § 41.", "", "outdated servicelovens § 41 > serviceloven § 41 > barnets lov § 86"},
		{"Merudgifter gives efter servicelovens § 41.", "2023-10-01", ""},
		{"Tabt arbejdsfortjeneste, jf. SEL § 42, stk. 1.", "", "outdated SEL § 42, stk. 1 > serviceloven § 42 > barnets lov § 87"},
		{"Børnehuse følger servicelovens § 50 a.", "", "outdated servicelovens § 50 a > serviceloven § 50 a > barnets lov § 124"},
		{"Det følger af servicelovens §§ 95 og 96 og § 97, stk. 8.", "", ""},
		{"Hjælp gives efter servicelovens § 985.", "", "unknown_reference servicelovens § 985 > " + sel},
		{"Jf. barnets lov § 138, stk. 9.", "", "unknown_reference barnets lov § 138, stk. 9 > barnets lov § 138"},
		{"Jf. barnets lov § 138, stk. 2-3.", "", ""},
		{"Jf. barnets lov § 138, stk. 2-6.", "", "unknown_reference barnets lov § 138, stk. 2-6 > barnets lov § 138"},
		{"Serviceloven (LBK nr. 1089 af 16/08/2023) gælder.", "", "outdated LBK nr. 1089 af 16/08/2023 > Bekendtgørelse af lov om social service (LBK nr 1089 af 16/08/2023) > " + sel},
		{"Barnets lov, jf. lovbekendtgørelse nr. 83 af 25. januar 2024.", "", "outdated lovbekendtgørelse nr. 83 af 25. januar 2024 > " + bl},
		{"Barnets lov, LBK nr 282 af 17/03/2025, gælder.", "", ""},
		{"Serviceloven, LBK nr 282 af 17/03/2025, gælder.", "", "unknown_reference LBK nr 282 af 17/03/2025 > " + bl + " > " + sel},
		{"Barnets lov, LBK nr 282 af 18/03/2025, gælder.", "", "unknown_reference LBK nr 282 af 18/03/2025 > " + bl},
		{"Efter barnets lov skal der underrettes. Det fremgår af § 133.", "", ""},
		{"Efter barnets lov skal der underrettes. Det fremgår af § 555.", "", "unknown_reference § 555 > " + bl},
		{"Efter databeskyttelseslovens § 6 og GDPR art. 9.", "", ""},
		{"Efter § 3 i bekendtgørelse nr. 1234 af 4. oktober 2018.", "", ""},
		{"Efter parkhegnslovens § 3.", "", "unknown_reference parkhegnslovens § 3"},
		{"Se kapitel 3 og bilag 2 i denne vejledning.", "", ""},
		{"Efter kapitel 16 i barnets lov.", "", ""},
		{"Efter kapitel 99 i barnets lov.", "", "unknown_reference kapitel 99 i barnets lov > " + bl},
	} {
		r, err := checker.Check(t.Context(), guideline(t, "v.md", "# Vejledning\n\n"+c.text), Options{AsOf: corpus.Date(c.asOf), ReferencesOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := brief(&r); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestFiguresAndModality(t *testing.T) {
	checker := NewChecker(lawLibrary(t))
	for _, c := range []struct{ text, want string }{
		{"Kommunen skal senest 8 hverdage efter modtagelsen bekræfte modtagelsen af underretningen, jf. barnets lov § 138, stk. 1.", "contradiction"},
		{"Kommunen skal senest seks hverdage efter modtagelsen bekræfte modtagelsen af underretningen, jf. barnets lov § 138, stk. 1.", ""},
		{"Senest et døgn efter modtagelsen skal det vurderes, om barnets sundhed er i fare, jf. barnets lov § 136, stk. 2.", ""},
		{"Klagen skal ske inden 28 dage efter meddelelsen om afgørelsen, jf. retssikkerhedslovens § 67, stk. 1.", ""},
		{"Klagen skal ske inden 1 måned efter meddelelsen om afgørelsen, jf. retssikkerhedslovens § 67, stk. 1.", "contradiction"},
		{"Kommunen har lokalt fastsat en frist på 3 uger for afgørelsen, jf. retssikkerhedslovens § 67, stk. 1.", ""},
		{"Kommunen kan bekræfte modtagelsen af underretningen over for den, der foretog den, jf. barnets lov § 138, stk. 1.", "contradiction"},
		{"Kommunen må registrere en person på en adresse, selv om der er tvivl om, hvorvidt vedkommende bor der, jf. CPR-lovens § 6, stk. 3.", "contradiction"},
	} {
		r, err := checker.Check(t.Context(), guideline(t, "v.md", "# Vejledning\n\n"+c.text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, f := range r.Findings {
			if f.Kind == Contradiction {
				got = "contradiction"
			}
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q\n%s", c.text, got, c.want, brief(&r))
		}
	}
}

// TestPartlyCovered tells duties that a text repeats in full from those that it
// repeats without their deadline or exception.
func TestPartlyCovered(t *testing.T) {
	checker := NewChecker(lawLibrary(t))
	for _, c := range []struct {
		text string
		want Outcome
	}{
		{"Kommunen skal bekræfte modtagelsen af en underretning over for den, der foretog underretningen, senest seks hverdage efter modtagelsen, jf. barnets lov § 138, stk. 1.", InOrder},
		{"Kommunen skal bekræfte modtagelsen af en underretning over for den, der foretog underretningen, jf. barnets lov § 138, stk. 1.", Partly},
	} {
		r, err := checker.Check(t.Context(), guideline(t, "v.md", "# Vejledning\n\n"+c.text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := Outcome("")
		for _, check := range r.Checked {
			if check.Subject == OfRequirement && check.Law.Reference == "barnets lov § 138, stk. 1" {
				got = check.Outcome
				if check.Confidence <= 0 || check.Confidence > 1 || check.Outcome == Partly && check.Note == "" {
					t.Errorf("%q: %+v", c.text, check)
				}
				break
			}
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// TestSamples finds the three defects that are planted in the sample documents,
// and little else: every further finding alarms a caseworker.
func TestSamples(t *testing.T) {
	checker := NewChecker(lawLibrary(t))
	planted := map[string]string{
		"underretninger.md": "barnets lov § 138, stk. 1", "kompensationsydelse-voksne.docx": "barnets lov § 86",
		"jobafklaring-og-ressourceforloeb.html": "beskæftigelsesindsatsloven § 109, stk. 1",
	}
	files, err := filepath.Glob("../../../ingest/samples/documents/*")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d sample documents: %v", len(files), err)
	}
	var others []string
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		r, err := checker.Check(t.Context(), guideline(t, name, string(data)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkQuotes(t, guideline(t, name, string(data)), &r)
		for _, f := range r.Findings {
			if place := planted[name]; place != "" && (f.Law.Reference == place || f.Now != nil && f.Now.Reference == place) {
				delete(planted, name)
				continue
			}
			others = append(others, fmt.Sprintf("%s: %s %.2f %s", name, f.Kind, f.Confidence, f.Explanation))
			if f.Kind != Missing {
				t.Errorf("%s: false alarm: %s", name, f.Explanation)
			}
		}
	}
	if len(planted) > 0 {
		t.Errorf("not found: %v", planted)
	}
	t.Logf("%d further findings in %d documents:\n%s", len(others), len(files), strings.Join(others, "\n"))
	if len(others) > 6 {
		t.Errorf("%d further findings", len(others))
	}
}

// checkQuotes holds every quote against the text that it is said to be a slice of.
func checkQuotes(t *testing.T, text Text, r *Report) {
	t.Helper()
	sections := map[string]string{}
	for _, s := range text.Sections {
		sections[s.ID] = s.Text
	}
	for _, f := range r.Findings {
		if s := sections[f.At.Section]; f.At.End > len(s) || s[f.At.Start:f.At.End] != f.At.Quote {
			t.Errorf("%s: %q is not at %d in %s", text.ID, f.At.Quote, f.At.Start, f.At.Section)
		}
		if f.Kind != UnknownRef && f.Law == nil && f.Now == nil {
			t.Errorf("%s: a finding shows one place only: %+v", text.ID, f)
		}
	}
}

func TestCompareVersions(t *testing.T) {
	c, err := Compare(t.Context(), lawLibrary(t), "lbk-2023-1089", "lbk-2025-1129")
	if err != nil {
		t.Fatal(err)
	}
	cited := 0
	for _, s := range c.Sections {
		if s.Old != nil && s.Old.Section == "lbk-2023-1089#41" && (s.New == nil || s.New.Section != "lbk-2025-282#86") {
			t.Errorf("§ 41: %+v", s.New)
		}
		cited += len(s.CitedBy)
	}
	if c.Counts["moved"] < 80 || c.Counts["unchanged"] < 50 || cited == 0 {
		t.Errorf("%v, cited by %d", c.Counts, cited)
	}
	if _, err := Compare(t.Context(), lawLibrary(t), "nej", "lbk-2025-1129"); err == nil {
		t.Error("an unknown document is compared")
	}
}

func TestAgainst(t *testing.T) {
	checker := NewChecker(lawLibrary(t))
	text := guideline(t, "v.md", "# Underretninger\n\nVi registrerer alle underretninger og vurderer dem inden 24 timer efter modtagelsen. Den, der foretog underretningen, får besked om undersøgelsen.")
	r, err := checker.Check(t.Context(), text, Options{Against: []string{"lbk-2025-282#138"}, MinConfidence: 0.4})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Against) != 1 || r.Against[0] != "lbk-2025-282" {
		t.Errorf("compared with %v", r.Against)
	}
	if _, err := checker.Check(t.Context(), text, Options{Against: []string{"lbk-2025-282#9999"}}); err == nil {
		t.Error("an unknown section is compared with")
	}
}

// BenchmarkTenPages checks a guideline of ten pages (about 25,000 characters)
// with the collection's law read (warm) and unread (cold).
func BenchmarkTenPages(b *testing.B) {
	lib := lawLibrary(b)
	files, err := filepath.Glob("../../../eval/suites/gaps/guidelines/*.md")
	if err != nil {
		b.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		all.Write(data)
	}
	text := guideline(b, "v.md", all.String()[:min(all.Len(), 25000)])
	for name, checker := range map[string]func() *Checker{"cold": func() *Checker { return NewChecker(lib) }, "warm": func() func() *Checker {
		c := NewChecker(lib)
		return func() *Checker { return c }
	}()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				start := time.Now()
				if _, err := checker().Check(b.Context(), text, Options{}); err != nil {
					b.Fatal(err)
				}
				if took := time.Since(start); took > 5*time.Second && name == "warm" {
					b.Errorf("%v for ten pages", took)
				}
			}
		})
	}
}
