package kernel

import "math"

// Every product is converted to float32 before it is added, here and below:
// the language then forbids the compiler to fuse the two.

func matMulPlain(y []float32, stride int, x []Block, m *Matrix) {
	rows := len(x) / m.blocks
	var u unpacked
	for first := 0; first < len(m.bias); first += tileOutputs {
		for r := range rows {
			clear(y[r*stride+first:][:tileOutputs])
		}
		for b := range m.blocks {
			u.take(&m.tiles[first/tileOutputs*m.blocks+b])
			for r := range rows {
				u.add(y[r*stride+first:], &x[r*m.blocks+b])
			}
		}
		for r := range rows {
			for o, v := range m.bias[first:][:tileOutputs] {
				y[r*stride+first+o] += v
			}
		}
	}
}

// unpacked is a tile for machines without vectors: the weights of four outputs
// lie in one word, 16 bits each, so that one multiplication serves four. Sixteen
// products of a weight (at most 15) and an activation (made 0 to 255) fit.
type unpacked struct {
	words  [BlockSize][tileOutputs / 4]uint64
	sums   [tileOutputs]int32 // 128 × the sum of weights: takes the activations' offset back
	scales *[tileOutputs]float32
}

func (u *unpacked) take(t *tile) {
	const low = 0x000f000f000f000f
	u.scales = &t.scales
	var sums [tileOutputs / 4]uint64
	for p := range t.pairs {
		pairs := &t.pairs[p]
		for i := range 4 {
			first, second := &u.words[8*p+i], &u.words[8*p+4+i]
			for g := range sums {
				at := 16*g + i
				v := uint64(pairs[at]) | uint64(pairs[at+4])<<16 | uint64(pairs[at+8])<<32 | uint64(pairs[at+12])<<48
				first[g], second[g] = v&low, v>>4&low
				sums[g] += first[g] + second[g]
			}
		}
	}
	for o := range u.sums {
		u.sums[o] = 128 * int32(sums[o/4]>>(16*(o%4))&0xffff)
	}
}

func (u *unpacked) add(y []float32, x *Block) {
	const even = 0x0000ffff0000ffff
	var evens, odds [tileOutputs / 4]uint64
	for half := 0; half < BlockSize; half += 16 {
		var a, b, c, d uint64
		for i := half; i < half+16; i++ {
			v, w := uint64(uint8(x.Values[i])^0x80), &u.words[i]
			a += w[0] * v
			b += w[1] * v
			c += w[2] * v
			d += w[3] * v
		}
		for i, v := range [...]uint64{a, b, c, d} {
			evens[i] += v & even
			odds[i] += v >> 16 & even
		}
	}
	y = y[:tileOutputs]
	for i := range evens {
		lanes := [4]uint32{uint32(evens[i]), uint32(odds[i]), uint32(evens[i] >> 32), uint32(odds[i] >> 32)}
		for j, v := range lanes {
			o := 4*i + j
			sum := float32(int32(v) - u.sums[o] + x.Sum)
			y[o] += float32(sum * float32(u.scales[o]*x.Scale))
		}
	}
}

// scaleLeast is the scale below which a block counts as zeros: its inverse
// would overflow.
const scaleLeast = 1e-30

func quantizePlain(dst []Block, x []float32) {
	for b := range dst {
		from, to := x[b*BlockSize:][:BlockSize], &dst[b]
		var largest float32
		for _, v := range from {
			largest = max(largest, abs(v))
		}
		to.Scale = largest / 127
		var inverse float32
		if to.Scale > scaleLeast {
			inverse = 1 / to.Scale
		}
		var sum int32
		for i, v := range from {
			q := nearest(float32(v * inverse))
			to.Values[i] = int8(q)
			sum += int32(q)
		}
		to.Sum = -8 * sum
	}
}

func geluPlain(x []float32) {
	for i, v := range x {
		u := min(4, max(-4, float32(v*0.70710678118654752440)))
		w := float32(u * u)
		p := float32(w * erfOver[0])
		for _, c := range erfOver[1:] {
			p = float32((p + c) * w)
		}
		p = float32((p + erfOverLast) * u)
		q := float32(w * erfUnder[0])
		for _, c := range erfUnder[1:] {
			q = float32((q + c) * w)
		}
		x[i] = float32(float32(v*0.5) * (1 + p/(q+erfUnderLast)))
	}
}

// erf(u) = u·over(u²)/under(u²) for |u| <= 4, beyond which it is 1: the rational
// approximation of Eigen's vector functions, error below 3e-7.
var (
	erfOver  = [...]float32{-2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05, -7.34990630326855e-04, -2.95459980854025e-03}
	erfUnder = [...]float32{-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03}
)

const (
	erfOverLast  = -1.60960333262415e-02
	erfUnderLast = -1.42647390514189e-02
)

// exp is e^x for x <= 0, as in Cephes' expf.
func exp(x float32) float32 {
	x = max(x, -87)
	n := nearest(float32(x * 1.44269504088896341))
	x -= float32(n * 0.693359375)
	x -= float32(n * -2.12194440e-4)
	p := float32(x * 1.9875691500e-4)
	p = float32((p + 1.3981999507e-3) * x)
	p = float32((p + 8.3334519073e-3) * x)
	p = float32((p + 4.1665795894e-2) * x)
	p = float32((p + 1.6666665459e-1) * x)
	p = float32((p + 0.5) * float32(x*x))
	p = p + x + 1
	return math.Float32frombits(math.Float32bits(p) + uint32(int32(n))<<23)
}

// nearest rounds to the nearest integer, halves to even, for |x| < 2²². A product
// passed to it is converted first, as everywhere in this file.
func nearest(x float32) float32 {
	const shift = 3 << 22
	return float32(x+shift) - shift
}

func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

// sumLanes adds as vectors do: eight running sums, then halves, then pairs.
func sumLanes(l *[8]float32) float32 {
	return ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

func softmaxPlain(x []float32) {
	largest := x[0]
	for _, v := range x {
		largest = max(largest, v)
	}
	var lanes [8]float32
	for i, v := range x {
		x[i] = exp(v - largest)
		lanes[i%8] += x[i]
	}
	inverse := 1 / sumLanes(&lanes)
	for i := range x {
		x[i] *= inverse
	}
}

func addNormPlain(x, y, weight, bias []float32, eps float32) {
	n := float32(len(x))
	var lanes [8]float32
	for i, v := range y {
		x[i] += v
		lanes[i%8] += x[i]
	}
	mean := sumLanes(&lanes) / n
	lanes = [8]float32{}
	for i, v := range x {
		d := v - mean
		lanes[i%8] += float32(d * d)
	}
	inverse := 1 / float32(math.Sqrt(float64(sumLanes(&lanes)/n+eps)))
	for i, v := range x {
		x[i] = float32(float32((v-mean)*inverse)*weight[i]) + bias[i]
	}
}

func productPlain(c, a, b View, rows, inner, columns int) {
	for r := range rows {
		to := c.row(r, columns)
		clear(to)
		for i, v := range a.row(r, inner) {
			from := b.row(i, columns)
			for j, w := range from {
				to[j] += float32(v * w)
			}
		}
	}
}
