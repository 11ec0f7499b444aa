package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// FitOptions say on what the answerability score is fitted.
type FitOptions struct {
	Documents []string // files and folders with acts that refer to each other
	Foreign   string   // a suite whose questions these acts do not answer, in BEIR's layout; may be empty
	Split     string   // of Foreign; never a test split
	Progress  func(phase string, done, total int)
}

// Fit is the fitted score, with what it is worth on questions that it did not see.
type Fit struct {
	Answerable   int                `json:"answerable"`   // questions
	Unanswerable int                `json:"unanswerable"` // questions
	Bias         float64            `json:"bias"`
	Weights      retrieval.Features `json:"weights"`
	Names        []string           `json:"names"`
	AUC          float64            `json:"auc"`   // cross-validated, as are the following
	Brier        float64            `json:"brier"` // 0.25 is a coin
	Curve        []Bin              `json:"curve"`
}

// Bin is a step of the calibration curve: of Questions that were given about
// Said, the share Was had an answer.
type Bin struct {
	Questions int     `json:"questions"`
	Said      float64 `json:"said"`
	Was       float64 `json:"was"`
}

// example is a question as the engine saw it.
type example struct {
	x      retrieval.Features
	answer bool
	group  int // questions of one act stay together in cross-validation
}

const (
	folds       = 5
	foreignMost = 400 // foreign questions, so that the easy ones do not dominate
	curveBins   = 10
)

// FitAnswerability fits the score on contexts of references. The act that a
// context was taken from is out of the search, as it holds the very words;
// answerable it is with the act referred to, unanswerable without. Words' weights
// still count both acts, which makes the questions harder to tell apart.
func FitAnswerability(ctx context.Context, o FitOptions) (_ *Fit, err error) {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	lib, closeLib, err := (&AnswerOptions{Documents: o.Documents, Progress: o.Progress}).collection(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closeLib()) }()
	examples, err := contextExamples(ctx, lib, o.Progress)
	if err == nil && o.Foreign != "" {
		var more []example
		more, err = foreignExamples(ctx, lib, &o)
		examples = append(examples, more...)
	}
	if err != nil {
		return nil, err
	}
	if len(examples) < 10*folds {
		return nil, fmt.Errorf("%d questions from references between the documents: too few to fit", len(examples))
	}
	return fit(examples), nil
}

func contextExamples(ctx context.Context, lib *ingest.Library, progress func(string, int, int)) ([]example, error) {
	questions, err := contexts(ctx, lib)
	if err != nil {
		return nil, err
	}
	docs, err := lib.Documents(ctx, corpus.DocumentFilter{})
	if err != nil {
		return nil, err
	}
	groups := map[string]int{}
	var out []example
	for i, q := range questions {
		if _, ok := groups[q.to]; !ok {
			groups[q.to] = len(groups)
		}
		var with []string // all documents but the one that the question is from
		for _, d := range docs {
			if d.ID != q.from {
				with = append(with, d.ID)
			}
		}
		without := slices.DeleteFunc(slices.Clone(with), func(id string) bool { return id == q.to })
		for _, documents := range [][]string{with, without} {
			res, err := lib.Engine.Search(ctx, retrieval.Query{Text: q.text, Mode: retrieval.Lexical, Filter: retrieval.Filter{Documents: documents}})
			if err != nil {
				return nil, fmt.Errorf("%q: %w", q.text, err)
			}
			out = append(out, example{x: res.Features, answer: len(documents) == len(with), group: groups[q.to]})
		}
		progress("asking", i+1, len(questions))
	}
	return out, nil
}

func foreignExamples(ctx context.Context, lib *ingest.Library, o *FitOptions) ([]example, error) {
	suite, err := ReadSuite(o.Foreign, o.Split)
	if err != nil {
		return nil, fmt.Errorf("reading the foreign questions: %w", err)
	}
	var out []example
	for i, q := range suite.Queries[:min(foreignMost, len(suite.Queries))] {
		res, err := lib.Engine.Search(ctx, retrieval.Query{Text: q.Text, Mode: retrieval.Lexical})
		if err != nil {
			return nil, fmt.Errorf("%q: %w", q.Text, err)
		}
		out = append(out, example{x: res.Features, group: i})
	}
	return out, nil
}

// fit fits on all examples, and measures by fits that leave a fifth of the acts out.
func fit(examples []example) *Fit {
	said := make([]float64, len(examples))
	for fold := range folds {
		var seen []example
		for _, e := range examples {
			if e.group%folds != fold {
				seen = append(seen, e)
			}
		}
		bias, weights := logistic(seen)
		for i, e := range examples {
			if e.group%folds == fold {
				said[i] = probability(bias, weights, e.x)
			}
		}
	}
	f := &Fit{Names: retrieval.FeatureNames[:], AUC: auc(examples, said), Curve: calibration(examples, said)}
	f.Bias, f.Weights = logistic(examples)
	for i, e := range examples {
		truth := 0.0
		if e.answer {
			f.Answerable++
			truth = 1
		} else {
			f.Unanswerable++
		}
		f.Brier += (said[i] - truth) * (said[i] - truth) / float64(len(examples))
	}
	return f
}

func probability(bias float64, w, x retrieval.Features) float64 {
	for i := range x {
		bias += w[i] * x[i]
	}
	return 1 / (1 + math.Exp(-bias))
}

// logistic fits a logistic regression by stochastic gradient descent with a
// little ridge, in the same order every time.
func logistic(examples []example) (bias float64, w retrieval.Features) {
	const (
		epochs = 300
		ridge  = 1e-4
	)
	r := rand.New(rand.NewPCG(1, 2))
	for epoch := range epochs {
		rate := 0.2 / (1 + float64(epoch)/10)
		for _, i := range r.Perm(len(examples)) {
			e := &examples[i]
			truth := 0.0
			if e.answer {
				truth = 1
			}
			step := rate * (truth - probability(bias, w, e.x))
			bias += step
			for j := range w {
				w[j] += step*e.x[j] - rate*ridge*w[j]
			}
		}
	}
	return bias, w
}

// auc is the probability that an answerable question is given more than an
// unanswerable one.
func auc(examples []example, said []float64) float64 {
	above, pairs := 0.0, 0.0
	for i := range examples {
		for j := range examples {
			if !examples[i].answer || examples[j].answer {
				continue
			}
			pairs++
			switch {
			case said[i] > said[j]:
				above++
			case said[i] == said[j]:
				above += 0.5
			}
		}
	}
	return above / pairs
}

// calibration cuts the questions, ordered by what was said of them, into bins of
// one size.
func calibration(examples []example, said []float64) []Bin {
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(said[a], said[b]) })
	out := make([]Bin, curveBins)
	for k, i := range order {
		b := &out[k*curveBins/len(order)]
		b.Questions++
		b.Said += said[i]
		if examples[i].answer {
			b.Was++
		}
	}
	for i := range out {
		out[i].Said /= float64(out[i].Questions)
		out[i].Was /= float64(out[i].Questions)
	}
	return out
}
