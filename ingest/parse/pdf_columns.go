package parse

import (
	"math"
	"slices"
	"sort"
	"unicode/utf8"
)

// columns orders the segments of a page: areas side by side that are columns
// of prose come one after the other, everything else stays in rows. Columns
// are cut off from the left, so three columns take two cuts.
func columns(segments []segment, depth int) [][]segment {
	if depth > 3 || len(segments) < 8 {
		return [][]segment{segments}
	}
	sort.SliceStable(segments, func(i, j int) bool { return segments[i].y < segments[j].y })
	for _, cut := range gutters(segments) {
		areas, found := cutColumns(segments, cut)
		if !found {
			continue
		}
		var out [][]segment
		for _, a := range areas {
			out = append(out, columns(a, depth+1)...)
		}
		return out
	}
	return [][]segment{segments}
}

// gutters returns the x at which many segments begin, away from the left edge,
// the most common first.
func gutters(segments []segment) []float64 {
	left, right := math.Inf(1), math.Inf(-1)
	for _, s := range segments {
		left, right = min(left, s.x0), max(right, s.x1)
	}
	starts := map[int]int{}
	for _, s := range segments {
		if s.x0 > left+(right-left)/5 {
			starts[int(s.x0/3)]++
		}
	}
	var bins []int
	for bin, n := range starts {
		if n+starts[bin+1] >= 4 {
			bins = append(bins, bin)
		}
	}
	sort.Slice(bins, func(i, j int) bool {
		if starts[bins[i]] != starts[bins[j]] {
			return starts[bins[i]] > starts[bins[j]]
		}
		return bins[i] < bins[j]
	})
	var out []float64
	for _, bin := range bins[:min(4, len(bins))] {
		out = append(out, float64(bin)*3-2)
	}
	return out
}

// cutColumns cuts at x. Segments that cross x end a band; a band whose two
// sides both look like prose is read side by side.
func cutColumns(segments []segment, x float64) (areas [][]segment, found bool) {
	var flow, left, right []segment
	flush := func() {
		if isProse(left) && isProse(right) {
			if len(flow) > 0 {
				areas = append(areas, flow)
			}
			areas = append(areas, left, right)
			flow, found = nil, true
		} else {
			flow = append(append(flow, left...), right...)
		}
		left, right = nil, nil
	}
	for _, s := range segments {
		switch {
		case s.x1 <= x:
			left = append(left, s)
		case s.x0 >= x:
			right = append(right, s)
		default:
			flush()
			flow = append(flow, s)
		}
	}
	flush()
	if len(flow) > 0 {
		areas = append(areas, flow)
	}
	return areas, found
}

// isProse tells whether segments are lines of running text: several, long, and
// most of them reaching the right edge.
func isProse(segments []segment) bool {
	if len(segments) < 4 {
		return false
	}
	left, right, letters, full := math.Inf(1), math.Inf(-1), 0, 0
	for _, s := range segments {
		left, right = min(left, s.x0), max(right, s.x1)
		letters += utf8.RuneCountInString(s.text)
	}
	for _, s := range segments {
		if s.x1 > right-0.15*(right-left) {
			full++
		}
	}
	return letters/len(segments) >= 18 && 2*full >= len(segments)
}

// regionLines joins the segments of one area into lines.
func regionLines(segments []segment, page int) []textLine {
	if len(segments) == 0 {
		return nil
	}
	region := &textRegion{left: math.Inf(1), right: math.Inf(-1)}
	for _, s := range segments {
		region.left, region.right = min(region.left, s.x0), max(region.right, s.x1)
	}
	sort.SliceStable(segments, func(i, j int) bool { return segments[i].y < segments[j].y })
	var lines []textLine
	for _, s := range segments {
		if n := len(lines); n > 0 && s.y-lines[n-1].y <= rowShift*min(s.size, lines[n-1].size) {
			lines[n-1].parts = append(lines[n-1].parts, s)
			continue
		}
		lines = append(lines, textLine{segment: s, parts: []segment{s}, page: page, region: region})
	}
	for i := range lines {
		lines[i].join()
	}
	return lines
}

// join sets the line's own segment from its parts.
func (l *textLine) join() {
	slices.SortStableFunc(l.parts, func(a, b segment) int {
		switch {
		case a.x0 < b.x0:
			return -1
		case a.x0 > b.x0:
			return 1
		}
		return 0
	})
	whole := l.parts[0]
	for _, p := range l.parts[1:] {
		whole.text += " " + p.text
		whole.x1 = max(whole.x1, p.x1)
		whole.size = max(whole.size, p.size)
		whole.bold, whole.italic = whole.bold && p.bold, whole.italic && p.italic
	}
	l.segment = whole
}
