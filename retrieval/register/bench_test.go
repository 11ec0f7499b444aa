package register

import "testing"

func BenchmarkFind(b *testing.B) {
	r := Default()
	meaning := Meaning{Model: r.Model(), Vector: make([]float32, 384)}
	meaning.Vector[7] = 1
	for b.Loop() {
		if len(r.Find("Hvor lang frist har vi til at svare på en ansøgning om hjemmehjælp?", meaning, 30)) == 0 {
			b.Fatal("nothing found")
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		if _, err := parseFS(files, "acts"); err != nil {
			b.Fatal(err)
		}
	}
}
