//go:build unix

package upkeep

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// freeBytes is how much an ordinary user may still write to dir's disk.
func freeBytes(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

func othersCanRead(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }
