package assistant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Length says how long a summary is to be.
type Length string

// The lengths. The empty Length is LengthMedium.
const (
	LengthShort  Length = "short"
	LengthMedium Length = "medium"
	LengthLong   Length = "long"
)

// measure is what a length allows: key points in all and of one part, and
// points to watch of each kind.
type measure struct{ points, perPart, perKind int }

var lengths = map[Length]measure{
	LengthShort:  {points: 8, perPart: 1, perKind: 2},
	LengthMedium: {points: 20, perPart: 2, perKind: 4},
	LengthLong:   {points: 60, perPart: 5, perKind: 10},
}

// SummaryRequest names what is to be summed up: a document, a chapter of one, a
// section, or a draft that is not stored.
type SummaryRequest struct {
	Document string           `json:"document,omitempty"` // id
	Chapter  string           `json:"chapter,omitempty"`  // of Document: how a step of its sections' paths begins ("Kapitel 16")
	Section  string           `json:"section,omitempty"`  // id
	Length   Length           `json:"length,omitempty"`
	AsOf     corpus.Date      `json:"as_of,omitempty"` // the day for which InForce is told; empty means today
	Draft    *corpus.Contents `json:"-"`
	// Conversation names the stored conversation to keep the summary in: see
	// Request.
	Conversation string `json:"conversation,omitempty"`
}

// Summarize tells what a text says, in its own words: first the key points, part
// by part (role point, with Part set), then what to watch out for by kind (the
// other roles). It emits the same events as Ask, and the answer has the same
// shape; Task is TaskSummary.
//
// Errors: *InputError where the request names nothing or too much; one that
// wraps corpus.ErrNotFound for an unknown id; *Failure and the errors of ctx and
// emit as for Ask.
func (a *Assistant) Summarize(ctx context.Context, req SummaryRequest, emit func(Event) error) (Answer, error) {
	if err := req.validate(); err != nil {
		return Answer{}, err
	}
	started := time.Now()
	doc, sections, err := a.scope(ctx, req)
	if err != nil {
		return Answer{}, err
	}
	out := newStream(ctx, Request{AsOf: req.AsOf}, emit)
	out.answer.Task = TaskSummary
	// The text is the collection's own, or was checked when it was read.
	out.answer.Verdict.Allowed = true
	if err = out.send(Event{Type: EventVerdict, Verdict: &out.answer.Verdict}); err == nil {
		err = a.summarize(req, doc, sections, out)
	}
	if err != nil {
		return Answer{}, out.fail(err)
	}
	out.answer.Usage.MS = float64(time.Since(started).Microseconds()) / 1000
	final := out.answer
	return final, out.send(Event{Type: EventDone, Answer: &final})
}

func (req *SummaryRequest) validate() error {
	named := 0
	for _, given := range []bool{req.Document != "", req.Section != "", req.Draft != nil} {
		if given {
			named++
		}
	}
	switch {
	case named != 1:
		return &InputError{Field: "document", Message: "Vælg ét dokument, ét afsnit eller én fil, der skal sammenfattes."}
	case req.Chapter != "" && req.Document == "":
		return &InputError{Field: "chapter", Message: "Et kapitel kan kun vælges sammen med det dokument, det står i."}
	}
	if req.Length == "" {
		req.Length = LengthMedium
	}
	if _, ok := lengths[req.Length]; !ok {
		return &InputError{Field: "length", Message: fmt.Sprintf("Længden »%s« kendes ikke: vælg short, medium eller long.", req.Length)}
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

// scope reads the sections that are to be summed up.
func (a *Assistant) scope(ctx context.Context, req SummaryRequest) (corpus.Document, []corpus.Section, error) {
	if req.Draft != nil {
		return req.Draft.Document, req.Draft.Sections, nil
	}
	id := req.Document
	if req.Section != "" {
		id, _, _ = strings.Cut(req.Section, "#")
	}
	doc, err := a.sections.Document(ctx, id)
	if err != nil {
		return doc, nil, readFailure(ctx, err, "document %s", id)
	}
	if req.Section != "" {
		sec, err := a.sections.Section(ctx, req.Section)
		if err != nil {
			return doc, nil, readFailure(ctx, err, "section %s", req.Section)
		}
		return doc, []corpus.Section{sec}, nil
	}
	all, err := a.sections.SectionsOf(ctx, id)
	if err != nil {
		return doc, nil, readFailure(ctx, err, "the sections of %s", id)
	}
	if req.Chapter == "" {
		return doc, all, nil
	}
	in := slices.DeleteFunc(slices.Clone(all), func(s corpus.Section) bool { return !inChapter(&s, req.Chapter) })
	if len(in) == 0 {
		return doc, nil, &InputError{Field: "chapter", Message: fmt.Sprintf("%s har intet kapitel, der begynder med »%s«.", retrieval.Reference(&doc, &corpus.Section{}, ""), req.Chapter)}
	}
	return doc, in, nil
}

// readFailure keeps a missing id and the end of ctx apart from a fault.
func readFailure(ctx context.Context, err error, format string, args ...any) error {
	if errors.Is(err, corpus.ErrNotFound) {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return failed(err, "reading "+format, args...)
}

// inChapter tells whether a step of the section's path is the chapter: equal, or
// begun by its words ("Kapitel 16" of "Kapitel 16 Personlig hjælp", not of
// "Kapitel 161").
func inChapter(s *corpus.Section, chapter string) bool {
	want := strings.ToLower(strings.TrimSpace(chapter))
	for _, step := range s.Path {
		step = strings.ToLower(step)
		if rest, ok := strings.CutPrefix(step, want); ok && (rest == "" || strings.ContainsAny(rest[:1], " .:–-\u00a0")) {
			return true
		}
	}
	return false
}

func (a *Assistant) summarize(req SummaryRequest, doc corpus.Document, sections []corpus.Section, out *stream) error {
	if err := out.status(fmt.Sprintf("Læser %d afsnit …", len(sections))); err != nil {
		return err
	}
	d := digest(doc, sections)
	limit := lengths[req.Length]
	points := d.points(limit)
	if len(points) == 0 {
		out.answer.Refused = "Teksten har ingen hele sætninger, der kan sammenfattes."
		return nil
	}
	out.answer.Answered = true
	if err := out.sayClauses(doc, points); err != nil {
		return err
	}
	return out.sayClauses(doc, d.watch(limit.perKind))
}

// sayClauses emits clauses as sentences, each with its own source.
func (s *stream) sayClauses(doc corpus.Document, clauses []*clause) error {
	for _, c := range clauses {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		src := s.cite(&place{doc: doc, sec: *c.sec, hit: retrieval.Hit{}}, c.span)
		n, err := s.source(src)
		if err != nil {
			return err
		}
		sentence := Sentence{Text: src.Quote, Role: c.said, Citations: []int{n}, Verified: true}
		if c.said == RolePoint {
			sentence.Part = c.part
		}
		if err := s.sentence(sentence); err != nil {
			return err
		}
	}
	return nil
}
