// Package upkeep keeps a data folder sound: it copies what cannot be made again
// while a server runs, puts a copy back, and examines a folder for what is wrong
// with it. It repairs nothing itself: indexes are built anew at the next start,
// and a damaged database is replaced by its copy.
package upkeep

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// derived are the entries of a data folder that are made from its databases, or
// that may be deleted at any time.
var derived = []string{ingest.IndexFolder, ingest.VectorFolder, "web", corpus.LockFile}

// databases lists the SQLite files of a data folder: the store and what else
// lies beside it, such as activity.db. The store comes last: a folder without it
// holds no collection, so that one that is filled only in part is not used.
func databases(dir string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(found))
	for _, path := range found {
		names = append(names, filepath.Base(path))
	}
	at := slices.Index(names, corpus.DatabaseFile)
	if at < 0 {
		return nil, corpus.ErrNoCollection
	}
	return append(slices.Delete(names, at, at+1), corpus.DatabaseFile), nil
}

// syncFolder makes the names in a folder last. Systems that cannot do so for a
// folder say so by an error, which is no fault.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrPermission) {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}
