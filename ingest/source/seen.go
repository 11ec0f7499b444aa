package source

import (
	"context"
	"os"
	"sync"
	"time"
)

// Seen remembers the size and time of files, so that a folder that is looked at
// again and again is not read each time: over a network that matters. It is safe
// for concurrent use; the zero value has seen nothing.
type Seen struct {
	mu    sync.Mutex
	files map[string]seenFile
}

type seenFile struct {
	size   int64
	mod    time.Time
	digest string
}

// settled is how old a file's time must be to be trusted: one that is written to
// twice within a tick of a disk's clock has the same time after both.
const settled = 5 * time.Second

// unchanged tells whether a file is as it was when its bytes had the digest.
func (s *Seen) unchanged(file, digest string) bool {
	info, err := os.Stat(file)
	if err != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.files[file]
	return ok && f.digest == digest && f.size == info.Size() && f.mod.Equal(info.ModTime())
}

// remember keeps what a file was before it was read, and gave data.
func (s *Seen) remember(file string, before os.FileInfo, data []byte) {
	age := time.Since(before.ModTime())
	if age < settled || before.Size() != int64(len(data)) {
		return // it may be changing, or its time comes from another clock
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = map[string]seenFile{}
	}
	s.files[file] = seenFile{size: before.Size(), mod: before.ModTime(), digest: digest(data)}
}

// item is fileItem for a file that may have been seen before.
func (s *Seen) item(file, name string) Item {
	plain := fileItem(file, name)
	read := func(ctx context.Context) ([]byte, error) {
		before, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		data, err := plain.Read(ctx)
		if err == nil {
			s.remember(file, before, data)
		}
		return data, err
	}
	return Item{Path: name, Read: read, ReadChanged: func(ctx context.Context, known string) ([]byte, error) {
		if s.unchanged(file, known) {
			return nil, ErrUnchanged
		}
		return read(ctx)
	}}
}
