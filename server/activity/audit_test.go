package activity

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

var anna = Person{Subject: "anna", Name: "Anna Holm", Groups: []string{"boern"}}

func entry(i int) Entry {
	return Entry{
		At: noon.Add(time.Duration(i) * time.Minute), Way: WayWeb, Task: "lookup", Outcome: OutcomeAnswered,
		Documents: []string{"lbk-2025-282"}, Model: "m", Tokens: int64(100 + i), Cost: 1500, Duration: 40,
	}
}

// fill appends n rows of anna's.
func fill(t *testing.T, s *Store, n int) {
	t.Helper()
	for i := range n {
		if err := s.Record(t.Context(), anna, entry(i)); err != nil {
			t.Fatal(err)
		}
	}
}

func verified(t *testing.T, s *Store, expect *Head) Verification {
	t.Helper()
	v, err := s.Verify(t.Context(), expect)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func wantWhole(t *testing.T, s *Store, entries int64) Verification {
	t.Helper()
	v := verified(t, s, nil)
	if !v.OK || v.Entries != entries {
		t.Errorf("%+v, want %d whole entries", v, entries)
	}
	return v
}

func TestTamperingIsFound(t *testing.T) {
	tests := []struct {
		name   string
		tamper []string
		finds  string
	}{
		{"changed", []string{"UPDATE audit SET outcome = 'refused' WHERE seq = 4"}, "row 4 was changed"},
		{"changed time", []string{"UPDATE audit SET at = at + 1 WHERE seq = 1"}, "row 1 was changed"},
		{"changed documents", []string{`UPDATE audit SET documents = '[]' WHERE seq = 2`}, "row 2 was changed"},
		{"spoilt documents", []string{`UPDATE audit SET documents = 'x' WHERE seq = 2`}, "row 2 was changed"},
		{"changed with its hash", []string{"UPDATE audit SET cost = 0, hash = 'ab' WHERE seq = 4"}, "row 4 was changed"},
		{"deleted", []string{"DELETE FROM audit WHERE seq = 5"}, "row 5 is missing"},
		{"deleted more", []string{"DELETE FROM audit WHERE seq IN (5, 6)"}, "rows 5 to 6 are missing"},
		{"deleted and renumbered", []string{"DELETE FROM audit WHERE seq = 5", "UPDATE audit SET seq = 5 WHERE seq = 6", "UPDATE audit SET seq = 6 WHERE seq = 7", "UPDATE audit SET seq = 7 WHERE seq = 8", "UPDATE audit_head SET seq = 7"}, "row 5 was changed"},
		{"swapped", []string{"UPDATE audit SET seq = 99 WHERE seq = 3", "UPDATE audit SET seq = 3 WHERE seq = 4", "UPDATE audit SET seq = 4 WHERE seq = 99"}, "row 3 was changed"},
		{"put in at the end", []string{"INSERT INTO audit SELECT 9, at, who, way, task, outcome, class, documents, model, tokens, cost, duration, note, hash FROM audit WHERE seq = 8"}, "behind the end"},
		{"cut off at the end", []string{"DELETE FROM audit WHERE seq > 6"}, "the end of the log is missing: rows 7 to 8"},
		{"emptied", []string{"DELETE FROM audit"}, "the end of the log is missing"},
		{"cut off with half a head", []string{"DELETE FROM audit WHERE seq > 6", "UPDATE audit_head SET seq = 6"}, "the last row is not"},
		{"cut off at the beginning", []string{"DELETE FROM audit WHERE seq < 3"}, "rows 1 to 2 are missing"},
		{"cut off at the beginning, with the base", []string{"UPDATE audit_head SET base_seq = 2, base_hash = (SELECT hash FROM audit WHERE seq = 2)", "DELETE FROM audit WHERE seq < 3"}, "another row than its last checkpoint"},
		{"laid to another", []string{"UPDATE persons SET subject = 'bo'"}, "laid to somebody else"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onEach(t, func(t *testing.T, s *Store) {
				fill(t, s, 8)
				wantWhole(t, s, 8)
				for _, statement := range test.tamper {
					run(t, s, statement)
				}
				v := verified(t, s, nil)
				if v.OK || !strings.Contains(fmt.Sprint(v.Faults), test.finds) {
					t.Errorf("%+v lacks %q", v, test.finds)
				}
			})
		})
	}
}

// What Verify cannot see by itself, a head noted elsewhere shows.
func TestRewrittenChainNeedsANotedHead(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		fill(t, s, 5)
		noted := verified(t, s, nil).Head
		fill(t, s, 2)
		if v := verified(t, s, &noted); !v.OK {
			t.Fatalf("an honest log: %+v", v)
		}
		run(t, s, "DELETE FROM audit")
		run(t, s, "UPDATE audit_head SET seq = 0, hash = ''")
		fill(t, s, 3)
		wantWhole(t, s, 3)
		if v := verified(t, s, &noted); v.OK || !strings.Contains(fmt.Sprint(v.Faults), "ends before row 5") {
			t.Errorf("shortened: %+v", v)
		}
		if err := s.Record(t.Context(), anna, Entry{At: noon}); err != nil {
			t.Fatal(err)
		}
		fill(t, s, 4)
		if v := verified(t, s, &noted); v.OK || !strings.Contains(fmt.Sprint(v.Faults), "rewritten") {
			t.Errorf("rewritten: %+v", v)
		}
	})
}

func TestManyAppendAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		const writers, each = 8, 15
		stores := []*Store{s}
		if s.dialect.schemaLock != "" { // another process on the same database
			stores = append(stores, openTest(t, "", testPostgres()))
		}
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range each {
					p := Person{Subject: fmt.Sprint("person ", i%3)} // several meet at a new person
					if err := stores[w%len(stores)].Record(context.WithoutCancel(t.Context()), p, entry(i)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		wantWhole(t, s, writers*each)
	})
}

func TestTwoProcessesShareOneFile(t *testing.T) {
	dir := t.TempDir()
	one, two := openTest(t, dir, ""), openTest(t, dir, "")
	var all sync.WaitGroup
	for _, s := range []*Store{one, two} {
		all.Go(func() {
			for i := range 30 {
				if err := s.Record(context.WithoutCancel(t.Context()), anna, entry(i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	wantWhole(t, one, 60)
}

func TestRetentionKeepsTheChainWhole(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		day := 24 * time.Hour
		keep := Retention{Conversations: 30 * day, Feedback: 365 * day, Audit: 90 * day}
		fill(t, s, 6) // noon to 12:05
		noted := verified(t, s, nil).Head
		old, _ := add(t, s, "anna", "", "Gammelt?", noon)
		young, _ := add(t, s, "anna", "", "Nyt?", noon.Add(20*day))
		now := noon.Add(90*day + 3*time.Minute + time.Second) // rows 1 to 4 are too old

		if swept, err := s.Sweep(ctx, keep, noon.Add(31*day)); err != nil || swept != (Swept{Conversations: 1}) {
			t.Fatalf("%+v, %v", swept, err)
		}
		_, err := s.Conversation(ctx, "anna", old)
		wantNotFound(t, "the old conversation", err)
		if _, err := s.Conversation(ctx, "anna", young); err != nil {
			t.Error(err)
		}
		wantWhole(t, s, 6)

		if swept, err := s.Sweep(ctx, keep, now); err != nil || swept.Audit != 4 {
			t.Fatalf("%+v, %v", swept, err)
		}
		v := wantWhole(t, s, 3) // two rows and the checkpoint
		if v.First != 5 || v.Removed != 4 {
			t.Errorf("%+v", v)
		}
		if swept, err := s.Sweep(ctx, keep, now); err != nil || swept.Audit != 0 {
			t.Errorf("a second sweep: %+v, %v", swept, err)
		}
		wantWhole(t, s, 3)
		if v := verified(t, s, &noted); !v.OK {
			t.Errorf("with the head noted before: %+v", v)
		}
		if swept, err := s.Sweep(ctx, keep, now.Add(200*day)); err != nil || swept.Audit != 3 {
			t.Errorf("the rest: %+v, %v", swept, err)
		}
		wantWhole(t, s, 1)
		run(t, s, "DELETE FROM audit")
		if v := verified(t, s, nil); v.OK {
			t.Error("a log without its checkpoint passes")
		}
		if costs, err := s.Costs(ctx, "", ""); err != nil || len(costs) != 2 || costs[0].Answers != 6 {
			t.Errorf("the costs went with the log: %+v, %v", costs, err)
		}
	})
}

func TestErasingAPersonKeepsTheChain(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		fill(t, s, 3)
		if err := s.Record(ctx, Person{Subject: "bo"}, entry(3)); err != nil {
			t.Fatal(err)
		}
		_, turn := add(t, s, "anna", "", "Hvornår yder vi tabt arbejdsfortjeneste?", noon)
		if _, err := s.GiveFeedback(ctx, "anna", Feedback{Turn: turn, Rating: Good}, noon); err != nil {
			t.Fatal(err)
		}
		all, err := s.Export(ctx, "anna")
		if err != nil || len(all.Conversations) != 1 || len(all.Conversations[0].Said) != 1 || len(all.Feedback) != 1 || len(all.Audit) != 3 {
			t.Fatalf("%+v, %v", all, err)
		}
		erased, err := s.Erase(ctx, "anna", noon)
		if err != nil || erased != (Erased{Conversations: 1, Feedback: 1, Pseudonym: true}) {
			t.Fatalf("%+v, %v", erased, err)
		}
		if all, err := s.Export(ctx, "anna"); err != nil || len(all.Conversations)+len(all.Feedback)+len(all.Audit) != 0 {
			t.Errorf("left: %+v, %v", all, err)
		}
		wantWhole(t, s, 5)
		list, _, err := s.Audit(ctx, Filter{}, Page{})
		if err != nil || list[0].Task != TaskErase || list[1].Subject != "bo" || list[2].Subject != "" || list[2].Who == "" {
			t.Errorf("%+v, %v", list, err)
		}
		if strings.Contains(fmt.Sprint(list), "Anna") {
			t.Error("the log still names her")
		}
	})
}

func TestAuditFilters(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		fill(t, s, 5)
		other := entry(9)
		other.Way, other.Task, other.Outcome, other.Class = WayTeams, "summary", OutcomeRefused, "cpr"
		if err := s.Record(t.Context(), Person{Subject: "bo"}, other); err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			filter Filter
			want   int
		}{
			{Filter{}, 6}, {Filter{Subject: "anna"}, 5}, {Filter{Way: WayTeams}, 1}, {Filter{Task: "summary"}, 1}, {Filter{Outcome: OutcomeRefused}, 1},
			{Filter{From: noon.Add(3 * time.Minute)}, 3}, {Filter{To: noon.Add(3 * time.Minute)}, 3}, {Filter{Subject: "bo", Way: WayWeb}, 0},
			{Filter{Subject: "' OR 1=1 --"}, 0},
		} {
			list, total, err := s.Audit(t.Context(), test.filter, Page{Limit: 10})
			if err != nil || total != test.want || len(list) != test.want {
				t.Errorf("%+v: %d (%d), want %d: %v", test.filter, total, len(list), test.want, err)
			}
		}
		if page, total, err := s.Audit(t.Context(), Filter{}, Page{Limit: 2, Offset: 2}); err != nil || total != 6 || len(page) != 2 || page[0].Seq != 4 {
			t.Errorf("%+v, %d, %v", page, total, err)
		}
	})
}

// Two entries that differ in anything have different hashes, wherever the
// borders of their fields lie.
func TestHashCoversEveryField(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z0-9:,]{0,3}`)
		draw := func(label string) Entry {
			return Entry{
				Seq: rapid.Int64Range(0, 2).Draw(t, label), At: time.UnixMilli(rapid.Int64Range(0, 2).Draw(t, label)).UTC(), Who: word.Draw(t, label),
				Way: word.Draw(t, label), Task: word.Draw(t, label), Outcome: word.Draw(t, label), Class: word.Draw(t, label),
				Documents: rapid.SliceOfN(word, 0, 2).Draw(t, label), Model: word.Draw(t, label), Tokens: rapid.Int64Range(0, 11).Draw(t, label),
				Cost: rapid.Int64Range(0, 11).Draw(t, label), Duration: rapid.Int64Range(0, 11).Draw(t, label), Note: word.Draw(t, label),
			}
		}
		a, b := draw("a"), draw("b")
		if same := fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b); same != (a.chained("x") == b.chained("x")) {
			t.Fatalf("%+v and %+v", a, b)
		}
		if a.chained("x") == a.chained("y") {
			t.Fatal("the row before does not count")
		}
	})
}

func TestHeadsAreReadAsWritten(t *testing.T) {
	h := Head{Seq: 12, Hash: strings.Repeat("0f", 32)}
	if got, err := ParseHead(h.String()); err != nil || got != h {
		t.Errorf("%+v, %v", got, err)
	}
	for _, wrong := range []string{"", "12", "12:", "x:" + h.Hash, "12:abc", ":"} {
		if _, err := ParseHead(wrong); err == nil {
			t.Errorf("%q passes", wrong)
		}
	}
}

func TestCostsByMonthAndGroup(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		record := func(p Person, e Entry) {
			t.Helper()
			if err := s.Record(t.Context(), p, e); err != nil {
				t.Fatal(err)
			}
		}
		both := Person{Subject: "bo", Groups: []string{"boern", "voksne"}}
		december := entry(0)
		december.At = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
		record(anna, entry(0))
		record(both, entry(1))
		record(Person{Subject: "cia"}, december)
		refused := Entry{At: noon, Task: "lookup", Outcome: OutcomeRefused, Class: "cpr"}
		record(anna, refused)
		list, err := s.Costs(t.Context(), "", "")
		want := []Cost{
			{"2026-11", "*", "m", 2, 201, 0.003}, {"2026-11", "boern", "m", 2, 201, 0.003}, {"2026-11", "voksne", "m", 1, 101, 0.0015},
			{"2026-12", "", "m", 1, 100, 0.0015}, {"2026-12", "*", "m", 1, 100, 0.0015},
		}
		if err != nil || fmt.Sprint(list) != fmt.Sprint(want) {
			t.Errorf("%+v, %v", list, err)
		}
		if list, err := s.Costs(t.Context(), "2026-12", "2026-12"); err != nil || len(list) != 2 {
			t.Errorf("one month: %+v, %v", list, err)
		}
	})
}

// Run sweeps when it begins and every hour after, and logs the head each time.
func TestRunSweepsEveryHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.Context(), t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		add(t, s, "anna", "", "Gammelt?", start.Add(-48*time.Hour))
		add(t, s, "anna", "", "Snart gammelt?", start.Add(-24*time.Hour+time.Minute))
		fill(t, s, 1)
		var log strings.Builder
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			s.Run(ctx, Retention{Conversations: 24 * time.Hour}, slog.New(slog.NewTextHandler(&log, nil)))
		})
		left := func() int {
			t.Helper()
			synctest.Wait()
			_, total, err := s.Conversations(t.Context(), "anna", "", Page{})
			if err != nil {
				t.Fatal(err)
			}
			return total
		}
		if n := left(); n != 1 {
			t.Errorf("after the first sweep %d are left, want 1", n)
		}
		time.Sleep(sweepEvery)
		if n := left(); n != 0 {
			t.Errorf("an hour later %d are left, want 0", n)
		}
		stop()
		all.Wait()
		head, err := s.AuditHead(t.Context())
		if err != nil || strings.Count(log.String(), head.String()) != 2 {
			t.Errorf("the head %s is not logged twice: %s, %v", head, log.String(), err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
