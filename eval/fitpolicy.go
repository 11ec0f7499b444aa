package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/server/policy"
)

// PolicyFitOptions says what the policy's judge is fitted on.
type PolicyFitOptions struct {
	Suite  string   // folder with material/ and the splits
	Learn  []string // splits that are learnt too
	Test   []string // splits that are only measured
	Each   int      // prompts made of each template
	Policy *policy.Policy
}

// PolicyFit is a fitted judge with how it does by itself, without the rules,
// on templates and words that it was not fitted on, and on the test splits.
type PolicyFit struct {
	Learnt int          `json:"learnt"` // prompts
	Curves []JudgeCurve `json:"curves"`
	Packed []byte       `json:"-"`
}

// JudgeCurve is recall and false refusals of a judge by how improbable passing
// must be.
type JudgeCurve struct {
	Of      string       `json:"of"`
	Prompts int          `json:"prompts"`
	Points  []JudgePoint `json:"points"`
}

// JudgePoint is one point of a curve.
type JudgePoint struct {
	Below         float64 `json:"below"`
	Recall        float64 `json:"recall"`
	FalseRefusals float64 `json:"false_refusals"`
}

// FitPolicy fits the judge twice: on a part of the material to measure, then on
// all of it to keep.
func FitPolicy(o PolicyFitOptions) (*PolicyFit, error) {
	m, err := ReadMaterial(filepath.Join(o.Suite, "material"))
	if err != nil {
		return nil, err
	}
	learn, err := o.splits(o.Learn)
	if err != nil {
		return nil, err
	}
	part, err := fitJudge(judgedOf(o.Policy, append(m.prompts(fitted, o.Each, 1), learn...)))
	if err != nil {
		return nil, err
	}
	fit := &PolicyFit{}
	fit.Curves = append(fit.Curves, curve("kept templates and words", part, judgedOf(o.Policy, m.prompts(kept, o.Each, 2))))
	for _, name := range o.Test {
		prompts, err := o.splits([]string{name})
		if err != nil {
			return nil, err
		}
		fit.Curves = append(fit.Curves, curve(name, part, judgedOf(o.Policy, prompts)))
	}
	all := judgedOf(o.Policy, append(m.prompts(whole, o.Each, 1), learn...))
	whole, err := fitJudge(all)
	if err != nil {
		return nil, err
	}
	fit.Learnt, fit.Packed = len(all), whole.packed
	return fit, nil
}

func (o *PolicyFitOptions) splits(names []string) ([]Prompt, error) {
	var out []Prompt
	for _, name := range names {
		prompts, err := readPrompts(filepath.Join(o.Suite, name+".jsonl"))
		if err != nil {
			return nil, err
		}
		out = append(out, prompts...)
	}
	return out, nil
}

// judged is a prompt as the judge sees it.
type judged struct {
	text     string
	features policy.Features
	vector   []float32
	outputs  []int // right ones; the first is learnt
	weight   float64
}

// judgedOf leaves out prompts of classes that a judge does not know.
func judgedOf(rules *policy.Policy, prompts []Prompt) []judged {
	out := make([]judged, 0, len(prompts))
	for _, p := range prompts {
		e := judged{text: p.Text, weight: 1}
		for class := range strings.SplitSeq(p.Class, "|") {
			if k := slices.Index(policy.JudgeOutputs, policy.Class(class)); k >= 0 {
				e.outputs = append(e.outputs, k)
			}
		}
		if len(e.outputs) > 0 {
			e.features, e.vector = rules.Features(p.Text), policy.SentenceVector(p.Text)
			out = append(out, e)
		}
	}
	return out
}

// fittedJudge is a judge with its file.
type fittedJudge struct {
	*policy.Judge
	packed []byte
}

func fitJudge(data []judged) (*fittedJudge, error) {
	balance(data)
	words := train(data, policy.JudgeBuckets, func(e *judged, each func(int, float64)) {
		norm := 1 / math.Sqrt(float64(max(1, len(e.features))))
		for _, bucket := range e.features {
			each(int(bucket), norm)
		}
	})
	vectors := train(data, len(data[0].vector), func(e *judged, each func(int, float64)) {
		for i, v := range e.vector {
			each(i, vectorScale*float64(v))
		}
	})
	for _, row := range vectors.Of {
		for i := range row {
			row[i] *= vectorScale
		}
	}
	packed := policy.PackJudge(words, vectors)
	judge, err := policy.ReadJudge(packed)
	if err != nil {
		return nil, fmt.Errorf("packing the judge: %w", err)
	}
	return &fittedJudge{judge, packed}, nil
}

// balance gives what must pass half of all weight, and each class a share.
func balance(data []judged) {
	counts := make([]float64, len(policy.JudgeOutputs))
	for i := range data {
		counts[data[i].outputs[0]]++
	}
	for i := range data {
		k, share := data[i].outputs[0], 0.5
		if k > 0 {
			share = 0.5 / float64(len(counts)-1)
		}
		data[i].weight = math.Sqrt(share * float64(len(data)) / counts[k])
	}
}

const (
	fitPasses   = 14
	fitRate     = 0.25
	fitDecay    = 1e-6
	vectorScale = 8 // brings unit vectors to the size of the word features
)

// train fits a multinomial logistic model by AdaGrad. inputs calls each with
// every input of a prompt that is not 0. The result is the same in every run.
func train(data []judged, inputs int, of func(*judged, func(int, float64))) policy.Weights {
	n := len(policy.JudgeOutputs)
	w := policy.Weights{Bias: make([]float64, n)}
	squares := make([][]float64, n)
	for k := range n {
		w.Of = append(w.Of, make([]float64, inputs))
		squares[k] = make([]float64, inputs)
	}
	random := rand.New(rand.NewPCG(1, 1))
	logits := make([]float64, n)
	for range fitPasses {
		for _, at := range random.Perm(len(data)) {
			e := &data[at]
			copy(logits, w.Bias)
			of(e, func(i int, v float64) {
				for k := range logits {
					logits[k] += w.Of[k][i] * v
				}
			})
			policy.Softmax(logits)
			logits[e.outputs[0]]--
			for k := range logits {
				w.Bias[k] -= 0.01 * e.weight * logits[k]
			}
			of(e, func(i int, v float64) {
				for k := range logits {
					g := e.weight*logits[k]*v + fitDecay*w.Of[k][i]
					squares[k][i] += g * g
					w.Of[k][i] -= fitRate * g / (math.Sqrt(squares[k][i]) + 1e-3)
				}
			})
		}
	}
	return w
}

// curve measures a judge without the rules.
func curve(name string, j *fittedJudge, data []judged) JudgeCurve {
	c := JudgeCurve{Of: name, Prompts: len(data)}
	for _, below := range []float64{0.5, 0.3, 0.2, 0.1, 0.05} {
		refused, pass := 0, 0
		hit, wrong := 0, 0
		for i := range data {
			low := j.Probabilities(data[i].features, data[i].vector)[0] < below
			if slices.Contains(data[i].outputs, 0) {
				pass++
				wrong += count(low)
			} else {
				refused++
				hit += count(low)
			}
		}
		c.Points = append(c.Points, JudgePoint{Below: below, Recall: ratio(hit, refused), FalseRefusals: ratio(wrong, pass)})
	}
	return c
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func ratio(a, of int) float64 { return float64(a) / float64(max(1, of)) }
