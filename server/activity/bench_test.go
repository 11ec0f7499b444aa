package activity

import (
	"fmt"
	"testing"
)

// BenchmarkRecord is what an answer waits for: an audit row with its cost, safe
// on the disk.
func BenchmarkRecord(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), "")
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := 0; b.Loop(); i++ {
		if err := s.Record(b.Context(), anna, entry(i)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify reads a log of 10,000 rows.
func BenchmarkVerify(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), "")
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const entries = 10_000
	tx, err := s.write.BeginTx(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	for i := range entries {
		e := entry(i)
		if err := s.append(b.Context(), tx, anna, &e); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if v, err := s.Verify(b.Context(), nil); err != nil || !v.OK || v.Entries != entries {
			b.Fatal(v, err)
		}
	}
}

// BenchmarkListConversations shows the first page of a thousand.
func BenchmarkListConversations(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), "")
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := range 1000 {
		a := answered("Ja.")
		if _, _, err := s.AddTurn(b.Context(), "anna", "", Turn{Asked: noon, Question: fmt.Sprint("Hvad er fristen i sag nummer ", i), Answer: a}); err != nil {
			b.Fatal(err)
		}
	}
	for _, words := range []string{"", "fristen nummer 777"} {
		b.Run(fmt.Sprintf("words=%d", len(words)), func(b *testing.B) {
			for b.Loop() {
				if _, _, err := s.Conversations(b.Context(), "anna", words, Page{Limit: 30}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
