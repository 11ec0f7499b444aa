package exact

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

const realDim = 384

// realVectors reads the passages' vectors of the test data, and the questions
// among the golden ones.
func realVectors(t testing.TB) (passages, questions [][]float32) {
	t.Helper()
	dir := sharedtest.Dir(t, "data", "embedding")
	data, err := os.ReadFile(dir + "/os2bos-passages.i8")
	if err != nil {
		t.Fatal(err)
	}
	for ; len(data) >= realDim; data = data[realDim:] {
		passages = append(passages, vector.Dequantize(asCodes(data[:realDim])))
	}
	golden, err := os.ReadFile(dir + "/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts []struct {
		Kind   string
		Vector []float32
	}
	if err := json.Unmarshal(golden, &texts); err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if text.Kind == "query" {
			questions = append(questions, text.Vector)
		}
	}
	return passages, questions
}

func fill(t testing.TB, x *Index, vectors [][]float32) {
	t.Helper()
	const each = 100
	for i := 0; i < len(vectors); i += each {
		id := fmt.Sprintf("d%06d", i)
		var items []vector.Item
		for j, v := range vectors[i:min(i+each, len(vectors))] {
			items = append(items, vector.Item{Passage: fmt.Sprintf("%s#%d/1", id, j), Vector: v})
		}
		if err := x.Put(t.Context(), vector.Document{ID: id, Revision: 1}, items); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRecall compares searches with a scan of the unrounded vectors, and prints
// how recall depends on the number that is rescored.
func TestRecall(t *testing.T) {
	passages, questions := realVectors(t)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(passages), func(i, j int) { passages[i], passages[j] = passages[j], passages[i] })
	const heldOut = 100
	x, err := Open(t.TempDir(), Options{Model: "e5", Dim: realDim})
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, x)
	fill(t, x, passages[heldOut:])
	for _, set := range []struct {
		name    string
		queries [][]float32
	}{{"passages held out", passages[:heldOut]}, {"questions", questions}} {
		truth := make([]map[string]bool, len(set.queries))
		for i, q := range set.queries {
			truth[i] = floatScan(passages[heldOut:], q, 100)
		}
		var curve strings.Builder
		for _, deep := range []int{100, 200, 500, 1000, 1500, 2000, 3000, 4000, 0} {
			recall := 0.0
			for i, q := range set.queries {
				rule := func(int, int) int { return deep }
				if deep == 0 {
					rule = depth
				}
				p, top := x.frame.probe(q), best{k: 100}
				if err := x.scoreAll(t.Context(), &p, &vector.Filter{}, &top, rule); err != nil {
					t.Fatal(err)
				}
				for _, s := range top.list {
					if d := x.order[s.document]; truth[i][d.ids.at(int(s.row))] {
						recall++
					}
				}
			}
			recall /= float64(100 * len(set.queries))
			if deep > 0 {
				fmt.Fprintf(&curve, " %d: %.4f", deep, recall)
				continue
			}
			t.Logf("%s, recall@100 by vectors rescored:%s; as searched: %.4f", set.name, &curve, recall)
			if recall < 0.99 {
				t.Errorf("%s: recall@100 %.4f, want 0.99", set.name, recall)
			}
		}
	}
}

// floatScan returns the passages of the k largest products.
func floatScan(vectors [][]float32, q []float32, k int) map[string]bool {
	top := best{k: k}
	for i, v := range vectors {
		var sum float64
		for j := range v {
			sum += float64(v[j]) * float64(q[j])
		}
		top.add(scored{int32(i), 0, float32(sum)})
	}
	out := map[string]bool{}
	for _, s := range top.list {
		i := int(s.document)
		out[fmt.Sprintf("d%06d#%d/1", i/100*100, i%100)] = true
	}
	return out
}
