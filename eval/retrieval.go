package eval

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// Options of a retrieval run.
type Options struct {
	Suite    string   // folder in BEIR's layout
	Split    string   // "" means test
	Metrics  []string // none means DefaultMetrics
	Depth    int      // how many texts are ranked for each query; 0 means 100
	Mode     retrieval.Mode
	RunFile  string // written in TREC's format, unless empty
	Progress func(phase string, done, total int)

	Thesaurus *danish.Thesaurus // nil means the built-in one
}

// DefaultMetrics are the figures of DESIGN 12.
var DefaultMetrics = []string{"nDCG@10", "R@10", "R@100", "RR@10", "AP", "Success@1"}

// Report is what a retrieval run gives.
type Report struct {
	Suite   string        `json:"suite"`
	Split   string        `json:"split"`
	Texts   int           `json:"texts"`
	Queries []QueryReport `json:"queries"`
	Figures []Figure      `json:"figures"`
	BuildMS float64       `json:"build_ms"`
	QueryMS float64       `json:"query_ms"` // mean time of a query
	Mode    string        `json:"mode"`
}

// QueryReport is one query's figures, in the order of Report.Figures.
type QueryReport struct {
	ID     string    `json:"id"`
	Values []float64 `json:"values"`
}

// Retrieval builds a suite's collection in a temporary folder, asks its queries
// through the product's engine, and computes the figures.
func Retrieval(ctx context.Context, o Options) (_ Report, err error) {
	if err := o.normal(); err != nil {
		return Report{}, err
	}
	var metrics []Metric
	for _, name := range o.Metrics {
		m, err := ParseMetric(name)
		if err != nil {
			return Report{}, err
		}
		metrics = append(metrics, m)
	}
	suite, err := ReadSuite(o.Suite, o.Split)
	if err != nil {
		return Report{}, fmt.Errorf("reading the suite: %w", err)
	}
	dir, err := os.MkdirTemp("", "hjemmel-eval-")
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	lib, err := ingest.OpenWriter(ctx, dir, corpus.Owner{Command: "eval"}, nil)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, lib.Close()) }()
	if o.Thesaurus != nil {
		lib.Engine.SetThesaurus(o.Thesaurus)
	}
	start := time.Now()
	ids, err := build(ctx, lib, suite, o.Progress)
	if err != nil {
		return Report{}, fmt.Errorf("building the collection: %w", err)
	}
	report := Report{Suite: suite.Name, Split: o.Split, Texts: len(suite.Texts), Mode: string(o.Mode), BuildMS: milliseconds(start)}
	err = measure(ctx, lib.Engine, suite, ids, metrics, o, &report)
	return report, err
}

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
	return nil
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

// build stores the suite's texts as sections: texts whose ids begin alike before
// "#" are one document. It returns the text's id of each section.
func build(ctx context.Context, lib *ingest.Library, suite *Suite, progress func(string, int, int)) (map[string]string, error) {
	ids := map[string]string{}
	var docs []*corpus.Contents
	byID := map[string]int{}
	sections := map[string][]corpus.Section{}
	for i := range suite.Texts {
		t := &suite.Texts[i]
		document, local, ok := strings.Cut(t.ID, "#")
		if !ok {
			local = "1"
		}
		if _, known := byID[document]; !known {
			byID[document] = len(docs)
			docs = append(docs, &corpus.Contents{Document: describe(document, t)})
		}
		ids[document+"#"+local] = t.ID
		sections[document] = append(sections[document], section(local, t))
	}
	oneVersionEach(docs)
	for i, c := range docs {
		d := c.Document
		full := ingest.Contents(d, sections[d.ID])
		if _, err := lib.Put(ctx, *full, corpus.Source{Collection: d.Collection, Path: d.ID, Status: string(ingest.Read)}); err != nil {
			return nil, err
		}
		progress("storing", i+1, len(docs))
	}
	return ids, lib.Sync(ctx, func(p ingest.Progress) { progress("indexing", p.Done, p.Total) })
}

func describe(id string, t *Text) corpus.Document {
	return corpus.Document{
		ID: id, Title: t.Title, Kind: corpus.KindAct, Family: citation.Family(t.Title), Collection: "eval", Source: id,
		Language: danish.DetectLanguage(t.Text), MediaType: "application/json", Reader: "beir",
	}
}

func section(local string, t *Text) corpus.Section {
	label, path := local, []string{}
	if strings.HasPrefix(t.Text, "§") {
		label = citation.Label(local, "")
	}
	if chapter, ok := t.Metadata["chapter"].(string); ok && chapter != "" {
		path = append(path, chapter)
	}
	return corpus.Section{ID: local, Label: label, Path: append(path, label), Text: t.Text}
}

// oneVersionEach keeps the family of the first document only: a suite's texts
// are all in force, whatever acts share a name.
func oneVersionEach(docs []*corpus.Contents) {
	seen := map[string]bool{}
	for _, c := range docs {
		if seen[c.Document.Family] {
			c.Document.Family = ""
		}
		seen[c.Document.Family] = true
	}
}

// measure asks every query and fills in the report.
func measure(ctx context.Context, engine *retrieval.Engine, suite *Suite, ids map[string]string, metrics []Metric, o Options, report *Report) error {
	runs := map[string][]Ranked{}
	values := make([][]float64, len(metrics))
	start := time.Now()
	for i, q := range suite.Queries {
		res, err := engine.Search(ctx, retrieval.Query{Text: q.Text, K: o.Depth, Mode: o.Mode})
		if err != nil {
			return fmt.Errorf("query %s: %w", q.ID, err)
		}
		for _, h := range res.Hits {
			// The rank is the order; scores of named and ranked sections do not compare.
			runs[q.ID] = append(runs[q.ID], Ranked{ID: ids[h.Section], Score: float64(o.Depth - h.Rank)})
		}
		order(runs[q.ID])
		one := QueryReport{ID: q.ID}
		for m := range metrics {
			v := metrics[m].compute(runs[q.ID], suite.Qrels[q.ID])
			values[m] = append(values[m], v)
			one.Values = append(one.Values, v)
		}
		report.Queries = append(report.Queries, one)
		o.Progress("asking", i+1, len(suite.Queries))
	}
	report.QueryMS = milliseconds(start) / float64(len(suite.Queries))
	for m := range metrics {
		report.Figures = append(report.Figures, figure(metrics[m].Name, values[m]))
	}
	if o.RunFile == "" {
		return nil
	}
	return writeRunFile(o.RunFile, suite, runs)
}

func writeRunFile(path string, suite *Suite, runs map[string][]Ranked) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(WriteRun(f, suite.Queries, runs), f.Close())
}

// WriteRun writes a run in TREC's format: "query Q0 text rank score tag".
func WriteRun(w io.Writer, queries []Query, runs map[string][]Ranked) error {
	b := bufio.NewWriter(w)
	for _, q := range queries {
		for i, r := range runs[q.ID] {
			fmt.Fprintf(b, "%s Q0 %s %d %g hjemmel\n", q.ID, r.ID, i+1, r.Score)
		}
	}
	return b.Flush()
}
