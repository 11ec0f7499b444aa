package parse

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

const (
	// maxRows bounds the rows of one file of tables. What is longer is a data
	// extract, not something that a caseworker reads or cites.
	maxRows = 50_000
	// maxCells bounds the cells of one file, filled or claimed by repetition.
	maxCells = 2_000_000
)

// sheet is one table file or one sheet of a workbook, its cells folded.
type sheet struct {
	name string
	rows [][]string
}

// sheetBlocks renders sheets. Each row becomes a heading, its name, and a table
// row under its header, so that a row can be found, quoted and cited by itself.
// Blank rows part tables; a row of one short cell heads the rows below it.
func sheetBlocks(sheets []sheet) []Block {
	filled := 0
	for _, s := range sheets {
		if hasCells(s.rows) {
			filled++
		}
	}
	var out []Block
	for _, s := range sheets {
		if !hasCells(s.rows) {
			continue
		}
		level := 1
		if name := fold(s.name); name != "" && (filled > 1 || !unnamedSheet.MatchString(name)) {
			out = append(out, Block{Kind: Heading, Level: 1, Text: name})
			level = 2
		}
		for start, n := 0, len(s.rows); start < n; {
			end := start
			for end < n && countFilled(s.rows[end]) > 0 {
				end++
			}
			out = append(out, tableSections(s.rows[start:end], start+1, level)...)
			start = end + 1
		}
	}
	return out
}

// unnamedSheet is what Excel and LibreOffice call a sheet until someone names it.
var unnamedSheet = regexp.MustCompile(`^(?i:ark|sheet|tabel|table) ?\d+$`)

// tableSections renders rows without a blank row between them; first is the
// number of the first row, level that of the headings over rows.
func tableSections(rows [][]string, first, level int) []Block {
	columns := 0
	for _, r := range rows {
		columns = max(columns, countFilled(r))
	}
	var out []Block
	var header []string
	begun := false // the table's own rows have begun
	headed := 0    // 1 below a row that heads others
	for i, row := range rows {
		switch n := countFilled(row); {
		case columns < 2:
			out = append(out, Block{Kind: Paragraph, Text: onlyCell(row)})
		case n == 1 && i+1 < len(rows) && !begun, n == 1 && i+1 < len(rows) && row[0] != "" && countFilled(rows[i+1]) > 1:
			text := onlyCell(row)
			if len(text) > 100 || strings.HasSuffix(text, ".") {
				out = append(out, Block{Kind: Paragraph, Text: text})
				continue
			}
			out = append(out, Block{Kind: Heading, Level: level, Text: text})
			headed = 1
		case !begun && namesColumns(rows[i:]):
			header, begun = row, true
		default:
			begun = true
			out = append(out,
				Block{Kind: Heading, Level: level + headed, Text: rowName(row, first+i)},
				Block{Kind: TableRow, Text: rowBlock(header, row)})
		}
	}
	if len(out) == 0 && header != nil {
		out = append(out, Block{Kind: TableRow, Text: rowBlock(nil, header)})
	}
	return out
}

// namesColumns tells whether the first of rows is their header: short,
// different texts, none a figure but a year. Two columns may as well be a
// form's names and values, so there the rows below must look different: longer,
// or figures.
func namesColumns(rows [][]string) bool {
	head := rows[0]
	n := countFilled(head)
	if len(rows) < 2 || n < 2 || distinct(head) < n || n+1 < countFilled(rows[1]) {
		return false
	}
	for _, c := range head {
		if len(c) > 80 || c != "" && !strings.ContainsFunc(c, unicode.IsLetter) && !yearCell.MatchString(c) {
			return false
		}
	}
	return n > 2 || differsBelow(rows)
}

var yearCell = regexp.MustCompile(`^(?:19|20)\d\d$`)

func differsBelow(rows [][]string) bool {
	for c, name := range rows[0] {
		figures, length, filled := 0, 0, 0
		for _, r := range rows[1:] {
			if c < len(r) && r[c] != "" {
				filled++
				length += len(r[c])
				if strings.ContainsFunc(r[c], unicode.IsDigit) {
					figures++
				}
			}
		}
		if filled > 0 && name != "" && (figures == filled && !strings.ContainsFunc(name, unicode.IsDigit) || length > 2*filled*len(name)) {
			return true
		}
	}
	return false
}

// rowName is how a row is called: its first short cell with a word in it, or
// its number.
func rowName(row []string, n int) string {
	for _, c := range row {
		if len(c) <= 100 && strings.ContainsFunc(c, unicode.IsLetter) {
			return c
		}
	}
	return "Række " + strconv.Itoa(n)
}

func countFilled(row []string) int {
	n := 0
	for _, c := range row {
		if c != "" {
			n++
		}
	}
	return n
}

func onlyCell(row []string) string {
	for _, c := range row {
		if c != "" {
			return c
		}
	}
	return ""
}

func hasCells(rows [][]string) bool {
	for _, r := range rows {
		if countFilled(r) > 0 {
			return true
		}
	}
	return false
}

// sheetTitle is the title that a file of tables gives itself: the short text in
// a row of its own before anything else.
func sheetTitle(sheets []sheet) string {
	for _, s := range sheets {
		for i, r := range s.rows {
			if n := countFilled(r); n == 1 && i+1 < len(s.rows) && len(onlyCell(r)) <= 100 {
				return onlyCell(r)
			} else if n > 0 {
				return ""
			}
		}
	}
	return ""
}

// sheetBudget counts what a file of tables has claimed.
type sheetBudget struct{ rows, cells int }

func (b *sheetBudget) spend(rows, cells int) error {
	b.rows += rows
	b.cells += cells
	if b.rows > maxRows || b.cells > maxCells {
		return fmt.Errorf("%w (tabeller læses op til %d rækker)", ErrTooLarge, maxRows)
	}
	return nil
}
