package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Scheduler runs over its sources in the background. Its fields are set before
// Run; States may be asked at any time.
type Scheduler struct {
	Sources []Source
	Library *ingest.Library
	Find    func(ctx context.Context, s Source) (Found, error)
	Log     *slog.Logger

	now func() time.Time

	mu      sync.Mutex // guards what follows
	running string     // name of the source being read
	done    int
	total   int
	started time.Time
}

// New returns a scheduler over checked sources.
func New(sources []Source, lib *ingest.Library, find func(ctx context.Context, s Source) (Found, error), log *slog.Logger) *Scheduler {
	return &Scheduler{Sources: sources, Library: lib, Find: find, Log: log, now: time.Now}
}

// longestSleep is how often the clock is looked at: it may be set, and a machine
// may sleep.
const longestSleep = time.Minute

// Run reads the sources when they are due until ctx ends. A run that ctx ends goes
// on at the next start.
func (s *Scheduler) Run(ctx context.Context) {
	for len(s.Sources) > 0 && ctx.Err() == nil {
		src, last, due, err := s.next(ctx)
		wait := due.Sub(s.now())
		switch {
		case err != nil && ctx.Err() == nil:
			s.Log.Error("the runs of the sources cannot be read", "error", err)
			wait = longestSleep
		case err == nil && wait <= 0:
			s.one(ctx, src, last)
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(wait, longestSleep)):
		}
	}
}

// next returns the source that is due first.
func (s *Scheduler) next(ctx context.Context) (first *Source, last *Run, due time.Time, err error) {
	for i := range s.Sources {
		src := &s.Sources[i]
		run, err := s.last(ctx, src)
		if err != nil {
			return nil, nil, s.now(), err
		}
		if at := src.due(run, s.now()); first == nil || at.Before(due) {
			first, last, due = src, run, at
		}
	}
	return first, last, due, nil
}

func (s *Scheduler) last(ctx context.Context, src *Source) (*Run, error) {
	runs, err := s.Library.IngestRuns(ctx, src.Name)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	run := decode(runs[0])
	return &run, nil
}

// one reads a source and remembers what came of it.
func (s *Scheduler) one(ctx context.Context, src *Source, last *Run) {
	s.mu.Lock()
	s.running, s.done, s.total, s.started = src.Name, 0, 0, s.now()
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.running = ""
	}()
	id, err := s.Library.BeginRun(ctx, src.Name, s.started)
	if err != nil {
		s.failed(ctx, src, err)
		return
	}
	out, err := s.read(ctx, src, last)
	if ctx.Err() != nil {
		return // without an end: the next start goes on with it
	}
	if err != nil {
		out.Error = reason(err)
		s.Log.Warn("a source could not be read", "source", src.Name, "error", err)
	} else {
		s.Log.Info("source read", "source", src.Name, "counts", fmt.Sprint(out.Counts), "ms", s.now().Sub(s.started).Milliseconds())
	}
	if err := s.Library.EndRun(ctx, id, s.now(), encode(out)); err != nil {
		s.failed(ctx, src, err)
	}
}

// failed waits where the store itself cannot be written to, so that the log is
// not filled.
func (s *Scheduler) failed(ctx context.Context, src *Source, err error) {
	if ctx.Err() != nil {
		return
	}
	s.Log.Error("a run over a source could not be recorded", "source", src.Name, "error", err)
	select {
	case <-ctx.Done():
	case <-time.After(longestSleep):
	}
}

// reason words why a run failed, for the person who looks at the collection.
func reason(err error) string {
	switch corpus.Fault(err) {
	case corpus.ErrFull:
		return "disken er fuld: gør plads, så fortsætter næste kørsel"
	case corpus.ErrReadOnly:
		return "mappen kan ikke læses, eller datamappen kan ikke skrives: ret rettighederne"
	}
	if errors.Is(err, errGone) {
		return errGone.Error()
	}
	return err.Error()
}

var errGone = errors.New("mappen eller filen findes ikke lige nu: intet er fjernet, og der prøves igen ved næste kørsel")

// Gone marks the error of a Find whose folder or file is not there.
func Gone(err error) error { return fmt.Errorf("%w: %w", errGone, err) }

func (s *Scheduler) progress(done, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done, s.total = done, total
}

// State is a source with what is known of it, as the API shows it.
type State struct {
	Name       string    `json:"name"`
	From       string    `json:"from"`
	Collection string    `json:"collection"`
	Every      string    `json:"every,omitempty"` // 15m0s
	At         string    `json:"at,omitempty"`    // 03:30
	Next       time.Time `json:"next,omitzero"`
	Running    *Progress `json:"running,omitempty"`
	Runs       []Run     `json:"runs"` // the newest first
}

// Progress says how far a run is.
type Progress struct {
	Started time.Time `json:"started"`
	Done    int       `json:"done"`
	Total   int       `json:"total"` // 0 until the files are counted
}

// States lists the sources that the reader of ctx may see documents of, with their
// remembered runs: those name files.
func (s *Scheduler) States(ctx context.Context) ([]State, error) {
	out := make([]State, 0, len(s.Sources))
	for i := range s.Sources {
		src := &s.Sources[i]
		if !corpus.ReaderOf(ctx).MayRead(src.Groups) {
			continue
		}
		runs, err := s.Library.IngestRuns(corpus.AsOperator(ctx), src.Name)
		if err != nil {
			return nil, err
		}
		state := State{Name: src.Name, From: src.From, Collection: src.Collection, At: src.At, Runs: make([]Run, len(runs))}
		if src.Every > 0 {
			state.Every = src.Every.String()
		}
		for i, r := range runs {
			state.Runs[i] = decode(r)
		}
		state.Running = s.runningNow(src.Name)
		switch {
		case state.Running != nil && len(state.Runs) > 0:
			state.Runs = state.Runs[1:] // it is shown as running
		case state.Running != nil:
		case len(state.Runs) > 0:
			state.Next = src.due(&state.Runs[0], s.now())
		default:
			state.Next = s.now()
		}
		out = append(out, state)
	}
	return out, nil
}

func (s *Scheduler) runningNow(name string) *Progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != name {
		return nil
	}
	return &Progress{Started: s.started, Done: s.done, Total: s.total}
}
