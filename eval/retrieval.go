package eval

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/embed"
)

// Options of a retrieval run.
type Options struct {
	Suite    string   // folder in BEIR's layout
	Split    string   // "" means test
	Metrics  []string // none means DefaultMetrics
	Depth    int      // how many texts are ranked for each query; 0 means 100
	Mode     retrieval.Mode
	Scored   string // a run file in TREC's format whose ranking is measured instead of Hjemmel's
	RunFile  string // written in TREC's format, unless empty
	Progress func(phase string, done, total int)

	Words    func(*retrieval.Engine) // sets thesaurus and subject register; nil means the built-in ones
	Vectors  VectorsMode             // "" means VectorsOff
	Embedder embed.Embedder          // makes the vectors, unless they are off
	// VectorFile keeps the vectors for the next run, unless it is empty.
	VectorFile string
}

// DefaultMetrics are the figures of DESIGN 12.
var DefaultMetrics = []string{"nDCG@10", "R@10", "R@100", "RR@10", "AP", "Success@1"}

// shown is how many found texts a run keeps of each query.
const shown = 10

func (o *Options) normal() error {
	if o.Suite == "" {
		return errors.New("name the suite's folder")
	}
	if o.Split == "" {
		o.Split = "test"
	}
	if len(o.Metrics) == 0 {
		o.Metrics = DefaultMetrics
	}
	if o.Depth == 0 {
		o.Depth = 100
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	return o.normalVectors()
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

// Retrieval builds a suite's collection in a temporary folder, asks its queries
// through the product's engine, and computes the figures.
func Retrieval(ctx context.Context, o Options) (_ *Run, err error) {
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
	run := &Run{Kind: RetrievalRun, Suite: suite.Name, Split: o.Split, Made: time.Now().UTC(), Versions: versions(), Config: o.config()}
	answers, err := o.rank(ctx, suite, run)
	if err != nil {
		return nil, err
	}
	rankings := map[string][]string{}
	for i, q := range suite.Queries {
		rankings[q.ID] = answers[i].ranking
		run.Items = append(run.Items, judge(suite, q, &answers[i], metrics))
	}
	run.summarise(o.Metrics)
	if o.RunFile != "" {
		return run, writeRunFile(o.RunFile, suite.Queries, rankings)
	}
	return run, nil
}

func (o *Options) config() map[string]string {
	c := map[string]string{"depth": strconv.Itoa(o.Depth), "mode": string(o.Mode), "vectors": string(o.Vectors)}
	if o.Scored != "" {
		c = map[string]string{"run file": o.Scored}
	}
	return c
}

// answer is what one query gave.
type answer struct {
	ranking    []string // texts' ids
	references map[string]string
	ms         float64
}

// rank reads the rankings from a run file, or asks Hjemmel.
func (o *Options) rank(ctx context.Context, suite *Suite, run *Run) ([]answer, error) {
	if o.Scored == "" {
		return o.search(ctx, suite, run)
	}
	rankings, err := readRunFile(o.Scored)
	if err != nil {
		return nil, err
	}
	answers := make([]answer, len(suite.Queries))
	for i, q := range suite.Queries {
		answers[i].ranking = rankings[q.ID]
	}
	return answers, nil
}

func (o *Options) search(ctx context.Context, suite *Suite, run *Run) (_ []answer, err error) {
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
	if o.Words != nil {
		o.Words(b.lib.Engine)
	}
	run.BuildMS = b.ms
	if run.Collection, err = fingerprint(ctx, b.lib); err != nil {
		return nil, err
	}
	if err := b.embed(ctx, suite, o); err != nil {
		return nil, fmt.Errorf("making vectors: %w", err)
	}
	return b.ask(ctx, b.lib.Engine, suite, o)
}

// ask ranks the texts for every query.
func (b *built) ask(ctx context.Context, engine *retrieval.Engine, suite *Suite, o *Options) ([]answer, error) {
	answers := make([]answer, len(suite.Queries))
	for i, q := range suite.Queries {
		start := time.Now()
		res, err := engine.Search(ctx, retrieval.Query{Text: q.Text, K: o.Depth, Mode: o.Mode})
		if err != nil {
			return nil, fmt.Errorf("query %s: %w", q.ID, err)
		}
		a := answer{references: map[string]string{}, ms: milliseconds(start)}
		for _, h := range res.Hits {
			a.ranking = append(a.ranking, b.texts[h.Section])
			a.references[b.texts[h.Section]] = h.Reference
		}
		answers[i] = a
		o.Progress("asking", i+1, len(suite.Queries))
	}
	return answers, nil
}

func parseMetrics(names []string) ([]Metric, error) {
	var metrics []Metric
	for _, name := range names {
		m, err := ParseMetric(name)
		if err != nil {
			return nil, err
		}
		metrics = append(metrics, m)
	}
	return metrics, nil
}

// judge computes a query's figures, and keeps what was found and expected.
func judge(suite *Suite, q Query, a *answer, metrics []Metric) Item {
	qrels := suite.Qrels[q.ID]
	it := Item{ID: q.ID, Question: q.Text, Values: map[string]float64{}, MS: a.ms}
	for _, m := range metrics {
		it.Values[m.Name] = m.compute(a.ranking, qrels)
	}
	for _, id := range top(a.ranking, shown) {
		reference := a.references[id]
		if reference == "" {
			reference = suite.reference(id)
		}
		it.Found = append(it.Found, Place{Section: id, Reference: reference, Text: suite.beginning(id), Right: qrels[id] > 0})
	}
	if found(a.ranking, qrels, shown) == 0 {
		it.Failure = fmt.Sprintf("nothing relevant among the first %d", shown)
	}
	for _, id := range suite.relevant(q.ID) {
		it.Expected = append(it.Expected, Place{Section: id, Reference: suite.reference(id), Text: suite.beginning(id), Right: found(a.ranking, map[string]int{id: 1}, shown) > 0})
	}
	return it
}
