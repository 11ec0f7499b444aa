package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

const smallAct = `---
title: Bekendtgørelse af lov om hunde
number: LBK nr %NO%
issued: %DAY%
---

# Bekendtgørelse af lov om hunde

§ 1. Enhver besidder af en hund skal lade hunden registrere i et register, senest %WEEKS% uger efter at hunden er modtaget.

§ 2. Kommunalbestyrelsen skal anvise et sted, hvor hunde kan gå uden snor, og skal holde det rent hele året.
`

// hundeloven writes two versions of a small act and ingests them.
func hundeloven(t *testing.T, data string) {
	t.Helper()
	dir := t.TempDir()
	for name, r := range map[string]*strings.Replacer{
		"gammel.md": strings.NewReplacer("%NO%", "76 af 11/01/2017", "%DAY%", "2017-01-11", "%WEEKS%", "8"),
		"ny.md":     strings.NewReplacer("%NO%", "329 af 10/03/2021", "%DAY%", "2021-03-10", "%WEEKS%", "6"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(r.Replace(smallAct)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, out, errs := command(t, "", "ingest", "--data", data, "--collection", "lov", dir); code != exitOK {
		t.Fatalf("ingest: %d %s %s", code, out, errs)
	}
}

func TestGapsLintAndDiff(t *testing.T) {
	t.Chdir(t.TempDir())
	data := t.TempDir()
	hundeloven(t, data)
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("god.md", "# Hunde\n\nHunden skal registreres, senest 6 uger efter at den er modtaget, jf. hundelovens § 1.\n")
	write("daarlig.md", "# Hunde\n\nHunden skal registreres, senest 8 uger efter at hunden er modtaget, jf. hundelovens § 1.\n\nGebyrer følger hundelovens § 55.\n")
	write("cpr.md", "# Sag\n\nBorgeren 010190-1234 har en hund.\n")

	if code, out, errs := command(t, "", "gaps", "--data", data, "god.md"); code != exitOK || !strings.Contains(out, "Ingen fund") {
		t.Errorf("a good guideline: %d %s %s", code, out, errs)
	}
	code, out, _ := command(t, "", "gaps", "--data", data, "--json", "daarlig.md")
	report := decode[gaps.Report](t, out)
	if code != exitFindings || len(report.Findings) != 2 || report.Findings[0].Kind != gaps.Contradiction || report.Findings[1].Kind != gaps.UnknownRef {
		t.Errorf("a bad guideline: %d %s", code, out)
	}
	if code, _, errs := command(t, "", "gaps", "--data", data, "cpr.md"); code != exitFailed || strings.Contains(errs, "1234") {
		t.Errorf("a CPR number: %d %s", code, errs)
	}
	if code, _, errs := command(t, "", "gaps", "--data", data, "findes-ikke"); code != exitUsage || errs == "" {
		t.Errorf("no such file: %d %s", code, errs)
	}
	if code, _, _ := command(t, "", "gaps", "--data", data, "--format", "pdf", "god.md"); code != exitUsage {
		t.Errorf("an unknown format: %d", code)
	}
	code, _, _ = command(t, "", "lint", "--data", data, "--format", "sarif", "-o", "lint.sarif", "god.md", "daarlig.md")
	if sarif, err := os.ReadFile("lint.sarif"); err != nil || code != exitFindings || !strings.Contains(string(sarif), `"uri": "daarlig.md"`) {
		t.Errorf("lint: %d %v %s", code, err, sarif)
	}
	if code, out, _ := command(t, "", "lint", "--data", data, "--collection", "lov"); code != exitOK {
		t.Errorf("lint of a collection: %d %s", code, out)
	}
	code, out, _ = command(t, "", "documents", "diff", "--data", data, "lbk-2017-76", "lbk-2021-329")
	if code != exitOK || !strings.Contains(out, "1 uændret · 1 ændret") || !strings.Contains(out, "[-8-] {+6+}") {
		t.Errorf("diff: %d %s", code, out)
	}
}
