package lexical

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

func vocabularyOf(words ...string) *vocabulary {
	v := &vocabulary{counts: map[string]int{}, known: map[string][]string{}, stems: words}
	slices.Sort(v.stems)
	for i, w := range v.stems {
		v.counts[w] = 1 + i
		v.byEnd = append(v.byEnd, int32(i))
		v.letters = append(v.letters, letterSet(w))
	}
	slices.SortFunc(v.byEnd, func(a, b int32) int { return compareBackwards(v.stems[a], v.stems[b]) })
	v.splitter = danish.NewSplitter(v.counts)
	return v
}

func TestSpellings(t *testing.T) {
	v := vocabularyOf("merudgift", "plejebol", "sygedagpeng", "genoptræning", "handicap", "hund")
	for typed, want := range map[string]string{
		"merudgfit": "merudgift", "merudgif": "merudgift", "handikap": "handicap", "genoptræing": "genoptræning",
		"sygdagpeng": "sygedagpeng", "hand": "", "bolig": "", "vandløb": "",
	} {
		got := v.spellings(typed)
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
}

func TestCompoundsBeginOrEndWithTheWord(t *testing.T) {
	v := vocabularyOf("bostøtt", "bostøttemodtag", "støtt", "støttekontaktperson", "kontaktperson", "boligstøtt", "bolig", "modtag")
	if got := v.compounds("støtt"); !slices.Contains(got, "boligstøtt") || !slices.Contains(got, "støttekontaktperson") || slices.Contains(got, "støtt") {
		t.Errorf("støtt: %q", got)
	}
	if got := v.compounds("stø"); got != nil {
		t.Errorf("too short a part: %q", got)
	}
}

func TestDistanceIsSymmetricAndBounded(t *testing.T) {
	word := rapid.StringMatching(`[abcæø]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := []rune(word.Draw(t, "a")), []rune(word.Draw(t, "b"))
		d := distance(a, b, 20)
		if d != distance(b, a, 20) || d > max(len(a), len(b)) || (d == 0) != slices.Equal(a, b) {
			t.Errorf("%q %q: %d", string(a), string(b), d)
		}
		for limit := range 4 {
			if got := distance(a, b, limit); got != min(d, limit+1) {
				t.Errorf("%q %q, limit %d: %d, want %d", string(a), string(b), limit, got, min(d, limit+1))
			}
		}
	})
}
