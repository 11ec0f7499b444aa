package activity

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// The ways in.
const (
	WayWeb    = "web"
	WayAPI    = "api"
	WayTeams  = "teams"
	WayMCP    = "mcp"
	WayOpenAI = "openai"
	WayEmbed  = "embed" // <hjemmel-chat> on a page of another origin
	WayCLI    = "cli"
)

// The tasks of a Recorder besides assistant.TaskLookup and TaskSummary.
const (
	TaskGaps   = "gaps"
	TaskSearch = "search"
	TaskUpload = "upload"
	TaskDelete = "delete" // of documents
	TaskNote   = "note"   // feedback and titles that a person writes
)

type wayKey struct{}

// WithWay returns a context whose requests came by a way in.
func WithWay(ctx context.Context, way string) context.Context {
	return context.WithValue(ctx, wayKey{}, way)
}

// WayOf returns by which way in ctx came; "" where none was named.
func WayOf(ctx context.Context) string {
	way, _ := ctx.Value(wayKey{}).(string)
	return way
}

// NoConversation in a request's Conversation asks that the question be kept in
// no conversation. It is audited all the same.
const NoConversation = "none"

// The things that a Recorder can fail to store.
const (
	PartAudit        = "audit"
	PartConversation = "conversation"
)

// storeTimeout bounds the writing of one record: an answer waits for it.
const storeTimeout = 5 * time.Second

// followed is how many earlier turns a follow-up question is understood from.
const followed = 20

// Recorder writes down what is asked and answered, for every way in. A store that
// fails loses no answer: that is logged, counted and told by Healthy.
type Recorder struct {
	store  *Store
	log    *slog.Logger
	failed func(part string)
	broken atomic.Bool // the last audit row could not be written
}

// NewRecorder returns a recorder into store. failed counts what could not be
// stored and may be nil.
func NewRecorder(store *Store, log *slog.Logger, failed func(part string)) *Recorder {
	if failed == nil {
		failed = func(string) {}
	}
	return &Recorder{store: store, log: log, failed: failed}
}

// ErrAudit is returned by Healthy while the audit log cannot be written.
var ErrAudit = errors.New("the audit log cannot be written")

// Healthy tells whether what happens is being written down.
func (r *Recorder) Healthy(ctx context.Context) error {
	if err := r.store.Ping(ctx); err != nil {
		return err
	}
	if r.broken.Load() {
		return ErrAudit
	}
	return nil
}

// Refused audits that policy stopped a text on its way to a task.
func (r *Recorder) Refused(ctx context.Context, task string, v policy.Verdict) {
	r.audit(ctx, Entry{At: time.Now(), Task: task, Outcome: OutcomeRefused, Class: string(v.Class)})
}

// audit appends an entry for the principal and the way in of ctx, also where ctx
// has ended: the person may have left.
func (r *Recorder) audit(ctx context.Context, e Entry) {
	p := access.From(ctx)
	e.Way = WayOf(ctx)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	err := r.store.Record(ctx, Person{Subject: p.Subject, Name: p.Name, Groups: p.Groups}, e)
	r.broken.Store(err != nil)
	if err != nil {
		r.failed(PartAudit)
		r.log.Error("an audit row could not be written", "task", e.Task, "outcome", e.Outcome, "error", err)
	}
}

// entryOf is the audit row of an answer.
func entryOf(a *assistant.Answer, started time.Time) Entry {
	e := Entry{
		At: started, Task: string(a.Task), Outcome: OutcomeAnswered, Model: a.Model, Tokens: int64(a.Usage.Tokens),
		Cost: int64(math.Round(a.Usage.CostDKK * microDKK)), Duration: time.Since(started).Milliseconds(),
	}
	switch {
	case !a.Verdict.Allowed:
		e.Outcome, e.Class = OutcomeRefused, string(a.Verdict.Class)
	case !a.Answered:
		e.Outcome = OutcomeNoSource
	}
	for _, s := range a.Sources {
		if !slices.Contains(e.Documents, s.Document) {
			e.Documents = append(e.Documents, s.Document)
		}
	}
	return e
}

// shown returns the sections of an answer, the first cited first.
func shown(a *assistant.Answer) []string {
	var ids []string
	add := func(id string) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, sentence := range a.Answer {
		for _, n := range sentence.Citations {
			if n >= 1 && n <= len(a.Sources) {
				add(a.Sources[n-1].Section)
			}
		}
	}
	for _, s := range a.Sources {
		add(s.Section)
	}
	return ids
}

// outcomeOf names how a task that ended with err ended.
func outcomeOf(ctx context.Context, err error) string {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return OutcomeCancelled
	}
	return OutcomeFailed
}

// Did audits a task that answers nothing, with the documents that it was about.
func (r *Recorder) Did(ctx context.Context, task string, documents ...string) {
	r.audit(ctx, Entry{At: time.Now(), Task: task, Outcome: OutcomeDone, Documents: documents})
}
