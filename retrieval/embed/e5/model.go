package e5

import (
	"fmt"
	"math"

	"github.com/hjemmel/hjemmel/retrieval/embed/e5/kernel"
)

// model is the weights of the encoder, arranged for the kernels.
type model struct {
	shape
	*tokenizer
	words     []byte    // 4-bit rows by piece, a view into the file
	places    []float32 // rows by position, with the token type added
	wordsNorm norm
	layers    []layer
}

// layer is a transformer layer: attention, then two products with an
// activation between them, each added to its input and normalised.
type layer struct {
	attend        *kernel.Matrix // queries, keys, values beside each other
	project       *kernel.Matrix
	attentionNorm norm
	inner, outer  *kernel.Matrix
	outputNorm    norm
}

type norm struct{ weight, bias []float32 }

// load makes a model of a file; words are read from data as long as it lives.
func load(data []byte) (*model, error) {
	f, err := read(data)
	if err != nil {
		return nil, err
	}
	b := &builder{file: f}
	m := &model{
		shape:     f.shape,
		tokenizer: newTokenizer(f.pieces, f.rules),
		words:     b.packed("emb.word", f.vocabulary*f.hidden),
		places:    b.numbers("emb.pos", f.positions*f.hidden),
		wordsNorm: b.norm("emb.ln"),
		layers:    make([]layer, f.layers),
	}
	types := b.numbers("emb.type", f.types*f.hidden)
	for i := range m.layers {
		m.layers[i] = b.layer(fmt.Sprintf("l%d.", i))
	}
	if b.err != nil {
		return nil, b.err
	}
	for i := range m.places {
		m.places[i] += types[i%f.hidden]
	}
	return m, nil
}

// builder takes tensors from a file and keeps the first error.
type builder struct {
	*file
	err error
}

func (b *builder) layer(prefix string) layer {
	h, ffn := b.hidden, b.ffn
	scale := float32(1 / math.Sqrt(float64(h/b.heads))) // of the scores; folded into the queries
	l := layer{
		project:       b.matrix(prefix+"ao", h, h, 1),
		attentionNorm: b.norm(prefix + "aln"),
		inner:         b.matrix(prefix+"fi", ffn, h, 1),
		outer:         b.matrix(prefix+"fo", h, ffn, 1),
		outputNorm:    b.norm(prefix + "oln"),
	}
	q, k, v := b.matrix(prefix+"q", h, h, scale), b.matrix(prefix+"k", h, h, 1), b.matrix(prefix+"v", h, h, 1)
	if b.err == nil {
		l.attend = kernel.Stack(q, k, v)
	}
	return l
}

func (b *builder) matrix(name string, outputs, inputs int, factor float32) *kernel.Matrix {
	packed := b.packed(name+".w", outputs*inputs)
	bias := b.numbers(name+".b", outputs)
	if b.err != nil {
		return nil
	}
	m, err := kernel.NewMatrix(packed, bias, inputs, factor)
	if err != nil {
		b.err = fmt.Errorf("tensor %s: %w", name, err)
	}
	return m
}

func (b *builder) norm(name string) norm {
	return norm{b.numbers(name+".w", b.hidden), b.numbers(name+".b", b.hidden)}
}

func (b *builder) packed(name string, count int) []byte {
	if b.err != nil {
		return nil
	}
	t, err := b.tensor(name, count, true)
	b.err = err
	return t.body
}

func (b *builder) numbers(name string, count int) []float32 {
	if b.err != nil {
		return nil
	}
	v, err := b.file.numbers(name, count)
	b.err = err
	return v
}
