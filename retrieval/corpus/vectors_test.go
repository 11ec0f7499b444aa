package corpus

import (
	"strings"
	"testing"
)

const model = "prøve-1"

// embedAll stores a vector for every text of a document.
func embedAll(t *testing.T, s *Store, document string) {
	t.Helper()
	passages, err := s.VectorsOf(t.Context(), document, model)
	if err != nil || len(passages) == 0 {
		t.Fatalf("%d passages of %s, %v", len(passages), document, err)
	}
	var vectors []TextVector
	for _, p := range passages {
		vectors = append(vectors, TextVector{p.Text, 0.5, []byte{1, 2, 255}})
	}
	if n, err := s.PutVectors(t.Context(), model, vectors); err != nil || n != len(vectors) {
		t.Fatalf("stored %d, %v", n, err)
	}
}

func coverage(t *testing.T, s *Store) (done, total, vectors int) {
	t.Helper()
	done, total, err := s.VectorCoverage(t.Context(), model)
	if err != nil {
		t.Fatal(err)
	}
	if vectors, err = s.CountVectors(t.Context(), model); err != nil {
		t.Fatal(err)
	}
	return done, total, vectors
}

func TestVectorsFollowTheirTexts(t *testing.T) {
	s := open(t)
	first := act("lbk-2024-1", "lov om frugt", "2024-05-01", "1", "2", "3")
	put(t, s, first)
	embedAll(t, s, "lbk-2024-1")
	step := func(what string, done, total, vectors int) {
		t.Helper()
		if d, n, v := coverage(t, s); d != done || n != total || v != vectors {
			t.Errorf("%s: %d of %d passages, %d vectors; want %d of %d, %d", what, d, n, v, done, total, vectors)
		}
	}
	step("embedded", 3, 3, 3)
	put(t, s, first)
	step("read again", 3, 3, 3)
	// The next version has two texts in common with it: § 1 and § 3.
	put(t, s, act("lbk-2025-1", "lov om frugt", "2025-05-01", "1", "3", "4"))
	step("a second version", 5, 6, 3)
	put(t, s, act("lbk-2024-1", "lov om frugt", "2024-05-01", "1", "2"))
	step("§ 3 left the first version, not the second", 4, 5, 3)
	if err := s.Delete(t.Context(), "lbk-2024-1"); err != nil {
		t.Fatal(err)
	}
	step("only § 2 was the first version's alone", 2, 3, 2)
	if err := s.Delete(t.Context(), "lbk-2025-1"); err != nil {
		t.Fatal(err)
	}
	step("all deleted", 0, 0, 0)
}

func TestVectorsOfAnotherModelAreNotSeen(t *testing.T) {
	s := open(t)
	put(t, s, act("lbk-2024-1", "lov om frugt", "2024-05-01", "1", "2"))
	embedAll(t, s, "lbk-2024-1")
	list, err := s.VectorsOf(t.Context(), "lbk-2024-1", "prøve-2")
	if err != nil || len(list) != 2 || list[0].Codes != nil {
		t.Errorf("%+v, %v", list, err)
	}
	if n, err := s.PutVectors(t.Context(), "prøve-2", []TextVector{{Text: HashText("ukendt"), Scale: 1, Codes: []byte{1}}}); n != 0 || err != nil {
		t.Errorf("took %d vectors of texts that nobody has, %v", n, err)
	}
	if names, err := s.OtherModels(t.Context(), "prøve-2"); err != nil || len(names) != 1 || names[0] != model {
		t.Errorf("other models %v, %v", names, err)
	}
	if err := s.DropModel(t.Context(), model); err != nil {
		t.Fatal(err)
	}
	if _, _, n := coverage(t, s); n != 0 {
		t.Errorf("%d vectors of a model that was dropped", n)
	}
}

// A database from before there were vectors has passages without hashes.
func TestHashTextsFillsIn(t *testing.T) {
	s := open(t)
	put(t, s, act("lbk-2024-1", "lov om frugt", "2024-05-01", "1", "2"))
	want, err := s.VectorsOf(t.Context(), "lbk-2024-1", model)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.ExecContext(t.Context(), "UPDATE passages SET text_hash = NULL"); err != nil {
		t.Fatal(err)
	}
	if err := s.HashTexts(t.Context(), "lbk-2024-1"); err != nil {
		t.Fatal(err)
	}
	got, err := s.VectorsOf(t.Context(), "lbk-2024-1", model)
	if err != nil || got[0].Text != want[0].Text || got[1].Text != want[1].Text || got[0].Text == (TextHash{}) {
		t.Errorf("%v, want %v; %v", got, want, err)
	}
}

func TestEmbeddedTextKeepsPartOfTheTitle(t *testing.T) {
	text := EmbeddedText(strings.Repeat("æ", 200), "§ 1.")
	if want := strings.Repeat("æ", 160) + ". § 1."; text != want {
		t.Errorf("%q", text)
	}
}
