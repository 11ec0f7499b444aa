package exact

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"unsafe"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/vector"
)

// document is what the index holds of a document: its passages in the order of
// their ids, and a row of each array for each of them.
type document struct {
	vector.Document
	ids   ids
	signs []uint64  // words(dim) a row
	along []float32 // part along the mean
	scale []float32 // 1 / |codes|: code × scale is a vector of unit length
	codes []int8    // dim a row; of a stored document a part of the mapped file
	body  int64     // where codes begin in the file
	size  int64     // of the whole record in the file
}

func (d *document) len() int { return len(d.scale) }

func (d *document) row(i, dim int) []int8 { return d.codes[i*dim : (i+1)*dim] }

// newDocument quantizes the items. It fails for vectors of another length, and
// for an id that is given twice.
func newDocument(doc vector.Document, items []vector.Item, dim int) (*document, error) {
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b vector.Item) int { return cmp.Compare(a.Passage, b.Passage) })
	d := &document{Document: doc, scale: make([]float32, 0, len(items)), codes: make([]int8, 0, len(items)*dim)}
	for i, item := range items {
		if len(item.Vector) != dim {
			return nil, fmt.Errorf("passage %s: the vector has %d components, the index takes %d", item.Passage, len(item.Vector), dim)
		}
		if i > 0 && items[i-1].Passage == item.Passage {
			return nil, fmt.Errorf("passage %s is given twice", item.Passage)
		}
		codes, _ := vector.Quantize(item.Vector)
		d.ids.add(item.Passage)
		d.codes = append(d.codes, codes...)
		d.scale = append(d.scale, unitScale(codes))
	}
	return d, nil
}

func unitScale(codes []int8) float32 {
	if n := vector.Norm(codes); n > 0 {
		return float32(1 / n)
	}
	return 0
}

// encode fills in what depends on the frame.
func (d *document) encode(f *frame, dim int) {
	w := words(dim)
	d.signs, d.along = make([]uint64, d.len()*w), make([]float32, d.len())
	for i := range d.along {
		d.along[i] = f.encode(d.row(i, dim), d.scale[i], d.signs[i*w:(i+1)*w])
	}
}

// score is the cosine of the probe and a row.
func (d *document) score(q *probe, i, dim int) float32 {
	s := float64(dot(q.vector, d.row(i, dim))) * q.unit * float64(d.scale[i])
	return float32(math.Max(-1, math.Min(1, s)))
}

// fits tells whether the filter lets the document through.
func (d *document) fits(f *vector.Filter) bool {
	if !f.Reader.MayRead(d.Groups) {
		return false
	}
	if f.AsOf != "" {
		dated := corpus.Document{InForceFrom: d.From, InForceTo: d.To}
		if !dated.InForce(f.AsOf) {
			return false
		}
	}
	return (len(f.Collections) == 0 || slices.Contains(f.Collections, d.Collection)) &&
		(len(f.Kinds) == 0 || slices.Contains(f.Kinds, d.Kind)) &&
		(len(f.Documents) == 0 || slices.Contains(f.Documents, d.ID))
}

// ids are strings in one piece of memory: a million of them cost their letters
// and four bytes each.
type ids struct {
	text []byte
	ends []uint32
}

func (x *ids) add(id string) {
	x.text = append(x.text, id...)
	x.ends = append(x.ends, uint32(len(x.text)))
}

// at returns an id that shares memory with x, which never changes once made.
func (x *ids) at(i int) string {
	start := uint32(0)
	if i > 0 {
		start = x.ends[i-1]
	}
	if x.ends[i] == start {
		return ""
	}
	return unsafe.String(&x.text[start], int(x.ends[i]-start))
}

// find returns the row of an id, or false.
func (x *ids) find(id string) (int, bool) {
	return sort.Find(len(x.ends), func(i int) int { return cmp.Compare(id, x.at(i)) })
}
