//go:build !amd64

package exact

func dot(q []int16, v []int8) int32 { return dotPlain(q, v) }

func sums384(want *[planes][6]uint64, signs []uint64, sums []uint16) { sums384Plain(want, signs, sums) }
