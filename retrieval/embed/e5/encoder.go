package e5

import (
	"context"
	"math"

	"github.com/hjemmel/hjemmel/retrieval/embed/e5/kernel"
)

// window is a stretch of a text that the model sees at once: pieces without
// the special ones that stand around them.
type window struct {
	ids    []int32
	vector []float32 // result: the mean of the last layer, not normalised
}

// rows is the number of positions that the window takes.
func (w *window) rows() int { return len(w.ids) + 2 }

const (
	// chunkRows pass a layer's products together: their inner activations
	// (64 × 1,536 numbers) stay in the second-level cache.
	chunkRows = 64
	// stripRows of scores are made at once.
	stripRows = 8
)

// encoder runs a model on one core at a time. It holds the memory that this
// takes, so that encoding allocates nothing.
type encoder struct {
	*model
	kernels *kernel.Set
	x       []float32 // rows × hidden: the state between layers
	qkv     []float32 // rows × 3·hidden
	attend  []float32 // rows × hidden: what attention gives
	inner   []float32 // chunk × inner size
	outer   []float32 // chunk × hidden
	blocks  []kernel.Block
	keys    []float32 // one head: its width × positions
	scores  []float32 // strip × positions
}

func newEncoder(m *model, kernels *kernel.Set) *encoder {
	rows, places := m.positions, sixteens(m.positions)
	return &encoder{
		model:   m,
		kernels: kernels,
		x:       make([]float32, rows*m.hidden),
		qkv:     make([]float32, rows*3*m.hidden),
		attend:  make([]float32, rows*m.hidden),
		inner:   make([]float32, chunkRows*m.ffn),
		outer:   make([]float32, chunkRows*m.hidden),
		blocks:  make([]kernel.Block, chunkRows*max(m.ffn, m.hidden)/kernel.BlockSize),
		keys:    make([]float32, m.hidden/m.heads*places),
		scores:  make([]float32, stripRows*places),
	}
}

func sixteens(n int) int { return (n + 15) &^ 15 }

// encode fills in the vectors of windows, which together take at most
// m.positions rows. It looks at ctx between layers.
func (e *encoder) encode(ctx context.Context, windows []window) error {
	rows := e.embed(windows)
	for i := range e.layers {
		if err := ctx.Err(); err != nil {
			return err
		}
		l := &e.layers[i]
		for from := 0; from < rows; from += chunkRows {
			n := min(chunkRows, rows-from)
			e.multiply(e.qkv[from*3*e.hidden:], l.attend, e.x[from*e.hidden:], n)
		}
		from := 0
		for i := range windows {
			n := windows[i].rows()
			for head := range e.heads {
				e.attention(from, n, head)
			}
			from += n
		}
		for from := 0; from < rows; from += chunkRows {
			e.finish(l, from, min(chunkRows, rows-from))
		}
	}
	e.pool(windows)
	return nil
}

// embed writes the rows that enter the first layer.
func (e *encoder) embed(windows []window) (rows int) {
	h := e.hidden
	for i := range windows {
		w := &windows[i]
		for place := range w.rows() {
			id := int32(e.bos)
			switch {
			case place == len(w.ids)+1:
				id = int32(e.eos)
			case place > 0:
				id = w.ids[place-1]
			}
			x := e.x[rows*h:][:h]
			size := h / kernel.BlockSize * kernel.PackedBlock
			kernel.Unpack(x, e.words[int(id)*size:][:size])
			e.kernels.AddNorm(x, e.places[place*h:][:h], e.wordsNorm.weight, e.wordsNorm.bias, e.eps)
			rows++
		}
	}
	return rows
}

// multiply computes y = m × x for n rows.
func (e *encoder) multiply(y []float32, m *kernel.Matrix, x []float32, n int) {
	blocks := e.blocks[:n*m.Inputs()/kernel.BlockSize]
	e.kernels.Quantize(blocks, x[:n*m.Inputs()])
	e.kernels.MatMul(y, m.Outputs(), blocks, m)
}

// attention computes one head for the n rows of a window.
func (e *encoder) attention(from, n, head int) {
	h, width, places := e.hidden, e.hidden/e.heads, sixteens(n)
	at := func(row, part int) kernel.View {
		return kernel.View{Data: e.qkv[row*3*h+part*h+head*width:], Stride: 3 * h}
	}
	keys := kernel.View{Data: e.keys, Stride: places}
	for j := range places {
		for i := range width {
			v := float32(0)
			if j < n {
				v = e.qkv[(from+j)*3*h+h+head*width+i]
			}
			e.keys[i*places+j] = v
		}
	}
	scores := kernel.View{Data: e.scores, Stride: places}
	for row := 0; row < n; row += stripRows {
		strip := min(stripRows, n-row)
		e.kernels.Product(scores, at(from+row, 0), keys, strip, width, places)
		for r := range strip {
			s := e.scores[r*places:][:places]
			for j := n; j < places; j++ {
				s[j] = kernel.Masked
			}
			e.kernels.Softmax(s)
		}
		to := kernel.View{Data: e.attend[(from+row)*h+head*width:], Stride: h}
		e.kernels.Product(to, scores, at(from, 2), strip, n, width)
	}
}

// finish takes n rows from attention to the end of the layer.
func (e *encoder) finish(l *layer, from, n int) {
	h := e.hidden
	x := e.x[from*h:][:n*h]
	e.multiply(e.outer, l.project, e.attend[from*h:], n)
	e.addNorm(x, &l.attentionNorm)
	e.multiply(e.inner, l.inner, x, n)
	e.kernels.GELU(e.inner[:n*e.ffn])
	e.multiply(e.outer, l.outer, e.inner, n)
	e.addNorm(x, &l.outputNorm)
}

// addNorm adds e.outer to the rows of x and normalises each.
func (e *encoder) addNorm(x []float32, n *norm) {
	h := e.hidden
	for at := 0; at < len(x); at += h {
		e.kernels.AddNorm(x[at:][:h], e.outer[at:][:h], n.weight, n.bias, e.eps)
	}
}

// pool takes the mean over each window's rows.
func (e *encoder) pool(windows []window) {
	h, row := e.hidden, 0
	for i := range windows {
		w := &windows[i]
		clear(w.vector)
		for range w.rows() {
			for j, v := range e.x[row*h:][:h] {
				w.vector[j] += v
			}
			row++
		}
		for j := range w.vector {
			w.vector[j] /= float32(w.rows())
		}
	}
}

// join makes the vector of a text from those of its windows: their mean, each
// counted by its pieces, at unit length.
func join(to []float32, windows []window) {
	if len(windows) == 1 {
		copy(to, windows[0].vector)
	} else {
		for i := range windows {
			for j, v := range windows[i].vector {
				to[j] += float32(v * float32(len(windows[i].ids)))
			}
		}
	}
	var square float64
	for _, v := range to {
		square += float64(float64(v) * float64(v))
	}
	if square == 0 {
		return
	}
	length := math.Sqrt(square)
	for j, v := range to {
		to[j] = float32(float64(v) / length)
	}
}
