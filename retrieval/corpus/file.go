package corpus

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Schema is the version of the store's tables that this program writes.
func Schema() int {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	return len(names)
}

// FileSchema returns the version of the tables in an SQLite file, which need not
// be a store: PRAGMA user_version.
func FileSchema(ctx context.Context, path string) (version int, err error) {
	err = onFile(ctx, path, func(db *sql.DB) error {
		return db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	})
	return version, err
}

// CheckFile lets SQLite examine every page of a file, also beside its writer, and
// returns what it complains of, at most 20 things. A file so damaged that it
// cannot be examined is an error for which Fault says ErrCorrupt.
func CheckFile(ctx context.Context, path string) (complaints []string, err error) {
	err = onFile(ctx, path, func(db *sql.DB) error {
		rows, err := db.QueryContext(ctx, "PRAGMA integrity_check(20)")
		found, err := collect(rows, err, func(s *string) []any { return []any{s} })
		if err != nil {
			return err
		}
		for _, line := range found {
			if line != "ok" {
				complaints = append(complaints, strings.TrimSpace(line))
			}
		}
		return nil
	})
	return complaints, err
}

// CopyFile writes a compact copy of an SQLite file to a new file, as it stands at
// one moment, also beside its writer, who does not wait. The copy is on the disk
// when it returns. What it leaves after an error is of no use.
func CopyFile(ctx context.Context, from, to string) error {
	err := onFile(ctx, from, func(db *sql.DB) error {
		_, err := db.ExecContext(ctx, "VACUUM INTO ?", to)
		return err
	})
	if err != nil {
		return err
	}
	file, err := os.OpenFile(to, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Chmod(0o600), file.Sync(), file.Close())
}

// onFile opens an SQLite file for reading only. In a folder that cannot be
// written to, the file is read as one that nobody changes, which holds only where
// no write-ahead log waits beside it.
func onFile(ctx context.Context, path string, f func(*sql.DB) error) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	err := withDSN(ctx, path, "ro", f)
	if err == nil || Fault(err) != ErrReadOnly {
		return err
	}
	if wal, statErr := os.Stat(path + "-wal"); statErr == nil && wal.Size() > 0 {
		return err
	}
	return withDSN(ctx, path, "immutable", f)
}

func withDSN(ctx context.Context, path, mode string, f func(*sql.DB) error) error {
	q := url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(10000)", "temp_store(memory)"}}
	if mode == "immutable" {
		q.Set("immutable", "1")
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return fmt.Errorf("opening %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	err = db.PingContext(ctx)
	if err == nil {
		err = f(db)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return errors.Join(err, db.Close())
}

// startCheck is how long a file is examined before it is written to: enough for
// some hundred MB. Larger files are examined in part; CheckFile does it whole.
const startCheck = 300 * time.Millisecond

// quickCheck fails with ErrCorrupt where SQLite finds damage in its file within
// startCheck.
func quickCheck(ctx context.Context, db *sql.DB) error {
	limited, cancel := context.WithTimeout(ctx, startCheck)
	defer cancel()
	var said string
	err := db.QueryRowContext(limited, "PRAGMA quick_check(1)").Scan(&said)
	switch {
	case limited.Err() != nil:
		return ctx.Err()
	case err != nil:
		return err
	case said != "ok":
		return fmt.Errorf("%w: %s", ErrCorrupt, strings.Join(strings.Fields(said), " "))
	}
	return nil
}
