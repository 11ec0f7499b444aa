package eval

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Kind is what a run measures.
type Kind string

// The kinds of run.
const (
	RetrievalRun Kind = "retrieval"
	AnswersRun   Kind = "answers"
)

// Run is one measurement, whole: what was asked of which collection with which
// settings, and what came of every item. --out writes it, Compare and the
// reports read it.
type Run struct {
	Kind       Kind              `json:"kind"`
	Suite      string            `json:"suite"`
	Split      string            `json:"split"`
	Made       time.Time         `json:"made"`
	Config     map[string]string `json:"config"`
	Collection Collection        `json:"collection"`
	Versions   map[string]string `json:"versions"`
	BuildMS    float64           `json:"build_ms"` // to make the collection
	ItemMS     float64           `json:"item_ms"`  // mean time of an item
	Figures    []Figure          `json:"figures"`
	Items      []Item            `json:"items"`
}

// Item is one question with its figures. A metric that does not apply to the
// item has no value: a question without an answer has no recall.
type Item struct {
	ID       string             `json:"id"`
	Question string             `json:"question"`
	Hand     string             `json:"hand,omitempty"` // how it is written: terse, chatty …
	Kind     string             `json:"kind,omitempty"` // what it asks for: deadline, amount …
	Values   map[string]float64 `json:"values"`
	MS       float64            `json:"ms"`
	Failure  string             `json:"failure,omitempty"` // what is wrong with the result; empty where nothing is
	Expected []Place            `json:"expected,omitempty"`
	Found    []Place            `json:"found,omitempty"` // the best ten, or what the answer cites
	Answer   string             `json:"answer,omitempty"`
}

// Place is a section that was expected or found.
type Place struct {
	Section   string `json:"section"`
	Reference string `json:"reference,omitempty"`
	Text      string `json:"text,omitempty"` // its beginning, or what was quoted
	Right     bool   `json:"right,omitempty"`
}

// Collection identifies what was searched. Equal fingerprints mean equal texts.
type Collection struct {
	Documents   int    `json:"documents"`
	Sections    int    `json:"sections"`
	Fingerprint string `json:"fingerprint"`
}

// Value returns the mean of a metric, whatever the case of its name.
func (r *Run) Value(metric string) (float64, bool) {
	for _, f := range r.Figures {
		if strings.EqualFold(f.Metric, metric) {
			return f.Mean, true
		}
	}
	return 0, false
}

// Failures counts the items that went wrong.
func (r *Run) Failures() int {
	n := 0
	for i := range r.Items {
		if r.Items[i].Failure != "" {
			n++
		}
	}
	return n
}

// summarise computes the figures of the named metrics, in this order, from the
// items. A metric that applies to no item has no figure.
func (r *Run) summarise(metrics []string) {
	total := 0.0
	for i := range r.Items {
		total += r.Items[i].MS
	}
	r.ItemMS = total / float64(max(1, len(r.Items)))
	for _, name := range metrics {
		var values []float64
		for i := range r.Items {
			if v, ok := r.Items[i].Values[name]; ok {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			r.Figures = append(r.Figures, figure(name, values))
		}
	}
}

// WriteFile stores the run as JSON.
func (r *Run) WriteFile(path string) error {
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}

// ReadRun reads what WriteFile wrote.
func ReadRun(path string) (*Run, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &Run{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("%s is no run that --out wrote: %w", path, err)
	}
	if r.Kind == "" || len(r.Items) == 0 {
		return nil, fmt.Errorf("%s is no run that --out wrote: it has no kind or no items", path)
	}
	return r, nil
}

// documents is what fingerprint reads; *corpus.Store is one.
type documents interface {
	Documents(ctx context.Context, f corpus.DocumentFilter) ([]corpus.Document, error)
	SectionsOf(ctx context.Context, document string) ([]corpus.Section, error)
}

// fingerprint sums up the ids, dates and texts of all sections.
func fingerprint(ctx context.Context, store documents) (Collection, error) {
	docs, err := store.Documents(ctx, corpus.DocumentFilter{})
	if err != nil {
		return Collection{}, err
	}
	slices.SortFunc(docs, func(a, b corpus.Document) int { return cmp.Compare(a.ID, b.ID) })
	c := Collection{Documents: len(docs)}
	sum := sha256.New()
	for i := range docs {
		d := &docs[i]
		fmt.Fprintf(sum, "%q %q %q\n", d.ID, d.InForceFrom, d.InForceTo)
		sections, err := store.SectionsOf(ctx, d.ID)
		if err != nil {
			return Collection{}, err
		}
		for j := range sections {
			fmt.Fprintf(sum, "%q %q\n", sections[j].ID, sections[j].Text)
		}
		c.Sections += len(sections)
	}
	c.Fingerprint = hex.EncodeToString(sum.Sum(nil))[:16]
	return c, nil
}

// measured are the modules whose version can change a figure.
var measured = []string{"github.com/blevesearch/bleve/v2", "modernc.org/sqlite"}

// versions says what made the run.
func versions() map[string]string {
	out := map[string]string{"go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return out
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			out["commit"] = s.Value
		case "vcs.modified":
			out["modified"] = s.Value
		}
	}
	for _, m := range info.Deps {
		if slices.Contains(measured, m.Path) {
			out[m.Path] = m.Version
		}
	}
	return out
}
