package assistant

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/policy"
)

// MaxQuestion is the longest question that is answered, in characters.
const MaxQuestion = 2000

// maxTurns is how many earlier questions a request may carry.
const maxTurns = 50

// poolSize is how many sections are read for one answer. The right section is
// rarely further down, and each costs reading and scoring time.
const poolSize = 16

// Searcher finds the sections that may answer; *retrieval.Engine is one.
type Searcher interface {
	Search(ctx context.Context, q retrieval.Query) (retrieval.Result, error)
}

// Sections reads what is quoted; *corpus.Store is one.
type Sections interface {
	Section(ctx context.Context, id string) (corpus.Section, error)
	Document(ctx context.Context, id string) (corpus.Document, error)
	SectionsOf(ctx context.Context, docID string) ([]corpus.Section, error)
}

// Assistant answers questions by quoting the collection. It keeps no state
// between questions and may be used by many goroutines at once.
type Assistant struct {
	search   Searcher
	sections Sections
	check    func(string) policy.Verdict

	composition *Composition // nil: answers only quote
	meaning     *meaning     // nil: sentences are chosen by their words alone
}

// New returns an assistant that lets check judge every question before search
// sees it, and quotes what sections holds. None of the three may be nil.
func New(search Searcher, sections Sections, check func(string) policy.Verdict) *Assistant {
	return &Assistant{search: search, sections: sections, check: check}
}

// Ask answers one question. It emits the answer's events in the order that
// EventType documents, and returns the whole answer; emit may be nil.
//
// A question that policy refuses, or that nothing in the collection answers, is
// no error: the answer then says why in Refused and has no sources, because a
// source shown beside a refusal reads like an answer.
//
// Errors: *InputError before anything is emitted; *Failure when search or
// reading failed, after an EventError with the same Danish text; the error of
// emit or of ctx as it is, and then nothing more is emitted.
func (a *Assistant) Ask(ctx context.Context, req Request, emit func(Event) error) (Answer, error) {
	if err := req.validate(); err != nil {
		return Answer{}, err
	}
	started := time.Now()
	out := newStream(ctx, req, emit)
	err := a.answer(ctx, req, out)
	if err != nil {
		return Answer{}, out.fail(err)
	}
	out.answer.Usage.MS = float64(time.Since(started).Microseconds()) / 1000
	final := out.answer
	return final, out.send(Event{Type: EventDone, Answer: &final})
}

func (a *Assistant) answer(ctx context.Context, req Request, out *stream) error {
	verdict := a.check(req.Question)
	out.answer.Verdict = verdict
	if err := out.send(Event{Type: EventVerdict, Verdict: &verdict}); err != nil {
		return err
	}
	if !verdict.Allowed {
		out.answer.Refused = refusedByPolicy(verdict)
		return nil
	}
	if req.Task != TaskLookup {
		sum, ok, err := a.summaryAsked(ctx, req)
		if err != nil {
			return err
		}
		if ok {
			doc, sections, err := a.scope(ctx, sum)
			if err != nil {
				return err
			}
			out.answer.Task = TaskSummary
			return a.summarize(sum, doc, sections, out)
		}
	}
	question, err := a.understand(ctx, req)
	if err != nil {
		return err
	}
	if question != req.Question {
		req.Question, out.answer.Understood = question, question
		if err := out.status("Forstået som: " + question); err != nil {
			return err
		}
	}
	return a.lookup(ctx, req, out)
}

func (req *Request) validate() error {
	switch {
	case req.Task != "" && req.Task != TaskAuto && req.Task != TaskLookup:
		return &InputError{Field: "task", Message: fmt.Sprintf("Opgaven »%s« kendes ikke.", req.Task)}
	case strings.TrimSpace(req.Question) == "":
		return &InputError{Field: "question", Message: "Skriv et spørgsmål."}
	case utf8.RuneCountInString(req.Question) > MaxQuestion:
		return &InputError{Field: "question", Message: "Spørgsmålet er for langt: skriv højst 2.000 tegn."}
	}
	if len(req.History) > maxTurns {
		return &InputError{Field: "history", Message: fmt.Sprintf("Samtalen er for lang: send højst de sidste %d spørgsmål.", maxTurns)}
	}
	if req.AsOf == "" {
		return nil
	}
	day, err := corpus.ParseDate(string(req.AsOf))
	if err != nil {
		return &InputError{Field: "as_of", Message: err.Error()}
	}
	req.AsOf = day
	return nil
}
