package corpus

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// LockFile in the data folder says who writes. The lock itself is the operating
// system's, on the open file: it dies with its process, whatever the file says.
const LockFile = "hjemmel.lock"

// Owner describes the process that holds the writer's lock.
type Owner struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`        // "serve", "ingest"
	Addr    string    `json:"addr,omitempty"` // where a server listens
	Started time.Time `json:"started"`
}

// LockedError is returned by AcquireLock where another process writes.
type LockedError struct {
	Dir   string
	Owner Owner // zero where the file could not be read
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("the data folder %s is being written by %q (process %d, since %s)",
		e.Dir, e.Owner.Command, e.Owner.PID, e.Owner.Started.Format(time.DateTime))
}

// errHeld is what tryLock returns where another process holds the lock.
var errHeld = errors.New("lock is held")

// Lock is the right to write to a data folder.
type Lock struct{ file *os.File }

// AcquireLock takes the writer's lock of dir, or returns a *LockedError at once.
func AcquireLock(dir string, owner Owner) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the data folder: %w", err)
	}
	path := filepath.Join(dir, LockFile)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	if err := tryLock(file); err != nil {
		file.Close()
		if errors.Is(err, errHeld) {
			return nil, &LockedError{Dir: dir, Owner: readOwner(path)}
		}
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	owner.PID, owner.Started = os.Getpid(), time.Now()
	l := &Lock{file: file}
	return l, l.Describe(owner)
}

// Describe rewrites what the lock file says of its owner.
func (l *Lock) Describe(owner Owner) error {
	if owner.PID == 0 {
		owner.PID = os.Getpid()
	}
	if owner.Started.IsZero() {
		owner.Started = time.Now()
	}
	data, err := json.Marshal(owner)
	if err != nil {
		return err
	}
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err = l.file.WriteAt(append(data, '\n'), 0)
	return err
}

// Release gives the lock back. The file stays: removing it would let two
// processes lock two different files of the same name.
func (l *Lock) Release() error {
	return errors.Join(l.file.Truncate(0), l.file.Close())
}

// ReadLock tells who writes to a data folder, without taking part in it. held is
// false where nobody does; the Owner then is that of a process that ended without
// releasing the lock, or zero.
func ReadLock(dir string) (owner Owner, held bool, err error) {
	path := filepath.Join(dir, LockFile)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Owner{}, false, nil
	}
	if err != nil {
		return Owner{}, false, err
	}
	defer file.Close() // gives the lock back
	if err := tryLock(file); err != nil && !errors.Is(err, errHeld) {
		return Owner{}, false, fmt.Errorf("locking %s: %w", path, err)
	} else if err != nil {
		return readOwner(path), true, nil
	}
	return readOwner(path), false, nil
}

func readOwner(path string) Owner {
	var owner Owner
	if data, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(data, &owner) // half-written: the zero Owner says as much
	}
	return owner
}
