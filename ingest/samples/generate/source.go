package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// notice is written into the metadata of every generated document.
const notice = "Eksempel – fiktiv kommune"

// author stands in the metadata and on every page.
const author = "Lindevig Kommune (fiktiv)"

type blockKind int

const (
	paragraph blockKind = iota
	heading             // level 1 to 3
	bullets             // items
	numbered            // items
	table               // rows; the first is the header
)

type block struct {
	kind  blockKind
	level int
	text  string
	items []string
	rows  [][]string
}

type document struct {
	title  string
	issued time.Time
	blocks []block
}

var numberedItem = regexp.MustCompile(`^\d+\. `)

// parseSource reads front matter (title, issued) and the few Markdown blocks
// that the sources use, each separated by an empty line.
func parseSource(src string) (*document, error) {
	parts := strings.SplitN(src, "---\n", 3)
	if len(parts) != 3 || parts[0] != "" {
		return nil, fmt.Errorf("no front matter")
	}
	doc := &document{}
	for line := range strings.Lines(parts[1]) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "title":
			doc.title = value
		case "issued":
			issued, err := time.Parse(time.DateOnly, value)
			if err != nil {
				return nil, fmt.Errorf("reading issued: %w", err)
			}
			doc.issued = issued
		default:
			return nil, fmt.Errorf("unknown front matter key %q", key)
		}
	}
	for _, chunk := range strings.Split(strings.TrimSpace(parts[2]), "\n\n") {
		doc.blocks = append(doc.blocks, parseBlock(strings.Split(strings.TrimSpace(chunk), "\n")))
	}
	if doc.title == "" || doc.issued.IsZero() {
		return nil, fmt.Errorf("front matter needs title and issued")
	}
	return doc, nil
}

func parseBlock(lines []string) block {
	first := lines[0]
	switch {
	case strings.HasPrefix(first, "#"):
		text := strings.TrimLeft(first, "#")
		return block{kind: heading, level: len(first) - len(text), text: strings.TrimSpace(text)}
	case strings.HasPrefix(first, "- "):
		return block{kind: bullets, items: stripMarkers(lines)}
	case numberedItem.MatchString(first):
		return block{kind: numbered, items: stripMarkers(lines)}
	case strings.HasPrefix(first, "|"):
		return block{kind: table, rows: parseRows(lines)}
	}
	return block{kind: paragraph, text: strings.Join(lines, " ")}
}

// stripMarkers cuts "- " and "1. " off the lines of a list, one item a line.
func stripMarkers(lines []string) []string {
	items := make([]string, len(lines))
	for i, line := range lines {
		_, items[i], _ = strings.Cut(line, " ")
	}
	return items
}

// parseRows splits table lines at the bars and leaves out the line of dashes
// below the header.
func parseRows(lines []string) [][]string {
	var rows [][]string
	for i, line := range lines {
		if i == 1 {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for c := range cells {
			cells[c] = strings.TrimSpace(cells[c])
		}
		rows = append(rows, cells)
	}
	return rows
}
