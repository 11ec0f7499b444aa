package parse

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Separated reads a file of comma-, semicolon- or tab-separated values (CSV,
// TSV), as Danish Excel writes them too: semicolons, decimal commas,
// windows-1252, a first line "sep=;". A list of files is not a text that anyone
// cites and is named as unsupported.
func Separated(ctx context.Context, data []byte) (*Document, error) {
	if len(data) > maxTextFile {
		return nil, ErrTooLarge
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(decodeText(data))
	separator, text := chooseSeparator(text)
	if separator == 0 {
		return plainText(ctx, strings.Split(text, "\n"))
	}
	rows, err := separatedRows(ctx, text, separator)
	if err != nil {
		return nil, err
	}
	if listsFiles(rows) {
		return nil, unsupported{"det er en fortegnelse over filer (CSV eller TSV)", "gem den som XLSX, hvis rækkerne skal kunne findes"}
	}
	sheets := []sheet{{rows: rows}}
	doc := &Document{MediaType: "text/csv", Reader: "csv", Title: sheetTitle(sheets), Blocks: sheetBlocks(sheets)}
	if separator == '\t' {
		doc.MediaType = "text/tab-separated-values"
	}
	if !hasText(doc.Blocks) {
		return nil, fmt.Errorf("csv: %w", ErrNoText)
	}
	return doc, nil
}

func separatedRows(ctx context.Context, text string, separator rune) ([][]string, error) {
	var rows [][]string
	var budget sheetBudget
	r := valuesReader(text, separator)
	for n := 0; ; n++ {
		if n%1000 == 0 && ctx.Err() != nil {
			return nil, contextError(ctx)
		}
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("csv: %w: %w", ErrDamaged, err)
		}
		if err := budget.spend(1, len(row)); err != nil {
			return nil, fmt.Errorf("csv: %w", err)
		}
		for i, cell := range row {
			row[i] = fold(cell)
		}
		rows = append(rows, row)
		if strings.HasPrefix(text[r.InputOffset():], "\n") { // the reader passes over blank lines
			rows = append(rows, nil)
		}
	}
}

func valuesReader(text string, separator rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, true, -1
	return r
}

var separatorLine = regexp.MustCompile(`^(?i:sep)=(.)\n`)

// chooseSeparator returns the separator that cuts most of the first records
// into the same number of fields, and the text without a line that names it; 0
// where none does. In doubt the rarer mark in prose wins.
func chooseSeparator(text string) (rune, string) {
	if m := separatorLine.FindStringSubmatch(text); m != nil {
		if c := []rune(m[1])[0]; c != '"' && c != '\n' && c != '\r' && c != '\ufffd' {
			return c, text[len(m[0]):]
		}
	}
	for _, separator := range []rune{'\t', ';', '|', ','} {
		counts := map[int]int{}
		records := 0
		r := valuesReader(text[:min(len(text), 1<<20)], separator)
		for records < 200 {
			row, err := r.Read()
			if err != nil {
				break
			}
			records++
			counts[len(row)]++
		}
		for fields, same := range counts {
			if fields > 1 && same*10 >= records*8 {
				return separator, text
			}
		}
	}
	return 0, text
}

var fileName = regexp.MustCompile(`(?i)^[^:;?*]*[^\s:;?*/]\.(?:md|txt|html?|xml|json|jsonl|pdf|docx?|xlsx?|pptx?|odt|ods|odp|csv|tsv|zip|eml|msg|rtf|png|jpe?g|gif|tiff?)(?:\.gz)?$`)

// listsFiles recognises an index of files (INDEX.tsv, MANIFEST.tsv): a column
// of file names, one in nearly every row.
func listsFiles(rows [][]string) bool {
	names := map[int]int{}
	filled := 0
	for _, row := range rows[min(1, len(rows)):] {
		if countFilled(row) == 0 {
			continue
		}
		filled++
		for i, c := range row[:min(len(row), 10)] {
			if fileName.MatchString(c) {
				names[i]++
			}
		}
	}
	for _, n := range names {
		if filled > 0 && n*10 >= filled*9 {
			return true
		}
	}
	return false
}
