package register

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Meaning is a question's vector, of unit length, and the model that made it.
// The zero value stands for none: then words alone are compared.
type Meaning struct {
	Model  string
	Vector []float32
}

// vectors are those of all phrases by one model, as what they have in common
// and, for each, how it differs: 4 bits a component, which keeps the cosine
// between a vector and its copy at 0.998 on average.
type vectors struct {
	model string
	mean  []float32
	steps []int8    // phrases × dim, from -7 to 7
	scale []float32 // phrase → length of a step, over the length of the whole vector
	share []float32 // phrase → what the mean counts, likewise
}

// header is the first line of a file of vectors. Sum is over the phrases, so
// that vectors of other phrases are noticed.
type header struct {
	Model   string `json:"model"`
	Dim     int    `json:"dim"`
	Phrases int    `json:"phrases"`
	Sum     string `json:"sha256"`
}

const maxStep = 7

func sumOf(phrases []string) string {
	h := sha256.New()
	for _, p := range phrases {
		fmt.Fprintln(h, p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Phrases returns the subjects of all entries, in the order of their vectors.
func (r *Register) Phrases() []string { return r.index.phrases }

// Model names the model of the register's vectors, "" where there are none.
func (r *Register) Model() string {
	if r.vectors == nil {
		return ""
	}
	return r.vectors.model
}

// WriteVectors writes the vectors of r.Phrases by model, each of unit length.
func (r *Register) WriteVectors(out io.Writer, model string, all [][]float32) error {
	phrases := r.Phrases()
	if len(all) != len(phrases) || len(all) == 0 {
		return fmt.Errorf("%d vectors for %d phrases", len(all), len(phrases))
	}
	dim := len(all[0])
	mean := make([]float32, dim)
	for _, v := range all {
		for d, x := range v {
			mean[d] += x / float32(len(all))
		}
	}
	w := bufio.NewWriter(out)
	head, err := json.Marshal(header{model, dim, len(phrases), sumOf(phrases)})
	if err != nil {
		return err
	}
	w.Write(append(head, '\n')) // errors of a bufio.Writer stay until Flush
	binary.Write(w, binary.LittleEndian, mean)
	for _, v := range all {
		largest := float32(0)
		for d, x := range v {
			largest = max(largest, float32(math.Abs(float64(x-mean[d]))))
		}
		step := max(largest/maxStep, 1e-9)
		packed := make([]byte, (dim+1)/2)
		for d, x := range v {
			code := byte(int8(math.Round(float64((x-mean[d])/step)))) & 0xf
			packed[d/2] |= code << (4 * (d % 2))
		}
		binary.Write(w, binary.LittleEndian, step)
		w.Write(packed)
	}
	return w.Flush()
}

var errOtherPhrases = errors.New("the vectors are of other phrases: run go generate ./retrieval/register")

// readVectors reads what WriteVectors wrote for these phrases.
func readVectors(data []byte, phrases []string) (*vectors, error) {
	line, rest, _ := bytes.Cut(data, []byte{'\n'})
	var head header
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, fmt.Errorf("the header of the vectors: %w", err)
	}
	if head.Phrases != len(phrases) || head.Sum != sumOf(phrases) {
		return nil, errOtherPhrases
	}
	size := 4 + (head.Dim+1)/2
	if head.Dim <= 0 || len(rest) != 4*head.Dim+size*head.Phrases {
		return nil, fmt.Errorf("%d bytes of vectors for %d phrases of %d components", len(rest), head.Phrases, head.Dim)
	}
	v := &vectors{
		model: head.Model, mean: make([]float32, head.Dim), steps: make([]int8, head.Dim*head.Phrases),
		scale: make([]float32, head.Phrases), share: make([]float32, head.Phrases),
	}
	for d := range v.mean {
		v.mean[d] = float32At(rest, 4*d)
	}
	rest = rest[4*head.Dim:]
	for i := range head.Phrases {
		v.unpack(i, float32At(rest, 0), rest[4:size])
		rest = rest[size:]
	}
	return v, nil
}

func float32At(b []byte, at int) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(b[at:]))
}

func (v *vectors) unpack(phrase int, step float32, packed []byte) {
	dim := len(v.mean)
	codes := v.steps[phrase*dim : (phrase+1)*dim]
	length := 0.0
	for d := range codes {
		codes[d] = int8(packed[d/2]>>(4*(d%2))<<4) >> 4
		x := float64(v.mean[d] + step*float32(codes[d]))
		length += x * x
	}
	length = math.Sqrt(max(length, 1e-12))
	v.scale[phrase], v.share[phrase] = step/float32(length), float32(1/length)
}

// of returns the vectors of other phrases, as far as v has them: the rest are
// far from everything.
func (v *vectors) of(have, want []string) *vectors {
	at := make(map[string]int, len(have))
	for i, p := range have {
		at[p] = i
	}
	dim := len(v.mean)
	out := &vectors{
		model: v.model, mean: v.mean, steps: make([]int8, dim*len(want)), scale: make([]float32, len(want)), share: make([]float32, len(want)),
	}
	for i, p := range want {
		if j, ok := at[p]; ok {
			copy(out.steps[i*dim:], v.steps[j*dim:(j+1)*dim])
			out.scale[i], out.share[i] = v.scale[j], v.share[j]
		}
	}
	return out
}

// cosines returns how near each phrase is to the question.
func (v *vectors) cosines(query []float32) []float32 {
	dim := len(v.mean)
	common := float32(0)
	for d, x := range query {
		common += x * v.mean[d]
	}
	out := make([]float32, len(v.scale))
	for i := range out {
		codes := v.steps[i*dim : (i+1)*dim : (i+1)*dim]
		sum := float32(0)
		for d, x := range query[:dim:dim] {
			sum += x * float32(codes[d])
		}
		out[i] = common*v.share[i] + sum*v.scale[i]
	}
	return out
}

// nearest is the entry at which the scale of nearness begins: the best one
// counts 1, this one and those behind it nothing.
const nearest = 100

// scaled turns the cosines of entries into 0 to 1.
func scaled(cosines []float64) []float64 {
	if len(cosines) == 0 {
		return nil
	}
	order := slices.Clone(cosines)
	slices.Sort(order)
	best, zero := order[len(order)-1], order[max(0, len(order)-nearest)]
	out := make([]float64, len(cosines))
	for i, c := range cosines {
		if best > zero {
			out[i] = max(0, (c-zero)/(best-zero))
		}
	}
	return out
}
