package activity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Retention says how long things are kept; 0 means without end.
type Retention struct {
	Conversations time.Duration // since the last question
	Feedback      time.Duration
	Audit         time.Duration
}

// Swept says what a sweep removed.
type Swept struct {
	Conversations, Feedback, Audit int64
}

// sweepEvery is how often Run sweeps: retention is told in days.
const sweepEvery = time.Hour

// Run sweeps now and every hour until ctx ends, and logs the head of the audit
// log: somebody who changes the database cannot change that log too.
func (s *Store) Run(ctx context.Context, keep Retention, log *slog.Logger) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		s.sweepAndLog(ctx, keep, log)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *Store) sweepAndLog(ctx context.Context, keep Retention, log *slog.Logger) {
	swept, err := s.Sweep(ctx, keep, time.Now())
	var head Head
	if err == nil {
		head, err = s.AuditHead(ctx)
	}
	if err != nil {
		if ctx.Err() == nil {
			log.Error("retention failed: what is older than it may be still stands", "error", err)
		}
		return
	}
	log.Info("activity", "audit_head", head.String(),
		"removed_conversations", swept.Conversations, "removed_feedback", swept.Feedback, "removed_audit", swept.Audit)
}

// Sweep removes what is older at now than it may be.
func (s *Store) Sweep(ctx context.Context, keep Retention, now time.Time) (out Swept, err error) {
	for _, part := range []struct {
		table, column string
		keep          time.Duration
		removed       *int64
	}{
		{"conversations", "updated", keep.Conversations, &out.Conversations},
		{"feedback", "at", keep.Feedback, &out.Feedback},
	} {
		if part.keep <= 0 {
			continue
		}
		result, err := s.write.ExecContext(ctx, "DELETE FROM "+part.table+" WHERE "+part.column+" < $1", millis(now.Add(-part.keep)))
		if err == nil {
			*part.removed, err = result.RowsAffected()
		}
		if err != nil {
			return out, fmt.Errorf("removing old %s: %w", part.table, err)
		}
	}
	if keep.Audit > 0 {
		if out.Audit, err = s.thinOut(ctx, now.Add(-keep.Audit), now); err != nil {
			return out, fmt.Errorf("removing old audit rows: %w", err)
		}
	}
	return out, nil
}

var errNothingOld = errors.New("nothing is old enough")

// thinOut removes the audit rows before the first one that is not older than
// cutoff. A checkpoint at the end of the chain says behind which row it begins
// from now on, so that it verifies without them.
func (s *Store) thinOut(ctx context.Context, cutoff, now time.Time) (removed int64, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		// Locked first: no row may come between the look and the checkpoint.
		if _, err := tx.ExecContext(ctx, "UPDATE audit_head SET seq = seq WHERE id = 1"); err != nil {
			return err
		}
		var base Head
		err := tx.QueryRowContext(ctx, `SELECT seq, hash FROM audit WHERE seq < COALESCE((SELECT MIN(seq) FROM audit WHERE at >= $1), $2)
			ORDER BY seq DESC LIMIT 1`, millis(cutoff), int64(1)<<62).Scan(&base.Seq, &base.Hash)
		if errors.Is(err, sql.ErrNoRows) {
			return errNothingOld
		}
		if err != nil {
			return err
		}
		entry := Entry{At: now, Task: TaskCheckpoint, Outcome: OutcomeDone, Note: base.String()}
		if err := s.append(ctx, tx, Person{}, &entry); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, "DELETE FROM audit WHERE seq <= $1", base.Seq)
		if err != nil {
			return err
		}
		if removed, err = result.RowsAffected(); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE audit_head SET base_seq = $1, base_hash = $2 WHERE id = 1", base.Seq, base.Hash); err != nil {
			return err
		}
		// A pseudonym that no row has any more is a person's data without a purpose.
		_, err = tx.ExecContext(ctx, "DELETE FROM persons WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.who = persons.who)")
		return err
	})
	if errors.Is(err, errNothingOld) {
		return 0, nil
	}
	return removed, err
}
