// Package kernel holds the arithmetic of a small transformer encoder on one
// core: products of 4-bit weights with 8-bit activations, and the few
// operations between them. It knows no model and starts no goroutine.
//
// There is an assembly path for AVX2, one for AVX-512 with VNNI, and a plain Go
// path for every machine. All give the same bits: integer sums are exact, and
// floating-point operations are the same in the same order, none of them fused.
// That matters because the model's rounding to eight bits makes it chaotic: a
// difference in the last bit of one product grows to 1e-4 of cosine in the
// output, so vectors of two paths would differ by as much as the model errs.
package kernel

//go:generate go -C gen run . -out ../kernels_amd64.s

// BlockSize is the number of inputs that share a scale.
const BlockSize = 32

// Block is 32 activations: value i is Scale × Values[i].
type Block struct {
	Scale  float32
	Sum    int32 // −8 × the sum of Values: takes the weights' offset of 8 back
	Values [BlockSize]int8
}

// Set is the kernels of one instruction set. Its methods check lengths and
// panic where a caller's buffers do not fit, before any assembly runs.
type Set struct {
	Name     string // "plain", "avx2", "avx512vnni"
	matMul   func(y []float32, stride int, x []Block, m *Matrix)
	quantize func(dst []Block, x []float32)
	gelu     func(x []float32)
	softmax  func(x []float32)
	addNorm  func(x, y, weight, bias []float32, eps float32)
	product  func(c, a, b View, rows, inner, columns int)
}

// View is a matrix in row order: row i begins at Data[i*Stride].
type View struct {
	Data   []float32
	Stride int
}

// row returns n numbers of row i.
func (v View) row(i, n int) []float32 { return v.Data[i*v.Stride:][:n] }

// fits panics unless rows × columns numbers lie inside the view.
func (v View) fits(rows, columns int) {
	if rows > 0 {
		_ = v.Data[(rows-1)*v.Stride+columns-1]
	}
}

// Plain is the path in Go alone.
func Plain() *Set {
	return &Set{
		Name:     "plain",
		matMul:   matMulPlain,
		quantize: quantizePlain,
		gelu:     geluPlain,
		softmax:  softmaxPlain,
		addNorm:  addNormPlain,
		product:  productPlain,
	}
}

// Best is the fastest set that this machine runs.
func Best() *Set {
	all := All()
	return all[len(all)-1]
}

// MatMul computes m × x + bias for the rows of activations in x, each
// m.Inputs()/32 blocks long. Output o of row r goes to y[r*stride+o].
func (s *Set) MatMul(y []float32, stride int, x []Block, m *Matrix) {
	rows := len(x) / m.blocks
	if len(x) != rows*m.blocks {
		panic("kernel: activations are not whole rows")
	}
	View{y, stride}.fits(rows, len(m.bias))
	s.matMul(y, stride, x, m)
}

// Quantize makes blocks of len(x)/32 × 32 numbers.
func (s *Set) Quantize(dst []Block, x []float32) {
	if len(x) != len(dst)*BlockSize {
		panic("kernel: blocks and numbers do not agree")
	}
	if len(dst) > 0 {
		s.quantize(dst, x)
	}
}

// GELU applies the exact Gaussian error linear unit (not the one by tanh) in
// place. The length is a multiple of 8.
func (s *Set) GELU(x []float32) {
	if len(eights(x)) > 0 {
		s.gelu(x)
	}
}

// Softmax makes x a distribution, in place. The length is a multiple of 8; pad
// with Masked.
func (s *Set) Softmax(x []float32) {
	if len(eights(x)) > 0 {
		s.softmax(x)
	}
}

// Masked is a score so low that Softmax gives it nothing.
const Masked = -1e30

// AddNorm adds y to x, then brings x to mean 0 and variance 1, scales by
// weight and adds bias. The length is a multiple of 8.
func (s *Set) AddNorm(x, y, weight, bias []float32, eps float32) {
	n := len(eights(x))
	if len(y) != n || len(weight) != n || len(bias) != n {
		panic("kernel: lengths of a layer norm do not agree")
	}
	if n > 0 {
		s.addNorm(x, y, weight, bias, eps)
	}
}

// Product computes the rows × columns matrix C = A·B, where A has inner
// columns. Columns are a multiple of 16.
func (s *Set) Product(c, a, b View, rows, inner, columns int) {
	if columns%16 != 0 || inner < 1 {
		panic("kernel: a product needs columns in sixteens and at least one inner number")
	}
	c.fits(rows, columns)
	a.fits(rows, inner)
	b.fits(inner, columns)
	s.product(c, a, b, rows, inner, columns)
}

func eights(x []float32) []float32 {
	if len(x)%8 != 0 {
		panic("kernel: length is not a multiple of 8")
	}
	return x
}
