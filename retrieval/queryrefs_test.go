package retrieval

import (
	"fmt"
	"strings"
	"testing"
)

func TestQueryRefs(t *testing.T) {
	for text, want := range map[string]string{
		"§ 85 stk 2 SEL":                   "lov om social service/85/stk. 2",
		"sel §85":                          "lov om social service/85",
		"servicelovens paragraf 85":        "lov om social service/85",
		"pgf. 85 i serviceloven":           "lov om social service/85",
		"serviceloven pgf 85, stk. 2":      "lov om social service/85/stk. 2",
		"§ 11 i retssikkerhedsloven":       "lov om retssikkerhed og administration på det sociale område/11",
		"barnets lov §§ 46-48":             "barnets lov/46 barnets lov/47 barnets lov/48",
		"SEL §§ 83 og 84":                  "lov om social service/83 lov om social service/84",
		"LBK nr 1089 af 16/08/2023 § 85":   "lbk-2023-1089 lbk-2023-1089/85",
		"LBK 1089/2023 § 85":               "lbk-2023-1089/85 lbk-2023-1089",
		"lbk nr. 1089/2023":                "lbk-2023-1089",
		"§ 85":                             "/85",
		"hjælp efter § 85, SEL eller FVL?": "/85",
		"tabt arbejdsfortjeneste":          "",
		"tlf. 12/2023":                     "",
	} {
		var got []string
		for _, r := range queryRefs(text) {
			name := r.Act
			if r.Number.No != 0 {
				name = r.Number.ID()
			}
			if r.Section != "" {
				name += "/" + r.Section
			}
			if r.Part != "" {
				name += "/" + r.Part
			}
			got = append(got, name)
			if r.Raw != text[r.Start:r.End] {
				t.Errorf("%q: %q is not at %d–%d", text, r.Raw, r.Start, r.End)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: %s, want %s", text, s, want)
		}
	}
}

func TestNamedVersionsAndRanges(t *testing.T) {
	e := collection(t)
	for text, want := range map[string]string{
		"LBK nr 1 af 01/01/2023 § 85": "lbk-2023-1#85", // this very version, though superseded
		"lbk 2/2025 § 85":             "lbk-2025-2#85",
		"SEL §§ 85-86":                "lbk-2025-2#85 lbk-2025-2#86",
		"§ 85 stk 2 SEL":              "lbk-2025-2#85",
	} {
		var got []string
		for _, h := range hits(t, e, Query{Text: text}) {
			if h.Exact {
				got = append(got, h.Section)
			}
		}
		if fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
	if h := hits(t, e, Query{Text: "§ 85 stk 2 SEL"}); h[0].Snippet != "Stk. 2. Hjælpen er gratis, jf. § 86." {
		t.Errorf("the part named: %q", h[0].Snippet)
	}
}

func FuzzQueryRefs(f *testing.F) {
	for _, s := range []string{"§ 85 stk 2 SEL", "pgf.85 SEL", "LBK 1/2020", "par. 7 ÆØÅ §§ 1-3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range queryRefs(text) {
			if r.Start < 0 || r.End > len(text) || r.Start > r.End {
				t.Errorf("%q: %+v", text, r)
			}
		}
	})
}
