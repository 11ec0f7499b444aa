package policy

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"sync"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/retrieval/embed/e5"
)

// Judge is a text classifier beside the rules. It knows wordings that no rule
// lists, but cannot say what in a text decides; so it adds a refusal, or lifts
// one, only where it is confident. It is the mean of two multinomial logistic
// models: one of the text's Features, with a byte a weight, and one of its
// sentence vector. `hjemmel eval fit policy` makes it.
type Judge struct {
	words, vectors table
}

// table is the weights of one model: by output, then by input.
type table struct {
	scale   float32 // of a weight
	weights [][]int8
	bias    []float32
}

// JudgeOutputs are what a judge tells apart, in the order of its outputs: ""
// may pass. CPR numbers are left to their rules, which miss none for wording.
var JudgeOutputs = []Class{"", ClassInjection, ClassPerson, ClassScoring, ClassCitizen, ClassDecision}

const (
	// longestJudged is how many bytes of a text the judge reads: a question with
	// its story. Longer texts are documents, and it was not fitted on those.
	longestJudged = 3000
	// longestVector is how many of them are embedded, which takes time.
	longestVector = 800
)

func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// sharpness makes up for the mean of two models being less certain than each:
// of 0.5 (the mean) to 1 (independent evidence), what fitted kept prompts best.
const sharpness = 0.6

// settled is how probable passing must be by words alone for the sentence
// vector, which costs milliseconds, to be left out.
const settled = 0.995

// probabilities returns how likely each of JudgeOutputs is.
func (j *Judge) probabilities(f Features, text string, refused bool) []float64 {
	if !refused {
		if alone := Softmax(j.words.ofWords(f)); alone[0] > settled {
			return alone
		}
	}
	return j.Probabilities(f, SentenceVector(text))
}

// Probabilities returns how likely each of JudgeOutputs is of a text with these
// features and this sentence vector; without a vector, by the features alone.
func (j *Judge) Probabilities(f Features, vector []float32) []float64 {
	logits := j.words.ofWords(f)
	if vector != nil {
		for k, l := range j.vectors.ofVector(vector) {
			logits[k] = sharpness * (logits[k] + l)
		}
	}
	return Softmax(logits)
}

func (t *table) ofWords(f Features) []float64 {
	logits := make([]float64, len(t.weights))
	for k, w := range t.weights {
		sum := 0
		for _, bucket := range f {
			sum += int(w[bucket])
		}
		logits[k] = float64(t.bias[k]) + float64(t.scale)*float64(sum)/math.Sqrt(float64(max(1, len(f))))
	}
	return logits
}

func (t *table) ofVector(v []float32) []float64 {
	logits := make([]float64, len(t.weights))
	for k, w := range t.weights {
		sum := 0.0
		for i := range v {
			sum += float64(w[i]) * float64(v[i])
		}
		logits[k] = float64(t.bias[k]) + float64(t.scale)*sum
	}
	return logits
}

var embedder = e5.New()

// SentenceVector returns the built-in model's vector of a text as a judge takes
// it; nil where the model cannot be read.
func SentenceVector(text string) []float32 {
	vectors, err := embedder.Queries(context.Background(), []string{cut(text, longestVector)})
	if err != nil {
		return nil
	}
	return vectors[0]
}

// Softmax makes probabilities of logits, in place.
func Softmax(logits []float64) []float64 {
	most := logits[0]
	for _, l := range logits {
		most = max(most, l)
	}
	sum := 0.0
	for i := range logits {
		logits[i] = math.Exp(logits[i] - most)
		sum += logits[i]
	}
	for i := range logits {
		logits[i] /= sum
	}
	return logits
}

// Weights are a fitted model before it is packed: by output, then by input.
type Weights struct {
	Of   [][]float64
	Bias []float64
}

// PackJudge writes the file of a judge.
func PackJudge(words, vectors Weights) []byte {
	return append(append([]byte(judgeMagic), words.pack()...), vectors.pack()...)
}

// judgeMagic begins a judge's file. The two tables follow: the scale and a bias
// an output as little-endian float32, then the weights by output, a byte each.
const judgeMagic = "HJJ1"

func (w *Weights) pack() []byte {
	most := 1e-9
	for _, row := range w.Of {
		for _, v := range row {
			most = max(most, math.Abs(v))
		}
	}
	scale := most / 127
	out := binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(scale)))
	for _, b := range w.Bias {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(b)))
	}
	for _, row := range w.Of {
		for _, v := range row {
			out = append(out, byte(int8(math.Round(v/scale))))
		}
	}
	return out
}

// ReadJudge reads the file of a judge.
func ReadJudge(data []byte) (*Judge, error) {
	rest, ok := bytes.CutPrefix(data, []byte(judgeMagic))
	n := len(JudgeOutputs)
	words, vectors := 4+4*n+n*JudgeBuckets, 4+4*n+n*embedder.Dim()
	if !ok || len(rest) != words+vectors {
		return nil, fmt.Errorf("not a judge of %d outputs with %d and %d weights", n, JudgeBuckets, embedder.Dim())
	}
	return &Judge{words: readTable(rest[:words], n), vectors: readTable(rest[words:], n)}, nil
}

func readTable(data []byte, outputs int) table {
	float := func(i int) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:])) }
	t := table{scale: float(0)}
	body := data[4+4*outputs:]
	for k := range outputs {
		row := make([]int8, len(body)/outputs)
		for i := range row {
			row[i] = int8(body[k*len(row)+i])
		}
		t.weights, t.bias = append(t.weights, row), append(t.bias, float(k+1))
	}
	return t
}

//go:embed judge.bin
var builtinJudge []byte

var defaultJudge = sync.OnceValue(func() *Judge {
	j, err := ReadJudge(builtinJudge)
	if err != nil {
		panic(err) // a test reads the file
	}
	return j
})
