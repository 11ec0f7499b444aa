package kernel

import "golang.org/x/sys/cpu"

// All lists the sets that this machine runs, the slowest first.
func All() []*Set {
	all := []*Set{Plain()}
	if !cpu.X86.HasAVX2 {
		return all
	}
	avx2 := &Set{
		Name:     "avx2",
		matMul:   matMulAVX2,
		quantize: func(dst []Block, x []float32) { quantizeAVX2(&dst[0], &x[0], len(dst)) },
		gelu:     func(x []float32) { geluAVX2(&x[0], len(x)/8) },
		softmax:  func(x []float32) { softmaxAVX2(&x[0], len(x)/8) },
		addNorm: func(x, y, weight, bias []float32, eps float32) {
			addNormAVX2(&x[0], &y[0], &weight[0], &bias[0], len(x), eps)
		},
		product: productAVX2,
	}
	all = append(all, avx2)
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512VNNI {
		vnni := *avx2
		vnni.Name, vnni.matMul = "avx512vnni", matMulVNNI
		all = append(all, &vnni)
	}
	return all
}

const (
	blockBytes = 40
	floatBytes = 4
)

type matMulRows func(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

// By the number of rows, less one.
var (
	avx2Rows = []matMulRows{matMulAVX2x1, matMulAVX2x2, matMulAVX2x3, matMulAVX2x4}
	vnniRows = []matMulRows{matMulVNNIx1, matMulVNNIx2, matMulVNNIx3, matMulVNNIx4, matMulVNNIx5, matMulVNNIx6, matMulVNNIx7, matMulVNNIx8}
)

func matMulAVX2(y []float32, stride int, x []Block, m *Matrix) { byRows(y, stride, x, m, avx2Rows) }
func matMulVNNI(y []float32, stride int, x []Block, m *Matrix) { byRows(y, stride, x, m, vnniRows) }

// byRows keeps a column of tiles in the nearest cache while all rows pass it, as
// many at a time as there is a kernel for.
func byRows(y []float32, stride int, x []Block, m *Matrix, kernels []matMulRows) {
	rows := len(x) / m.blocks
	for first := 0; first < len(m.bias); first += tileOutputs {
		w, bias := &m.tiles[first/tileOutputs*m.blocks], &m.bias[first]
		for r := 0; r < rows; {
			n := min(len(kernels), rows-r)
			kernels[n-1](&y[r*stride+first], stride*floatBytes, &x[r*m.blocks], m.blocks*blockBytes, w, bias, m.blocks)
			r += n
		}
	}
}

func productAVX2(c, a, b View, rows, inner, columns int) {
	for j := 0; j < columns; j += 16 {
		for r := 0; r < rows; {
			kernel, n := productAVX2x1, 1
			if rows-r >= 4 {
				kernel, n = productAVX2x4, 4
			}
			kernel(&c.Data[r*c.Stride+j], c.Stride*floatBytes, &a.Data[r*a.Stride], a.Stride*floatBytes, &b.Data[j], b.Stride*floatBytes, inner)
			r += n
		}
	}
}
