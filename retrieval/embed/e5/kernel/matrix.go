package kernel

import (
	"encoding/binary"
	"fmt"
	"math"
)

// PackedBlock is the number of bytes of 32 weights in the model file: a
// 16-bit scale, then byte j with weight j low and weight j+16 high.
const PackedBlock = 2 + BlockSize/2

// tileOutputs is the number of outputs whose weights lie interleaved.
const tileOutputs = 16

// tile is one block of inputs for 16 outputs. Byte 4*o+i of pairs[p] holds the
// weights of output o for input 8*p+i (low half) and 8*p+4+i (high half), so
// that a vector register takes four inputs of each output at once.
type tile struct {
	pairs  [4][4 * tileOutputs]byte
	scales [tileOutputs]float32
}

// Matrix is 4-bit weights, arranged for the kernels, and the bias.
type Matrix struct {
	blocks int    // of inputs
	tiles  []tile // by sixteen outputs, then by block
	bias   []float32
}

// NewMatrix arranges weights given as in the model file, output by output.
// Weights and bias are multiplied by factor. Outputs are a multiple of 16,
// inputs of 32.
func NewMatrix(packed []byte, bias []float32, inputs int, factor float32) (*Matrix, error) {
	blocks, outputs := inputs/BlockSize, len(bias)
	if inputs <= 0 || inputs%BlockSize != 0 || outputs%tileOutputs != 0 {
		return nil, fmt.Errorf("a matrix of %d × %d does not divide into tiles of %d × %d", outputs, inputs, tileOutputs, BlockSize)
	}
	if want := outputs * blocks * PackedBlock; len(packed) != want {
		return nil, fmt.Errorf("a matrix of %d × %d takes %d bytes, not %d", outputs, inputs, want, len(packed))
	}
	m := &Matrix{blocks: blocks, tiles: make([]tile, outputs/tileOutputs*blocks), bias: make([]float32, outputs)}
	for o, b := range bias {
		m.bias[o] = b * factor
	}
	for o := range outputs {
		for b := range blocks {
			from := packed[(o*blocks+b)*PackedBlock:][:PackedBlock]
			m.tiles[o/tileOutputs*blocks+b].set(o%tileOutputs, from, factor)
		}
	}
	return m, nil
}

// Stack joins matrices of the same inputs: the outputs of the first come first.
func Stack(ms ...*Matrix) *Matrix {
	all := &Matrix{blocks: ms[0].blocks}
	for _, m := range ms {
		if m.blocks != all.blocks {
			panic("kernel: stacked matrices differ in inputs")
		}
		all.tiles = append(all.tiles, m.tiles...)
		all.bias = append(all.bias, m.bias...)
	}
	return all
}

// Inputs is the length of a row of activations.
func (m *Matrix) Inputs() int { return m.blocks * BlockSize }

// Outputs is the length of a row of results.
func (m *Matrix) Outputs() int { return len(m.bias) }

// set takes the 32 weights of one output over.
func (t *tile) set(output int, packed []byte, factor float32) {
	t.scales[output] = Float16(binary.LittleEndian.Uint16(packed)) * factor
	weight := func(i int) byte {
		if i < BlockSize/2 {
			return packed[2+i] & 0x0f
		}
		return packed[2+i-BlockSize/2] >> 4
	}
	for p := range t.pairs {
		for i := range 4 {
			t.pairs[p][4*output+i] = weight(8*p+i) | weight(8*p+4+i)<<4
		}
	}
}

// Unpack writes the weights of whole blocks as numbers.
func Unpack(dst []float32, packed []byte) {
	for b := range len(packed) / PackedBlock {
		from := packed[b*PackedBlock:][:PackedBlock]
		scale := Float16(binary.LittleEndian.Uint16(from))
		to := dst[b*BlockSize:][:BlockSize]
		for i, v := range from[2:] {
			to[i] = scale * float32(int(v&0x0f)-8)
			to[i+BlockSize/2] = scale * float32(int(v>>4)-8)
		}
	}
}

// Float16 widens an IEEE half-precision number.
func Float16(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10)&0x1f, uint32(h)&0x3ff
	switch exponent {
	case 0:
		v := float32(fraction) * 0x1p-24
		return math.Float32frombits(math.Float32bits(v) | sign)
	case 0x1f:
		return math.Float32frombits(sign | 0x7f800000 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}
