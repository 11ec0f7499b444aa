package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func quantize() {
	order := GLOBL("packOrder", RODATA|NOPTR)
	for i, v := range []uint32{0, 4, 1, 5, 2, 6, 3, 7} {
		DATA(4*i, U32(v))
	}
	TEXT("quantizeAVX2", NOSPLIT, "func(dst *byte, x *float32, blocks int)")
	dst, x, n := Load(Param("dst"), GP64()), Load(Param("x"), GP64()), Load(Param("blocks"), GP64())
	absolute, idx := YMM(), YMM()
	VMOVUPS(bits("absolute", 0x7fffffff), absolute)
	VMOVDQU(order, idx)
	Label("block")
	v := make([]VecVirtual, 4)
	largest := YMM()
	for i := range v {
		v[i] = YMM()
		VMOVUPS(Mem{Base: x, Disp: 32 * i}, v[i])
		if i == 0 {
			VANDPS(absolute, v[i], largest)
		} else {
			t := YMM()
			VANDPS(absolute, v[i], t)
			VMAXPS(t, largest, largest)
		}
	}
	a, b := XMM(), XMM()
	VEXTRACTF128(U8(1), largest, a)
	VMAXPS(a, largest.AsX(), a)
	VPERMILPS(U8(0b1110), a, b)
	VMAXPS(b, a, a)
	VPERMILPS(U8(0b0001), a, b)
	VMAXPS(b, a, a)
	scale, inverse, nonzero := XMM(), XMM(), XMM()
	VDIVSS(constant("scaleMax", 127), a, scale)
	VMOVSS(scale, Mem{Base: dst})
	VMOVSS(constant("one", 1), inverse)
	VDIVSS(scale, inverse, inverse)
	VMOVSS(constant("scaleLeast", 1e-30), nonzero)
	VCMPSS(U8(1), scale, nonzero, nonzero) // least < scale
	VANDPS(nonzero, inverse, inverse)
	factor := YMM()
	VBROADCASTSS(inverse, factor)
	for i := range v {
		VMULPS(factor, v[i], v[i])
		VCVTPS2DQ(v[i], v[i])
	}
	VPACKSSDW(v[1], v[0], v[0])
	VPACKSSDW(v[3], v[2], v[2])
	VPACKSSWB(v[2], v[0], v[0])
	VPERMD(v[0], idx, v[0])
	VMOVDQU(v[0], Mem{Base: dst, Disp: blockValues})
	ones := YMM()
	VMOVDQU(bits("ones8", 0x01010101), ones)
	VPMADDUBSW(v[0], ones, v[0])
	VPMADDWD(bits("ones16", 0x00010001), v[0], v[0])
	VEXTRACTI128(U8(1), v[0], a)
	VPADDD(a, v[0].AsX(), a)
	VPSHUFD(U8(0b1110), a, b)
	VPADDD(b, a, a)
	VPSHUFD(U8(0b0001), a, b)
	VPADDD(b, a, a)
	VPSLLD(U8(3), a, a)
	VPXOR(b, b, b)
	VPSUBD(a, b, b)
	VMOVD(b, Mem{Base: dst, Disp: blockSum})
	ADDQ(Imm(blockBytes), dst)
	ADDQ(U32(128), x)
	DECQ(n)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

func gelu() {
	TEXT("geluAVX2", NOSPLIT, "func(x *float32, eights int)")
	x, n := Load(Param("x"), GP64()), Load(Param("eights"), GP64())
	Label("eight")
	v, u, w, p, q := YMM(), YMM(), YMM(), YMM(), YMM()
	VMOVUPS(Mem{Base: x}, v)
	VMULPS(constant("rootHalf", 0.70710678118654752440), v, u)
	VMAXPS(constant("erfLowest", -4), u, u)
	VMINPS(constant("erfHighest", 4), u, u)
	VMULPS(u, u, w)
	rational := func(name string, p, last VecVirtual, coefficients ...float32) {
		VMULPS(constant(name+"0", coefficients[0]), w, p)
		for i, c := range coefficients[1:] {
			VADDPS(constant(fmt.Sprint(name, i+1), c), p, p)
			if i+2 < len(coefficients) {
				VMULPS(w, p, p)
			} else if last != nil {
				VMULPS(last, p, p)
			}
		}
	}
	rational("erfOver", p, u, -2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06,
		-5.69250639462346e-05, -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02)
	rational("erfUnder", q, nil, -1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03,
		-7.37332916720468e-03, -1.42647390514189e-02)
	VDIVPS(q, p, p)
	VADDPS(constant("one", 1), p, p)
	VMULPS(constant("half", 0.5), v, v)
	VMULPS(p, v, v)
	VMOVUPS(v, Mem{Base: x})
	ADDQ(Imm(32), x)
	DECQ(n)
	JNZ(LabelRef("eight"))
	VZEROUPPER()
	RET()
}

func softmax() {
	TEXT("softmaxAVX2", NOSPLIT, "func(x *float32, eights int)")
	x, n := Load(Param("x"), GP64()), Load(Param("eights"), GP64())
	largest := YMM()
	VMOVUPS(Mem{Base: x}, largest)
	pass := func(name string, body func(at Mem)) {
		p, left := GP64(), GP64()
		MOVQ(x, p)
		MOVQ(n, left)
		Label(name)
		body(Mem{Base: p})
		ADDQ(Imm(32), p)
		DECQ(left)
		JNZ(LabelRef(name))
	}
	pass("largest", func(at Mem) { VMAXPS(at, largest, largest) })
	a, b := XMM(), XMM()
	VEXTRACTF128(U8(1), largest, a)
	VMAXPS(a, largest.AsX(), a)
	VPERMILPS(U8(0b1110), a, b)
	VMAXPS(b, a, a)
	VPERMILPS(U8(0b0001), a, b)
	VMAXPS(b, a, a)
	VBROADCASTSS(a, largest)
	sum := YMM()
	VXORPS(sum, sum, sum)
	pass("exp", func(at Mem) {
		v := YMM()
		VMOVUPS(at, v)
		VSUBPS(largest, v, v)
		exp(v)
		VMOVUPS(v, at)
		VADDPS(v, sum, sum)
	})
	total, inverse, factor := sumLanes(sum), XMM(), YMM()
	VMOVSS(constant("one", 1), inverse)
	VDIVSS(total, inverse, inverse)
	VBROADCASTSS(inverse, factor)
	pass("scale", func(at Mem) {
		v := YMM()
		VMULPS(at, factor, v)
		VMOVUPS(v, at)
	})
	VZEROUPPER()
	RET()
}

func addNorm() {
	TEXT("addNormAVX2", NOSPLIT, "func(x, y, weight, bias *float32, n int, eps float32)")
	x, y := Load(Param("x"), GP64()), Load(Param("y"), GP64())
	weight, bias := Load(Param("weight"), GP64()), Load(Param("bias"), GP64())
	n := Load(Param("n"), GP64())
	count := XMM()
	VXORPS(count, count, count)
	VCVTSI2SSQ(n, count, count)
	SHLQ(Imm(2), n)
	pass := func(name string, body func(i Register)) {
		i := GP64()
		XORQ(i, i)
		Label(name)
		body(i)
		ADDQ(Imm(32), i)
		CMPQ(i, n)
		JB(LabelRef(name))
	}
	at := func(base, i Register) Mem { return Mem{Base: base, Index: i, Scale: 1} }
	sum := YMM()
	VXORPS(sum, sum, sum)
	pass("add", func(i Register) {
		v := YMM()
		VMOVUPS(at(x, i), v)
		VADDPS(at(y, i), v, v)
		VMOVUPS(v, at(x, i))
		VADDPS(v, sum, sum)
	})
	total, mean := sumLanes(sum), YMM()
	VDIVSS(count, total, total)
	VBROADCASTSS(total, mean)
	squares := YMM()
	VXORPS(squares, squares, squares)
	pass("squares", func(i Register) {
		v := YMM()
		VMOVUPS(at(x, i), v)
		VSUBPS(mean, v, v)
		VMULPS(v, v, v)
		VADDPS(v, squares, squares)
	})
	variance, eps, inverse, factor := sumLanes(squares), Load(Param("eps"), XMM()), XMM(), YMM()
	VDIVSS(count, variance, variance)
	VADDSS(eps, variance, variance)
	VSQRTSS(variance, variance, variance)
	VMOVSS(constant("one", 1), inverse)
	VDIVSS(variance, inverse, inverse)
	VBROADCASTSS(inverse, factor)
	pass("normalise", func(i Register) {
		v := YMM()
		VMOVUPS(at(x, i), v)
		VSUBPS(mean, v, v)
		VMULPS(factor, v, v)
		VMULPS(at(weight, i), v, v)
		VADDPS(at(bias, i), v, v)
		VMOVUPS(v, at(x, i))
	})
	VZEROUPPER()
	RET()
}

// product computes a tile of rows × 16 numbers of C = A·B.
func product(rows int) {
	TEXT(fmt.Sprintf("productAVX2x%d", rows), NOSPLIT, "func(c *float32, cStride int, a *float32, aStride int, b *float32, bStride int, inner int)")
	a0, aStride := Load(Param("a"), GP64()), Load(Param("aStride"), GP64())
	b, bStride := Load(Param("b"), GP64()), Load(Param("bStride"), GP64())
	n := Load(Param("inner"), GP64())
	a, advance := rowsAt(rows, a0, aStride)
	sums := make([][2]VecVirtual, rows)
	for r := range sums {
		sums[r] = [2]VecVirtual{YMM(), YMM()}
		VXORPS(sums[r][0], sums[r][0], sums[r][0])
		VXORPS(sums[r][1], sums[r][1], sums[r][1])
	}
	Label("inner")
	left, right := YMM(), YMM()
	VMOVUPS(Mem{Base: b}, left)
	VMOVUPS(Mem{Base: b, Disp: 32}, right)
	for r := range rows {
		v, t := YMM(), YMM()
		VBROADCASTSS(a(r, 0), v)
		VMULPS(left, v, t)
		VADDPS(t, sums[r][0], sums[r][0])
		VMULPS(right, v, t)
		VADDPS(t, sums[r][1], sums[r][1])
	}
	advance(4)
	ADDQ(bStride, b)
	DECQ(n)
	JNZ(LabelRef("inner"))
	c0, cStride := Load(Param("c"), GP64()), Load(Param("cStride"), GP64())
	c, _ := rowsAt(rows, c0, cStride)
	for r := range rows {
		VMOVUPS(sums[r][0], c(r, 0))
		VMOVUPS(sums[r][1], c(r, 32))
	}
	VZEROUPPER()
	RET()
}
