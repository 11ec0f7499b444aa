package activity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"
	_ "modernc.org/sqlite"             // registers the driver "sqlite"
)

// dialect is what SQLite and PostgreSQL do not share. The rest of the package
// keeps to what both understand: $1 for values, TEXT and BIGINT for columns, ON
// CONFLICT, RETURNING, and the lock on a row that UPDATE takes until the end of
// its transaction (of SQLite the whole file is locked).
type dialect struct {
	schemaLock string             // a statement that makes other migrations wait; "" where a transaction does
	snapshot   sql.IsolationLevel // in which all reads of a transaction see one moment
}

func (d dialect) lockSchema(ctx context.Context, tx *sql.Tx) error {
	if d.schemaLock == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, d.schemaLock)
	return err
}

const (
	readers             = 8
	postgresConnections = 16
	// schemaLockKey is any number that other programs on the server do not use.
	schemaLockKey = 4_821_640_137
)

func openSQLite(ctx context.Context, path string) (*Store, error) {
	write, err := sql.Open("sqlite", sqliteName(path, "immediate"))
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	write.SetMaxOpenConns(1) // SQLite has one writer
	s := &Store{write: write}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", path, err), write.Close())
	}
	if s.read, err = sql.Open("sqlite", sqliteName(path, "deferred")); err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", path, err), write.Close())
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return s, nil
}

// sqliteName sets what every connection needs. synchronous=full: an audit row
// that was told to be written is on the disk also when the machine dies.
// secure_delete: what is deleted is overwritten, not only forgotten.
func sqliteName(path, lock string) string {
	q := url.Values{
		"_txlock": {lock},
		"_pragma": {"busy_timeout(10000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(on)", "secure_delete(on)"},
	}
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + q.Encode()
}

func openPostgres(ctx context.Context, address string) (*Store, error) {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, errors.New("activity: write the address as postgres://user@host/database")
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		return nil, fmt.Errorf("activity database: %w", err)
	}
	db.SetMaxOpenConns(postgresConnections)
	s := &Store{write: db, read: db, dialect: dialect{
		schemaLock: fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", int64(schemaLockKey)),
		snapshot:   sql.LevelRepeatableRead,
	}}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("activity database: %w", err), db.Close())
	}
	return s, nil
}
