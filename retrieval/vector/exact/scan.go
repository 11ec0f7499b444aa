package exact

import (
	"math/bits"
	"sync"
)

// buckets is how finely the scan tells near from far: distances are at most
// 15 × dim (5,760 for 384 components) plus the part along the mean.
const buckets = 1 << 14

// pass is one search's working memory.
type pass struct {
	keys  []uint16
	count [buckets]int32
}

var passes = sync.Pool{New: func() any { return new(pass) }}

func newPass(n int) *pass {
	p := passes.Get().(*pass)
	if cap(p.keys) < n {
		p.keys = make([]uint16, n+n/8)
	}
	p.keys = p.keys[:n]
	p.count = [buckets]int32{}
	return p
}

// scan writes the distance of every code into keys, and counts them.
func (p *pass) scan(q *probe, d *document, keys []uint16) {
	if len(q.bits[0]) == 6 {
		var want [planes][6]uint64
		for i := range want {
			copy(want[i][:], q.bits[i])
		}
		sums384(&want, d.signs, keys)
	} else {
		sums(q.bits, d.signs, keys)
	}
	along := d.along[:len(keys)]
	for i, sum := range keys {
		key := int((float32(sum)-q.weight*along[i])*q.scale) + buckets/4
		key = max(0, min(buckets-1, key))
		keys[i] = uint16(key)
		p.count[key]++
	}
}

// sums writes Σₚ 2ᵖ × popcount(code ⊕ want[p]) for every code.
func sums(want [][]uint64, signs []uint64, sums []uint16) {
	w := len(want[0])
	for i := range sums {
		code := signs[i*w : (i+1)*w]
		sum := 0
		for plane, bitsOf := range want {
			n := 0
			for j, word := range code {
				n += bits.OnesCount64(word ^ bitsOf[j])
			}
			sum += n << plane
		}
		sums[i] = uint16(sum)
	}
}

// sums384Plain is sums for the 384 components of the built-in model.
func sums384Plain(want *[planes][6]uint64, signs []uint64, sums []uint16) {
	for i := range sums {
		c := (*[6]uint64)(signs[i*6:])
		sum := 0
		for plane := range want {
			w := &want[plane]
			sum += (bits.OnesCount64(c[0]^w[0]) + bits.OnesCount64(c[1]^w[1]) + bits.OnesCount64(c[2]^w[2]) +
				bits.OnesCount64(c[3]^w[3]) + bits.OnesCount64(c[4]^w[4]) + bits.OnesCount64(c[5]^w[5])) << plane
		}
		sums[i] = uint16(sum)
	}
}

// limit returns the largest key that still belongs to the nearest depth codes.
// All that share it are taken, so that the result does not depend on an order.
func (p *pass) limit(depth int) uint16 {
	sum := 0
	for key, n := range p.count {
		if sum += int(n); sum >= depth {
			return uint16(key)
		}
	}
	return buckets - 1
}
