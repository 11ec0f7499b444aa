package retrieval

import "testing"

func TestAnswerable(t *testing.T) {
	e := collection(t)
	score := func(text string) float64 {
		res, err := e.Search(t.Context(), Query{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		if res.Answerable < 0 || res.Answerable > 1 {
			t.Errorf("%q: %v is no probability", text, res.Answerable)
		}
		return res.Answerable
	}
	known, half, none := score("hjælp til tabt arbejdsfortjeneste"), score("hjælp til rumrejser med helikopter"), score("rumraket helikopterlanding")
	if known <= half || half <= none || none != 0 {
		t.Errorf("all words known %.3f, half of them %.3f, none %.3f", known, half, none)
	}
	if got := score("serviceloven § 85"); got != 1 {
		t.Errorf("a § that is there: %v", got)
	}
}
