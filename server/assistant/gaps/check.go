package gaps

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"sync"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Options of one comparison.
type Options struct {
	Against        []string    // documents or sections ("lbk-2025-282#138") to compare with; none: what the text cites
	AsOf           corpus.Date // the day; "" means today
	MinConfidence  float64     // findings below it are left out; 0 means DefaultConfidence
	ReferencesOnly bool
}

// DefaultConfidence is the confidence from which findings are reported: on the
// development half of eval/suites/gaps what lies below is wrong more often than
// right.
const DefaultConfidence = 0.55

// Checker compares texts with the law of a collection. It keeps what it has
// read of the collection until that changes, and is safe for concurrent use.
type Checker struct {
	lib Library

	mu       sync.Mutex
	cached   map[lawOf]*law
	revision int64
}

// lawOf is what the law differs by: which day, and which documents are seen.
type lawOf struct {
	day  corpus.Date
	view string
}

// maxLaws bounds the laws that are kept: each is the text of all acts in force.
const maxLaws = 3

// NewChecker returns a checker over lib.
func NewChecker(lib Library) *Checker { return &Checker{lib: lib, cached: map[lawOf]*law{}} }

// law returns the collection's law on day, as far as the reader of ctx sees it.
func (c *Checker) law(ctx context.Context, day corpus.Date) (*law, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	revision, err := c.lib.LastRevision(ctx)
	if err != nil {
		return nil, err
	}
	view, err := c.lib.View(ctx)
	if err != nil {
		return nil, err
	}
	if c.revision != revision || len(c.cached) >= maxLaws && c.cached[lawOf{day, view}] == nil {
		clear(c.cached)
	}
	if l := c.cached[lawOf{day, view}]; l != nil {
		return l, nil
	}
	l, err := loadLaw(ctx, c.lib, day)
	if err != nil {
		return nil, fmt.Errorf("reading the law of the collection: %w", err)
	}
	c.cached[lawOf{day, view}], c.revision = l, revision
	return l, nil
}

// Check compares text with the law.
func (c *Checker) Check(ctx context.Context, text Text, o Options) (Report, error) {
	start := time.Now()
	if o.AsOf == "" {
		o.AsOf = corpus.Today()
	}
	if o.MinConfidence == 0 {
		o.MinConfidence = DefaultConfidence
	}
	l, err := c.law(ctx, o.AsOf)
	if err != nil {
		return Report{}, err
	}
	r := &run{law: l, text: text, options: o}
	r.report = Report{Document: text.ID, Title: text.Title, AsOf: o.AsOf, Against: []string{}, Findings: []Finding{}, Checked: []Check{}}
	if err := r.do(ctx); err != nil {
		return Report{}, err
	}
	r.report.MS = float64(time.Since(start).Microseconds()) / 1000
	return r.report, nil
}

// run is the state of one comparison.
type run struct {
	*law
	text    Text
	options Options
	report  Report
	refs    []reference // of the text, in order
}

func (r *run) do(ctx context.Context) error {
	if err := r.references(ctx); err != nil {
		return err
	}
	if !r.options.ReferencesOnly {
		if err := r.clauses(ctx); err != nil {
			return err
		}
	}
	r.finish()
	return nil
}

// found records a finding, with the row of the coverage table that tells of it.
func (r *run) found(subject Subject, f Finding) {
	f.Subject = subject
	f.Severity = severityOf(f.Kind, f.Confidence)
	f.Confidence = float64(int(f.Confidence*100+0.5)) / 100
	if n := len(r.report.Findings) - 1; subject == OfReference && n >= 0 && sameFault(&r.report.Findings[n], &f) {
		r.report.Findings[n] = f
		return
	}
	outcome := Found
	if f.Confidence < r.options.MinConfidence {
		outcome = NotMentioned
	} else {
		r.report.Findings = append(r.report.Findings, f)
	}
	at, note := f.At, ""
	if outcome == NotMentioned {
		note = fmt.Sprintf("mulig fejl, for usikker til at blive meldt (%.2f): %s", f.Confidence, f.Explanation)
	}
	r.report.Checked = append(r.report.Checked, Check{Subject: subject, Outcome: outcome, At: &at, Law: f.Law, Note: note, Confidence: requirementOnly(subject, f.Confidence)})
}

// requirementOnly keeps the confidence of requirements, the only checks whose
// outcome is a matter of degree.
func requirementOnly(s Subject, confidence float64) float64 {
	if s != OfRequirement {
		return 0
	}
	return confidence
}

// sameFault tells whether a finding about the § of a reference takes the place
// of the one about its act's number, and adds that one's words.
func sameFault(number, section *Finding) bool {
	if number.Kind != Outdated || section.Kind != Outdated || number.At != section.At {
		return false
	}
	section.Explanation += " " + number.Explanation
	return true
}

func (r *run) checked(c Check) { r.report.Checked = append(r.report.Checked, c) }

// finish puts the findings in the order of the text.
func (r *run) finish() {
	order := map[string]int{}
	for i := range r.text.Sections {
		order[r.text.Sections[i].ID] = i
	}
	sort.SliceStable(r.report.Findings, func(i, j int) bool {
		a, b := r.report.Findings[i].At, r.report.Findings[j].At
		if a.Section != b.Section {
			return order[a.Section] < order[b.Section]
		}
		return a.Start < b.Start
	})
	seen := map[string]bool{}
	for _, c := range r.report.Checked {
		if c.Law != nil && c.Law.Document != "" {
			seen[c.Law.Document] = true
		}
	}
	for id := range seen {
		r.report.Against = append(r.report.Against, id)
	}
	slices.Sort(r.report.Against)
}
