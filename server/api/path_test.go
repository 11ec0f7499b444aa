package api

import (
	"net/url"
	"path"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCleanPath(t *testing.T) {
	for raw, want := range map[string]string{
		"Vejledning.pdf": "Vejledning.pdf",
		"Børn og unge/§ 42 – vejledning.docx": "Børn og unge/§ 42 – vejledning.docx",
		"../../etc/passwd":                    "etc/passwd",
		"/abs/fil.md":                         "abs/fil.md",
		`C:\Users\sagsbehandler\Notat.docx`:   "Users/sagsbehandler/Notat.docx",
		`\\server\deling\fil.pdf`:             "server/deling/fil.pdf",
		"a/./b//c/ .. /d.md":                  "a/b/c/d.md",
		"linje\nskift\x00.md":                 "linjeskift.md",
		"\u202efdp.exe":                       "fdp.exe",
		" mellemrum .md ":                     "mellemrum .md",
	} {
		if got, ok := cleanPath(raw); got != want || !ok {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
	for _, raw := range []string{"", "/", "..", "../..", "C:", ". .", "\xff.md", strings.Repeat("a", 256), strings.Repeat("mappe/", 200)} {
		if got, ok := cleanPath(raw); ok {
			t.Errorf("%q gives %q", raw, got)
		}
	}
}

func FuzzCleanPath(f *testing.F) {
	for _, seed := range []string{"a/b.pdf", `..\..\x`, "C:/æøå", "\u202e\x00/..", "a/\u200b../b", ".. /x", "\u00a0..\u00a0/x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		clean, ok := cleanPath(raw)
		if !ok {
			return
		}
		if clean == "" || len(clean) > maxPath || !utf8.ValidString(clean) || path.Clean(clean) != clean || path.IsAbs(clean) {
			t.Fatalf("%q gives %q", raw, clean)
		}
		for segment := range strings.SplitSeq(clean, "/") {
			if strings.Trim(segment, ". ") == "" || len(segment) > maxName {
				t.Fatalf("%q gives %q", raw, clean)
			}
		}
		if strings.ContainsFunc(clean, func(r rune) bool { return r == '\\' || visible(r) < 0 }) {
			t.Fatalf("%q gives %q", raw, clean)
		}
	})
}

func FuzzUnescapeParam(f *testing.F) {
	for _, seed := range []string{"85", "bilag%2F1", "1+a", "%", "%ff", "%00", "%C3%A6"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		value, err := unescapeParam(raw)
		if err == nil && (!utf8.ValidString(value) || strings.ContainsRune(value, 0)) {
			t.Fatalf("%q gives %q", raw, value)
		}
		if utf8.ValidString(raw) && !strings.ContainsRune(raw, 0) {
			if back, err := unescapeParam(url.PathEscape(raw)); err != nil || back != raw {
				t.Fatalf("%q comes back as %q: %v", raw, back, err)
			}
		}
	})
}
