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

	"github.com/hjemmel/hjemmel/server/assistant/gaps"
)

// GapsOptions of a run of gap finding.
type GapsOptions struct {
	Suite    string                  // folder with guidelines/ and truth.tsv
	Check    func(text string) error // the policy, before a guideline is read
	Progress func(phase string, done, total int)
}

// Defect is a line of a suite's truth.
type Defect struct {
	File   string `json:"file"`
	Split  string `json:"split"`
	Kind   string `json:"kind"`
	Aspect string `json:"aspect"`
	Quote  string `json:"quote"`
	Law    string `json:"law,omitempty"`
	Now    string `json:"now,omitempty"`
	Found  bool   `json:"found"`
	Placed bool   `json:"placed"` // the finding names the right section of the law
}

// correct is the kind of a statement that is no defect.
const correct = "correct"

// FalseAlarm is a finding that is no planted defect.
type FalseAlarm struct {
	File    string       `json:"file"`
	Split   string       `json:"split"`
	Finding gaps.Finding `json:"finding"`
}

// GapsFigure is one figure of one split: "precision/outdated".
type GapsFigure struct {
	Split  string  `json:"split"`
	Metric string  `json:"metric"`
	Value  float64 `json:"value"`
	Of     int     `json:"of"` // how many it is a share of
}

// GapsReport is what a run gives.
type GapsReport struct {
	Suite       string       `json:"suite"`
	Guidelines  int          `json:"guidelines"`
	Figures     []GapsFigure `json:"figures"`
	Defects     []Defect     `json:"defects"`
	FalseAlarms []FalseAlarm `json:"false_alarms"`
	MS          float64      `json:"ms"` // mean time of a guideline, without the first
}

// Gaps checks a suite's guidelines and compares the findings with the truth.
func Gaps(ctx context.Context, checker *gaps.Checker, o GapsOptions) (GapsReport, error) {
	truth, err := readTruth(filepath.Join(o.Suite, "truth.tsv"))
	if err != nil {
		return GapsReport{}, err
	}
	report := GapsReport{Suite: filepath.Base(filepath.Clean(o.Suite)), Defects: truth}
	files := filesOf(truth)
	for i, file := range files {
		if o.Progress != nil {
			o.Progress("guidelines", i, len(files))
		}
		data, err := os.ReadFile(filepath.Join(o.Suite, "guidelines", file))
		if err != nil {
			return GapsReport{}, err
		}
		text, err := gaps.ReadFile(ctx, file, data, o.Check)
		if err != nil {
			return GapsReport{}, err
		}
		start := time.Now()
		found, err := checker.Check(ctx, text, gaps.Options{})
		if err != nil {
			return GapsReport{}, fmt.Errorf("%s: %w", file, err)
		}
		if i > 0 {
			report.MS += float64(time.Since(start).Microseconds()) / 1000 / float64(len(files)-1)
		}
		report.FalseAlarms = append(report.FalseAlarms, judge(found.Findings, report.Defects, file)...)
	}
	report.Guidelines = len(files)
	report.Figures = figures(&report)
	return report, nil
}

func readTruth(path string) ([]Defect, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []Defect
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		c := strings.Split(lines.Text(), "\t")
		if n == 1 || lines.Text() == "" {
			continue
		}
		if len(c) != 7 {
			return nil, fmt.Errorf("%s, line %d: %d columns, not 7", path, n, len(c))
		}
		out = append(out, Defect{File: c[0], Split: c[1], Kind: c[2], Aspect: c[3], Quote: c[4], Law: c[5], Now: c[6]})
	}
	return out, lines.Err()
}

func filesOf(truth []Defect) []string {
	var files []string
	for _, d := range truth {
		if !slices.Contains(files, d.File) {
			files = append(files, d.File)
		}
	}
	return files
}

// judge marks the defects that the findings of one file find, each finding one,
// and returns the others.
func judge(findings []gaps.Finding, truth []Defect, file string) []FalseAlarm {
	var alarms []FalseAlarm
	for _, f := range findings {
		hit, split := -1, ""
		for i := range truth {
			d := &truth[i]
			if d.File != file {
				continue
			}
			split = d.Split
			if d.Kind != string(f.Kind) || d.Aspect != string(f.Subject) || d.Found || !meets(&f, d) {
				continue
			}
			if hit < 0 || distance(&f, d) < distance(&f, &truth[hit]) {
				hit = i
			}
		}
		if hit < 0 {
			alarms = append(alarms, FalseAlarm{File: file, Split: split, Finding: f})
			continue
		}
		truth[hit].Found, truth[hit].Placed = true, placed(&f, &truth[hit])
	}
	return alarms
}

// distance tells how much the quotes of a finding and a defect differ in length.
func distance(f *gaps.Finding, d *Defect) int {
	n := len(f.At.Quote) - len(d.Quote)
	return max(n, -n)
}

// meets tells whether a finding is about a defect.
func meets(f *gaps.Finding, d *Defect) bool {
	if d.Kind == string(gaps.Missing) {
		section, part, _ := strings.Cut(d.Law, "/")
		return f.Law != nil && f.Law.Section == section && (part == "" || strings.HasSuffix(f.Law.Reference, ", "+part) || !strings.Contains(f.Law.Reference, "stk."))
	}
	quote := strings.Join(strings.Fields(f.At.Quote), " ")
	return strings.Contains(d.Quote, quote) || strings.Contains(quote, d.Quote)
}

// placed tells whether a finding names the right place of the law.
func placed(f *gaps.Finding, d *Defect) bool {
	if d.Now != "" {
		return f.Now != nil && (f.Now.Section == d.Now || f.Now.Section == "" && f.Now.Document == d.Now)
	}
	law, _, _ := strings.Cut(d.Law, "/")
	return law == "" || f.Law != nil && (f.Law.Section == law || f.Law.Document == law)
}

// aspects are what precision and recall are given of, under these names.
var aspects = []struct{ name, kind, aspect string }{
	{"outdated", "outdated", "reference"}, {"unknown_reference", "unknown_reference", "reference"}, {"figure", "contradiction", "figure"},
	{"modality", "contradiction", "modality"}, {"missing", "missing", "requirement"},
}

func figures(r *GapsReport) []GapsFigure {
	var out []GapsFigure
	for _, split := range []string{"dev", "test"} {
		for _, a := range aspects {
			planted, found, rightPlace, alarms := 0, 0, 0, 0
			for _, d := range r.Defects {
				if d.Split == split && d.Kind == a.kind && d.Aspect == a.aspect {
					planted++
					found += count(d.Found)
					rightPlace += count(d.Placed)
				}
			}
			for _, f := range r.FalseAlarms {
				alarms += count(f.Split == split && string(f.Finding.Kind) == a.kind && string(f.Finding.Subject) == a.aspect)
			}
			out = append(out, share(split, "precision/"+a.name, found, found+alarms), share(split, "recall/"+a.name, found, planted), share(split, "place/"+a.name, rightPlace, found))
		}
		disturbed, statements := 0, 0
		for _, d := range r.Defects {
			if d.Split == split && d.Kind == correct {
				statements++
				disturbed += count(slices.ContainsFunc(r.FalseAlarms, func(f FalseAlarm) bool {
					return f.File == d.File && f.Finding.Kind != gaps.Missing && meets(&f.Finding, &d)
				}))
			}
		}
		out = append(out, share(split, "correct_left_alone", statements-disturbed, statements))
	}
	return out
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func share(split, metric string, part, whole int) GapsFigure {
	f := GapsFigure{Split: split, Metric: metric, Of: whole, Value: 1}
	if whole > 0 {
		f.Value = float64(part) / float64(whole)
	}
	return f
}
