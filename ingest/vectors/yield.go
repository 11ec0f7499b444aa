package vectors

import (
	"context"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// patience is how long embedding waits for questions to end before it does one
// batch between them all the same: a server that is never idle gets its vectors
// in the end.
const patience = 30 * time.Second

// Busy says that a question is being answered: the batch that is being embedded
// is given up and the next waits until done has been called for every question.
func (b *Builder) Busy() (done func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.questions++; b.questions == 1 {
		b.idle = make(chan struct{})
	}
	if b.interrupt != nil {
		b.interrupt()
	}
	return b.answered
}

func (b *Builder) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.questions--; b.questions == 0 {
		close(b.idle)
	}
}

// waitForTurn waits until no question is being answered. The context that it
// returns ends with the next question; end must be called after the batch.
func (b *Builder) waitForTurn(ctx context.Context) (turn context.Context, end func(), err error) {
	patient := time.NewTimer(patience)
	defer patient.Stop()
	forced := false
	for {
		b.mu.Lock()
		idle, questions := b.idle, b.questions
		if questions == 0 || forced {
			turn, cancel := context.WithCancel(ctx)
			if !forced {
				b.interrupt = cancel
			}
			b.mu.Unlock()
			return turn, func() {
				cancel()
				b.mu.Lock()
				defer b.mu.Unlock()
				b.interrupt = nil
			}, ctx.Err()
		}
		b.mu.Unlock()
		select {
		case <-idle:
		case <-patient.C:
			forced = true
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

// Want asks for passages to be embedded before all others. Those that have a
// vector, and unknown ones, are passed over.
func (b *Builder) Want(passages []string) {
	b.mu.Lock()
	if len(b.wanted) < maxWanted {
		b.wanted = append(b.wanted, passages[:min(len(passages), maxWanted-len(b.wanted))]...)
	}
	b.mu.Unlock()
	b.Wake()
}

// Wanting returns the index such that candidates that it is asked for and does
// not hold are embedded next.
func (b *Builder) Wanting(index vector.Index) vector.Index { return wanting{index, b} }

type wanting struct {
	vector.Index
	builder *Builder
}

// Search passes q on. Where it names passages and all of them could be among the
// hits, those that are not have no vector (or the filter hides them).
func (w wanting) Search(ctx context.Context, q vector.Query) ([]vector.Hit, error) {
	hits, err := w.Index.Search(ctx, q)
	if err != nil || q.K < len(q.Passages) || len(hits) == len(q.Passages) || w.builder.Progress().Complete() {
		return hits, err
	}
	found := make(map[string]bool, len(hits))
	for _, h := range hits {
		found[h.Passage] = true
	}
	var missing []string
	for _, id := range q.Passages {
		if !found[id] {
			missing = append(missing, id)
		}
	}
	w.builder.Want(missing)
	return hits, nil
}
