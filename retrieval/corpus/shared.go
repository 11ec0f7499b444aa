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
)

// OpenShared opens the store of another process to read it and nothing else: it
// neither creates nor migrates, and every write fails. What the other process
// commits is seen by the next read. All processes must be on one machine, since
// SQLite's log is shared memory, and must be able to write the folder, where the
// files of that log are. It fails with ErrNoCollection where there is no store.
func OpenShared(ctx context.Context, dir string) (*Store, error) {
	path := filepath.Join(dir, DatabaseFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", dir, ErrNoCollection)
	}
	q := url.Values{"mode": {"ro"}, "_txlock": {"deferred"}, "_pragma": {"busy_timeout(10000)", "cache_size(-16000)", "temp_store(memory)"}}
	read, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	s := &Store{read: read, write: read} // SQLite refuses what writes
	if err := s.checkSchema(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s for reading: %w", path, err), s.Close())
	}
	return s, nil
}

func (s *Store) checkSchema(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var version int
	if err := s.read.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version != len(names) {
		return fmt.Errorf("its schema is %d, this program reads %d: start the server that ingests with the same version of Hjemmel first", version, len(names))
	}
	return nil
}
