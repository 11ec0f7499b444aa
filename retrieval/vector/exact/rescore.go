package exact

import "math"

// queryMax keeps a product of a question and a vector within 31 bits for up to
// 2,000 components: 8191 × 127 × 2000 < 2³¹.
const queryMax = 8191

// quantizeQuery writes the question in 14 bits, so that rescoring multiplies
// integers; its error is a hundredth of that of the vectors' 8 bits.
func quantizeQuery(q []float32) (codes []int16, unit float64) {
	var largest float64
	for _, x := range q {
		largest = max(largest, math.Abs(float64(x)))
	}
	codes = make([]int16, len(q))
	if largest == 0 {
		return codes, 0
	}
	unit = largest / queryMax
	for i, x := range q {
		codes[i] = int16(math.Round(float64(x) / unit))
	}
	return codes, unit
}

// dotPlain multiplies a question and a vector of equal length.
func dotPlain(q []int16, v []int8) int32 {
	var a, b, c, d int32
	n := len(v) &^ 7
	q = q[:len(v)]
	for i := 0; i < n; i += 8 {
		x, y := q[i:i+8:i+8], v[i:i+8:i+8]
		a += int32(x[0])*int32(y[0]) + int32(x[4])*int32(y[4])
		b += int32(x[1])*int32(y[1]) + int32(x[5])*int32(y[5])
		c += int32(x[2])*int32(y[2]) + int32(x[6])*int32(y[6])
		d += int32(x[3])*int32(y[3]) + int32(x[7])*int32(y[7])
	}
	for i := n; i < len(v); i++ {
		a += int32(q[i]) * int32(v[i])
	}
	return a + b + c + d
}
