package danish

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// TestTargetsAreTheLawsWords reports how many targets stand in the acts, as
// phrases and word by word. The corpus lacks some acts (barselsloven, lov om
// private fællesveje, databeskyttelsesloven …), so not all can.
func TestTargetsAreTheLawsWords(t *testing.T) {
	law := readLaw(t, sharedtest.Dir(t, "corpus", "law"))
	targets := map[string][]string{}
	reachable := 0
	for _, e := range DefaultThesaurus().entries {
		found := false
		for _, phrase := range e.targets {
			targets[strings.Join(phrase.terms, " ")] = phrase.terms
			found = found || law.has(phrase.terms)
		}
		if found {
			reachable++
		}
	}
	words, phrases := 0, 0
	var missing []string
	for name, terms := range targets {
		if law.has(terms) {
			phrases++
		} else {
			missing = append(missing, name)
		}
		if !slices.ContainsFunc(terms, func(term string) bool { return !Stop(term) && law.positions[Stem(term)] == nil }) {
			words++
		}
	}
	slices.Sort(missing)
	t.Logf("not as a phrase in the corpus: %s", strings.Join(missing, "; "))
	entries, n := len(DefaultThesaurus().entries), len(targets)
	t.Logf("%d of %d entries lead to a phrase of the corpus; of %d targets %d occur as phrases, %d word by word", reachable, entries, n, phrases, words)
	if share := float64(reachable) / float64(entries); share < 0.97 {
		t.Errorf("%.1f %% of the entries lead to the law's words, want 97", 100*share)
	}
	if share := float64(phrases) / float64(n); share < 0.85 {
		t.Errorf("%.1f %% of the targets are phrases of the law, want 85", 100*share)
	}
}

// lawText is the stems of all acts, one after the other.
type lawText struct {
	stems     []string
	positions map[string][]int
}

func readLaw(t *testing.T, dir string) *lawText {
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d acts: %v", len(files), err)
	}
	law := &lawText{positions: map[string][]int{}}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, tok := range Tokens(string(data)) {
			stem := Stem(tok.Term)
			law.positions[stem] = append(law.positions[stem], len(law.stems))
			law.stems = append(law.stems, stem)
		}
	}
	return law
}

func (l *lawText) has(terms []string) bool {
	stems := make([]string, len(terms))
	for i, term := range terms {
		stems[i] = Stem(term)
	}
	for _, at := range l.positions[stems[0]] {
		if at+len(stems) <= len(l.stems) && slices.Equal(l.stems[at:at+len(stems)], stems) {
			return true
		}
	}
	return false
}
