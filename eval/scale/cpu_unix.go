//go:build unix

package scale

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is what the process has used of all cores: on a machine that others
// use too, it tells more of a query than the time that passed.
func cpuTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
