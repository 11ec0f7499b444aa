package eval

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

//go:embed templates
var templateFiles embed.FS

// pages are self-contained: no script, no font and no picture is fetched.
var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"number": number, "signed": func(v float64) string {
		if v > 0 {
			return "+" + number(v)
		}
		return number(v)
	},
	"pairs": func(m map[string]string) []setting {
		var out []setting
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if m[k] != "" {
				out = append(out, setting{k, m[k]})
			}
		}
		return out
	},
	"cell": func(g Group, metric string) string {
		if v, ok := g.Values[metric]; ok {
			return number(v)
		}
		return "–"
	},
	"verdict": verdict, "lang": danish.DetectLanguage, "chance": func(p float64) string {
		if p < 0.001 {
			return "< 0.001"
		}
		return number(p)
	},
}).ParseFS(templateFiles, "templates/*.gohtml"))

type setting struct{ Name, Value string }

// number prints shares with three places and larger figures with one.
func number(v float64) string {
	if v > 1 || v < -1 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// verdict words a difference for a reader who does not know p values.
func verdict(d Difference) string {
	better := d.Change > 0 != LowerIsBetter(d.Metric)
	switch {
	case d.Wins+d.Losses == 0:
		return "equal"
	case d.P >= 0.05:
		return "may be chance"
	case better:
		return "better"
	}
	return "worse"
}

// share tells whether a figure lies between 0 and 1 by nature.
func share(f Figure) bool { return !LowerIsBetter(f.Metric) || f.Metric == "wrongly-refused" }

// main is the metric whose values the histogram shows.
func (r *Run) main() string {
	if r.Kind == AnswersRun {
		return "recall"
	}
	return r.Figures[0].Metric
}

// WriteReport writes a run as one self-contained HTML page.
func WriteReport(w io.Writer, r *Run) error {
	var values []float64
	var shares intervals
	for i := range r.Items {
		if v, ok := r.Items[i].Values[r.main()]; ok {
			values = append(values, v)
		}
	}
	for _, f := range r.Figures {
		if share(f) {
			shares = append(shares, f)
		}
	}
	return pages.ExecuteTemplate(w, "report", map[string]any{
		"Run": r, "Shares": shares, "Histogram": newHistogram(r.main()+" of each item", values), "Failures": r.Failures(),
		"Groups": r.Groups(), "GroupMetrics": GroupMetrics,
		"Made": r.Made.Format("2006-01-02 15:04 MST"),
	})
}

// WriteComparison writes two runs side by side as one self-contained HTML page.
func WriteComparison(w io.Writer, c *Comparison) error {
	first := c.Leading()
	outcome := histogram{Title: first.Metric + ": items that B does better, worse, and alike", Bars: []bar{{"better", first.Wins}, {"worse", first.Losses}, {"alike", first.Ties}}}
	return pages.ExecuteTemplate(w, "comparison", map[string]any{"C": c, "First": first.Metric, "Outcome": outcome})
}
