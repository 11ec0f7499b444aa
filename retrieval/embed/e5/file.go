package e5

import (
	"errors"
	"fmt"

	"github.com/hjemmel/hjemmel/retrieval/embed/e5/kernel"
)

// The model file, little endian: "E5S1", a version, the shape, the pieces of
// the tokeniser with their scores, the rules that normalise text, a directory of
// tensors, and their bodies. rebuild.py writes it and describes each field.

const (
	magic       = "E5S1"
	fileVersion = 1
)

// Bounds on what a file may ask for: far above any model of this family, far
// below what would exhaust memory.
const (
	maxWidth     = 4096
	maxLayers    = 64
	maxPieces    = 1 << 20
	maxPositions = 1 << 14
	maxRules     = 1 << 17
	maxTensors   = 1 << 12
)

// shape is the head of the file.
type shape struct {
	hidden, layers, heads, ffn int
	vocabulary                 int // rows of the word embeddings: at least a row a piece
	positions, types           int
	eps                        float32
}

// file is a model file taken apart; slices of bytes are views into it.
type file struct {
	shape
	pieces  pieces
	rules   map[rune][]rune
	tensors map[string]tensor
}

// pieces are the tokeniser's words: piece i is blob[offsets[i]:offsets[i+1]].
type pieces struct {
	bos, eos, pad, unk int
	offsets            []uint32
	scores             []float32
	blob               []byte
}

func (p *pieces) len() int           { return len(p.scores) }
func (p *pieces) bytes(i int) []byte { return p.blob[p.offsets[i]:p.offsets[i+1]] }

type tensor struct {
	packed bool // 4-bit blocks, else 32-bit numbers
	count  int
	body   []byte
}

// read takes a model file apart and checks every length; it never panics.
func read(data []byte) (*file, error) {
	c := &cursor{data: data}
	if string(c.bytes(uint64(len(magic)), "the magic number")) != magic {
		return nil, errors.New("not a model file: it does not begin with " + magic)
	}
	if v := c.u32("version"); c.err == nil && v != fileVersion {
		return nil, fmt.Errorf("version %d of the file is not known, only %d", v, fileVersion)
	}
	f := &file{shape: readShape(c)}
	f.readPieces(c)
	f.readRules(c)
	f.readTensors(c)
	if c.err != nil {
		return nil, c.err
	}
	return f, nil
}

func readShape(c *cursor) shape {
	s := shape{
		hidden: c.count(kernel.BlockSize, maxWidth, "hidden size"),
		layers: c.count(1, maxLayers, "number of layers"),
		heads:  c.count(1, maxWidth/16, "number of heads"),
		ffn:    c.count(kernel.BlockSize, 4*maxWidth, "inner size"),
	}
	s.vocabulary = c.count(1, maxPieces, "vocabulary")
	s.positions = c.count(3, maxPositions, "number of positions")
	s.types = c.count(1, 16, "number of token types")
	s.eps = c.f32("epsilon")
	c.count(kernel.BlockSize, kernel.BlockSize, "quantisation block")
	if c.err != nil {
		return shape{}
	}
	switch {
	case s.hidden%kernel.BlockSize != 0 || s.ffn%kernel.BlockSize != 0:
		c.err = fmt.Errorf("sizes %d and %d are not multiples of %d", s.hidden, s.ffn, kernel.BlockSize)
	case s.hidden%s.heads != 0 || s.hidden/s.heads%16 != 0:
		c.err = fmt.Errorf("%d heads do not divide a width of %d into multiples of 16", s.heads, s.hidden)
	case !(s.eps > 0 && s.eps < 1):
		c.err = fmt.Errorf("epsilon is %g", s.eps)
	}
	return s
}

func (f *file) readPieces(c *cursor) {
	n := c.count(1, f.vocabulary, "number of pieces")
	p := &f.pieces
	for _, id := range []*int{&p.bos, &p.eos, &p.pad, &p.unk} {
		*id = c.count(0, n-1, "number of a special piece")
	}
	blob := c.u64("length of the pieces")
	p.offsets = c.u32s(n+1, "offsets of pieces")
	scores := c.bytes(4*uint64(n), "scores of pieces")
	p.blob = c.bytes(blob, "pieces")
	if c.err != nil {
		return
	}
	if p.scores, c.err = floats(scores); c.err != nil {
		c.err = fmt.Errorf("scores of pieces: %w", c.err)
	}
	for i, from := range p.offsets[:n] {
		if from > p.offsets[i+1] || uint64(p.offsets[i+1]) > blob {
			c.err = fmt.Errorf("piece %d lies outside of the %d bytes of pieces", i, blob)
			return
		}
	}
}

func (f *file) readRules(c *cursor) {
	n := c.count(0, maxRules, "number of rules")
	end := uint64(c.u32("length of the rules"))
	body := &cursor{data: c.bytes(end, "rules")}
	f.rules = make(map[rune][]rune, n)
	for i := 0; i < n && c.err == nil; i++ {
		from := rune(body.u32("code point of a rule"))
		to := body.u32s(int(body.u8("length of a rule")), "replacement of a rule")
		runes := make([]rune, len(to))
		for j, v := range to {
			runes[j] = rune(v)
		}
		f.rules[from] = runes
		if body.err != nil {
			c.err = fmt.Errorf("rule %d: %w", i, body.err)
		}
	}
	if c.err == nil && body.at != len(body.data) {
		c.err = fmt.Errorf("%d bytes are left after the last rule", len(body.data)-body.at)
	}
}

func (f *file) readTensors(c *cursor) {
	n := c.count(0, maxTensors, "number of tensors")
	f.tensors = make(map[string]tensor, n)
	for i := 0; i < n && c.err == nil; i++ {
		name := string(c.bytes(uint64(c.u16("length of a tensor's name")), "name of a tensor"))
		kind, count := c.u8("type of "+name), c.u32("count of "+name)
		offset, size := c.u64("offset of "+name), c.u64("size of "+name)
		if c.err != nil {
			return
		}
		t := tensor{packed: kind == 1, count: int(count)}
		want := 4 * uint64(count)
		if t.packed {
			want = uint64(count) / kernel.BlockSize * kernel.PackedBlock
		}
		switch {
		case kind > 1:
			c.err = fmt.Errorf("tensor %s is of type %d, want 0 (32-bit numbers) or 1 (4-bit blocks)", name, kind)
		case t.packed && count%kernel.BlockSize != 0:
			c.err = fmt.Errorf("tensor %s: %d weights are not whole blocks", name, count)
		case size != want:
			c.err = fmt.Errorf("tensor %s: %d numbers take %d bytes, not %d", name, count, want, size)
		case offset > uint64(len(c.data)) || size > uint64(len(c.data))-offset:
			c.err = fmt.Errorf("tensor %s ends after the file: offset %d, %d bytes of %d", name, offset, size, len(c.data))
		default:
			t.body = c.data[offset:][:size:size]
			f.tensors[name] = t
		}
	}
}

// numbers returns a tensor of 32-bit numbers.
func (f *file) numbers(name string, count int) ([]float32, error) {
	t, err := f.tensor(name, count, false)
	if err != nil {
		return nil, err
	}
	v, err := floats(t.body)
	if err != nil {
		return nil, fmt.Errorf("tensor %s: %w", name, err)
	}
	return v, nil
}

func (f *file) tensor(name string, count int, packed bool) (tensor, error) {
	t, ok := f.tensors[name]
	switch {
	case !ok:
		return t, fmt.Errorf("tensor %s is missing", name)
	case t.count != count:
		return t, fmt.Errorf("tensor %s has %d numbers, want %d", name, t.count, count)
	case t.packed != packed:
		return t, fmt.Errorf("tensor %s is of the wrong type", name)
	}
	return t, nil
}
