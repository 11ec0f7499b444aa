package uitest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/schedule"
)

// ingests tells of a folder whose last run met a refused file, of an act that has
// become historical and is being read, and of a drive that is not there.
func ingests(w http.ResponseWriter, _ *http.Request) {
	at := time.Date(2025, 3, 1, 3, 30, 0, 0, time.UTC)
	run := func(o schedule.Outcome) []schedule.Run {
		return []schedule.Run{{Started: at, Ended: at.Add(time.Minute), Outcome: o}}
	}
	reply(w, map[string]any{"sources": []schedule.State{
		{Name: "Vejledninger på fællesdrevet", From: `//server/vejledninger`, Collection: "vejledninger", Every: "15m0s", Next: at, Runs: run(schedule.Outcome{
			Counts:   map[ingest.Status]int{ingest.Read: 3, ingest.Refused: 1, ingest.Unchanged: 204},
			Problems: []schedule.Note{{Path: "vejledninger/<b>sag</b>.docx", Status: ingest.Refused, Reason: "Teksten indeholder et cpr-nummer."}},
		})},
		{Name: "retsinformation:SEL", From: "retsinformation:SEL", Collection: "lov", At: "03:30", Running: &schedule.Progress{Started: at, Done: 1, Total: 2}, Runs: run(schedule.Outcome{
			Counts:   map[ingest.Status]int{ingest.Unchanged: 1},
			Warnings: []schedule.Note{{Path: "retsinformation.dk/eli/lta/2025/1129", Reason: "retsinformation.dk melder dokumentet historisk"}},
		})},
		{Name: "K-drev", From: "K:/breve", Collection: "breve", Every: "1h0m0s", Next: at, Runs: run(schedule.Outcome{Error: "mappen eller filen findes ikke lige nu"})},
	}})
}

func TestFollowedSources(t *testing.T) {
	server, tab := newFake(t), Start(t).Tab(t, View{})
	if err := Open(tab, server.URL, "/samling"); err != nil {
		t.Fatal(err)
	}
	if err := within(tab, until(`document.querySelectorAll(".source-followed").length === 3`)); err != nil {
		t.Fatal(err)
	}
	texts, err := read[[]string](tab, `[...document.querySelectorAll(".source-followed")].map((e) => e.textContent)`)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]string{
		{"med 15 minutter imellem", "3 læst, 1 afvist, 204 uændret", "1 fil kunne ikke læses ind", "vejledninger/<b>sag</b>.docx", "cpr-nummer"},
		{"hver dag kl. 03.30", "Læses nu: 1 af 2 filer", "1 ting at se på", "historisk"},
		{"hver time", "Kunne ikke læses", "findes ikke lige nu"},
	} {
		for _, w := range want {
			if !strings.Contains(texts[i], w) {
				t.Errorf("source %d lacks %q: %s", i, w, texts[i])
			}
		}
	}
}
