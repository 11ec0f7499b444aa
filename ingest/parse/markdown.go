package parse

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// Markdown reads Markdown with YAML front matter. Block structure is read line
// by line, because list markers are part of a statute's text ("2) …" after
// "(Ophævet)" must stay 2), and a line that begins with "§ 5." or "Stk. 2."
// begins a paragraph; inline markup follows CommonMark.
func Markdown(ctx context.Context, data []byte) (*Document, error) {
	if len(data) > maxTextFile {
		return nil, ErrTooLarge
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(decodeText(data)), "\n")
	meta, body := frontMatter(lines)
	r := mdReader{lines: body, lastClose: lastComment(body)}
	for r.at < len(r.lines) {
		if ctx.Err() != nil {
			return nil, contextError(ctx)
		}
		r.step()
	}
	r.flush()
	if !hasText(r.blocks) {
		return nil, fmt.Errorf("markdown: %w", ErrNoText)
	}
	title := meta["title"]
	if title == "" {
		title = firstHeading(r.blocks)
	}
	return &Document{MediaType: "text/markdown", Reader: "markdown", Title: title, Meta: meta, Blocks: r.blocks}, nil
}

var (
	mdFence     = regexp.MustCompile("^(`{3,}|~{3,})")
	mdHeading   = regexp.MustCompile(`^(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#*)?$`)
	mdRule      = regexp.MustCompile(`^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$`)
	mdBullet    = regexp.MustCompile(`^[-*+•][ \t]+(.*)$`)
	mdNumber    = regexp.MustCompile(`^(\d{1,3}[.)])[ \t]+(.*)$`)
	mdLetter    = regexp.MustCompile(`^([a-zæøå]{1,2}\))[ \t]+(.*)$`)
	mdDelimiter = regexp.MustCompile(`^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$`)
	mdFootnote  = regexp.MustCompile(`^\[\^([^\]]+)\]:[ \t]*(.*)$`)
	mdLinkRef   = regexp.MustCompile(`^\[[^\]]+\]:[ \t]*\S+`)
	mdTemplate  = regexp.MustCompile(`\{%.*?%\}|\{:.*?\}`) // Jekyll and kramdown, common in published manuals
	mdHTMLBlock = regexp.MustCompile(`(?i)^</?(?:table|div|p|ul|ol|dl|details|section|figure|blockquote|pre|center|h[1-6])\b`)
	mdProvision = regexp.MustCompile(`^(?:§ ?§? ?\d+[^.]{0,12}\. *(?:[A-ZÆØÅ(»]|$)|Stk\. ?\d+(?:-\d+)?\.(?: |$))`)
)

// mdReader turns lines into blocks. The open block collects the lines of one
// paragraph or list item until something ends it.
type mdReader struct {
	lines  []string
	at     int
	blocks []Block

	lastClose int // line of the last "-->"

	open   Block
	text   []string // lines of the open block
	marker string   // of the open list item
	lists  []int    // indents of the list items around the current line
}

func (r *mdReader) step() {
	line := r.comment(r.lines[r.at])
	r.at++
	if strings.Contains(line, "{") {
		line = mdTemplate.ReplaceAllString(line, "")
	}
	for trimmed := strings.TrimLeft(line, " \t"); strings.HasPrefix(trimmed, ">"); trimmed = strings.TrimLeft(line, " \t") {
		line = strings.TrimPrefix(trimmed, ">") // the text of a quotation is text like any other
	}
	indent, trimmed := indentation(line)
	switch {
	case trimmed == "":
		r.flush()
	case mdFence.MatchString(trimmed):
		r.fenced(mdFence.FindString(trimmed))
	case indent < 4 && mdHeading.MatchString(trimmed):
		m := mdHeading.FindStringSubmatch(trimmed)
		r.heading(len(m[1]), m[2])
	case len(r.text) > 0 && r.open.Kind == Paragraph && isUnderline(trimmed) && len(strings.Join(r.text, " ")) <= 200:
		level, text := 1, strings.Join(r.text, "\n")
		if trimmed[0] == '-' {
			level = 2
		}
		r.text = nil
		r.heading(level, text)
	case mdRule.MatchString(trimmed):
		r.flush()
		r.lists = nil
	case len(r.text) == 0 && r.table(trimmed):
	case len(r.text) == 0 && mdHTMLBlock.MatchString(trimmed):
		r.htmlBlock(trimmed)
	case mdFootnote.MatchString(trimmed):
		r.flush()
		m := mdFootnote.FindStringSubmatch(trimmed)
		r.start(Block{Kind: Footnote}, m[1]+")", m[2])
	case len(r.text) == 0 && mdLinkRef.MatchString(trimmed):
	case r.item(indent, trimmed):
	case len(r.text) > 0 && !mdProvision.MatchString(trimmed):
		r.text = append(r.text, trimmed)
	default:
		if indent == 0 {
			r.lists = nil
		}
		r.start(Block{Kind: Paragraph}, "", trimmed)
	}
}

// comment removes HTML comments, which may run over several lines. One that is
// never closed is left as text.
func (r *mdReader) comment(line string) string {
	for {
		start := strings.Index(line, "<!--")
		if start < 0 || r.at > r.lastClose || r.at == r.lastClose && !strings.Contains(line[start:], "-->") {
			return line
		}
		rest := line[start+4:]
		for !strings.Contains(rest, "-->") {
			r.at++
			rest = r.lines[r.at]
		}
		_, after, _ := strings.Cut(rest, "-->")
		line = line[:start] + after
	}
}

// lastComment returns the index of the last line that closes a comment, or -1.
func lastComment(lines []string) int {
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.Contains(lines[i], "-->") {
			return i
		}
	}
	return -1
}

// item opens a list item if the line begins one. Inside a running paragraph
// only what cannot be a wrapped line counts: a bullet, the first number, or a
// "2)" or "b)" that closes no parenthesis.
func (r *mdReader) item(indent int, line string) bool {
	inParagraph := len(r.text) > 0 && r.open.Kind == Paragraph
	marker, rest := "", ""
	if m := mdBullet.FindStringSubmatch(line); m != nil {
		marker, rest = "•", m[1]
	} else if m := mdNumber.FindStringSubmatch(line); m != nil {
		if inParagraph && strings.HasSuffix(m[1], ".") && m[1] != "1." {
			return false
		}
		marker, rest = m[1], m[2]
	} else if m := mdLetter.FindStringSubmatch(line); m != nil {
		marker, rest = m[1], m[2]
	}
	if marker == "" || strings.HasSuffix(marker, ")") && r.inParenthesis() {
		return false
	}
	for len(r.lists) > 0 && r.lists[len(r.lists)-1] >= indent {
		r.lists = r.lists[:len(r.lists)-1]
	}
	r.lists = append(r.lists, indent)
	r.start(Block{Kind: ListItem, Level: len(r.lists)}, marker, rest)
	return true
}

func (r *mdReader) inParenthesis() bool {
	if len(r.text) == 0 {
		return false
	}
	last := r.text[len(r.text)-1]
	return strings.LastIndexByte(last, '(') > strings.LastIndexByte(last, ')')
}

func (r *mdReader) start(b Block, marker, text string) {
	r.flush()
	r.open, r.marker, r.text = b, marker, []string{text}
}

func (r *mdReader) flush() {
	if len(r.text) == 0 {
		return
	}
	b := r.open
	b.Text, b.Bold = inlineText(strings.Join(r.text, "\n"))
	if r.marker != "" && b.Text != "" {
		b.Text = fold(r.marker + " " + b.Text)
	}
	if b.Text != "" {
		r.blocks = append(r.blocks, b)
	}
	r.text, r.marker = nil, ""
}

func (r *mdReader) heading(level int, text string) {
	r.flush()
	r.lists = nil
	if text, _ = inlineText(text); text != "" {
		r.blocks = append(r.blocks, Block{Kind: Heading, Level: level, Text: text})
	}
}

// fenced keeps the lines of a code block, one paragraph each.
func (r *mdReader) fenced(fence string) {
	r.flush()
	for ; r.at < len(r.lines); r.at++ {
		line := strings.TrimSpace(r.lines[r.at])
		if strings.HasPrefix(line, fence) && strings.Trim(line, fence[:1]) == "" {
			r.at++
			return
		}
		if text := fold(line); text != "" {
			r.blocks = append(r.blocks, Block{Kind: Paragraph, Text: text, Style: "code"})
		}
	}
}

// htmlBlock hands raw HTML, up to the next blank line, to the HTML reader.
func (r *mdReader) htmlBlock(first string) {
	raw := []string{first}
	for ; r.at < len(r.lines) && strings.TrimSpace(r.lines[r.at]) != ""; r.at++ {
		raw = append(raw, r.comment(r.lines[r.at]))
	}
	r.blocks = append(r.blocks, htmlFragment(strings.Join(raw, "\n"))...)
}

func isUnderline(s string) bool {
	return len(s) >= 2 && (strings.Trim(s, "=") == "" || strings.Trim(s, "-") == "")
}

// indentation measures leading white space; a tab counts as four columns.
func indentation(line string) (columns int, rest string) {
	for i, c := range line {
		switch c {
		case ' ':
			columns++
		case '\t':
			columns += 4
		default:
			return columns, strings.TrimRight(line[i:], " \t")
		}
	}
	return columns, ""
}
