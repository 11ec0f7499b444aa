package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestOwnThesaurusOverridesTheBuiltInOne(t *testing.T) {
	file := filepath.Join(t.TempDir(), "egne.txt")
	write(t, file, "Åhuset => aktivitets- og samværstilbud\n- plejehjem\n")
	c := newConfig()
	if err := c.load("", []string{"HJEMMEL_THESAURUS=" + file}); err != nil {
		t.Fatal(err)
	}
	th, err := c.thesaurus()
	if err != nil {
		t.Fatal(err)
	}
	got := th.Expand("plejehjem, Åhuset og SFO")
	if len(got) != 2 || got[0].From != "Åhuset" || !slices.Equal(got[1].Terms, []string{"skolefritidsordning"}) {
		t.Errorf("%+v", got)
	}
}

func TestUnusableThesaurusIsWrongUseThatNamesTheLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "egne.txt")
	write(t, file, "# egne ord\nÅhuset samværstilbud\n")
	for _, args := range [][]string{
		{"search", "--thesaurus", file, "Åhuset"}, {"serve", "--thesaurus", file}, {"eval", "retrieval", "--suite", "x", "--thesaurus", file},
	} {
		var out, errs strings.Builder
		code := run(t.Context(), append(args, "--data", t.TempDir()), strings.NewReader(""), &out, &errs, nil)
		if code != exitUsage || !strings.Contains(errs.String(), file+":2: ") {
			t.Errorf("%q: exit %d, %s", args, code, errs.String())
		}
	}
	c := newConfig()
	if err := c.load("", []string{"HJEMMEL_THESAURUS=findes-ikke.txt"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.thesaurus(); err == nil || !strings.Contains(err.Error(), "environment HJEMMEL_THESAURUS") || !strings.Contains(err.Error(), "findes-ikke.txt") {
		t.Errorf("%v, want the setting, its origin and the file", err)
	}
}
