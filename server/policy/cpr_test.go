package policy

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// The numbers below are made up: no person has serial numbers like these on
// these days, and none is needed to have one.
func TestCheckRefusesEverySpelling(t *testing.T) {
	for _, text := range []string{
		"010190-1234", "010190–1234", "010190—1234", "010190\u20111234", "010190.1234", "010190 - 1234", "010190-\n1234", "010190 1234", "010190\u00a01234",
		"0101901234", "Borgeren 0101901234 søger hjælp", "cpr 0101901234", "CPR-nr.: 010190-1234.", "(010190-1234)", "»010190-1234«", "cpr-nummer:010190-1234",
		"01.01.90-1234", "01-01-90-1234", "01/01/90-1234", "01.01.1990-1234", "01-01-1990-1234", "cpr 01 01 90 12 34", "personnummer 01 01 90 1234", "cpr: 0 1 0 1 9 0 1 2 3 4",
		"０１０１９０-１２３４", "٠١٠١٩٠-١٢٣٤", "0101\u200b90-1234", "0101\u00ad901234", "610190-1234", "290200-4000", "311299-1111", "010124-9876", "010190-1AB2", "010190-AB12",
		"tlf. 12345678, cpr 0101901234", "Sagsnr. 2024-1, borger 010190-1234", "a010190-1234",
	} {
		v := Check(text)
		if v.Allowed || v.Class != ClassCPR || len(v.Places) == 0 || v.Reason == "" || v.Ground == "" || v.Instead == "" {
			t.Errorf("%q passes: %+v", text, v)
			continue
		}
		for _, p := range v.Places {
			if strings.ContainsAny(p.Masked, "0123456789ABCDEFabc") {
				t.Errorf("%q: the mask shows digits: %q", text, p.Masked)
			}
		}
	}
}

func TestCheckLetsOtherNumbersPass(t *testing.T) {
	for _, text := range []string{
		"", "§ 85, stk. 2", "servicelovens §§ 83-87", "LBK nr 1129 af 22/09/2025", "12345678", "tlf. 33 12 34 56", "+45 33 12 34 56", "tlf. 0101901234", "telefon 010190 1234",
		"CVR 12345678", "EAN 5798000123456", "5798000123456", "kontonr. 1234 0101901234", "konto 0101901234", "reg. 1234 konto 0101901234", "journalnr. 0101241234", "sagsnr. 0101241234", "faktura 0101241234",
		"2024-123456", "22/12345", "EMN-2021-01234", "27.24.00-P20-1-21", "1.250.000 kr.", "0101901234 kr.", "310290-1234", "320190-1234", "011390-1234", "000190-1234", "010190-123", "010190-12345", "01019-1234",
		"290201-4000", "id 3e0304931980", "ec200911-5845-4fe9", "den 01.01.2024 1500 kr.", "fra 01.01.2024 til 31.12.2024", "1. januar 2024-2025", "10 11 12 13 14", "01 02 03 04 05", "Afsnit 22–11–\n2020–0686", "0.80 6.25 6.75 7.25", "2 0 1 0 1 0 1 0 1 0 1", "5 010190 1234 7", "2010190-1234", "1010190-12345",
		"ABCD010190-1234X", "010190-ABCD", "010190-abc1", "12.010190-1234", "010136-4000", "kl. 10.15-11.30", "01-01-2024", "Må jeg bede om et cpr-nummer?", "Hvornår må vi behandle cpr-numre efter § 11?",
	} {
		if v := Check(text); !v.Allowed {
			t.Errorf("%q is refused at %+v", text, v.Places)
		}
	}
}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"Borger 010190-1234 og 0202912345 søger": "Borger ••••••-•••• og •••••••••• søger",
		"ingen numre": "ingen numre",
	} {
		if got := Mask(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestCheckFindsANumberInAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := fmt.Sprintf("%02d%02d%02d-%04d", rapid.IntRange(1, 28).Draw(t, "day"), rapid.IntRange(1, 12).Draw(t, "month"),
			rapid.IntRange(37, 57).Draw(t, "year"), rapid.IntRange(0, 3999).Draw(t, "serial"))
		before := rapid.StringMatching(`([a-zæøå.,;:!?()]{0,8} ){0,3}`).Draw(t, "before")
		after := rapid.StringMatching(`([ .,;:!?)][a-zæøå ]{0,8}){0,3}`).Draw(t, "after")
		v := Check(before + number + after)
		if v.Allowed || len(v.Places) != 1 || v.Places[0].Start != len(before) || v.Places[0].End != len(before)+len(number) {
			t.Fatalf("%q: %+v", before+number+after, v)
		}
	})
}

// TestNoFalseRefusalOfLaw reads the acts and real guidelines: none of them
// holds a CPR number or tells of a citizen.
func TestNoFalseRefusalOfLaw(t *testing.T) {
	sharedtest.Figure(t)
	read := 0
	for _, dir := range []string{sharedtest.Dir(t, "corpus"), sharedtest.Dir(t, "data", "documents")} {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			switch filepath.Ext(path) {
			case ".md", ".html", ".json", ".txt", ".tsv":
			default:
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			read += len(data)
			if strings.HasSuffix(path, "kl-ffb/pagecontent/example.md") {
				return nil // shows what a CPR number looks like: rightly refused
			}
			var refused RefusedError
			errors.As(RefuseDocument(string(data)), &refused)
			for _, p := range refused.Verdict.Places {
				t.Errorf("%s: refused at %q", path, data[max(0, p.Start-30):min(len(data), p.End+10)])
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d MB without a refusal", read>>20)
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"010190-1234", "０１０１９０-１２３４", "01 01 90 12 34", "010190-AB12", "\u200b0101901234", "010190- \n-1234"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := 0
		for _, p := range Check(text).Places {
			if p.Start < at || p.End > len(text) || p.Start >= p.End {
				t.Fatalf("%q: place %+v after %d", text, p, at)
			}
			at = p.End
		}
		if v := Check(Mask(text)); !v.Allowed && !strings.ContainsAny(text, "•") {
			if len(v.Places) > len(Check(text).Places) {
				t.Fatalf("%q: masking makes numbers", text)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	data, err := os.ReadFile(sharedtest.Dir(b, "corpus", "law", "social-service.md"))
	if err != nil {
		b.Fatal(err)
	}
	text := string(data)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Check(text)
	}
}
