package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const matMulSignature = "func(y *float32, yStride int, x *byte, xStride int, w *byte, bias *float32, blocks int)"

// matMulAVX2 multiplies rows of activations by one tile: eight outputs at a
// time, the bytes of four inputs of each beside each other. The products of a
// block fit 16 bits: 8 × 2 × 15 × 127 = 30,480.
func matMulAVX2(rows int) {
	TEXT(fmt.Sprintf("matMulAVX2x%d", rows), NOSPLIT, matMulSignature)
	x0, w0, n0 := Load(Param("x"), GP64()), Load(Param("w"), GP64()), Load(Param("blocks"), GP64())
	y0, bias := Load(Param("y"), GP64()), Load(Param("bias"), GP64())
	xStride, yStride := Load(Param("xStride"), GP64()), Load(Param("yStride"), GP64())
	y, _ := rowsAt(rows, y0, yStride)
	mask := YMM()
	VMOVDQU(bits("nibbles", 0x0f0f0f0f), mask)
	for half := range 2 {
		xBase, w, n := GP64(), GP64(), GP64()
		MOVQ(x0, xBase)
		MOVQ(w0, w)
		MOVQ(n0, n)
		x, advance := rowsAt(rows, xBase, xStride)
		sums := make([]VecVirtual, rows)
		for r := range sums {
			sums[r] = YMM()
			VXORPS(sums[r], sums[r], sums[r])
		}
		loop := fmt.Sprintf("block%d", half)
		Label(loop)
		acc := make([]VecVirtual, rows)
		for pair := range 4 {
			low, high := YMM(), YMM()
			VMOVDQU(Mem{Base: w, Disp: 64*pair + 32*half}, high)
			VPAND(mask, high, low)
			VPSRLW(U8(4), high, high)
			VPAND(mask, high, high)
			for side, weights := range []VecVirtual{low, high} {
				for r := range rows {
					p := YMM()
					VPBROADCASTD(x(r, blockValues+8*pair+4*side), p)
					VPMADDUBSW(p, weights, p)
					if pair+side == 0 {
						acc[r] = p
					} else {
						VPADDW(p, acc[r], acc[r])
					}
				}
			}
		}
		scale := YMM()
		VMOVUPS(Mem{Base: w, Disp: tileScales + 32*half}, scale)
		for r := range rows {
			t := YMM()
			VPMADDWD(bits("ones16", 0x00010001), acc[r], acc[r])
			VPBROADCASTD(x(r, blockSum), t)
			VPADDD(t, acc[r], acc[r])
			VCVTDQ2PS(acc[r], acc[r])
			VBROADCASTSS(x(r, 0), t)
			VMULPS(scale, t, t)
			VMULPS(acc[r], t, t)
			VADDPS(t, sums[r], sums[r])
		}
		advance(blockBytes)
		ADDQ(U32(tileBytes), w)
		DECQ(n)
		JNZ(LabelRef(loop))
		for r := range rows {
			VADDPS(Mem{Base: bias, Disp: 32 * half}, sums[r], sums[r])
			VMOVUPS(sums[r], y(r, 32*half))
		}
	}
	VZEROUPPER()
	RET()
}

// matMulVNNI is matMulAVX2 with sixteen outputs at a time; VPDPBUSD adds four
// products to 32 bits, which start from the block's sum.
func matMulVNNI(rows int) {
	TEXT(fmt.Sprintf("matMulVNNIx%d", rows), NOSPLIT, matMulSignature)
	xBase, w, n := Load(Param("x"), GP64()), Load(Param("w"), GP64()), Load(Param("blocks"), GP64())
	y0, bias := Load(Param("y"), GP64()), Load(Param("bias"), GP64())
	xStride, yStride := Load(Param("xStride"), GP64()), Load(Param("yStride"), GP64())
	x, advance := rowsAt(rows, xBase, xStride)
	mask := ZMM()
	VPBROADCASTD(bits("nibbles", 0x0f0f0f0f), mask)
	sums, acc := make([]VecVirtual, rows), make([]VecVirtual, rows)
	for r := range sums {
		sums[r], acc[r] = ZMM(), ZMM()
		VPXORD(sums[r], sums[r], sums[r])
	}
	Label("block")
	for r := range rows {
		VPBROADCASTD(x(r, blockSum), acc[r])
	}
	for pair := range 4 {
		low, high := ZMM(), ZMM()
		VMOVDQU32(Mem{Base: w, Disp: 64 * pair}, high)
		VPANDD(mask, high, low)
		VPSRLD(U8(4), high, high)
		VPANDD(mask, high, high)
		for side, weights := range []VecVirtual{low, high} {
			for r := range rows {
				VPDPBUSD_BCST(x(r, blockValues+8*pair+4*side), weights, acc[r])
			}
		}
	}
	scale := ZMM()
	VMOVUPS(Mem{Base: w, Disp: tileScales}, scale)
	for r := range rows {
		t := ZMM()
		VMULPS_BCST(x(r, 0), scale, t)
		VCVTDQ2PS(acc[r], acc[r])
		VMULPS(acc[r], t, t)
		VADDPS(t, sums[r], sums[r])
	}
	advance(blockBytes)
	ADDQ(U32(tileBytes), w)
	DECQ(n)
	JNZ(LabelRef("block"))
	y, _ := rowsAt(rows, y0, yStride)
	for r := range rows {
		VADDPS(Mem{Base: bias}, sums[r], sums[r])
		VMOVUPS(sums[r], y(r, 0))
	}
	VZEROUPPER()
	RET()
}
