package eval

import (
	"fmt"
	"html/template"
	"strings"
)

// bins of a histogram from 0 to 1; the last one holds 1 itself.
const bins = 10

// histogram counts values from 0 to 1.
type histogram struct {
	Title string
	Bars  []bar
}

type bar struct {
	Label string // "0.3–0.4"
	N     int
}

func newHistogram(title string, values []float64) histogram {
	h := histogram{Title: title}
	for i := range bins {
		h.Bars = append(h.Bars, bar{Label: fmt.Sprintf("%.1f–%.1f", float64(i)/bins, float64(i+1)/bins)})
	}
	for _, v := range values {
		h.Bars[min(bins-1, max(0, int(v*bins)))].N++
	}
	return h
}

// Sizes of the charts, in the user units of their viewBox.
const (
	chartWidth  = 600
	chartHeight = 220
	chartFoot   = 24 // for the labels below the bars
	chartHead   = 18 // for the counts above them
)

// SVG draws the histogram. Colours come from the page's style, so that dark
// mode holds; the same figures stand in a table beside it.
func (h histogram) SVG() template.HTML {
	most := 1
	for _, b := range h.Bars {
		most = max(most, b.N)
	}
	step := float64(chartWidth) / float64(len(h.Bars))
	var s strings.Builder
	fmt.Fprintf(&s, `<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, chartWidth, chartHeight, template.HTMLEscapeString(h.Title))
	for i, b := range h.Bars {
		height := float64(b.N) / float64(most) * (chartHeight - chartFoot - chartHead)
		x, y := float64(i)*step, float64(chartHeight-chartFoot)-height
		fmt.Fprintf(&s, `<rect class="bar" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, x+3, y, step-6, height)
		fmt.Fprintf(&s, `<text x="%.1f" y="%.1f">%d</text>`, x+step/2, y-4, b.N)
		fmt.Fprintf(&s, `<text x="%.1f" y="%d">%s</text>`, x+step/2, chartHeight-6, b.Label)
	}
	s.WriteString(`</svg>`)
	return template.HTML(s.String()) // numbers and escaped text only
}

// intervals draws each share with its confidence interval on a line from 0 to 1.
type intervals []Figure

const (
	lineHeight = 26
	labelWidth = 150
)

// SVG draws the intervals.
func (list intervals) SVG() template.HTML {
	var s strings.Builder
	fmt.Fprintf(&s, `<svg viewBox="0 0 %d %d" role="img" aria-label="Figures with their 95 %% intervals">`, chartWidth, lineHeight*len(list)+chartFoot)
	at := func(v float64) float64 { return labelWidth + v*(chartWidth-labelWidth-20) }
	foot := lineHeight*len(list) + 4
	for _, tick := range []float64{0, 0.25, 0.5, 0.75, 1} {
		fmt.Fprintf(&s, `<line class="grid" x1="%.1f" x2="%.1f" y1="0" y2="%d"/>`, at(tick), at(tick), foot)
		fmt.Fprintf(&s, `<text x="%.1f" y="%d">%.2g</text>`, at(tick), foot+14, tick)
	}
	for i, f := range list {
		y := i*lineHeight + lineHeight/2
		fmt.Fprintf(&s, `<text class="name" x="0" y="%d">%s</text>`, y+4, template.HTMLEscapeString(f.Metric))
		fmt.Fprintf(&s, `<line class="interval" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`, at(f.Low), at(f.High), y, y)
		fmt.Fprintf(&s, `<circle class="mean" cx="%.1f" cy="%d" r="5"/>`, at(f.Mean), y)
	}
	s.WriteString(`</svg>`)
	return template.HTML(s.String()) // numbers and escaped text only
}
