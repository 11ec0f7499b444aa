package activity

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
	"github.com/hjemmel/hjemmel/server/policy"
)

const secret = "010190-1234"

// fakeAssistant answers with what its fields say.
type fakeAssistant struct {
	answer  assistant.Answer
	err     error
	history []assistant.Turn
}

func (f *fakeAssistant) Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
	f.history = req.History
	return f.tell(ctx, emit)
}

func (f *fakeAssistant) Summarize(ctx context.Context, _ assistant.SummaryRequest, emit func(assistant.Event) error) (assistant.Answer, error) {
	return f.tell(ctx, emit)
}

func (f *fakeAssistant) tell(ctx context.Context, emit func(assistant.Event) error) (assistant.Answer, error) {
	if f.err != nil || ctx.Err() != nil {
		return assistant.Answer{}, errors.Join(f.err, ctx.Err())
	}
	a := f.answer
	return a, emit(assistant.Event{Type: assistant.EventDone, Answer: &a})
}

func (f *fakeAssistant) Check(context.Context, gaps.Text, gaps.Options) (gaps.Report, error) {
	return gaps.Report{Against: []string{"lbk-2025-282"}, Findings: []gaps.Finding{{Explanation: "hemmelig tekst"}}}, f.err
}

// desk is a recorder on a store, and what its failures were.
type desk struct {
	*Recorder
	fake   *fakeAssistant
	failed []string
	ctx    context.Context // of anna, on the web
}

func newDesk(t *testing.T, s *Store) *desk {
	d := &desk{fake: &fakeAssistant{answer: answered("Ja.")}}
	d.Recorder = NewRecorder(s, slog.New(slog.DiscardHandler), func(part string) { d.failed = append(d.failed, part) })
	d.ctx = as(t.Context(), "anna")
	return d
}

func as(ctx context.Context, subject string) context.Context {
	return WithWay(access.With(ctx, access.Principal{Subject: subject, Name: "Anna Holm"}), WayWeb)
}

func (d *desk) ask(ctx context.Context, req assistant.Request) (answer assistant.Answer, told *assistant.Answer, err error) {
	answer, err = d.Assistant(d.fake).Ask(ctx, req, func(e assistant.Event) error {
		told = e.Answer
		return nil
	})
	return answer, told, err
}

func onDesk(t *testing.T, test func(t *testing.T, d *desk)) {
	onEach(t, func(t *testing.T, s *Store) { test(t, newDesk(t, s)) })
}

func (d *desk) last(t *testing.T) Entry {
	t.Helper()
	list, _, err := d.store.Audit(t.Context(), Filter{}, Page{Limit: 1})
	if err != nil || len(list) != 1 {
		t.Fatalf("no audit row: %v", err)
	}
	return list[0]
}

func TestAnswerBecomesTurnAndAuditRow(t *testing.T) {
	onDesk(t, func(t *testing.T, d *desk) {
		d.fake.answer.Model, d.fake.answer.Usage = "m", assistant.Usage{Tokens: 900, CostDKK: 0.0125}
		answer, told, err := d.ask(d.ctx, assistant.Request{Question: "Hvornår yder vi tabt arbejdsfortjeneste?"})
		if err != nil || answer.Conversation == "" || answer.Turn == "" || told.Conversation != answer.Conversation || told.Turn != answer.Turn {
			t.Fatalf("%+v\n%+v\n%v", answer, told, err)
		}
		e := d.last(t)
		if e.Subject != "anna" || e.Name != "Anna Holm" || e.Way != WayWeb || e.Task != "lookup" || e.Outcome != OutcomeAnswered ||
			fmt.Sprint(e.Documents) != "[lbk-2025-282]" || e.Tokens != 900 || e.Cost != 12500 {
			t.Errorf("%+v", e)
		}
		if strings.Contains(fmt.Sprintf("%+v", e), "tabt") {
			t.Errorf("the audit row holds the question: %+v", e)
		}
		if _, _, err := d.ask(d.ctx, assistant.Request{Question: "Hvad med stk. 2?", Conversation: answer.Conversation, History: []assistant.Turn{{Question: "noget andet"}}}); err != nil {
			t.Fatal(err)
		}
		if len(d.fake.history) != 1 || d.fake.history[0].Question != "Hvornår yder vi tabt arbejdsfortjeneste?" || d.fake.history[0].Sections[0] != "lbk-2025-282#87" {
			t.Errorf("history %+v", d.fake.history)
		}
		if _, _, err := d.ask(as(t.Context(), "bo"), assistant.Request{Question: "Og?", Conversation: answer.Conversation}); !errors.Is(err, ErrNotFound) {
			t.Errorf("somebody else goes on in her conversation: %v", err)
		}
	})
}

// Nothing of a refused question may lie anywhere in the database.
func TestRefusedTextIsNowhere(t *testing.T) {
	onDesk(t, func(t *testing.T, d *desk) {
		d.fake.answer = assistant.Answer{Task: assistant.TaskLookup, Verdict: policy.Verdict{Class: policy.ClassCPR, Reason: "CPR"}, Refused: "CPR"}
		answer, _, err := d.ask(d.ctx, assistant.Request{Question: "Kan " + secret + " få støtte?"})
		if err != nil || answer.Conversation != "" {
			t.Fatalf("%+v, %v", answer, err)
		}
		e := d.last(t)
		if e.Outcome != OutcomeRefused || e.Class != string(policy.ClassCPR) {
			t.Errorf("%+v", e)
		}
		for _, table := range []string{"conversations", "turns", "feedback", "audit", "persons", "costs"} {
			if text := dump(t, d.store, table); strings.Contains(text, secret) || strings.Contains(text, "støtte") {
				t.Errorf("%s holds the refused question: %s", table, text)
			}
		}
	})
}

// dump writes every row of a table as text.
func dump(t *testing.T, s *Store, table string) string {
	t.Helper()
	found, err := s.read.QueryContext(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for found.Next() {
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(any)
		}
		if err := found.Scan(row...); err != nil {
			t.Fatal(err)
		}
		for _, value := range row {
			text += fmt.Sprintf("%v ", *value.(*any))
		}
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestWhatIsKeptInNoConversation(t *testing.T) {
	onDesk(t, func(t *testing.T, d *desk) {
		summary := func(ctx context.Context, req assistant.SummaryRequest) assistant.Answer {
			t.Helper()
			a, err := d.Assistant(d.fake).Summarize(ctx, req, nil)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		if a, _, err := d.ask(d.ctx, assistant.Request{Question: "Hvad?", Conversation: NoConversation}); err != nil || a.Conversation != "" {
			t.Errorf("%+v, %v", a, err)
		}
		if a := summary(d.ctx, assistant.SummaryRequest{Draft: &corpus.Contents{}}); a.Conversation != "" {
			t.Error("the summary of a file that is not stored is stored")
		}
		if a, _, err := d.ask(t.Context(), assistant.Request{Question: "Hvad?"}); err != nil || a.Conversation != "" {
			t.Errorf("nobody has a conversation: %+v, %v", a, err)
		}
		if _, err := d.Gaps(d.fake).Check(d.ctx, gaps.Text{}, gaps.Options{}); err != nil {
			t.Fatal(err)
		}
		if _, total, err := d.store.Audit(t.Context(), Filter{}, Page{}); err != nil || total != 4 {
			t.Errorf("%d audit rows, want 4: %v", total, err)
		}
		if text := dump(t, d.store, "audit"); strings.Contains(text, "hemmelig") {
			t.Errorf("the audit log holds a finding: %s", text)
		}
		a := summary(d.ctx, assistant.SummaryRequest{Document: "lbk-2025-282"})
		turns, err := d.store.Turns(t.Context(), "anna", a.Conversation, 0)
		if err != nil || len(turns) != 1 || turns[0].Question != "Sammenfatning: Barnets lov" {
			t.Errorf("%+v, %v", turns, err)
		}
	})
}

func TestHowTasksEnd(t *testing.T) {
	stopped, stop := context.WithCancel(as(context.Background(), "anna"))
	stop()
	for _, test := range []struct {
		name string
		ctx  context.Context
		err  error
		want string // outcome; "" where nothing is audited
	}{
		{"failure", as(context.Background(), "anna"), &assistant.Failure{Message: "m", Err: errors.New("disk")}, OutcomeFailed},
		{"wrong request", as(context.Background(), "anna"), &assistant.InputError{Field: "question"}, ""},
		{"stopped", stopped, nil, OutcomeCancelled},
	} {
		t.Run(test.name, func(t *testing.T) {
			onDesk(t, func(t *testing.T, d *desk) {
				d.fake.err = test.err
				if _, _, err := d.ask(test.ctx, assistant.Request{Question: "Hvad?"}); err == nil {
					t.Fatal("no error")
				}
				list, _, err := d.store.Audit(t.Context(), Filter{}, Page{})
				if err != nil || len(list) > 1 || (len(list) == 1) != (test.want != "") || len(list) == 1 && list[0].Outcome != test.want {
					t.Errorf("%+v, %v", list, err)
				}
			})
		})
	}
}

func TestStoreThatFailsLosesNoAnswer(t *testing.T) {
	d := newDesk(t, openTest(t, t.TempDir(), ""))
	if err := d.Healthy(t.Context()); err != nil {
		t.Fatal(err)
	}
	run(t, d.store, "ALTER TABLE audit RENAME TO audit_away")
	run(t, d.store, "ALTER TABLE turns RENAME TO turns_away")
	a, told, err := d.ask(d.ctx, assistant.Request{Question: "Hvad?"})
	if err != nil || !a.Answered || !told.Answered || a.Conversation != "" {
		t.Fatalf("%+v, %v", a, err)
	}
	if fmt.Sprint(d.failed) != "[audit conversation]" {
		t.Errorf("counted %v", d.failed)
	}
	if err := d.Healthy(t.Context()); !errors.Is(err, ErrAudit) {
		t.Errorf("healthy: %v", err)
	}
	run(t, d.store, "ALTER TABLE audit_away RENAME TO audit")
	if _, _, err := d.ask(d.ctx, assistant.Request{Question: "Hvad?"}); err != nil {
		t.Fatal(err)
	}
	if err := d.Healthy(t.Context()); err != nil {
		t.Errorf("still ill: %v", err)
	}
	wantWhole(t, d.store, 1)
}
