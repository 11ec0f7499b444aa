package lexical

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// openReader opens an index for reading. Where another process writes it,
// scorch cannot be opened in place: then a copy of its small root file, with
// links to the segments that it names, is opened instead. Segments never change
// once written.
func openReader(dir string) (*Index, error) {
	if !exists(dir) {
		return nil, fmt.Errorf("%w: %s holds no index", ErrCorrupt, dir)
	}
	x, err := open(dir, true, "50ms")
	if err != nil && !errors.Is(err, ErrCorrupt) {
		x, err = openSnapshot(dir)
	}
	if err != nil {
		return nil, err
	}
	version, err := x.internal(versionKey)
	if err == nil && string(version) != analysisVersion {
		err = ErrVersion
	}
	if err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

// snapshotTries bounds how often a copy is taken: the writer may replace root
// and segments while it is made.
const snapshotTries = 20

func openSnapshot(dir string) (*Index, error) {
	var last error
	for try := range snapshotTries {
		time.Sleep(time.Duration(try) * 20 * time.Millisecond)
		copied, err := copyIndex(dir)
		if err != nil {
			last = err
			continue
		}
		x, err := open(copied, true, "1s")
		if err == nil {
			x.cleanup = func() error { return os.RemoveAll(copied) }
			return x, nil
		}
		last = errors.Join(err, os.RemoveAll(copied))
	}
	return nil, fmt.Errorf("reading the index beside its writer: %w", last)
}

// copyIndex makes the snapshot's folder beside the index, on the same disk, so
// that segments can be linked. The root file is copied before the segments are:
// a segment that it names may be gone then, but never half-written.
func copyIndex(dir string) (string, error) {
	copied, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+"-reader-")
	if err != nil {
		return "", err
	}
	err = copyFile(filepath.Join(dir, "root.bolt"), filepath.Join(copied, "root.bolt"))
	segments, err2 := filepath.Glob(filepath.Join(dir, "*.zap"))
	for _, segment := range segments {
		if err3 := link(segment, filepath.Join(copied, filepath.Base(segment))); err3 != nil && !os.IsNotExist(err3) {
			err2 = errors.Join(err2, err3)
		}
	}
	if err := errors.Join(err, err2); err != nil {
		return "", errors.Join(err, os.RemoveAll(copied))
	}
	return copied, nil
}

func link(from, to string) error {
	if err := os.Link(from, to); err == nil || os.IsNotExist(err) {
		return err
	}
	return copyFile(from, to) // a disk without links
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
