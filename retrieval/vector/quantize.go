package vector

import "math"

// Quantize writes v with 8 bits a component: v[i] ≈ scale × codes[i]. The
// largest component gets ±127, so a vector that was decoded gives the same codes
// again. A zero vector has scale 0.
func Quantize(v []float32) (codes []int8, scale float32) {
	codes = make([]int8, len(v))
	var largest float64
	for _, x := range v {
		largest = max(largest, math.Abs(float64(x)))
	}
	if largest == 0 {
		return codes, 0
	}
	for i, x := range v {
		codes[i] = int8(math.RoundToEven(float64(x) / largest * 127))
	}
	return codes, float32(largest / 127)
}

// Dequantize reads what Quantize wrote, brought to unit length: rounding has
// changed the length a little, and cosines are products of unit vectors.
func Dequantize(codes []int8) []float32 {
	v := make([]float32, len(codes))
	n := Norm(codes)
	if n == 0 {
		return v
	}
	for i, c := range codes {
		v[i] = float32(float64(c) / n)
	}
	return v
}

// Norm is the Euclidean length of codes.
func Norm(codes []int8) float64 {
	var sum int64
	for _, c := range codes {
		sum += int64(c) * int64(c)
	}
	return math.Sqrt(float64(sum))
}
