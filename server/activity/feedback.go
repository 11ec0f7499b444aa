package activity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// The ratings of an answer.
const (
	Good = "good"
	Bad  = "bad"
)

// The states of feedback.
const (
	StateOpen = "open" // nobody has dealt with it
	StateDone = "done"
)

// Feedback is what a person said of an answer, with what the answer showed.
type Feedback struct {
	ID      string    `json:"id"`
	Turn    string    `json:"turn"`
	At      time.Time `json:"at"`
	Rating  string    `json:"rating"`            // good, bad or ""
	Wrong   []string  `json:"wrong"`             // ids of sections that do not answer the question
	Missing string    `json:"missing,omitempty"` // what should have been cited: "serviceloven § 85"
	Comment string    `json:"comment,omitempty"`
	State   string    `json:"state"` // open, done

	Question string   `json:"question"`
	Answered bool     `json:"answered"`
	AsOf     string   `json:"as_of"`
	Shown    []string `json:"shown"` // ids of the sections of the answer, the first cited first
}

// empty tells whether f says nothing.
func (f *Feedback) empty() bool {
	return f.Rating == "" && len(f.Wrong) == 0 && f.Missing == "" && f.Comment == ""
}

// GiveFeedback stores what owner says of a turn of hers, in place of what she
// said before; feedback that says nothing takes it back. Rating, Wrong, Missing
// and Comment count, the rest is the store's to know. Policy is the caller's to
// check.
func (s *Store) GiveFeedback(ctx context.Context, owner string, f Feedback, now time.Time) (Feedback, error) {
	t, err := s.Turn(ctx, owner, f.Turn)
	if err != nil {
		return f, err
	}
	if f.empty() {
		_, err := s.write.ExecContext(ctx, "DELETE FROM feedback WHERE owner = $1 AND turn = $2", owner, f.Turn)
		if err != nil {
			return f, fmt.Errorf("taking feedback back: %w", err)
		}
		return Feedback{Turn: f.Turn, Wrong: []string{}, Shown: []string{}}, nil
	}
	f.ID, f.At, f.State = newID(), fromMillis(millis(now)), StateOpen
	f.Question, f.Answered, f.AsOf, f.Shown = t.Question, t.Answer.Answered, string(t.Answer.AsOf), t.Retrieved
	err = s.write.QueryRowContext(ctx, `INSERT INTO feedback(id, owner, turn, at, rating, wrong, missing, comment, state, question, answered, as_of, shown)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (owner, turn) DO UPDATE SET at = excluded.at, rating = excluded.rating, wrong = excluded.wrong, missing = excluded.missing,
			comment = excluded.comment, state = excluded.state
		RETURNING id`,
		f.ID, owner, f.Turn, millis(f.At), f.Rating, encodeList(f.Wrong), f.Missing, f.Comment, f.State, f.Question, flag(f.Answered), f.AsOf,
		encodeList(f.Shown)).Scan(&f.ID)
	if err != nil {
		return f, fmt.Errorf("storing feedback: %w", err)
	}
	return f, nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Turn returns one of owner's turns.
func (s *Store) Turn(ctx context.Context, owner, id string) (Turn, error) {
	t, err := scanTurn(s.read.QueryRowContext(ctx, `SELECT t.id, t.asked, t.question, t.answer, t.retrieved
		FROM turns t JOIN conversations c ON c.id = t.conversation WHERE t.id = $1 AND c.owner = $2`, id, owner))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return t, fmt.Errorf("turn: %w", err)
	}
	return t, nil
}

// FeedbackQueue lists everybody's feedback without telling whose it is, the
// newest first; state "" means both.
func (s *Store) FeedbackQueue(ctx context.Context, state string, page Page) (list []Feedback, total int, err error) {
	where, args := "1 = 1", []any{}
	if state != "" {
		where, args = "state = $1", []any{state}
	}
	if err := s.read.QueryRowContext(ctx, "SELECT COUNT(*) FROM feedback WHERE "+where, args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("listing feedback: %w", err)
	}
	args = append(args, page.limit(), page.Offset)
	list, err = s.feedbackWhere(ctx, fmt.Sprintf(where+" ORDER BY at DESC, id LIMIT $%d OFFSET $%d", len(args)-1, len(args)), args...)
	return list, total, err
}

// AllFeedback returns everybody's feedback, the oldest first.
func (s *Store) AllFeedback(ctx context.Context) ([]Feedback, error) {
	return s.feedbackWhere(ctx, "1 = 1 ORDER BY at, id")
}

// MarkFeedback sets the state of a piece of feedback.
func (s *Store) MarkFeedback(ctx context.Context, id, state string) error {
	if err := changed(s.write.ExecContext(ctx, "UPDATE feedback SET state = $1 WHERE id = $2", state, id)); err != nil {
		return fmt.Errorf("marking feedback: %w", err)
	}
	return nil
}

func (s *Store) feedbackWhere(ctx context.Context, where string, args ...any) ([]Feedback, error) {
	list := []Feedback{}
	err := rows(ctx, s.read, func(r *sql.Rows) error {
		var f Feedback
		var at, answered int64
		var wrong, shown string
		err := r.Scan(&f.ID, &f.Turn, &at, &f.Rating, &wrong, &f.Missing, &f.Comment, &f.State, &f.Question, &answered, &f.AsOf, &shown)
		if err != nil {
			return err
		}
		f.At, f.Answered = fromMillis(at), answered != 0
		if f.Wrong, err = decodeList(wrong); err != nil {
			return err
		}
		if f.Shown, err = decodeList(shown); err != nil {
			return err
		}
		list = append(list, f)
		return nil
	}, "SELECT id, turn, at, rating, wrong, missing, comment, state, question, answered, as_of, shown FROM feedback WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("listing feedback: %w", err)
	}
	return list, nil
}

// addFeedback tells with each turn what its owner said of it.
func (s *Store) addFeedback(ctx context.Context, owner string, turns []Turn) error {
	if len(turns) == 0 {
		return nil
	}
	where, args := "owner = $1 AND turn IN (", []any{owner}
	at := map[string]int{}
	for i, t := range turns {
		at[t.ID] = i
		args = append(args, t.ID)
		where += fmt.Sprintf("$%d,", len(args))
	}
	list, err := s.feedbackWhere(ctx, where[:len(where)-1]+")", args...)
	for i := range list {
		turns[at[list[i].Turn]].Feedback = &list[i]
	}
	return err
}
