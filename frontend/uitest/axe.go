package uitest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Axe checks pages against the rules of axe-core.
type Axe struct{ script string }

// NewAxe reads axe-core from frontend/node_modules. The test is skipped where
// it is not installed.
func NewAxe(tb testing.TB) *Axe {
	tb.Helper()
	_, here, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(here), "..", "node_modules", "axe-core", "axe.min.js")
	script, err := os.ReadFile(path)
	if err != nil {
		tb.Skip("axe-core is not installed: run `npm ci` in frontend/ to check accessibility")
	}
	return &Axe{string(script)}
}

// Finding is one rule that a page breaks.
type Finding struct {
	Rule   string   `json:"rule"`
	Impact string   `json:"impact"` // minor, moderate, serious, critical
	Help   string   `json:"help"`
	Nodes  []string `json:"nodes"` // what breaks it, as axe describes it
}

// String gives a finding on one line for each node.
func (f Finding) String() string {
	return fmt.Sprintf("%s (%s): %s\n\t%s", f.Rule, f.Impact, f.Help, strings.Join(f.Nodes, "\n\t"))
}

// Check runs the rules of WCAG 2.0–2.2 A and AA and axe's best practices on
// the page as it stands. The tab must have been opened with BypassCSP.
func (a *Axe) Check(ctx context.Context) ([]Finding, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*stepTimeout)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void](a.script+"; undefined")(ctx, t)
		return err
	})); err != nil {
		return nil, fmt.Errorf("loading axe-core: %w", err)
	}
	return chromedp.Run(ctx, chromedp.Evaluate[[]Finding](`axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		resultTypes: ["violations"],
	}).then((result) => result.violations.map((violation) => ({
		rule: violation.id,
		impact: violation.impact,
		help: violation.help,
		nodes: violation.nodes.map((node) => node.html.slice(0, 200) + " :: " + node.failureSummary.replace(/\s+/g, " ")),
	})))`, chromedp.EvalAwaitPromise))
}
