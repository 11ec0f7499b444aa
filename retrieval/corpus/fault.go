package corpus

import (
	"errors"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What may be wrong with the disk or the file below a store. Fault finds them in
// the errors of this package and of what reads and writes beside it.
var (
	ErrCorrupt  = errors.New("the database is damaged")
	ErrFull     = errors.New("the disk is full")
	ErrReadOnly = errors.New("the data folder cannot be written to")
)

// Fault names the trouble with the disk that is behind err: ErrCorrupt, ErrFull,
// ErrReadOnly, or nil where it is something else.
func Fault(err error) error {
	for _, known := range []error{ErrCorrupt, ErrFull, ErrReadOnly} {
		if errors.Is(err, known) {
			return known
		}
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EFBIG), errors.Is(err, syscall.EDQUOT):
		return ErrFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return ErrReadOnly
	}
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return nil
	}
	switch failed.Code() & 0xff { // the rest of the code tells which system call
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrCorrupt
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_CANTOPEN: // the file beside it that a connection needs
		return ErrReadOnly
	case sqlite3.SQLITE_IOERR: // SQLite knows a full disk only where the system says so in write
		if failed.Code() == sqlite3.SQLITE_IOERR_WRITE || failed.Code() == sqlite3.SQLITE_IOERR_SHMSIZE {
			return ErrFull
		}
	}
	return nil
}
