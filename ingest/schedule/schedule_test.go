package schedule

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func library(t *testing.T, dir string) *ingest.Library {
	t.Helper()
	lib, err := ingest.OpenWriter(t.Context(), dir, corpus.Owner{Command: "test"}, func(text string) error {
		if strings.Contains(text, "HEMMELIG") {
			return errors.New("dokumentet er afvist")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// find lists a folder as the program does.
func find(_ context.Context, s Source) (Found, error) {
	items, err := source.Find(source.Options{Include: s.Include, Exclude: s.Exclude}, s.From)
	if errors.Is(err, fs.ErrNotExist) {
		err = Gone(err)
	}
	return Found{Items: items, Root: filepath.Base(s.From), Close: func() {}}, err
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// read runs once over the only source, and returns its state.
func (s *Scheduler) readOnce(t *testing.T) State {
	t.Helper()
	src, last, _, err := s.next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.one(t.Context(), src, last)
	states, err := s.States(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return states[0]
}

func titles(t *testing.T, lib *ingest.Library) (out []string) {
	t.Helper()
	docs, err := lib.Documents(t.Context(), corpus.DocumentFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		out = append(out, d.Title)
	}
	return out
}

// TestFolderIsMirrored follows a folder through a life: files come, change, are
// refused, go; the folder itself goes, as a network drive does, and comes back.
func TestFolderIsMirrored(t *testing.T) {
	lib := library(t, t.TempDir())
	defer lib.Close()
	if _, err := lib.Pipeline.Run(t.Context(), []source.Item{source.Bytes("oploadet.md", []byte("# Oploadet\n\nBliver."))}, ingest.Options{Collection: "v"}); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "vejledninger")
	s := New([]Source{{Name: "v", From: dir, Collection: "v", Every: time.Hour, Exclude: []string{"kladde*"}}}, lib, find, slog.New(slog.DiscardHandler))

	if st := s.readOnce(t); !strings.Contains(st.Runs[0].Error, "findes ikke lige nu") {
		t.Errorf("no folder yet: %+v", st.Runs[0])
	}
	put(t, dir, "a.md", "# A\n\nFristen er en uge.")
	put(t, dir, "b.md", "# B\n\nFristen er to uger.")
	put(t, dir, "c.md", "# C\n\nHEMMELIG.")
	put(t, dir, "kladde.md", "# Kladde\n\nTages ikke med.")
	st := s.readOnce(t)
	if r := st.Runs[0]; r.Counts[ingest.Read] != 2 || r.Counts[ingest.Refused] != 1 || len(r.Problems) != 1 || r.Problems[0].Path != "vejledninger/c.md" || r.Ended.IsZero() {
		t.Errorf("first run: %+v", r)
	}
	put(t, dir, "a.md", "# A\n\nFristen er en måned.")
	if err := os.Remove(filepath.Join(dir, "b.md")); err != nil {
		t.Fatal(err)
	}
	if r := s.readOnce(t).Runs[0]; r.Counts[ingest.Replaced] != 1 || r.Counts[ingest.Removed] != 1 {
		t.Errorf("after a change and a removal: %+v", r)
	}
	if got := fmt.Sprint(titles(t, lib)); got != "[A Oploadet]" {
		t.Errorf("documents %s", got)
	}
	if err := os.Rename(dir, dir+"-væk"); err != nil {
		t.Fatal(err)
	}
	if r := s.readOnce(t).Runs[0]; r.Error == "" || len(titles(t, lib)) != 2 {
		t.Errorf("the folder is gone: %+v %v", r, titles(t, lib))
	}
	if err := os.Mkdir(dir, 0o700); err != nil { // the mount point without its drive
		t.Fatal(err)
	}
	if r := s.readOnce(t).Runs[0]; len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0].Reason, "intet fjernet") || len(titles(t, lib)) != 2 {
		t.Errorf("the folder is empty: %+v %v", r, titles(t, lib))
	}
}

func TestRunsSurviveARestart(t *testing.T) {
	data, dir := t.TempDir(), filepath.Join(t.TempDir(), "v")
	put(t, dir, "a.md", "# A\n\nFristen er en uge.")
	sources := []Source{{Name: "v", From: dir, Collection: "v", Every: time.Hour}}
	lib := library(t, data)
	s := New(sources, lib, find, slog.New(slog.DiscardHandler))
	s.readOnce(t)
	if _, err := lib.BeginRun(t.Context(), "v", time.Now()); err != nil { // and is killed
		t.Fatal(err)
	}
	lib.Close()

	lib = library(t, data)
	defer lib.Close()
	s = New(sources, lib, find, slog.New(slog.DiscardHandler))
	states, err := s.States(t.Context())
	if err != nil || len(states[0].Runs) != 2 || !states[0].Runs[0].Ended.IsZero() || states[0].Next.After(time.Now()) {
		t.Fatalf("an interrupted run is due again at once: %+v %v", states, err)
	}
	if st := s.readOnce(t); st.Runs[0].Counts[ingest.Unchanged] != 1 || time.Until(st.Next) < 59*time.Minute {
		t.Errorf("%+v", st)
	}
	for range 30 {
		s.readOnce(t)
	}
	if st := s.readOnce(t); len(st.Runs) != 20 {
		t.Errorf("%d runs are remembered", len(st.Runs))
	}
}

// TestDue reads the clock: intervals, times of day, and a clock that goes back.
func TestDue(t *testing.T) {
	at := func(s string) time.Time {
		d, err := time.ParseInLocation("2006-01-02 15:04", s, time.Local)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	now := at("2026-11-24 12:00")
	run := func(s string) *Run { return &Run{Started: at(s), Ended: at(s).Add(time.Minute)} }
	for _, c := range []struct {
		source Source
		last   *Run
		want   time.Time
	}{
		{Source{Every: time.Hour}, nil, now},
		{Source{Every: time.Hour}, run("2026-11-24 11:30"), at("2026-11-24 12:30")},
		{Source{Every: time.Hour}, run("2026-11-24 09:00"), at("2026-11-24 10:00")},
		{Source{Every: time.Hour}, &Run{Started: at("2026-11-24 11:59")}, now}, // interrupted
		{Source{Every: time.Hour}, run("2036-01-01 00:00"), now},               // the clock went back
		{Source{At: "03:30"}, run("2026-11-24 03:30"), at("2026-11-25 03:30")},
		{Source{At: "03:30"}, run("2026-11-23 03:30"), at("2026-11-24 03:30")},
		{Source{At: "15:00"}, run("2026-11-24 11:00"), at("2026-11-24 15:00")},
	} {
		if got := c.source.due(c.last, now); !got.Equal(c.want) {
			t.Errorf("%+v after %+v: due %s, want %s", c.source, c.last, got, c.want)
		}
	}
}

// TestOneAtATime lets the scheduler run for hours of a clock that does not wait.
func TestOneAtATime(t *testing.T) {
	data := t.TempDir()
	lib := library(t, data)
	defer lib.Close()
	synctest.Test(t, func(t *testing.T) {
		running, most, reads := 0, 0, map[string]int{}
		s := New([]Source{{Name: "time", From: "x", Every: time.Hour}, {Name: "døgn", From: "y", At: "03:30"}}, lib, func(_ context.Context, s Source) (Found, error) {
			running++
			most = max(most, running)
			reads[s.Name]++
			return Found{Close: func() { running-- }}, nil
		}, slog.New(slog.DiscardHandler))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Hour+time.Minute)
		defer cancel()
		s.Run(ctx)
		// One at the start; the clock of the bubble begins at midnight UTC.
		if most != 1 || reads["time"] < 10 || reads["time"] > 11 || reads["døgn"] < 1 || reads["døgn"] > 2 {
			t.Errorf("at once %d, reads %v", most, reads)
		}
	})
}

func TestCheck(t *testing.T) {
	judge := func(name string) error {
		if strings.Contains(name, "010190") {
			return errors.New("cpr")
		}
		return nil
	}
	for says, sources := range map[string][]Source{
		"from is missing":  {{Every: time.Hour}},
		"every (15m, 12h)": {{From: "x"}},
		"not both":         {{From: "x", Every: time.Hour, At: "03:30"}},
		"shortest":         {{From: "x", Every: time.Second}},
		"time of day":      {{From: "x", At: "halv fire"}},
		"cpr":              {{From: "sager/010190-1234", Every: time.Hour}},
		"two sources":      {{Name: "a", From: "x", Every: time.Hour}, {Name: "a", From: "y", Every: time.Hour}},
		"same folder name": {{From: "/a/v", Every: time.Hour}, {From: "/b/v", Every: time.Hour}},
		"":                 {{From: "/a/v", Collection: "a", Every: time.Hour}, {From: "/b/v", Collection: "b", At: "03:30"}},
	} {
		err := CheckAll(sources, judge)
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%+v: %v, want %q", sources, err, says)
		}
	}
}

// TestActThatEnds asks for an act again and again: while it is the newest, when
// its page says that it is historical, and when the collection has a newer one.
func TestActThatEnds(t *testing.T) {
	lib := library(t, t.TempDir())
	defer lib.Close()
	page := func(number, mark string) []byte {
		return []byte(`<!doctype html><meta name="hjemmel.number" content="` + number + `">` + mark +
			`<p class="Titel2">Bekendtgørelse af lov om frugt</p><p class="Kapitel">Kapitel 1</p><p class="Paragraf">§ 1. Loven gælder for æbler.</p><p class="Paragraf">§ 2. Æbler skal være røde.</p><p class="Paragraf">§ 3. Loven træder i kraft den 1. marts.</p>`)
	}
	now := page("LBK nr 24 af 01/02/2019", "")
	s := New([]Source{{Name: "frugt", From: "retsinformation:lbk/2019/24", Collection: "lov", At: "03:30"}}, lib, func(context.Context, Source) (Found, error) {
		return Found{Items: []source.Item{source.Bytes("retsinformation.dk/eli/lta/2019/24", now)}, Close: func() {}}, nil
	}, slog.New(slog.DiscardHandler))
	if r := s.readOnce(t).Runs[0]; len(r.Warnings) != 0 || r.Counts[ingest.Read] != 1 {
		t.Fatalf("%+v", r)
	}
	now = page("LBK nr 24 af 01/02/2019", `<meta name="hjemmel.historical" content="true">`)
	for range 3 { // it still holds when nothing changes
		if r := s.readOnce(t).Runs[0]; len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0].Reason, "historisk") {
			t.Errorf("%+v", r)
		}
	}
	newer := source.Bytes("ny.html", page("LBK nr 99 af 01/02/2024", ""))
	if _, err := lib.Pipeline.Run(t.Context(), []source.Item{newer}, ingest.Options{Collection: "lov"}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r := s.readOnce(t).Runs[0]
		if len(r.Warnings) != 2 || !strings.Contains(r.Warnings[1].Reason, "afløst af LBK nr 99") {
			t.Errorf("%+v", r)
		}
	}
}

func TestSourcesOfOtherGroupsAreHidden(t *testing.T) {
	lib := library(t, t.TempDir())
	defer lib.Close()
	s := New([]Source{{Name: "åben", From: "a", Every: time.Hour}, {Name: "personale", From: "b", Every: time.Hour, Groups: []string{"hr"}}}, lib, find, slog.New(slog.DiscardHandler))
	for want, reader := range map[string]corpus.Reader{
		"åben ":           {Groups: []string{"socialt"}},
		"åben personale ": {Groups: []string{"hr"}},
	} {
		states, err := s.States(corpus.WithReader(t.Context(), reader))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, st := range states {
			got += st.Name + " "
		}
		if got != want {
			t.Errorf("%v sees %q, want %q", reader.Groups, got, want)
		}
	}
}
