package retrieval

import "testing"

func TestVectorsWeighByTheKindOfQuery(t *testing.T) {
	w := QueryWeights{Terms: 0.5, Question: 1, English: 0.25}
	for _, c := range []struct {
		text, lang string
		unknown    float64
		want       float64
	}{
		{"tabt arbejdsfortjeneste", "da", 0, 0.5},
		{"Hvornår kan vi yde tabt arbejdsfortjeneste?", "da", 0, 1},
		{"What must the firm report to the Regulator?", "en", 0.1, 0.25},
		{"When may we pay for lost earnings?", "en", 0.9, 1}, // to a Danish collection
		{"lost earnings of the parents", "en", 0.9, 0.5},
	} {
		if got := w.of(c.text, c.lang, c.unknown); got != c.want {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
		}
	}
}
