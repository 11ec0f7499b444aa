package parse

import "strings"

// table reads a table if line is a header and the next line its delimiter.
func (r *mdReader) table(line string) bool {
	if !strings.Contains(line, "|") || r.at >= len(r.lines) || !mdDelimiter.MatchString(strings.TrimSpace(r.lines[r.at])) {
		return false
	}
	header := tableCells(line)
	if len(header) != len(tableCells(strings.TrimSpace(r.lines[r.at]))) {
		return false
	}
	rows := [][]string{header}
	for r.at++; r.at < len(r.lines); r.at++ {
		row := strings.TrimSpace(r.lines[r.at])
		if !strings.Contains(row, "|") {
			break
		}
		rows = append(rows, tableCells(row))
	}
	r.blocks = append(r.blocks, tableBlocks(rows, true, "")...)
	return true
}

// tableCells splits a row at its unescaped bars and strips inline markup.
func tableCells(row string) []string {
	row = strings.ReplaceAll(row, `\|`, "\x00")
	row = strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|")
	cells := strings.Split(row, "|")
	for i, cell := range cells {
		cells[i], _ = inlineText(strings.ReplaceAll(strings.TrimSpace(cell), "\x00", "|"))
	}
	return cells
}
