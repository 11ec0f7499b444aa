package parse

import (
	"regexp"
	"strings"
	"unicode"
)

// fold turns every run of white space into one space, trims the ends and drops
// characters that are invisible and break words when they are searched for:
// soft hyphens, zero-width spaces and joiners, byte order marks, controls.
func fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
		case invisible(r):
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isFolded is the quick test that spares most text a copy.
func isFolded(s string) bool {
	before := ' '
	for _, r := range s {
		if r == ' ' && before == ' ' || r != ' ' && unicode.IsSpace(r) || invisible(r) || r == unicode.ReplacementChar {
			return false
		}
		before = r
	}
	return before != ' ' || s == ""
}

func invisible(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return true
	}
	return unicode.IsControl(r)
}

// hasText tells whether any block carries text.
func hasText(blocks []Block) bool {
	for _, b := range blocks {
		if b.Text != "" {
			return true
		}
	}
	return false
}

// firstHeading returns the text of the first heading among the first blocks,
// which serves as a title where a format has none of its own.
func firstHeading(blocks []Block) string {
	for _, b := range blocks[:min(len(blocks), 20)] {
		if b.Kind == Heading {
			return b.Text
		}
	}
	return ""
}

// tableRow renders one row of a table under its header as a single line,
// "header: cell; header: cell", so that a quoted row explains itself. Cells
// beyond the header stand alone; empty cells are left out.
func tableRow(header, cells []string) string {
	parts := make([]string, 0, len(cells))
	for i, cell := range cells {
		switch {
		case cell == "":
		case i < len(header) && header[i] != "" && header[i] != cell:
			parts = append(parts, strings.TrimSuffix(header[i], ":")+": "+cell)
		default:
			parts = append(parts, cell)
		}
	}
	if len(parts) > 1 && cellMarker.MatchString(parts[0]) {
		parts = append([]string{parts[0] + " " + parts[1]}, parts[2:]...)
	}
	return strings.Join(parts, "; ")
}

// cellMarker is a list number in a column of its own, as statutes set tariffs.
var cellMarker = regexp.MustCompile(`^(?:\d{1,3}|[a-zæøå])[.)]$`)

// tableBlocks renders a whole table; the first row is the header when headed
// says so. A table of only a header is one row.
func tableBlocks(rows [][]string, headed bool, style string) []Block {
	var header []string
	if headed && len(rows) > 1 {
		header, rows = rows[0], rows[1:]
	}
	var out []Block
	for _, cells := range rows {
		if text := tableRow(header, cells); text != "" {
			out = append(out, Block{Kind: TableRow, Text: text, Style: style})
		}
	}
	return out
}
