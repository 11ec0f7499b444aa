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
		p.scan384(q, d, keys)
		return
	}
	w := len(q.bits[0])
	for i := range keys {
		code := d.signs[i*w : (i+1)*w]
		sum := 0
		for plane, want := range q.bits {
			n := 0
			for j, word := range code {
				n += bits.OnesCount64(word ^ want[j])
			}
			sum += n << plane
		}
		p.put(keys, i, sum, q, d)
	}
}

// scan384 is scan for the 384 components of the built-in model.
func (p *pass) scan384(q *probe, d *document, keys []uint16) {
	var want [planes][6]uint64
	for i := range want {
		copy(want[i][:], q.bits[i])
	}
	for i := range keys {
		c := (*[6]uint64)(d.signs[i*6:])
		sum := 0
		for plane := range want {
			w := &want[plane]
			sum += (bits.OnesCount64(c[0]^w[0]) + bits.OnesCount64(c[1]^w[1]) + bits.OnesCount64(c[2]^w[2]) +
				bits.OnesCount64(c[3]^w[3]) + bits.OnesCount64(c[4]^w[4]) + bits.OnesCount64(c[5]^w[5])) << plane
		}
		p.put(keys, i, sum, q, d)
	}
}

func (p *pass) put(keys []uint16, i, sum int, q *probe, d *document) {
	key := int((float32(sum)-q.weight*d.along[i])*q.scale) + buckets/4
	key = max(0, min(buckets-1, key))
	keys[i] = uint16(key)
	p.count[key]++
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
