// Command gen writes the assembly of package kernel:
//
//	go run . -out ../kernels_amd64.s
//
// It is a module of its own, so that the program does not need avo.
//
// Every kernel does the same floating-point operations in the same order as
// plain.go. There are no fused multiply-adds: they round once where plain Go
// rounds twice, and rounding differences of one unit grow to 1e-4 of cosine
// through twelve layers of quantised activations.
package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Layouts of kernel.Block and kernel.tile, in bytes.
const (
	blockBytes  = 40 // scale, sum, 32 int8
	blockSum    = 4
	blockValues = 8
	tileBytes   = 320 // 4 × 64 nibble pairs, 16 scales
	tileScales  = 256
)

func main() {
	ConstraintExpr("amd64")
	for rows := 1; rows <= 4; rows++ { // as many as there are registers for
		matMulAVX2(rows)
	}
	for rows := 1; rows <= 8; rows++ {
		matMulVNNI(rows)
	}
	quantize()
	gelu()
	softmax()
	addNorm()
	for _, rows := range []int{4, 1} {
		product(rows)
	}
	Generate()
}

// floats is a read-only vector of eight equal numbers.
func floats(name string, v float32) Mem { return words(name, math.Float32bits(v)) }

func words(name string, v uint32) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(v))
	}
	return m
}

// constants are made once: avo refuses a second global of the same name.
var constants = map[string]Mem{}

func constant(name string, v float32) Mem {
	m, ok := constants[name]
	if !ok {
		m = floats(name, v)
		constants[name] = m
	}
	return m
}

func bits(name string, v uint32) Mem {
	m, ok := constants[name]
	if !ok {
		m = words(name, v)
		constants[name] = m
	}
	return m
}

// rowsAt gives the addresses of n rows that lie stride bytes apart: the first
// four from base, the next four from a second base.
func rowsAt(n int, base, stride Register) (at func(row, disp int) Mem, advance func(bytes int)) {
	bases := []Register{base}
	var triple Register
	if n > 2 {
		r := GP64()
		MOVQ(stride, r)
		ADDQ(stride, r)
		ADDQ(stride, r)
		triple = r
	}
	if n > 4 {
		second := GP64()
		MOVQ(base, second)
		for range 4 {
			ADDQ(stride, second)
		}
		bases = append(bases, second)
	}
	at = func(row, disp int) Mem {
		m := Mem{Base: bases[row/4], Disp: disp}
		switch row % 4 {
		case 1:
			m.Index, m.Scale = stride, 1
		case 2:
			m.Index, m.Scale = stride, 2
		case 3:
			m.Index, m.Scale = triple, 1
		}
		return m
	}
	advance = func(bytes int) {
		for _, b := range bases {
			ADDQ(U32(uint32(bytes)), b)
		}
	}
	return at, advance
}

// sumLanes leaves the sum of v's eight lanes in lane 0, in the order of
// plain.go: halves first, then pairs.
func sumLanes(v VecVirtual) VecVirtual {
	half := XMM()
	VEXTRACTF128(U8(1), v, half)
	sum := XMM()
	VADDPS(half, v.AsX(), sum)
	VPERMILPS(U8(0b1110), sum, half)
	VADDPS(half, sum, sum)
	VPERMILPS(U8(0b0001), sum, half)
	VADDPS(half, sum, sum)
	return sum
}

// exp replaces x by e^x for x <= 0: Cephes' expf without fused operations.
func exp(x VecVirtual) {
	VMAXPS(constant("expLowest", -87), x, x)
	n := YMM()
	VMULPS(constant("log2e", 1.44269504088896341), x, n)
	VROUNDPS(U8(0), n, n)
	t := YMM()
	VMULPS(constant("ln2High", 0.693359375), n, t)
	VSUBPS(t, x, x)
	VMULPS(constant("ln2Low", -2.12194440e-4), n, t)
	VSUBPS(t, x, x)
	p := YMM()
	VMULPS(constant("exp0", 1.9875691500e-4), x, p)
	for i, c := range []float32{1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1} {
		VADDPS(constant("exp"+string(rune('1'+i)), c), p, p)
		VMULPS(x, p, p)
	}
	VADDPS(constant("exp5", 0.5), p, p)
	VMULPS(x, x, t)
	VMULPS(t, p, p)
	VADDPS(x, p, p)
	VADDPS(constant("one", 1), p, p)
	VCVTPS2DQ(n, n)
	VPSLLD(U8(23), n, n)
	VPADDD(n, p, x)
}
