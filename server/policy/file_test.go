package policy

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFileErrorsNameLineAndKey(t *testing.T) {
	source := string(Source())
	for name, c := range map[string]struct{ from, to, line, key string }{
		"unknown key":   {"version: 1", "versoin: 1", "versoin", ""},
		"version":       {"version: 1", "version: 2", "line ", "version"},
		"side":          {"    side: internal\n", "    side: begge\n", "line ", "catalogue[0].side"},
		"empty text":    {"may: Finde og citere reglerne om journalisering, notatpligt, sletning og aflevering til arkiv.", "may: ''", "line ", "catalogue[0].may"},
		"unknown class": {"class: scoring", "class: pointgivning", "line ", "rules[3].class"},
		"verb form":     {"vurder/vurdere,", "vurder,", "line ", "words.assesses["},
		"noun form":     {"- borger borgeren borgere borgerne", "- borger borgeren", "line ", "words.people[0]"},
		"pattern":       {"- dan mode/modus/tilstand", "- dan mode/ …", "line ", "patterns.injection["},
		"no YAML":       {"version: 1", "version: [", "[", ""},
		"empty list":    {"titles: [fru, hr, herr, frøken, frk, fr, mr, mrs, ms, miss]", "titles: []", "line ", "words.titles"},
	} {
		if !strings.Contains(source, c.from) {
			t.Fatalf("%s: the file does not hold %q", name, c.from)
		}
		_, err := Parse("kommune.yaml", []byte(strings.Replace(source, c.from, c.to, 1)))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, want := range []string{"kommune.yaml", c.line, c.key} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
		}
	}
}

func TestFileErrorHasTheRightLine(t *testing.T) {
	source := string(Source())
	at := strings.Index(source, "risk: prohibited")
	want := 1 + strings.Count(source[:at], "\n")
	_, err := Parse("p.yaml", []byte(strings.Replace(source, "risk: prohibited", "risk: enorm", 1)))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("line %d:", want)) {
		t.Errorf("%v, want line %d", err, want)
	}
}

func TestAMunicipalityAdaptsThePolicy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.yaml")
	adapted := strings.NewReplacer(
		"reason: Teksten beder om et brev, et svar eller en afgørelse til en borger.", "reason: Breve skriver vi selv.",
		"letters: [", "letters: [kuvertbrev*, ",
	).Replace(string(Source()))
	if err := os.WriteFile(path, []byte(adapted), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if v := p.Check("Lav et kuvertbrev"); v.Class != ClassCitizen || v.Reason != "Breve skriver vi selv." {
		t.Errorf("%+v", v)
	}
	off := strings.NewReplacer("refuse_below: 0.1", "refuse_below: 0").Replace(string(Source()))
	rulesOnly, err := Parse("policy.yaml", []byte(off))
	if err != nil {
		t.Fatal(err)
	}
	if v := rulesOnly.Check("Lav et kuvertbrev"); !v.Allowed {
		t.Errorf("by the built-in rules: %+v", v)
	}
	if _, err := Load(path + ".borte"); err == nil {
		t.Error("a file that is absent")
	}
}

func TestExplanationHoldsEveryTaskAndRule(t *testing.T) {
	e := Default().Explain()
	text := e.Markdown()
	for _, task := range e.Catalogue {
		if !strings.Contains(text, "| "+task.Task+" |") {
			t.Errorf("%s is missing", task.Task)
		}
	}
	for _, rule := range e.Rules {
		if !strings.Contains(text, rule.Instead) || !strings.Contains(text, rule.Ground) {
			t.Errorf("%s is missing", rule.Class)
		}
	}
	if len(e.Catalogue) < 20 || len(e.Rules) != len(Classes) {
		t.Errorf("%d tasks, %d rules", len(e.Catalogue), len(e.Rules))
	}
}
