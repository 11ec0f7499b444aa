package corpus

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// IngestRun is one run over a configured source.
type IngestRun struct {
	ID      int64
	Source  string // the source's name
	Started time.Time
	Ended   time.Time // zero while it runs, and where it was interrupted
	Report  string    // JSON, as whoever ran it wrote it
}

// keptRuns is how many runs of each source are remembered.
const keptRuns = 20

// BeginRun records that a run over a source begins, and forgets its oldest ones.
func (s *Store) BeginRun(ctx context.Context, source string, started time.Time) (id int64, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, "INSERT INTO ingest_runs(source, started) VALUES (?, ?) RETURNING id", source, stamp(started)).Scan(&id)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM ingest_runs WHERE source = ? AND id NOT IN
			(SELECT id FROM ingest_runs WHERE source = ? ORDER BY id DESC LIMIT ?)`, source, source, keptRuns)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("recording a run over %s: %w", source, err)
	}
	return id, nil
}

// EndRun records what a run did.
func (s *Store) EndRun(ctx context.Context, id int64, ended time.Time, report string) error {
	if _, err := s.write.ExecContext(ctx, "UPDATE ingest_runs SET ended = ?, report = ? WHERE id = ?", stamp(ended), report, id); err != nil {
		return fmt.Errorf("recording the end of a run: %w", err)
	}
	return nil
}

// IngestRuns lists the remembered runs over a source, the newest first. They name
// files, so they are for the operator, or for whom the caller has found entitled.
func (s *Store) IngestRuns(ctx context.Context, source string) ([]IngestRun, error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	type row struct {
		IngestRun
		started, ended string
	}
	rows, err := s.read.QueryContext(ctx, "SELECT id, source, started, ended, report FROM ingest_runs WHERE source = ? ORDER BY id DESC", source)
	list, err := collect(rows, err, func(r *row) []any { return []any{&r.ID, &r.Source, &r.started, &r.ended, &r.Report} })
	if err != nil {
		return nil, fmt.Errorf("listing the runs over %s: %w", source, err)
	}
	runs := make([]IngestRun, len(list))
	for i, r := range list {
		runs[i] = r.IngestRun
		runs[i].Started, runs[i].Ended = unstamp(r.started), unstamp(r.ended)
	}
	return runs, nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// unstamp reads a column of stamp; "" is the zero time.
func unstamp(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t
}
