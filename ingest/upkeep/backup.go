package upkeep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// ManifestFile in a backup says what is in it. It is written last.
const ManifestFile = "backup.json"

// manifestFormat is the version of the manifest.
const manifestFormat = 1

// Manifest describes a backup.
type Manifest struct {
	Format  int       `json:"format"`
	Program string    `json:"program"` // version of Hjemmel that made it
	Schema  int       `json:"schema"`  // of hjemmel.db
	Made    time.Time `json:"made"`
	Files   []File    `json:"files"`
}

// File is one database of a backup.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// ErrExists is returned by Backup for a folder that is there already.
var ErrExists = errors.New("the folder of the backup exists")

// Backup copies the databases of the data folder dir to the new folder to, also
// while a server or an ingest writes, and examines each copy. Each database is
// copied as it stands at one moment. The folder appears when it is complete.
func Backup(ctx context.Context, dir, to, program string) (m Manifest, err error) {
	names, err := databases(dir)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", dir, err)
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, errors.Join(fmt.Errorf("%s: %w", to, ErrExists), err)
	}
	parent := filepath.Dir(filepath.Clean(to))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return Manifest{}, err
	}
	part, err := os.MkdirTemp(parent, filepath.Base(to)+".part-")
	if err != nil {
		return Manifest{}, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(part))
		}
	}()
	m = Manifest{Format: manifestFormat, Program: program, Made: time.Now().UTC().Truncate(time.Second)}
	if m.Schema, err = corpus.FileSchema(ctx, filepath.Join(dir, corpus.DatabaseFile)); err != nil {
		return Manifest{}, err
	}
	for _, name := range names {
		file, err := copyDatabase(ctx, filepath.Join(dir, name), filepath.Join(part, name))
		if err != nil {
			return Manifest{}, fmt.Errorf("copying %s: %w", name, err)
		}
		m.Files = append(m.Files, file)
	}
	if err := writeManifest(filepath.Join(part, ManifestFile), m); err != nil {
		return Manifest{}, err
	}
	return m, errors.Join(syncFolder(part), os.Rename(part, to), syncFolder(parent))
}

func copyDatabase(ctx context.Context, from, to string) (File, error) {
	if err := corpus.CopyFile(ctx, from, to); err != nil {
		return File{}, err
	}
	if err := intact(ctx, to); err != nil {
		return File{}, err
	}
	return fileEntry(to)
}

// intact fails with corpus.ErrCorrupt where a database is damaged.
func intact(ctx context.Context, path string) error {
	complaints, err := corpus.CheckFile(ctx, path)
	if err == nil && len(complaints) > 0 {
		err = fmt.Errorf("%s: %w: %s", filepath.Base(path), corpus.ErrCorrupt, complaints[0])
	}
	return err
}

func fileEntry(path string) (File, error) {
	file, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer file.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	return File{Name: filepath.Base(path), Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

func writeManifest(path string, m Manifest) error {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(data, '\n'))
	return errors.Join(err, file.Sync(), file.Close())
}
