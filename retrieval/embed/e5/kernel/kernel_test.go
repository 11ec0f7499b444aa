package kernel

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func random(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64() * math.Exp(rng.NormFloat64()))
	}
	return x
}

// randomMatrix returns a matrix and the same weights as plain numbers.
func randomMatrix(tb interface{ Fatal(...any) }, rng *rand.Rand, outputs, inputs int) (*Matrix, []float32) {
	packed := make([]byte, outputs*inputs/BlockSize*PackedBlock)
	for i := range packed {
		packed[i] = byte(rng.Uint32())
	}
	for i := 0; i < len(packed); i += PackedBlock {
		binary.LittleEndian.PutUint16(packed[i:], uint16(0x2000+rng.IntN(0x800))) // about 0.01
	}
	m, err := NewMatrix(packed, random(rng, outputs), inputs, 1)
	if err != nil {
		tb.Fatal(err)
	}
	weights := make([]float32, outputs*inputs)
	Unpack(weights, packed)
	return m, weights
}

// TestPathsAgree holds every path that this machine has to the bits of plain Go.
func TestPathsAgree(t *testing.T) {
	all := All()
	t.Logf("paths on this machine: %d, best %s", len(all), Best().Name)
	for _, set := range all[1:] {
		t.Run(set.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { agree(t, Plain(), set) })
		})
	}
}

func agree(t *rapid.T, plain, set *Set) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	rows, blocks := rapid.IntRange(1, 21).Draw(t, "rows"), rapid.IntRange(1, 5).Draw(t, "blocks")
	outputs := 16 * rapid.IntRange(1, 3).Draw(t, "sixteens of outputs")
	inputs := blocks * BlockSize
	both := func(name string, run func(s *Set) []float32) {
		t.Helper()
		want, got := run(plain), run(set)
		for i := range want {
			if math.Float32bits(want[i]) != math.Float32bits(got[i]) {
				t.Fatalf("%s differs at %d: %s gives %x, plain Go %x", name, i, set.Name, got[i], want[i])
			}
		}
	}
	x := random(rng, rows*inputs)
	if rapid.Bool().Draw(t, "zeros") {
		clear(x[:BlockSize])
	}
	quantized := make([]Block, rows*blocks)
	plain.Quantize(quantized, x)
	other := make([]Block, rows*blocks)
	set.Quantize(other, x)
	if !slices.Equal(quantized, other) {
		t.Fatalf("quantised activations differ:\n%v\n%v", quantized, other)
	}
	m, _ := randomMatrix(t, rng, outputs, inputs)
	stride := outputs + 8
	both("MatMul", func(s *Set) []float32 {
		y := make([]float32, rows*stride)
		s.MatMul(y, stride, quantized, m)
		return y
	})
	both("GELU", func(s *Set) []float32 { y := slices.Clone(x); s.GELU(y); return y })
	both("Softmax", func(s *Set) []float32 {
		y := slices.Clone(x)
		y[len(y)-1] = Masked
		s.Softmax(y)
		return y
	})
	weight, bias, y := random(rng, len(x)), random(rng, len(x)), random(rng, len(x))
	both("AddNorm", func(s *Set) []float32 {
		z := slices.Clone(x)
		s.AddNorm(z, y, weight, bias, 1e-12)
		return z
	})
	b := random(rng, inputs*outputs)
	both("Product", func(s *Set) []float32 {
		c := make([]float32, rows*stride)
		s.Product(View{c, stride}, View{x, inputs}, View{b, outputs}, rows, inputs, outputs)
		return c
	})
}

func TestMatMulIsTheProduct(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const outputs, inputs, rows = 48, 96, 5
	m, weights := randomMatrix(t, rng, outputs, inputs)
	x := random(rng, rows*inputs)
	blocks := make([]Block, rows*inputs/BlockSize)
	for _, s := range All() {
		s.Quantize(blocks, x)
		y := make([]float32, rows*outputs)
		s.MatMul(y, outputs, blocks, m)
		for r := range rows {
			for o := range outputs {
				want := float64(m.bias[o])
				for i := range inputs {
					b := blocks[(r*inputs+i)/BlockSize]
					want += float64(b.Scale) * float64(b.Values[i%BlockSize]) * float64(weights[o*inputs+i])
				}
				if got := float64(y[r*outputs+o]); math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
					t.Fatalf("%s: row %d output %d is %g, want %g", s.Name, r, o, got, want)
				}
			}
		}
	}
}

func TestFunctionsAgainstMath(t *testing.T) {
	for _, s := range All() {
		for v := -12.0; v <= 12; v += 0.037 {
			x := []float32{float32(v), 0, 0, 0, 0, 0, 0, 0}
			s.GELU(x)
			if want := 0.5 * v * math.Erfc(-v/math.Sqrt2); math.Abs(float64(x[0])-want) > 3e-7*(1+math.Abs(v)) {
				t.Fatalf("%s: GELU(%g) is %g, want %g", s.Name, v, x[0], want)
			}
		}
		x := []float32{1, 2, 3, 4, Masked, Masked, Masked, Masked}
		s.Softmax(x)
		if math.Abs(float64(x[3])-0.64391426) > 1e-6 || x[4] > 1e-30 {
			t.Fatalf("%s: softmax is %v", s.Name, x)
		}
	}
}

func TestQuantizeIsNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float32Range(-1e6, 1e6), BlockSize, BlockSize).Draw(t, "x")
		var b [1]Block
		Best().Quantize(b[:], x)
		sum := int32(0)
		for i, q := range b[0].Values {
			sum += int32(q)
			if d := math.Abs(float64(b[0].Scale)*float64(q) - float64(x[i])); d > 0.51*float64(b[0].Scale)+2e-28 {
				t.Fatalf("%g became %d × %g", x[i], q, b[0].Scale)
			}
		}
		if b[0].Sum != -8*sum {
			t.Fatalf("sum is %d, want %d", b[0].Sum, -8*sum)
		}
	})
}

func TestFloat16(t *testing.T) {
	for h, want := range map[uint16]float32{0x3c00: 1, 0xc000: -2, 0x0001: 0x1p-24, 0x03ff: 0x3ffp-24, 0x7bff: 65504, 0x8000: 0, 0x2e66: 0x1.998p-4} {
		if got := Float16(h); got != want {
			t.Errorf("Float16(%#04x) is %g, want %g", h, got, want)
		}
	}
}

func TestBuffersThatDoNotFit(t *testing.T) {
	m, _ := randomMatrix(t, rand.New(rand.NewPCG(1, 1)), 16, 32)
	s := Best()
	for name, run := range map[string]func(){
		"results too short": func() { s.MatMul(make([]float32, 31), 16, make([]Block, 2), m) },
		"odd length":        func() { s.GELU(make([]float32, 7)) },
		"weights too short": func() { s.AddNorm(make([]float32, 8), make([]float32, 8), make([]float32, 7), make([]float32, 8), 0) },
		"columns": func() {
			s.Product(View{make([]float32, 8), 8}, View{make([]float32, 8), 8}, View{make([]float32, 8), 8}, 1, 1, 8)
		},
		"A too short": func() {
			s.Product(View{make([]float32, 32), 16}, View{make([]float32, 7), 4}, View{make([]float32, 64), 16}, 2, 4, 16)
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Fatal("no panic")
				}
			}()
			run()
		})
	}
	if _, err := NewMatrix(make([]byte, 17), make([]float32, 16), 32, 1); err == nil {
		t.Error("a short matrix was taken")
	}
}

// BenchmarkMatMul multiplies by the model's largest matrix; ns/mac is a
// billionth of a second per multiplication.
func BenchmarkMatMul(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	m, _ := randomMatrix(b, rng, 1536, 384)
	for _, s := range All() {
		for _, rows := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("path=%s/rows=%d", s.Name, rows), func(b *testing.B) {
				x := make([]Block, rows*12)
				s.Quantize(x, random(rng, rows*384))
				y := make([]float32, rows*1536)
				b.ReportAllocs()
				for b.Loop() {
					s.MatMul(y, 1536, x, m)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows*384*1536), "ns/mac")
			})
		}
	}
}

func BenchmarkVector(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := random(rng, 1536), make([]float32, 1536)
	blocks := make([]Block, 1536/BlockSize)
	weight := random(rng, 1536)
	for _, s := range All()[:min(2, len(All()))] {
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("path=%s/op=%s", s.Name, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					f()
				}
			})
		}
		run("quantize", func() { s.Quantize(blocks, x) })
		run("gelu", func() { copy(y, x); s.GELU(y) })
		run("softmax", func() { copy(y, x); s.Softmax(y) })
		run("addnorm", func() { copy(y, x); s.AddNorm(y, x, weight, weight, 1e-12) })
		run("product", func() { s.Product(View{y, 32}, View{x, 32}, View{weight, 32}, 48, 32, 32) })
	}
}
