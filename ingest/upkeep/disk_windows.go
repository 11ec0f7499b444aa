package upkeep

import (
	"io/fs"

	"golang.org/x/sys/windows"
)

// freeBytes is how much this user may still write to dir's disk.
func freeBytes(dir string) (int64, error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	err = windows.GetDiskFreeSpaceEx(path, &free, nil, nil)
	return int64(free), err
}

// othersCanRead is told by access lists there, which the mode does not show.
func othersCanRead(fs.FileInfo) bool { return false }
