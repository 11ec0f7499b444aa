package exact

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestKernelsAgreeWithThePlainOnes(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, n := range []int{1, 7, 8, 31, 32, 33, 64, 384, 768, 1024, maxDim} {
		q, v := make([]int16, n), make([]int8, n)
		for range 50 {
			var want int64
			for i := range q {
				q[i], v[i] = int16(random.IntN(2*queryMax+1)-queryMax), int8(random.IntN(255)-127)
				if random.IntN(10) == 0 {
					q[i], v[i] = queryMax, 127 // the largest sums
				}
				want += int64(q[i]) * int64(v[i])
			}
			if got := dot(q, v); int64(got) != want {
				t.Fatalf("%d components: %d, want %d", n, got, want)
			}
			if got := dotPlain(q, v); int64(got) != want {
				t.Fatalf("%d components, plain: %d, want %d", n, got, want)
			}
		}
	}
	for _, n := range []int{0, 1, 2, 3, 100} {
		var want [planes][6]uint64
		slow := make([][]uint64, planes)
		for i := range want {
			for j := range want[i] {
				want[i][j] = random.Uint64()
			}
			slow[i] = want[i][:]
		}
		signs := make([]uint64, 6*n)
		for i := range signs {
			signs[i] = random.Uint64()
		}
		a, b, c := make([]uint16, n), make([]uint16, n), make([]uint16, n)
		sums384(&want, signs, a)
		sums384Plain(&want, signs, b)
		sums(slow, signs, c)
		if !slices.Equal(a, b) || !slices.Equal(b, c) {
			t.Errorf("%d codes: %v, plain %v, of any length %v", n, a, b, c)
		}
	}
}
