package kernel

// The kernels in kernels_amd64.s. Strides are in bytes; counts are at least one.

//go:noescape
func matMulAVX2x1(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulAVX2x2(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulAVX2x3(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulAVX2x4(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulVNNIx1(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulVNNIx2(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulVNNIx3(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulVNNIx4(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulVNNIx5(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulVNNIx6(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulVNNIx7(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func matMulVNNIx8(y *float32, yStride int, x *Block, xStride int, w *tile, bias *float32, blocks int)

//go:noescape
func quantizeAVX2(dst *Block, x *float32, blocks int)

//go:noescape
func geluAVX2(x *float32, eights int)

//go:noescape
func softmaxAVX2(x *float32, eights int)

//go:noescape
func addNormAVX2(x, y, weight, bias *float32, n int, eps float32)

//go:noescape
func productAVX2x4(c *float32, cStride int, a *float32, aStride int, b *float32, bStride int, inner int)

//go:noescape
func productAVX2x1(c *float32, cStride int, a *float32, aStride int, b *float32, bStride int, inner int)
