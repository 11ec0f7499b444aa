package e5

import (
	"encoding/binary"
	"fmt"
	"math"
)

// cursor reads little-endian fields; after a failure it gives zeros and keeps
// the first error.
type cursor struct {
	data []byte
	at   int
	err  error
}

// bytes returns the next n bytes, a view into the file.
func (c *cursor) bytes(n uint64, what string) []byte {
	if c.err == nil && n > uint64(len(c.data)-c.at) {
		c.err = fmt.Errorf("%s takes %d bytes at offset %d, where %d are left", what, n, c.at, len(c.data)-c.at)
	}
	if c.err != nil {
		return nil
	}
	from := c.at
	c.at += int(n)
	return c.data[from:c.at:c.at]
}

func (c *cursor) u8(what string) uint8 {
	if b := c.bytes(1, what); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) u16(what string) uint16 {
	if b := c.bytes(2, what); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) u32(what string) uint32 {
	if b := c.bytes(4, what); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) u64(what string) uint64 {
	if b := c.bytes(8, what); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (c *cursor) f32(what string) float32 { return math.Float32frombits(c.u32(what)) }

// count reads a 32-bit number that must lie between low and high.
func (c *cursor) count(low, high int, what string) int {
	v := int(int32(c.u32(what)))
	if c.err == nil && (v < low || v > high) {
		c.err = fmt.Errorf("%s is %d, want %d to %d", what, v, low, high)
	}
	if c.err != nil {
		return 0
	}
	return v
}

// u32s reads n numbers.
func (c *cursor) u32s(n int, what string) []uint32 {
	b := c.bytes(4*uint64(n), what)
	if b == nil {
		return nil
	}
	v := make([]uint32, n)
	for i := range v {
		v[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return v
}

// floats decodes whole little-endian numbers and refuses those that are not finite.
func floats(b []byte) ([]float32, error) {
	v := make([]float32, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		if v[i]-v[i] != 0 {
			return nil, fmt.Errorf("number %d is not finite", i)
		}
	}
	return v, nil
}
