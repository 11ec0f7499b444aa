package exact

import "golang.org/x/sys/cpu"

var (
	hasDot  = cpu.X86.HasAVX2
	hasScan = cpu.X86.HasAVX512F && cpu.X86.HasAVX512VPOPCNTDQ && cpu.X86.HasAVX2
)

// dotAVX2 is dotPlain for n components, a multiple of 32 and not 0.
//
//go:noescape
func dotAVX2(q *int16, v *int8, n int) int32

// scanAVX512 is sums384Plain for n codes, not 0. want holds the planes behind
// each other.
//
//go:noescape
func scanAVX512(signs *uint64, want *uint64, sums *uint16, n int)

func dot(q []int16, v []int8) int32 {
	if n := len(v); hasDot && n > 0 && n%32 == 0 && len(q) >= n {
		return dotAVX2(&q[0], &v[0], n)
	}
	return dotPlain(q, v)
}

func sums384(want *[planes][6]uint64, signs []uint64, sums []uint16) {
	if n := len(sums); hasScan && n > 0 && len(signs) >= 6*n {
		scanAVX512(&signs[0], &want[0][0], &sums[0], n)
		return
	}
	sums384Plain(want, signs, sums)
}
