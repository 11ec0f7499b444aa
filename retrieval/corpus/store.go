package corpus

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"sync/atomic"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// DatabaseFile is the store's file in the data folder.
const DatabaseFile = "hjemmel.db"

//go:embed migrations/*.sql
var migrations embed.FS

// Store keeps documents, sections, passages, references and what was read from
// where, in SQLite. Reads may run beside a writer in this or another process
// and see the last complete document (write-ahead log). Writes are one
// transaction a document. It is safe for concurrent use.
type Store struct {
	write  *sql.DB // one connection: SQLite has one writer
	read   *sql.DB
	totals totalsCache
	groups atomic.Pointer[accessGroups] // of some revision
}

// readers is how many reads run at once.
const readers = 8

// ErrNoCollection is returned by OpenExisting where the folder has no store.
var ErrNoCollection = errors.New("no collection")

// Open opens the store in dir and creates or migrates it where needed. For an
// error that is the disk's or the file's, Fault says which.
func Open(ctx context.Context, dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the data folder: %w", err)
	}
	path := filepath.Join(dir, DatabaseFile)
	write, err := sql.Open("sqlite", dsn(path, "immediate"))
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	if err := sound(ctx, write); err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", path, err), write.Close())
	}
	read, err := sql.Open("sqlite", dsn(path, "deferred"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", path, err), write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return &Store{write: write, read: read}, nil
}

// OpenExisting is Open for commands that only read: it fails with
// ErrNoCollection rather than create an empty store.
func OpenExisting(ctx context.Context, dir string) (*Store, error) {
	if _, err := os.Stat(filepath.Join(dir, DatabaseFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", dir, ErrNoCollection)
	}
	return Open(ctx, dir)
}

// dsn sets what every connection needs. synchronous=normal loses nothing when
// the process dies, and at worst the last transactions when the machine does;
// the next run reads those files again.
func dsn(path, lock string) string {
	q := url.Values{
		"_txlock": {lock},
		"_pragma": {"busy_timeout(10000)", "journal_mode(wal)", "synchronous(normal)", "foreign_keys(on)", "cache_size(-16000)", "temp_store(memory)"},
	}
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + q.Encode()
}

// Close releases the database files.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// sound examines the file and brings its tables up to date, in this order: a
// damaged file is not written to.
func sound(ctx context.Context, db *sql.DB) error {
	if err := quickCheck(ctx, db); err != nil {
		return err
	}
	return migrate(ctx, db)
}

// migrate runs the numbered files that this database has not seen.
func migrate(ctx context.Context, db *sql.DB) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	sort.Strings(names)
	var version int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > len(names) {
		return fmt.Errorf("the data folder was written by a newer Hjemmel (schema %d, this one knows %d): update Hjemmel", version, len(names))
	}
	for i := version; i < len(names); i++ {
		if err := migrateOne(ctx, db, names[i], i+1); err != nil {
			return fmt.Errorf("%s: %w", names[i], err)
		}
	}
	return nil
}

func migrateOne(ctx context.Context, db *sql.DB, name string, version int) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	// Another process may have migrated between our look and our lock.
	var now int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&now); err != nil || now >= version {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	return tx.Commit()
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
	if err := dropReleased(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}
