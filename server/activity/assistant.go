package activity

import (
	"context"
	"errors"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

// Assistant is what a Recorder wraps; *assistant.Assistant is one.
type Assistant interface {
	Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error)
	Summarize(ctx context.Context, req assistant.SummaryRequest, emit func(assistant.Event) error) (assistant.Answer, error)
}

// GapChecker is what a Recorder wraps; *gaps.Checker is one.
type GapChecker interface {
	Check(ctx context.Context, text gaps.Text, o gaps.Options) (gaps.Report, error)
}

// Assistant returns inner with a record of each answer: an audit row, and a turn
// in the asker's conversation, which the done event and the answer name.
//
// Ask answers a request with Conversation set from what was asked there before,
// in place of its History, and fails with ErrNotFound where the asker has no such
// conversation. Without one a new conversation begins; NoConversation keeps none.
// Summaries of files that are not stored are kept in none either.
func (r *Recorder) Assistant(inner Assistant) Assistant { return recorded{r, inner} }

// Gaps returns inner with an audit row for each comparison. The text compared and
// what was found in it are not stored.
func (r *Recorder) Gaps(inner GapChecker) GapChecker { return recordedGaps{r, inner} }

type recorded struct {
	*Recorder
	inner Assistant
}

func (r recorded) Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error) {
	if err := r.remember(ctx, &req); err != nil {
		return assistant.Answer{}, err
	}
	rec := r.begin(ctx, req.Conversation, assistant.TaskLookup)
	rec.question = req.Question
	answer, err := r.inner.Ask(ctx, req, rec.watch(emit))
	return rec.end(answer, err)
}

// remember fills in the history of the conversation that req goes on.
func (r recorded) remember(ctx context.Context, req *assistant.Request) error {
	if req.Conversation == "" || req.Conversation == NoConversation {
		return nil
	}
	owner := access.From(ctx).Subject
	if _, err := r.store.Conversation(ctx, owner, req.Conversation); err != nil {
		if errors.Is(err, ErrNotFound) {
			return err
		}
		// The answer matters more than the history that the store cannot read.
		r.lost(PartConversation, err)
		return nil
	}
	turns, err := r.store.Turns(ctx, owner, req.Conversation, followed)
	if err != nil {
		r.lost(PartConversation, err)
		return nil
	}
	req.History = make([]assistant.Turn, len(turns))
	for i, t := range turns {
		req.History[i] = assistant.Turn{Question: t.Question, Sections: t.Retrieved}
	}
	return nil
}

func (r recorded) Summarize(ctx context.Context, req assistant.SummaryRequest, emit func(assistant.Event) error) (assistant.Answer, error) {
	conversation := req.Conversation
	if req.Draft != nil {
		conversation = NoConversation
	}
	rec := r.begin(ctx, conversation, assistant.TaskSummary)
	answer, err := r.inner.Summarize(ctx, req, rec.watch(emit))
	return rec.end(answer, err)
}

type recordedGaps struct {
	*Recorder
	inner GapChecker
}

func (r recordedGaps) Check(ctx context.Context, text gaps.Text, o gaps.Options) (gaps.Report, error) {
	started := time.Now()
	report, err := r.inner.Check(ctx, text, o)
	e := Entry{At: started, Task: TaskGaps, Outcome: OutcomeDone, Documents: report.Against, Duration: time.Since(started).Milliseconds()}
	if err != nil {
		e.Outcome = outcomeOf(ctx, err)
	}
	r.audit(ctx, e)
	return report, err
}

func (r *Recorder) lost(part string, err error) {
	r.failed(part)
	r.log.Error("activity could not be stored or read", "part", part, "error", err)
}

// record is the record of one answer while it is made.
type record struct {
	*Recorder
	ctx          context.Context
	started      time.Time
	task         assistant.Task
	conversation string // "" begins a new one
	question     string // "" of a summary: its title
	done         bool
	turn         string
}

func (r *Recorder) begin(ctx context.Context, conversation string, task assistant.Task) *record {
	return &record{Recorder: r, ctx: ctx, started: time.Now(), task: task, conversation: conversation}
}

// watch stores the answer before the done event tells that it is complete, so
// that the event can name its conversation.
func (rec *record) watch(emit func(assistant.Event) error) func(assistant.Event) error {
	if emit == nil {
		emit = func(assistant.Event) error { return nil }
	}
	return func(e assistant.Event) error {
		if e.Type == assistant.EventDone && e.Answer != nil {
			whole := *e.Answer
			rec.keep(&whole)
			e.Answer = &whole
		}
		return emit(e)
	}
}

// end records what ended without a done event, and completes the answer. Wrong
// requests are nobody's deed, and not audited.
func (rec *record) end(answer assistant.Answer, err error) (assistant.Answer, error) {
	switch {
	case rec.done && err == nil:
		answer.Conversation, answer.Turn = rec.named()
	case rec.done, errors.As(err, new(*assistant.InputError)), errors.Is(err, corpus.ErrNotFound):
	case err == nil:
		rec.keep(&answer)
	default:
		rec.audit(rec.ctx, Entry{
			At: rec.started, Task: string(rec.task), Outcome: outcomeOf(rec.ctx, err), Duration: time.Since(rec.started).Milliseconds(),
		})
	}
	return answer, err
}

// keep writes the audit row and, of what policy let in, the turn.
func (rec *record) keep(a *assistant.Answer) {
	rec.done = true
	rec.audit(rec.ctx, entryOf(a, rec.started))
	if !a.Verdict.Allowed || access.From(rec.ctx).Subject == "" { // nobody's conversation would be everybody's
		rec.conversation = NoConversation
	}
	if rec.conversation != NoConversation {
		rec.addTurn(a)
	}
	a.Conversation, a.Turn = rec.named()
}

func (rec *record) named() (conversation, turn string) {
	if rec.turn == "" {
		return "", ""
	}
	return rec.conversation, rec.turn
}

func (rec *record) addTurn(a *assistant.Answer) {
	t := Turn{Asked: rec.started, Question: rec.question, Answer: *a, Retrieved: shown(a)}
	if t.Question == "" {
		t.Question = "Sammenfatning"
		if len(a.Sources) > 0 {
			t.Question += ": " + a.Sources[0].Title
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(rec.ctx), storeTimeout)
	defer cancel()
	conversation, turn, err := rec.store.AddTurn(ctx, access.From(rec.ctx).Subject, rec.conversation, t)
	if err != nil {
		rec.lost(PartConversation, err)
		return
	}
	rec.conversation, rec.turn = conversation, turn
}
