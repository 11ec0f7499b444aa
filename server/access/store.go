package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// DatabaseFile is the store's file in the data folder.
const DatabaseFile = "access.db"

//go:embed migrations/*.sql
var migrations embed.FS

// Store keeps API keys and sessions in SQLite, so that they survive a restart
// and that a key revoked on the command line ends at once in the server beside
// it. It is safe for concurrent use, also by several processes.
type Store struct {
	db  *sql.DB
	now func() time.Time
}

// Open opens the store in dir and creates or migrates it where needed.
func Open(ctx context.Context, dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the data folder: %w", err)
	}
	path := filepath.Join(dir, DatabaseFile)
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(10000)", "journal_mode(wal)", "synchronous(normal)"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	if err := migrate(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", path, err), db.Close())
	}
	return &Store{db: db, now: time.Now}, nil
}

// Close releases the file.
func (s *Store) Close() error { return s.db.Close() }

// migrate runs the numbered files that this database has not seen.
func migrate(ctx context.Context, db *sql.DB) error {
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > len(names) {
		return fmt.Errorf("written by a newer Hjemmel (schema %d, this one knows %d): update Hjemmel", version, len(names))
	}
	for _, name := range names[version:] {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(names))); err != nil {
		return err
	}
	return tx.Commit()
}

// secretBytes is how much chance a key or session is made of: 256 bits.
const secretBytes = 32

// newSecret returns text that nobody can guess, fit for a header and a cookie.
func newSecret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// hashSecret is what is stored of a key or session. SHA-256 once is enough, and
// a slow hash would only cost each request: there is no dictionary of 256 random
// bits, and trying all of them is hopeless at any speed.
func hashSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// secret returns the random bytes kept under a name, made at first use.
func (s *Store) secret(ctx context.Context, name string) (value []byte, err error) {
	made := make([]byte, secretBytes)
	_, _ = rand.Read(made)
	if _, err := s.db.ExecContext(ctx, "INSERT OR IGNORE INTO secrets(name, value) VALUES (?, ?)", name, made); err != nil {
		return nil, err
	}
	err = s.db.QueryRowContext(ctx, "SELECT value FROM secrets WHERE name = ?", name).Scan(&value)
	return value, err
}

func listText[T ~string](list []T) string {
	if list == nil {
		list = []T{}
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(err) // only strings: cannot fail
	}
	return string(text)
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func fromUnix(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(n, 0)
}
