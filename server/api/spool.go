package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// spoolMemory is how many bytes of one upload request are kept in memory before
// files go to disk: a usual batch of guidelines fits, a few hundred-page PDFs
// with pictures do not.
const spoolMemory = 32 << 20

// spool holds uploaded files until all of the request has arrived, so that a
// connection that breaks changes nothing. Files on disk lose their name at
// once where the system allows it: a crash leaves nothing unchecked behind.
type spool struct {
	memory int64 // bytes still to be kept in memory
	files  []spooled
}

type spooled struct {
	name string // as the client gives it
	data []byte // of a file in memory
	disk *os.File
}

var errFileTooLarge = errors.New("the file is too large")

// add reads one file of at most limit bytes. It fails with errFileTooLarge.
func (s *spool) add(name string, r io.Reader, limit int64) error {
	var head bytes.Buffer
	keep := min(s.memory, limit)
	n, err := io.CopyN(&head, r, keep+1)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if n > limit {
		return errFileTooLarge
	}
	if n <= keep {
		s.memory -= n
		s.files = append(s.files, spooled{name: name, data: head.Bytes()})
		return nil
	}
	disk, err := os.CreateTemp("", "hjemmel-upload-*")
	if err != nil {
		return fmt.Errorf("spooling an upload: %w", err)
	}
	_ = os.Remove(disk.Name()) // Windows refuses while it is open: close removes it there
	s.files = append(s.files, spooled{name: name, disk: disk})
	written, err := io.Copy(disk, io.LimitReader(io.MultiReader(&head, r), limit+1))
	if err == nil && written > limit {
		err = errFileTooLarge
	}
	return err
}

// bytes returns a file's content.
func (f spooled) bytes() ([]byte, error) {
	if f.disk == nil {
		return f.data, nil
	}
	info, err := f.disk.Stat()
	if err != nil {
		return nil, err
	}
	data := make([]byte, info.Size())
	_, err = f.disk.ReadAt(data, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return data, err
}

// close releases the files on disk.
func (s *spool) close() {
	for _, f := range s.files {
		if f.disk != nil {
			_ = f.disk.Close()
			_ = os.Remove(f.disk.Name())
		}
	}
}
