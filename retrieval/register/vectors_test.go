package register

import (
	"bytes"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/embed/e5"
)

// TestShippedVectorsAreOfThesePhrases fails where acts were changed without
// go generate: the register would then compare words alone, and say nothing.
func TestShippedVectorsAreOfThesePhrases(t *testing.T) {
	model, r := e5.New(), Default()
	if r.Model() != model.Model() {
		t.Fatalf("vectors of model %q, want %q: run go generate ./retrieval/register", r.Model(), model.Model())
	}
	for phrase := 0; phrase < len(r.Phrases()); phrase += len(r.Phrases()) / 7 {
		v, err := model.Queries(t.Context(), r.Phrases()[phrase:phrase+1])
		if err != nil {
			t.Fatal(err)
		}
		if cosine := r.vectors.cosines(v[0])[phrase]; cosine < 0.99 {
			t.Errorf("%q: cosine %.3f to its shipped vector", r.Phrases()[phrase], cosine)
		}
	}
}

func TestVectorsOfOtherPhrasesAreRefused(t *testing.T) {
	r := parse(t, "lov: hundeloven\n§ 6: hunden har bidt; farlig hund\n")
	var file bytes.Buffer
	if err := r.WriteVectors(&file, "m", [][]float32{{1, 0, 0}, {0, 0.6, 0.8}}); err != nil {
		t.Fatal(err)
	}
	v, err := readVectors(file.Bytes(), r.Phrases())
	if err != nil {
		t.Fatal(err)
	}
	for phrase, near := range v.cosines([]float32{0, 0.6, 0.8}) {
		if want := float32(phrase); near < want-0.05 || near > want+0.05 {
			t.Errorf("phrase %d: cosine %.3f, want %.0f", phrase, near, want)
		}
	}
	if _, err := readVectors(file.Bytes(), []string{"hunden har bidt", "en anden"}); err == nil {
		t.Error("vectors of other phrases are taken")
	}
	if _, err := readVectors(file.Bytes()[:file.Len()-1], r.Phrases()); err == nil {
		t.Error("a file that was cut off is taken")
	}
}
