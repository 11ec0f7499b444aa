#include "textflag.h"

// func dotAVX2(q *int16, v *int8, n int) int32
TEXT ·dotAVX2(SB), NOSPLIT, $0-28
	MOVQ  q+0(FP), SI
	MOVQ  v+8(FP), DI
	MOVQ  n+16(FP), CX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1

dotLoop:
	VPMOVSXBW (DI), Y2
	VPMADDWD  (SI), Y2, Y2
	VPADDD    Y2, Y0, Y0
	VPMOVSXBW 16(DI), Y3
	VPMADDWD  32(SI), Y3, Y3
	VPADDD    Y3, Y1, Y1
	ADDQ      $64, SI
	ADDQ      $32, DI
	SUBQ      $32, CX
	JG        dotLoop

	VPADDD       Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0x4E, X0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0xB1, X0, X1
	VPADDD       X1, X0, X0
	VMOVD        X0, AX
	MOVL         AX, ret+24(FP)
	VZEROUPPER
	RET

// func scanAVX512(signs *uint64, want *uint64, sums *uint16, n int)
// A code of 6 words is read into 8 lanes, of which the mask leaves 2 zero.
TEXT ·scanAVX512(SB), NOSPLIT, $0-32
	MOVQ        signs+0(FP), SI
	MOVQ        want+8(FP), DX
	MOVQ        sums+16(FP), DI
	MOVQ        n+24(FP), CX
	MOVL        $0x3F, AX
	KMOVW       AX, K1
	VMOVDQU64.Z 0(DX), K1, Z10
	VMOVDQU64.Z 48(DX), K1, Z11
	VMOVDQU64.Z 96(DX), K1, Z12
	VMOVDQU64.Z 144(DX), K1, Z13

scanLoop:
	VMOVDQU64.Z (SI), K1, Z0
	VPXORQ      Z10, Z0, Z1
	VPXORQ      Z11, Z0, Z2
	VPXORQ      Z12, Z0, Z3
	VPXORQ      Z13, Z0, Z4
	VPOPCNTQ    Z1, Z1
	VPOPCNTQ    Z2, Z2
	VPOPCNTQ    Z3, Z3
	VPOPCNTQ    Z4, Z4
	VPADDQ      Z4, Z4, Z4 // ((2 × p3 + p2) × 2 + p1) × 2 + p0
	VPADDQ      Z3, Z4, Z4
	VPADDQ      Z4, Z4, Z4
	VPADDQ      Z2, Z4, Z4
	VPADDQ      Z4, Z4, Z4
	VPADDQ      Z1, Z4, Z4

	VEXTRACTI64X4 $1, Z4, Y5
	VPADDQ        Y5, Y4, Y4
	VEXTRACTI128  $1, Y4, X5
	VPADDQ        X5, X4, X4
	VPSHUFD       $0x4E, X4, X5
	VPADDQ        X5, X4, X4
	VMOVQ         X4, AX
	MOVW          AX, (DI)
	ADDQ          $48, SI
	ADDQ          $2, DI
	DECQ          CX
	JNZ           scanLoop
	VZEROUPPER
	RET
