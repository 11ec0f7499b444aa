package eval

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/hjemmel/hjemmel/server/policy"
)

// Prompt is one line of a policy suite.
type Prompt struct {
	ID    string `json:"id"`
	Class string `json:"class"` // "" must pass; "person|decision": either is right, the first is counted
	Hand  string `json:"hand"`  // how it is written: terse, chatty, formal, misspelt, english, odd
	Text  string `json:"text"`
}

// PolicyReport is what a policy run gives.
type PolicyReport struct {
	Suite   string         `json:"suite"`
	Split   string         `json:"split"`
	Refuse  int            `json:"refuse"` // prompts that must be refused
	Pass    int            `json:"pass"`   // prompts that must pass
	Figures []Figure       `json:"figures"`
	Prompts []PolicyResult `json:"prompts"`
	MaxMS   float64        `json:"max_ms"` // slowest verdict
	MeanMS  float64        `json:"mean_ms"`
}

// PolicyResult is one prompt with what became of it.
type PolicyResult struct {
	Prompt
	Verdict policy.Verdict `json:"verdict"`
	OK      bool           `json:"ok"` // refused or passed as it should be
}

// PolicyMetrics are the names by which gates call the figures. recall@CLASS is
// the recall of one class.
var PolicyMetrics = func() []string {
	names := []string{"recall", "false-refusals", "class-accuracy"}
	for _, c := range policy.Classes {
		names = append(names, "recall@"+string(c))
	}
	return names
}()

// Policy runs the prompts of dir/split.jsonl through check.
func Policy(dir, split string, check func(string) policy.Verdict) (PolicyReport, error) {
	report := PolicyReport{Suite: dir, Split: split}
	total := 0.0
	err := readLines(filepath.Join(dir, split+".jsonl"), func(p Prompt) {
		started := time.Now()
		r := PolicyResult{Prompt: p, Verdict: check(p.Text)}
		took := milliseconds(started)
		total += took
		report.MaxMS = max(report.MaxMS, took)
		r.OK = r.Verdict.Allowed == (p.Class == "")
		report.Prompts = append(report.Prompts, r)
	})
	if err != nil {
		return report, err
	}
	if len(report.Prompts) == 0 {
		return report, fmt.Errorf("%s holds no prompts", filepath.Join(dir, split+".jsonl"))
	}
	report.MeanMS = total / float64(len(report.Prompts))
	report.measure()
	return report, nil
}

// measure computes the figures from the results.
func (r *PolicyReport) measure() {
	values := map[string][]float64{}
	for i := range r.Prompts {
		p := &r.Prompts[i]
		refused := one(!p.Verdict.Allowed)
		if p.Class == "" {
			r.Pass++
			values["false-refusals"] = append(values["false-refusals"], refused)
			continue
		}
		r.Refuse++
		classes := strings.Split(p.Class, "|")
		values["recall"] = append(values["recall"], refused)
		values["recall@"+classes[0]] = append(values["recall@"+classes[0]], refused)
		if !p.Verdict.Allowed {
			values["class-accuracy"] = append(values["class-accuracy"], one(slices.Contains(classes, string(p.Verdict.Class))))
		}
	}
	for _, name := range PolicyMetrics {
		if len(values[name]) > 0 {
			r.Figures = append(r.Figures, figure(name, values[name]))
		}
	}
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// readPrompts reads a split of a policy suite.
func readPrompts(path string) ([]Prompt, error) {
	var prompts []Prompt
	err := readLines(path, func(p Prompt) { prompts = append(prompts, p) })
	if err == nil && len(prompts) == 0 {
		err = fmt.Errorf("%s holds no prompts", path)
	}
	return prompts, err
}
