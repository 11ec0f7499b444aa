package activity

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// DatabaseFile is the store's file in the data folder, where no PostgreSQL is
// configured.
const DatabaseFile = "activity.db"

//go:embed migrations/*.sql
var migrations embed.FS

// Store keeps activity in a database. It is safe for concurrent use, also by
// several processes.
type Store struct {
	write   *sql.DB
	read    *sql.DB
	dialect dialect
}

// Open opens the store: the PostgreSQL database that address names
// ("postgres://user@host/name"), or where address is empty the SQLite file in
// dir. It is created or migrated where needed.
func Open(ctx context.Context, dir, address string) (*Store, error) {
	if address != "" {
		return openPostgres(ctx, address)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the data folder: %w", err)
	}
	return openSQLite(ctx, filepath.Join(dir, DatabaseFile))
}

// ErrNone is returned by OpenExisting where nothing has been recorded yet.
var ErrNone = errors.New("no activity has been recorded")

// OpenExisting is Open for commands that only look: it fails with ErrNone rather
// than create an empty file.
func OpenExisting(ctx context.Context, dir, address string) (*Store, error) {
	if address == "" {
		if _, err := os.Stat(filepath.Join(dir, DatabaseFile)); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: %w", dir, ErrNone)
		}
	}
	return Open(ctx, dir, address)
}

// Close releases the database.
func (s *Store) Close() error {
	if s.read == s.write {
		return s.write.Close()
	}
	return errors.Join(s.read.Close(), s.write.Close())
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var seq int64
	return s.read.QueryRowContext(ctx, "SELECT seq FROM audit_head WHERE id = 1").Scan(&seq)
}

// inTx runs f in one write transaction.
func (s *Store) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// migrate runs the numbered files that this database has not seen. Processes
// that start at once take turns.
func (s *Store) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	sort.Strings(names)
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.dialect.lockSchema(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS activity_schema (version BIGINT NOT NULL)"); err != nil {
			return err
		}
		var version int
		if err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM activity_schema").Scan(&version); err != nil {
			return err
		}
		if version > len(names) {
			return fmt.Errorf("it was written by a newer Hjemmel (schema %d, this one knows %d): update Hjemmel", version, len(names))
		}
		for i := version; i < len(names); i++ {
			if err := runFile(ctx, tx, names[i]); err != nil {
				return fmt.Errorf("%s: %w", names[i], err)
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO activity_schema(version) VALUES ($1)", i+1); err != nil {
				return err
			}
		}
		return nil
	})
}

func runFile(ctx context.Context, tx *sql.Tx, name string) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	for _, statement := range statements(string(text)) {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// statements cuts a migration at the semicolons that end its lines: one call may
// hold one statement only.
func statements(text string) []string {
	var out []string
	for _, s := range strings.Split(text, ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
