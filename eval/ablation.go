package eval

import (
	"context"
	"errors"
	"fmt"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
)

// step adds one signal of the full recipe to those before it.
type step struct {
	name string
	add  func(r *retrieval.Recipe, full retrieval.Recipe)
}

// steps lead from words alone to the full recipe; a test holds that they do.
var steps = []step{
	{"words only", func(r *retrieval.Recipe, full retrieval.Recipe) {
		r.Lexical = lexical.Weights{Words: full.Lexical.Words}
	}},
	{"+ titles", func(r *retrieval.Recipe, full retrieval.Recipe) { r.Lexical.Titles = full.Lexical.Titles }},
	{"+ compound parts", func(r *retrieval.Recipe, full retrieval.Recipe) { r.Lexical.Parts = full.Lexical.Parts }},
	{"+ thesaurus", func(r *retrieval.Recipe, full retrieval.Recipe) { r.Lexical.Thesaurus = full.Lexical.Thesaurus }},
	{"+ pairs", func(r *retrieval.Recipe, full retrieval.Recipe) { r.Lexical.Pairs = full.Lexical.Pairs }},
	{"+ grams", func(r *retrieval.Recipe, full retrieval.Recipe) { r.Lexical.Grams = full.Lexical.Grams }},
	{"+ vectors", func(r *retrieval.Recipe, full retrieval.Recipe) { r.Vectors = full.Vectors }},
	{"+ register", func(r *retrieval.Recipe, full retrieval.Recipe) { r.Register = full.Register }},
	{"+ act prior", func(r *retrieval.Recipe, full retrieval.Recipe) { r.ActPrior = full.ActPrior }},
	{"+ section prior", func(r *retrieval.Recipe, full retrieval.Recipe) { r.SectionPrior = full.SectionPrior }},
	{"+ act bonus", func(r *retrieval.Recipe, full retrieval.Recipe) { r.ActBonus = full.ActBonus }},
}

// Component is a row of an ablation: the recipe up to this signal.
type Component struct {
	Name    string    `json:"name"`
	Figures []Figure  `json:"figures"`
	P       []float64 `json:"p,omitempty"` // of each figure against the row before
	QueryMS float64   `json:"query_ms"`
}

// AblationReport is what each signal of the recipe gives on a suite.
type AblationReport struct {
	Suite      string      `json:"suite"`
	Split      string      `json:"split"`
	Collection Collection  `json:"collection"`
	Queries    int         `json:"queries"`
	Components []Component `json:"components"`
}

// Ablation measures the recipe signal by signal on one collection: the first
// row has words alone, each row after it one signal more.
func Ablation(ctx context.Context, o Options) (_ *AblationReport, err error) {
	if err := o.normal(); err != nil {
		return nil, err
	}
	metrics, err := parseMetrics(o.Metrics)
	if err != nil {
		return nil, err
	}
	suite, err := ReadSuite(o.Suite, o.Split)
	if err != nil {
		return nil, fmt.Errorf("reading the suite: %w", err)
	}
	save, err := o.rememberVectors()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, save()) }()
	b, err := build(ctx, suite, o.Progress, o.libraryOptions()...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.embed(ctx, suite, &o); err != nil {
		return nil, fmt.Errorf("making vectors: %w", err)
	}
	report := &AblationReport{Suite: suite.Name, Split: o.Split, Queries: len(suite.Queries)}
	if report.Collection, err = fingerprint(ctx, b.lib); err != nil {
		return nil, err
	}
	var recipe retrieval.Recipe
	var before *Run
	for _, s := range steps {
		s.add(&recipe, retrieval.DefaultRecipe())
		answers, err := b.ask(ctx, b.lib.Engine.WithRecipe(recipe), suite, &o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		run := &Run{}
		for i, q := range suite.Queries {
			run.Items = append(run.Items, judge(suite, q, &answers[i], metrics))
		}
		run.summarise(o.Metrics)
		report.Components = append(report.Components, component(s.name, run, before))
		before = run
	}
	return report, nil
}

func component(name string, run, before *Run) Component {
	c := Component{Name: name, Figures: run.Figures, QueryMS: run.ItemMS}
	if before == nil {
		return c
	}
	for _, f := range run.Figures {
		d, _ := difference(f.Metric, pair(before, run))
		c.P = append(c.P, d.P)
	}
	return c
}
