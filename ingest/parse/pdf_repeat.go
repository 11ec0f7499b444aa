package parse

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
)

const (
	marginZone = 0.12 // share of the page's height at top and bottom where headers and footers stand
	marginRows = 4    // lines looked at in each zone
)

var digitRun = regexp.MustCompile(`\d+`)

// pageNumber is a line that is nothing but a page number.
var pageNumber = regexp.MustCompile(`(?i)^(side|page|s\.)?\s*[-–]?\s*\d{1,4}\s*[-–]?(\s*(af|of|/)\s*\d{1,4})?$`)

// dropRepeats removes headers and footers: lines at the edge of the page that
// stand at the same height on many pages with the same text but for digits, and
// page numbers.
func dropRepeats(pages [][]textLine, glyphs []pageGlyphs) {
	seen := map[string]int{}
	for i, lines := range pages {
		for key := range edgeKeys(lines, &glyphs[i]) {
			seen[key]++
		}
	}
	need := max(3, int(math.Ceil(0.3*float64(len(pages)))))
	if len(pages) == 2 {
		need = 2
	}
	for i, lines := range pages {
		drop := map[int]bool{}
		for key, at := range edgeKeys(lines, &glyphs[i]) {
			alone := pageNumber.MatchString(lines[at].text) && strings.Contains(lines[at].text, itoa(i+1))
			if seen[key] >= need || alone {
				drop[at] = true
			}
		}
		kept := lines[:0]
		for j, l := range lines {
			if !drop[j] {
				kept = append(kept, l)
			}
		}
		pages[i] = kept
	}
}

// edgeKeys names the lines near the top and bottom edge by text and height.
func edgeKeys(lines []textLine, page *pageGlyphs) map[string]int {
	var order []int
	for i, l := range lines {
		if l.dir == 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lines[a].y, lines[b].y) })
	keys := map[string]int{}
	for n, i := range order {
		top := n < marginRows && lines[i].y < marginZone*page.height
		bottom := len(order)-n <= marginRows && lines[i].y > (1-marginZone)*page.height
		if top || bottom {
			keys[itoa(int(math.Round(lines[i].y/4)))+" "+digitRun.ReplaceAllString(lines[i].text, "#")] = i
		}
	}
	return keys
}
