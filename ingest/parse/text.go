package parse

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text reads plain text. Blank lines part paragraphs; a text without them is
// taken line by line. Headings are guessed only where the signs are plain:
// a numbered or capital line that stands alone, or one underlined.
func Text(ctx context.Context, data []byte) (*Document, error) {
	if len(data) > maxTextFile {
		return nil, ErrTooLarge
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n\n").Replace(decodeText(data)), "\n")
	if isSeparatedTable(lines) {
		return Separated(ctx, data)
	}
	return plainText(ctx, lines)
}

// plainText reads the lines of a text without markup.
func plainText(ctx context.Context, lines []string) (*Document, error) {
	r := textReader{lines: lines, wraps: wraps(lines)}
	for n := 0; r.at < len(r.lines); n++ {
		if n%1000 == 0 && ctx.Err() != nil {
			return nil, contextError(ctx)
		}
		r.step()
	}
	r.flush()
	if !hasText(r.blocks) {
		return nil, fmt.Errorf("text: %w", ErrNoText)
	}
	return &Document{MediaType: "text/plain", Reader: "text", Title: firstHeading(r.blocks), Blocks: r.blocks}, nil
}

type textReader struct {
	lines  []string
	at     int
	wraps  bool // paragraphs go on over line breaks
	open   []string
	kind   BlockKind
	level  int
	blocks []Block
}

var (
	textBullet  = regexp.MustCompile(`^[-*•–·o] +(.*)$`)
	textNumber  = regexp.MustCompile(`^(?:\d{1,3}|[a-zæøå])[.)] +\S`)
	textHeading = regexp.MustCompile(`^\d{1,2}(?:\.\d{1,2})*\.? +\p{Lu}`)
)

// wraps tells whether lines are broken at a column, so that a paragraph goes on
// to the next line: most lines that another follows directly are nearly as long
// as the longest. Otherwise each line is a paragraph.
func wraps(lines []string) bool {
	longest, full, all := 0, 0, 0
	for _, l := range lines {
		longest = max(longest, utf8.RuneCountInString(strings.TrimSpace(l)))
	}
	if longest < 40 || longest > 120 {
		return false
	}
	for i, l := range lines[:len(lines)-1] {
		next := strings.TrimSpace(lines[i+1])
		if strings.TrimSpace(l) == "" || next == "" || isUnderline(next) || textBullet.MatchString(next) || textNumber.MatchString(next) {
			continue
		}
		all++
		if utf8.RuneCountInString(strings.TrimSpace(l)) >= longest*7/10 {
			full++
		}
	}
	return full*2 > all
}

func (r *textReader) step() {
	line := r.lines[r.at]
	r.at++
	indent, trimmed := indentation(line)
	switch {
	case trimmed == "":
		r.flush()
	case isUnderline(trimmed) && len(trimmed) > 2:
		r.underline()
	case len(r.open) == 0 && r.heads(trimmed):
		r.emit(Heading, textLevel(trimmed), trimmed)
	case textBullet.MatchString(trimmed) && (len(r.open) == 0 || r.kind == ListItem || strings.HasSuffix(r.open[len(r.open)-1], ":")):
		r.start(ListItem, 1+indent/4, "• "+textBullet.FindStringSubmatch(trimmed)[1])
	case textNumber.MatchString(trimmed) && (len(r.open) == 0 || r.kind == ListItem || strings.HasSuffix(r.open[len(r.open)-1], ":")):
		r.start(ListItem, 1+indent/4, trimmed)
	case mdProvision.MatchString(trimmed):
		r.start(Paragraph, 0, trimmed)
	case len(r.open) > 0 && (r.wraps || r.kind == ListItem && indent > 0):
		r.open = append(r.open, trimmed)
	default:
		r.start(Paragraph, 0, trimmed)
	}
}

func (r *textReader) start(kind BlockKind, level int, text string) {
	r.flush()
	r.kind, r.level, r.open = kind, level, []string{text}
}

func (r *textReader) flush() {
	r.emit(r.kind, r.level, strings.Join(r.open, " "))
	r.open = nil
}

func (r *textReader) emit(kind BlockKind, level int, text string) {
	if text = fold(text); text != "" {
		r.blocks = append(r.blocks, Block{Kind: kind, Level: level, Text: text})
	}
}

// underline makes a heading of the one short line above "=====" or "-----".
func (r *textReader) underline() {
	if len(r.open) == 1 && r.kind == Paragraph && len(r.open[0]) <= 100 {
		r.emit(Heading, 1, r.open[0])
		r.open = nil
		return
	}
	r.flush()
}

// heads tells whether a line that stands between blank lines is a heading:
// numbered like one, or all in capitals; short, and no sentence.
func (r *textReader) heads(line string) bool {
	alone := r.at >= len(r.lines) || strings.TrimSpace(r.lines[r.at]) == ""
	if !alone || len(line) > 90 || strings.ContainsAny(line[len(line)-1:], ".,;:!?") {
		return false
	}
	return textHeading.MatchString(line) || capitals(line)
}

func capitals(line string) bool {
	letters := 0
	for _, c := range line {
		if unicode.IsLower(c) {
			return false
		}
		if unicode.IsUpper(c) {
			letters++
		}
	}
	return letters >= 4
}

// textLevel is a heading's level by its number: "3" is 1, "3.2" is 2.
func textLevel(line string) int {
	number, _, _ := strings.Cut(line, " ")
	if number[0] < '0' || number[0] > '9' {
		return 1
	}
	return 1 + strings.Count(strings.TrimSuffix(number, "."), ".")
}
