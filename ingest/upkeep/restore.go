package upkeep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Why a backup is not put back.
var (
	ErrNoBackup = errors.New("not a backup")
	ErrNewer    = errors.New("the backup was made by a newer Hjemmel")
	ErrChanged  = errors.New("the backup has changed since it was made")
	ErrNotEmpty = errors.New("the data folder is not empty")
)

// Restore puts a backup into the data folder dir, which must be new or hold
// nothing but what is derived; that is removed, and built again at the next
// start. It fails with a *corpus.LockedError where a process uses the folder, and
// leaves the folder without a collection unless every file is whole.
func Restore(ctx context.Context, from, dir string) (m Manifest, err error) {
	if m, err = readManifest(from); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", from, err)
	}
	lock, err := corpus.AcquireLock(dir, corpus.Owner{Command: "restore"})
	if err != nil {
		return Manifest{}, err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if err := clear(dir); err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", dir, err)
	}
	for _, file := range m.Files {
		if err := restoreFile(ctx, from, dir, file); err != nil {
			return Manifest{}, fmt.Errorf("restoring %s: %w", file.Name, err)
		}
	}
	return m, syncFolder(dir)
}

func readManifest(from string) (m Manifest, err error) {
	data, err := os.ReadFile(filepath.Join(from, ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return m, ErrNoBackup
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(data, &m); err != nil || len(m.Files) == 0 {
		return m, errors.Join(ErrNoBackup, err)
	}
	if m.Format > manifestFormat || m.Schema > corpus.Schema() {
		return m, ErrNewer
	}
	for _, file := range m.Files {
		if file.Name != filepath.Base(file.Name) || filepath.Ext(file.Name) != ".db" {
			return m, fmt.Errorf("%w: it names the file %q", ErrNoBackup, file.Name)
		}
	}
	if m.Files[len(m.Files)-1].Name != corpus.DatabaseFile {
		return m, fmt.Errorf("%w: %s is missing", ErrNoBackup, corpus.DatabaseFile)
	}
	return m, nil
}

// clear removes what is derived from a data folder that holds nothing else, and
// what a restore left that did not get through.
func clear(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var others []string
	for _, entry := range entries {
		name := entry.Name()
		if !slices.Contains(derived, name) && !strings.HasSuffix(name, partSuffix) {
			others = append(others, name)
		}
	}
	if len(others) > 0 {
		return fmt.Errorf("%w: it holds %s", ErrNotEmpty, strings.Join(others, ", "))
	}
	for _, entry := range entries {
		if entry.Name() != corpus.LockFile {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
		}
	}
	return err
}

const partSuffix = ".part"

// restoreFile copies one database, and gives it its name when it has proved whole.
func restoreFile(ctx context.Context, from, dir string, want File) (err error) {
	path := filepath.Join(dir, want.Name)
	part := path + partSuffix
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(part))
		}
	}()
	if err := copyFile(filepath.Join(from, want.Name), part); err != nil {
		return err
	}
	got, err := fileEntry(part)
	if err != nil {
		return err
	}
	if got.SHA256 != want.SHA256 {
		return ErrChanged
	}
	if err := intact(ctx, part); err != nil {
		return err
	}
	return os.Rename(part, path)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
