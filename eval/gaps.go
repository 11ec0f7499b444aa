package eval

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/ingest"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

// GapsOptions of a run of gap finding.
type GapsOptions struct {
	Suite    string                  // folder with guidelines/ and truth.tsv
	Split    string                  // dev or test
	Check    func(text string) error // the policy, before a guideline is read
	Progress func(phase string, done, total int)
}

// GapsRun is the kind of run that measures gap finding.
const GapsRun Kind = "gaps"

// aspects are what precision and recall are given of, under these names.
var aspects = []struct{ name, kind, aspect string }{
	{"outdated", "outdated", "reference"}, {"unknown-reference", "unknown_reference", "reference"}, {"figure", "contradiction", "figure"},
	{"modality", "contradiction", "modality"}, {"missing", "missing", "requirement"},
}

// GapsMetrics are the names of the figures of a run: precision and recall of
// each kind of finding, the share of found defects whose place in the law is
// right, and the share of correct statements that no finding touches.
var GapsMetrics = func() []string {
	var names []string
	for _, a := range aspects {
		names = append(names, "precision/"+a.name, "recall/"+a.name, "place/"+a.name)
	}
	return append(names, "correct-left-alone")
}()

// defect is a line of a suite's truth.
type defect struct {
	file, split, kind, aspect, quote, law, now string

	line  int
	found *gaps.Finding
}

// correct is the kind of a statement that is no defect.
const correct = "correct"

// Gaps checks the guidelines of a split against the law of a collection and
// compares the findings with the planted defects: an item a defect, a correct
// statement or a false alarm.
func Gaps(ctx context.Context, checker *gaps.Checker, collection documents, o GapsOptions) (*Run, error) {
	truth, err := readTruth(filepath.Join(o.Suite, "truth.tsv"), o.Split)
	if err != nil {
		return nil, err
	}
	run := &Run{Kind: GapsRun, Suite: filepath.Base(filepath.Clean(o.Suite)), Split: o.Split, Made: time.Now().UTC(), Versions: versions(), Config: map[string]string{}}
	if run.Collection, err = fingerprint(ctx, collection); err != nil {
		return nil, err
	}
	files := filesOf(truth)
	for i, file := range files {
		if o.Progress != nil {
			o.Progress("guidelines", i, len(files))
		}
		items, err := checkGuideline(ctx, checker, o, file, truth)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		run.Items = append(run.Items, items...)
	}
	run.summarise(GapsMetrics)
	return run, nil
}

func checkGuideline(ctx context.Context, checker *gaps.Checker, o GapsOptions, file string, truth []defect) ([]Item, error) {
	data, err := os.ReadFile(filepath.Join(o.Suite, "guidelines", file))
	if err != nil {
		return nil, err
	}
	draft, err := ingest.Draft(ctx, file, data, o.Check)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	report, err := checker.Check(ctx, gaps.OfDraft(file, draft), gaps.Options{AsOf: corpus.Today()})
	if err != nil {
		return nil, err
	}
	took := milliseconds(start)
	alarms := judgeFindings(report.Findings, truth, file)
	var items []Item
	for i := range truth {
		if truth[i].file == file {
			items = append(items, truth[i].item(alarms, took))
		}
	}
	for i := range alarms {
		items = append(items, falseAlarm(file, i, &alarms[i], took))
	}
	return items, nil
}

func readTruth(path, split string) ([]defect, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []defect
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		c := strings.Split(lines.Text(), "\t")
		if n == 1 || lines.Text() == "" {
			continue
		}
		if len(c) != 7 {
			return nil, fmt.Errorf("%s, line %d: %d columns, not 7", path, n, len(c))
		}
		if c[1] == split {
			out = append(out, defect{file: c[0], split: c[1], kind: c[2], aspect: c[3], quote: c[4], law: c[5], now: c[6], line: n})
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no lines of the split %q: use dev or test", path, split)
	}
	return out, nil
}

func filesOf(truth []defect) []string {
	var files []string
	for i := range truth {
		if !slices.Contains(files, truth[i].file) {
			files = append(files, truth[i].file)
		}
	}
	return files
}

// judgeFindings gives each defect of a file the finding that is about it, and
// returns the findings that are about none.
func judgeFindings(findings []gaps.Finding, truth []defect, file string) []gaps.Finding {
	var alarms []gaps.Finding
	for i := range findings {
		f := &findings[i]
		hit := -1
		for j := range truth {
			d := &truth[j]
			if d.file == file && d.kind == string(f.Kind) && d.aspect == string(f.Subject) && d.found == nil && d.meets(f) &&
				(hit < 0 || d.distance(f) < truth[hit].distance(f)) {
				hit = j
			}
		}
		if hit < 0 {
			alarms = append(alarms, *f)
		} else {
			truth[hit].found = f
		}
	}
	return alarms
}

// distance tells how much the quotes of a finding and a defect differ in length.
func (d *defect) distance(f *gaps.Finding) int {
	n := len(f.At.Quote) - len(d.quote)
	return max(n, -n)
}

// meets tells whether a finding is about a defect.
func (d *defect) meets(f *gaps.Finding) bool {
	if d.kind == string(gaps.Missing) {
		section, part, _ := strings.Cut(d.law, "/")
		return f.Law != nil && f.Law.Section == section && (part == "" || strings.HasSuffix(f.Law.Reference, ", "+part) || !strings.Contains(f.Law.Reference, "stk."))
	}
	quote := strings.Join(strings.Fields(f.At.Quote), " ")
	return strings.Contains(d.quote, quote) || strings.Contains(quote, d.quote)
}

// placed tells whether the finding names the right place of the law.
func (d *defect) placed() bool {
	if d.now != "" {
		return d.found.Now != nil && (d.found.Now.Section == d.now || d.found.Now.Section == "" && d.found.Now.Document == d.now)
	}
	law, _, _ := strings.Cut(d.law, "/")
	return law == "" || d.found.Law != nil && (d.found.Law.Section == law || d.found.Law.Document == law)
}

// item is the defect, or the correct statement, with what became of it.
func (d *defect) item(alarms []gaps.Finding, took float64) Item {
	item := Item{ID: fmt.Sprintf("%s:%d", d.file, d.line), Question: d.quote, Hand: d.kind, MS: took, Values: map[string]float64{}}
	if d.law != "" {
		item.Expected = []Place{{Section: d.law}}
	}
	if d.kind == correct {
		touched := slices.ContainsFunc(alarms, func(f gaps.Finding) bool { return f.Kind != gaps.Missing && d.meets(&f) })
		item.Values["correct-left-alone"] = 1 - one(touched)
		return item
	}
	name := aspectName(d.kind, d.aspect)
	item.Values["recall/"+name] = one(d.found != nil)
	if d.found == nil {
		item.Failure = "missed"
		return item
	}
	item.Values["precision/"+name], item.Values["place/"+name] = 1, one(d.placed())
	item.Answer = d.found.Explanation
	if !d.placed() {
		item.Failure = "wrong place of the law"
	}
	return item
}

func aspectName(kind, aspect string) string {
	for _, a := range aspects {
		if a.kind == kind && a.aspect == aspect {
			return a.name
		}
	}
	return kind
}

func falseAlarm(file string, n int, f *gaps.Finding, took float64) Item {
	return Item{
		ID: fmt.Sprintf("%s!%d", file, n+1), Question: f.At.Quote, Hand: string(f.Kind), MS: took, Answer: f.Explanation, Failure: "false alarm",
		Values: map[string]float64{"precision/" + aspectName(string(f.Kind), string(f.Subject)): 0},
	}
}
