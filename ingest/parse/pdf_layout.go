package parse

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// layout turns the lines of a document into blocks in reading order.
type layout struct {
	pages   []pageGlyphs
	body    float64 // the font size that most letters have
	leading float64 // usual distance of baselines, in em
	right   float64 // right margin of pages that are one column
	soft    bool    // the file marks its own word breaks: see joinLines
	out     []Block
	open    *paragraph // being built, not yet in out
	notes   []textLine // footnote lines that wait for the open paragraph to end
}

// paragraph is the lines that become one block.
type paragraph struct {
	lines []textLine
	mark  markerKind
}

func (p *paragraph) first() *textLine { return &p.lines[0] }
func (p *paragraph) last() *textLine  { return &p.lines[len(p.lines)-1] }

// layoutPages is the way from lines to blocks, the same for every reader.
func layoutPages(ctx context.Context, p *pdfPages) ([]Block, error) {
	dropRepeats(p.lines, p.pages)
	l := &layout{pages: p.pages}
	l.measure(p.lines)
	for _, page := range p.lines {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		text, notes := l.splitNotes(page)
		l.addLines(text)
		l.notes = append(l.notes, notes...)
	}
	l.close()
	l.levels()
	return l.out, nil
}

// measure finds what is usual in the document.
func (l *layout) measure(pages [][]textLine) {
	sizes, gaps, soft := map[int]int{}, map[int]int{}, 0
	var rights []float64
	for _, page := range pages {
		var widest float64
		for i, line := range page {
			sizes[int(math.Round(line.size*4))] += utf8.RuneCountInString(line.text)
			if last := lastRune(line.text); last == '\u2010' || last == '\u00ad' {
				soft++
			}
			if i > 0 && line.region == page[i-1].region && line.size > 0 {
				if gap := (line.y - page[i-1].y) / line.size; gap > 0.8 && gap < 2.5 {
					gaps[int(math.Round(gap*20))]++
				}
			}
			widest = max(widest, line.x1)
		}
		if widest > 0 {
			rights = append(rights, widest)
		}
	}
	l.body, l.leading, l.soft = float64(mostCommon(sizes))/4, float64(mostCommon(gaps))/20, soft >= 3
	if l.leading == 0 {
		l.leading = 1.2
	}
	if len(rights) > 0 {
		slices.Sort(rights)
		l.right = rights[len(rights)/2]
	}
}

// mostCommon returns the key with the highest count, the smallest of equals.
func mostCommon(counts map[int]int) int {
	best := 0
	for k, n := range counts {
		if n > counts[best] || n == counts[best] && k < best {
			best = k
		}
	}
	return best
}

// splitNotes cuts the footnotes off the end of a page: small print in its lower
// part that begins with a number or an asterisk and runs to the end.
func (l *layout) splitNotes(page []textLine) (text, notes []textLine) {
	start := len(page)
	for i := len(page) - 1; i >= 0; i-- {
		line := page[i]
		if line.dir != 0 || line.size > 0.93*l.body || line.y < 0.4*l.pages[line.page].height {
			break
		}
		if isNote(line.text) {
			start = i
		}
	}
	if start == 0 {
		return page, nil
	}
	return page[:start], page[start:]
}

func isNote(text string) bool {
	r := firstRune(text)
	return unicode.IsDigit(r) || r == '*' || r == '(' && len(text) > 1 && unicode.IsDigit(rune(text[1]))
}

// addLines puts a page's lines into paragraphs and tables.
func (l *layout) addLines(lines []textLine) {
	for i := 0; i < len(lines); {
		if t, ok := findTable(lines, i); ok {
			l.close()
			l.out = append(l.out, t.blocks(func(n int) *pageGlyphs { return &l.pages[n] })...)
			i = t.end
			continue
		}
		line := lines[i]
		if l.open == nil || l.startsNew(&line) {
			l.close()
			l.open = &paragraph{mark: markerOf(line.text)}
		}
		l.open.lines = append(l.open.lines, line)
		i++
	}
}

// close ends the open paragraph and then the footnotes that waited for it.
func (l *layout) close() {
	if l.open != nil {
		l.out = append(l.out, l.block(l.open))
		l.open = nil
	}
	var note *paragraph
	for _, line := range l.notes {
		if note == nil || isNote(line.text) && (line.x0 < note.last().x0+0.5*line.size || l.fits(note.last(), &line)) {
			if note != nil {
				l.out = append(l.out, l.note(note))
			}
			note = &paragraph{}
		}
		note.lines = append(note.lines, line)
	}
	if note != nil {
		l.out = append(l.out, l.note(note))
	}
	l.notes = nil
}

func (l *layout) note(p *paragraph) Block {
	b := l.block(p)
	b.Kind, b.Level = Footnote, 0
	return b
}

// fits tells whether the first word of next had room at the end of prev: then
// the break between them is meant. In the middle of a sentence it takes a lot of
// room, since some texts are broken early.
func (l *layout) fits(prev, next *textLine) bool {
	left, right := prev.region.left, prev.region.right
	if !prev.region.column {
		right = max(right, min(l.right, right+0.3*(right-left)))
	}
	if last := lastRune(prev.text); (last == '-' || last == '\u2010' || last == '\u00ad') && unicode.IsLetter(lastRune(prev.text[:len(prev.text)-utf8.RuneLen(last)])) {
		return false
	}
	if !endsSentence(prev.text) && unicode.IsLower(firstRune(next.text)) && markerOf(next.text) == noMarker {
		return right-prev.x1 > 0.35*(right-left)
	}
	word := firstWord(next.text)
	width := (next.x1 - next.x0) * float64(utf8.RuneCountInString(word)) / float64(max(1, utf8.RuneCountInString(next.text)))
	return prev.x1+width+0.5*prev.size < right
}

// block makes the block of a paragraph. Levels of headings come later.
func (l *layout) block(p *paragraph) Block {
	var text string
	starts := make([]int, len(p.lines))
	bold, italic := true, true
	for i, line := range p.lines {
		if i == 0 {
			text = line.text
		} else {
			text = joinLines(text, line.text, l.soft)
			starts[i] = max(starts[i-1], len(text)-len(line.text))
		}
		bold, italic = bold && line.bold, italic && line.italic
	}
	b := Block{Text: text, Bold: bold || italic}
	for i := range p.lines {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		b.Lines = append(b.Lines, p.lines[i].box(&l.pages[p.lines[i].page], starts[i], end))
	}
	tidyBlock(&b)
	switch {
	case l.isHeading(p, &b, bold):
		b.Kind = Heading
		b.Level = int(math.Round(p.first().size * 4)) // replaced by levels
	case p.mark == numberMark && listMarker.MatchString(b.Text), p.mark == bulletMark:
		b.Kind, b.Level = ListItem, 1
	case p.mark == letterMark:
		b.Kind, b.Level = ListItem, l.letterDepth()
	}
	return b
}

// letterDepth is 2 for a letter below a numbered item, else 1.
func (l *layout) letterDepth() int {
	if n := len(l.out); n > 0 && l.out[n-1].Kind == ListItem {
		if markerOf(l.out[n-1].Text) == letterMark {
			return l.out[n-1].Level
		}
		return 2
	}
	return 1
}

// tidyBlock plains the hyphens left inside the text and moves the lines along. A
// soft hyphen that stood alone leaves a space too many, so the text is folded.
func tidyBlock(b *Block) {
	if !strings.ContainsAny(b.Text, "\u00ad\u2010") {
		return
	}
	tidy := func(s string) string { return fold(tidyHyphens.Replace(s)) }
	text := tidy(b.Text)
	for i := range b.Lines {
		l := &b.Lines[i]
		l.Start = min(len(tidy(b.Text[:l.Start]+"x"))-1, len(text)) // where its first letter comes to stand
		l.End = len(tidy(b.Text[:l.End]))
	}
	b.Text = text
}

// isHeading tells whether a paragraph is a heading: larger than the text, or
// short and bold, or a chapter's number.
func (l *layout) isHeading(p *paragraph, b *Block, bold bool) bool {
	letters := strings.ContainsFunc(b.Text, unicode.IsLetter)
	if !letters || len(p.lines) > 5 || p.first().dir != 0 {
		return false
	}
	sentence := strings.HasSuffix(b.Text, ".") && p.mark != chapterMark || strings.HasSuffix(b.Text, ",") || strings.HasSuffix(b.Text, ";")
	switch {
	case p.mark == chapterMark && (bold || centred(p.first()) || len(p.lines) == 1):
		return true
	case p.mark == sectionMark, p.mark == paragraphMark, p.mark == bulletMark:
		return false
	case p.first().size >= 1.12*l.body:
		return len(b.Text) <= 300
	}
	return bold && !sentence && len(b.Text) <= 150 && p.first().size >= 0.95*l.body && !listMarker.MatchString(b.Text)
}

// levels numbers the headings by their font sizes, the largest first.
func (l *layout) levels() {
	var sizes []int
	for _, b := range l.out {
		if b.Kind == Heading && !slices.Contains(sizes, b.Level) {
			sizes = append(sizes, b.Level)
		}
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	for i := range l.out {
		if b := &l.out[i]; b.Kind == Heading {
			b.Level = min(6, slices.Index(sizes, b.Level)+1)
		}
	}
}
