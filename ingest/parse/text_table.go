package parse

import (
	"regexp"
	"strings"
	"unicode"
)

// rowBlock renders one row of a table under its header as a single line,
// "header: cell; header: cell", so that a quoted row explains itself. Cells
// beyond the header stand alone; empty cells are left out.
func rowBlock(header, cells []string) string {
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

// tableBlocks renders a whole table. The first row is the header where the
// source says so or where it reads like one. A table of only a header is a row.
func tableBlocks(rows [][]string, headed bool, style string) []Block {
	var header []string
	var out []Block
	if len(rows) > 1 {
		switch {
		case headed && distinct(rows[0]) < 2: // a title across all columns
			return append(tableBlocks(rows[:1], false, style), tableBlocks(rows[1:], false, style)...)
		case headed, readsAsHeader(rows[0]):
			header, rows = rows[0], rows[1:]
		}
	}
	for _, cells := range rows {
		if text := rowBlock(header, cells); text != "" {
			out = append(out, Block{Kind: TableRow, Text: text, Style: style})
		}
	}
	return out
}

// distinct counts the different texts in a row.
func distinct(cells []string) int {
	seen := map[string]bool{}
	for _, c := range cells {
		if c != "" {
			seen[c] = true
		}
	}
	return len(seen)
}

// readsAsHeader tells whether a row that nothing marks as a header names its
// columns: three or more short, different texts without figures. Two columns
// are left alone, for they may as well be a form's names and values.
func readsAsHeader(cells []string) bool {
	for _, c := range cells {
		if c == "" || len(c) > 50 || strings.ContainsFunc(c, unicode.IsDigit) || strings.ContainsAny(c[len(c)-1:], ".,;") {
			return false
		}
	}
	return len(cells) >= 3 && distinct(cells) == len(cells)
}
