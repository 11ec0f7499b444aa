//go:build !amd64

package kernel

// All lists the sets that this machine runs, the slowest first.
func All() []*Set { return []*Set{Plain()} }
