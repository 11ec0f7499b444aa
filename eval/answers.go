package eval

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/ingest/samples"
	"github.com/hjemmel/hjemmel/ingest/source"
	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/server/assistant"
	"github.com/hjemmel/hjemmel/server/policy"
)

// Asker answers one question; *assistant.Assistant is one.
type Asker interface {
	Ask(ctx context.Context, req assistant.Request, emit func(assistant.Event) error) (assistant.Answer, error)
}

// AnswerOptions of an answers run.
type AnswerOptions struct {
	Suite     string                               // folder
	Split     string                               // "" means test
	Documents []string                             // files and folders that are the collection; none means the suite's own, else Data
	Data      string                               // data folder whose collection is asked
	Library   []ingest.Option                      // how Data is opened: with its vectors
	Assistant func(*ingest.Library) (Asker, error) // makes the assistant that is measured
	Config    map[string]string                    // what the assistant was set to, for the record
	Progress  func(phase string, done, total int)
}

// AnswerMetrics in the order of the report: grade defines them. Each item has
// those that apply; p50-ms and p99-ms are percentiles over all items.
var AnswerMetrics = []string{"P@1", "recall", "precision", "facts", "verbatim", "support", "refused", "wrongly-refused", "length", "tokens", "cost", "search-R@12", "p50-ms", "p99-ms"}

// Answers asks every item of a suite through the assistant and grades what it
// says. All figures are deterministic but the times.
func Answers(ctx context.Context, o AnswerOptions) (_ *Run, err error) {
	if o.Split == "" {
		o.Split = "test"
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	suite, err := ReadAnswerSuite(o.Suite, o.Split)
	if err != nil {
		return nil, fmt.Errorf("reading the suite: %w", err)
	}
	run := &Run{Kind: AnswersRun, Suite: suite.Name, Split: o.Split, Made: time.Now().UTC(), Versions: versions(), Config: o.Config}
	start := time.Now()
	lib, done, err := o.collection(ctx, suite)
	if err != nil {
		return nil, fmt.Errorf("making the collection: %w", err)
	}
	defer func() { err = errors.Join(err, done()) }()
	run.BuildMS = milliseconds(start)
	if run.Collection, err = fingerprint(ctx, lib); err != nil {
		return nil, err
	}
	if err := run.noteVectors(ctx, lib); err != nil {
		return nil, err
	}
	helper, err := o.Assistant(lib)
	if err != nil {
		return nil, err
	}
	for i := range suite.Items {
		item, err := askAndGrade(ctx, helper, lib, &suite.Items[i])
		if err != nil {
			return nil, fmt.Errorf("item %s: %w", suite.Items[i].ID, err)
		}
		run.Items = append(run.Items, item)
		o.Progress("asking", i+1, len(suite.Items))
	}
	run.summarise(AnswerMetrics)
	run.Figures = append(run.Figures, latency(run)...)
	return run, nil
}

// noteVectors records how much of the collection is found by meaning too.
func (r *Run) noteVectors(ctx context.Context, lib *ingest.Library) error {
	p, err := lib.VectorProgress(ctx)
	if err != nil || p.Total == 0 {
		return err
	}
	r.Config = maps.Clone(r.Config)
	if r.Config == nil {
		r.Config = map[string]string{}
	}
	r.Config["vectors"] = fmt.Sprintf("%d of %d passages, %s", p.Done, p.Total, p.Model)
	return nil
}

func latency(run *Run) []Figure {
	times := make([]float64, len(run.Items))
	for i := range run.Items {
		times[i] = run.Items[i].MS
	}
	return []Figure{percentile("p50-ms", times, 0.5), percentile("p99-ms", times, 0.99)}
}

// collection opens what is asked: the documents named, the suite's own, or the
// data folder.
func (o *AnswerOptions) collection(ctx context.Context, suite *AnswerSuite) (*ingest.Library, func() error, error) {
	var items []source.Item
	var err error
	opts := ingest.Options{Collection: "eval", Progress: func(p ingest.Progress) { o.Progress(string(p.Phase), p.Done, p.Total) }}
	switch {
	case len(o.Documents) > 0:
		items, err = source.Paths(o.Documents...)
	case suite.Samples: // as serve does, so that ids are the same
		items, err = source.FS(samples.Files(), samples.Collection)
		opts.Collection, opts.Sample = samples.Collection, true
	default:
		lib, err := ingest.OpenReader(ctx, o.Data, nil, o.Library...)
		if err != nil {
			return nil, nil, err
		}
		return lib, lib.Close, nil
	}
	if err != nil {
		return nil, nil, err
	}
	b, err := empty(ctx, policy.RefuseDocument)
	if err != nil {
		return nil, nil, err
	}
	report, err := b.lib.Pipeline.Run(ctx, items, opts)
	if n := report.Counts[ingest.Failed]; err == nil && n > 0 {
		err = fmt.Errorf("%d documents could not be read: see hjemmel ingest", n)
	}
	if err != nil {
		return nil, nil, errors.Join(err, b.close())
	}
	return b.lib, b.close, nil
}

// askAndGrade asks one item, after the turns of the conversation before it.
func askAndGrade(ctx context.Context, helper Asker, lib *ingest.Library, it *AnswerItem) (Item, error) {
	w, err := it.want(ctx, lib.Store)
	if err != nil {
		return Item{}, err
	}
	req := assistant.Request{Question: it.text(), AsOf: it.AsOf}
	if req.History, err = history(ctx, helper, it); err != nil {
		return Item{}, err
	}
	start := time.Now()
	got, err := helper.Ask(ctx, req, nil)
	if err != nil {
		return Item{}, err
	}
	took := milliseconds(start)
	item, err := grade(ctx, lib.Store, it, w, &got)
	item.MS = took
	if err != nil || it.Unanswerable || len(req.History) > 0 { // what a follow-up means, search alone cannot know
		return item, err
	}
	item.Values["search-R@12"], err = searchRecall(ctx, lib.Engine, it, w)
	return item, err
}

// history asks the turns before the last, as a caseworker would have, and
// returns them with what their answers cited.
func history(ctx context.Context, helper Asker, it *AnswerItem) ([]assistant.Turn, error) {
	var turns []assistant.Turn
	for _, question := range it.Turns[:max(0, len(it.Turns)-1)] {
		got, err := helper.Ask(ctx, assistant.Request{Question: question, AsOf: it.AsOf, History: turns}, nil)
		if err != nil {
			return nil, err
		}
		turn := assistant.Turn{Question: question}
		for _, s := range got.Sources {
			if !slices.Contains(turn.Sections, s.Section) {
				turn.Sections = append(turn.Sections, s.Section)
			}
		}
		turns = append(turns, turn)
	}
	return turns, nil
}

// searchDepth is how many sections an answer is made from.
const searchDepth = 12

// searchRecall is the share of the expected references among the first hits of
// the question as it stands: it tells whether a bad answer is the search's
// fault or the assistant's.
func searchRecall(ctx context.Context, engine *retrieval.Engine, it *AnswerItem, w *want) (float64, error) {
	res, err := engine.Search(ctx, retrieval.Query{Text: it.text(), K: searchDepth, AsOf: it.AsOf})
	if err != nil {
		return 0, err
	}
	found := 0
	for _, group := range w.groups {
		if slices.ContainsFunc(res.Hits, func(h retrieval.Hit) bool { return slices.Contains(group, h.Section) }) {
			found++
		}
	}
	return float64(found) / float64(len(w.groups)), nil
}

// want is what an item expects, as sections of the collection.
type want struct {
	groups [][]string // one of each must be cited
	also   []string   // may be cited
}

func (it *AnswerItem) want(ctx context.Context, store resolver) (*want, error) {
	w := &want{}
	for _, reference := range it.Expect {
		group, err := resolve(ctx, store, reference, it.AsOf)
		if err != nil {
			return nil, err
		}
		w.groups = append(w.groups, group)
		w.also = append(w.also, group...)
	}
	for _, reference := range it.Also {
		group, err := resolve(ctx, store, reference, it.AsOf)
		if err != nil {
			return nil, err
		}
		w.also = append(w.also, group...)
	}
	return w, nil
}

// answerText is what the assistant says, a sentence a line.
func answerText(a *assistant.Answer) string {
	lines := make([]string, len(a.Answer))
	for i := range a.Answer {
		lines[i] = a.Answer[i].Text
	}
	return strings.Join(lines, "\n")
}
