package activity

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// postgresVar names a PostgreSQL database that the tests may empty; without it
// they run on SQLite alone. .ci/suite-postgres sets it.
const postgresVar = "HJEMMEL_TEST_POSTGRES"

// onEach runs a test on an empty store of each database there is.
func onEach(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Run("sqlite", func(t *testing.T) { test(t, openTest(t, t.TempDir(), "")) })
	t.Run("postgres", func(t *testing.T) {
		address := testPostgres()
		if address == "" {
			t.Skip("no " + postgresVar + ": .ci/suite-postgres runs these tests on PostgreSQL")
		}
		s := openTest(t, "", address)
		for _, table := range []string{"turns", "conversations", "feedback", "audit", "persons", "costs"} {
			run(t, s, "DELETE FROM "+table)
		}
		run(t, s, "UPDATE audit_head SET seq = 0, hash = '', base_seq = 0, base_hash = ''")
		test(t, s)
	})
}

// testPostgres is the address of a PostgreSQL database that the tests may empty; ""
// where there is none.
func testPostgres() string { return os.Getenv(postgresVar) }

func openTest(t *testing.T, dir, address string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// run changes the database behind the store's back.
func run(t *testing.T, s *Store, statement string, args ...any) {
	t.Helper()
	if _, err := s.write.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func answered(texts ...string) assistant.Answer {
	a := assistant.Answer{Task: assistant.TaskLookup, Verdict: policy.Verdict{Allowed: true}, Answered: true, AsOf: "2026-11-24"}
	for i, text := range texts {
		a.Answer = append(a.Answer, assistant.Sentence{Text: text, Role: assistant.RoleAnswer, Citations: []int{i + 1}, Verified: true})
		a.Sources = append(a.Sources, assistant.Source{N: i + 1, Document: "lbk-2025-282", Section: fmt.Sprintf("lbk-2025-282#%d", 87+i), Title: "Barnets lov", Reference: fmt.Sprintf("barnets lov § %d", 87+i), Quote: text})
	}
	return a
}

func add(t *testing.T, s *Store, owner, conversation, question string, at time.Time) (conversationID, turnID string) {
	t.Helper()
	a := answered("Kommunalbestyrelsen skal yde hjælp til dækning af tabt arbejdsfortjeneste.")
	conversationID, turnID, err := s.AddTurn(t.Context(), owner, conversation, Turn{Asked: at, Question: question, Answer: a, Retrieved: shown(&a)})
	if err != nil {
		t.Fatal(err)
	}
	return conversationID, turnID
}

func TestConversationsAreKeptInOrder(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		first, _ := add(t, s, "anna", "", "Hvornår yder vi tabt arbejdsfortjeneste?", noon)
		second, _ := add(t, s, "anna", "", "Hvad er fristen for partshøring?", noon.Add(time.Minute))
		again, _ := add(t, s, "anna", first, "Hvad med stk. 2?", noon.Add(time.Hour))
		if again != first {
			t.Errorf("the turn went to %s, not %s", again, first)
		}
		list, total, err := s.Conversations(t.Context(), "anna", "", Page{})
		if err != nil || total != 2 || len(list) != 2 || list[0].ID != first || list[1].ID != second || list[0].Turns != 2 {
			t.Fatalf("%+v, %d, %v", list, total, err)
		}
		if !list[0].Updated.Equal(noon.Add(time.Hour)) || !list[0].Created.Equal(noon) {
			t.Errorf("times %v, %v", list[0].Created, list[0].Updated)
		}
		turns, err := s.Turns(t.Context(), "anna", first, 0)
		if err != nil || len(turns) != 2 || turns[1].Question != "Hvad med stk. 2?" || turns[0].Retrieved[0] != "lbk-2025-282#87" {
			t.Fatalf("%+v, %v", turns, err)
		}
		if turns[0].Answer.Answer[0].Text != "Kommunalbestyrelsen skal yde hjælp til dækning af tabt arbejdsfortjeneste." {
			t.Errorf("the answer changed: %+v", turns[0].Answer)
		}
		if last, err := s.Turns(t.Context(), "anna", first, 1); err != nil || len(last) != 1 || last[0].Question != "Hvad med stk. 2?" {
			t.Errorf("the last turn: %+v, %v", last, err)
		}
	})
}

func TestSearchingConversations(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		one, _ := add(t, s, "anna", "", "Må vi give ÅBEN rådgivning?", noon)
		add(t, s, "anna", one, "Og hvad med ældre på 100 %?", noon)
		add(t, s, "anna", "", "Hvad er fristen for klage_sager?", noon)
		for words, want := range map[string]int{
			"åben": 1, "ÆLDRE": 1, "rådgivning åben": 1, "åben frist": 0, "100 %": 1, "%": 1, "_": 1, "hvad": 2, `\`: 0, "": 2, "  ": 2,
		} {
			if list, total, err := s.Conversations(t.Context(), "anna", words, Page{}); err != nil || total != want || len(list) != want {
				t.Errorf("%q finds %d (%d), want %d: %v", words, total, len(list), want, err)
			}
		}
	})
}

func TestOtherPeoplesThingsDoNotExist(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		id, turn := add(t, s, "anna", "", "Hvornår yder vi tabt arbejdsfortjeneste?", noon)
		_, err := s.Conversation(ctx, "bo", id)
		wantNotFound(t, "Conversation", err)
		_, err = s.Turn(ctx, "bo", turn)
		wantNotFound(t, "Turn", err)
		wantNotFound(t, "Rename", s.Rename(ctx, "bo", id, "min"))
		wantNotFound(t, "DeleteConversation", s.DeleteConversation(ctx, "bo", id))
		_, _, err = s.AddTurn(ctx, "bo", id, Turn{Asked: noon, Question: "Og?"})
		wantNotFound(t, "AddTurn", err)
		_, err = s.GiveFeedback(ctx, "bo", Feedback{Turn: turn, Rating: Bad}, noon)
		wantNotFound(t, "GiveFeedback", err)
		if turns, err := s.Turns(ctx, "bo", id, 0); err != nil || len(turns) != 0 {
			t.Errorf("Turns: %+v, %v", turns, err)
		}
		if list, total, err := s.Conversations(ctx, "bo", "tabt", Page{}); err != nil || len(list) != 0 || total != 0 {
			t.Errorf("Conversations: %+v, %d, %v", list, total, err)
		}
		if n, err := s.DeleteConversations(ctx, "bo"); err != nil || n != 0 {
			t.Errorf("DeleteConversations: %d, %v", n, err)
		}
		if turns, err := s.Turns(ctx, "anna", id, 0); err != nil || len(turns) != 1 {
			t.Errorf("anna lost her turns: %+v, %v", turns, err)
		}
	})
}

func wantNotFound(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("%s: %v, want ErrNotFound", what, err)
	}
}

func TestRenameAndDelete(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		id, turn := add(t, s, "anna", "", strings.Repeat("lang ", 60), noon)
		c, err := s.Conversation(ctx, "anna", id)
		if err != nil || len([]rune(c.Title)) > MaxTitle || !strings.HasSuffix(c.Title, "…") {
			t.Errorf("title %q, %v", c.Title, err)
		}
		if err := s.Rename(ctx, "anna", id, "Frister i børnesager"); err != nil {
			t.Fatal(err)
		}
		if list, _, err := s.Conversations(ctx, "anna", "BØRNESAGER", Page{}); err != nil || len(list) != 1 {
			t.Errorf("the new title is not found: %+v, %v", list, err)
		}
		if err := s.DeleteConversation(ctx, "anna", id); err != nil {
			t.Fatal(err)
		}
		_, err = s.Turn(ctx, "anna", turn)
		wantNotFound(t, "a turn of a deleted conversation", err)
	})
}

func TestThousandConversationsInPages(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		const n = 1000
		tx, err := s.write.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			_, err := tx.ExecContext(t.Context(), "INSERT INTO conversations(id, owner, title, folded, created, updated) VALUES ($1, 'anna', $2, $2, $3, $3)", fmt.Sprint(i), fmt.Sprint("spørgsmål ", i), int64(i/3))
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for len(seen) < n {
			list, total, err := s.Conversations(t.Context(), "anna", "", Page{Limit: 70, Offset: len(seen)})
			if err != nil || total != n || len(list) == 0 {
				t.Fatalf("page at %d: %d of %d, %v", len(seen), len(list), total, err)
			}
			for _, c := range list {
				if seen[c.ID] {
					t.Fatalf("%s comes twice", c.ID)
				}
				seen[c.ID] = true
			}
		}
	})
}

func TestTurnsAtOnceGetTheirOwnPlaces(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		id, _ := add(t, s, "anna", "", "Først?", noon)
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if _, _, err := s.AddTurn(context.WithoutCancel(t.Context()), "anna", id, Turn{Asked: noon, Question: fmt.Sprint("Spørgsmål ", i)}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if turns, err := s.Turns(t.Context(), "anna", id, 0); err != nil || len(turns) != 21 {
			t.Errorf("%d turns, %v", len(turns), err)
		}
	})
}
