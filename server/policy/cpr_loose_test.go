package policy

import (
	"strings"
	"testing"
)

// All numbers are made up; see cpr_test.go.
func TestNumbersInLooseSpellings(t *testing.T) {
	for _, text := range []string{
		"borger?cpr=010190%2D1234",
		"010190&#45;1234 i brevet",
		"010190&ndash;1234",
		"010190%E2%80%931234",
		"01'01'90'1234",
		"01|01|90|1234",
		"{010190}{1234}",
		"0_1_0_1_9_0_1_2_3_4",
		"cpr 0101 90 12-34",
		"Sagen på 0101 90 12-34",
		"19900101-1234",
		"cpr med året først: 951230-1234",
		"1234-010190 (vendt om)",
		"løbenr. 1234, fødselsdag 010190",
		"løbenr. 1234, født 1/1-90",
		"01-01-1990, og 1234 er de sidste",
		"1. januar 90 - 1234, hvad gælder?",
		"cpr 1. jan. 1990 1234", "1/1-90-1234", "1.1.1990 + 1234",
		"O10190-1234 og 0101gO-1234 i skanningen",
		"0101S2-1234",
	} {
		v := Check(text)
		if v.Class != ClassCPR {
			t.Errorf("%q passes: %+v", text, v)
			continue
		}
		if strings.Contains(v.Mask(text), "1234") {
			t.Errorf("%q is shown as %q", text, v.Mask(text))
		}
	}
	for _, text := range []string{
		"Mødet er den 1. juli 24 kl. 1330", "Lov af 1. januar 1990, nr. 1234", "fra 1. januar 24 - 2025", "sagsnr. 2024-010190", "1234-010190", "951230-1234 er journalnummeret", "20240101-2025",
		"10:11:12:1314", "| 10 | 11 | 12 | 1314 |", "EAN 5790001234567", "P-nummer 1003456789", "tlf. 40 70 62 11", "id 0101S2-12345", "møde 01.02.2026, derefter 1330", "§ 12, stk. 3, 0407 62 11-87 kr.",
	} {
		if v := Check(text); !v.Allowed {
			t.Errorf("%q is refused as %s at %v", text, v.Class, v.Places)
		}
	}
}

func TestEscapesKeepPlaces(t *testing.T) {
	for _, escape := range []string{"%2D", "&#45;", "&#x2d;", "&ndash;", "%E2%80%93", "&nbsp;", "%20"} {
		text := "før 010190" + escape + "1234 efter"
		if got := unescaped(text); len(got) != len(text) {
			t.Errorf("%q becomes %d bytes, want %d", text, len(got), len(text))
		}
		v := Check(text)
		if len(v.Places) != 1 || text[v.Places[0].Start:v.Places[0].End] != "010190"+escape+"1234" {
			t.Errorf("%q: %+v", text, v.Places)
		}
	}
}
