package assistant

import (
	"context"
	"errors"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// stream builds the answer and tells of each step as it is made.
type stream struct {
	ctx    context.Context
	emit   func(Event) error
	answer Answer
}

func newStream(ctx context.Context, req Request, emit func(Event) error) *stream {
	if emit == nil {
		emit = func(Event) error { return nil }
	}
	day := req.AsOf
	if day == "" {
		day = corpus.Today()
	}
	return &stream{ctx: ctx, emit: emit, answer: Answer{
		Task: TaskLookup, Answer: []Sentence{}, Sources: []Source{}, AsOf: day,
	}}
}

func (s *stream) send(e Event) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	return s.emit(e)
}

func (s *stream) status(text string) error {
	return s.send(Event{Type: EventStatus, Status: text})
}

// fail tells of a Failure; a reader who has gone away is told nothing.
func (s *stream) fail(err error) error {
	if ctxErr := s.ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	var failure *Failure
	if errors.As(err, &failure) {
		if emitErr := s.send(Event{Type: EventError, Error: failure.Message}); emitErr != nil {
			return emitErr
		}
	}
	return err
}

// source adds a source once and returns its number.
func (s *stream) source(src Source) (int, error) {
	for _, have := range s.answer.Sources {
		if have.Section == src.Section && have.Start == src.Start && have.End == src.End {
			return have.N, nil
		}
	}
	src.N = len(s.answer.Sources) + 1
	s.answer.Sources = append(s.answer.Sources, src)
	return src.N, s.send(Event{Type: EventSource, Source: &src})
}

func (s *stream) sentence(sentence Sentence) error {
	s.answer.Answer = append(s.answer.Answer, sentence)
	return s.send(Event{Type: EventSentence, Sentence: &sentence})
}
