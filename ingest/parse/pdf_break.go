package parse

import (
	"math"
	"strings"
	"unicode"
)

// startsNew tells whether line begins a new paragraph after the open one. The
// evidence is geometry and style; a marker such as "§ 5." or "1)" needs only
// little of it, since it may also be a reference that happens to wrap.
func (l *layout) startsNew(line *textLine) bool {
	open := l.open
	prev := open.last()
	if line.dir != prev.dir || math.Abs(line.size-prev.size) > 0.12*max(line.size, prev.size) {
		return true
	}
	mark := markerOf(line.text)
	if mark == chapterMark || open.mark == chapterMark {
		return mark == chapterMark || len(open.lines) == 1
	}
	if line.page != prev.page || line.region != prev.region {
		return l.startsNewPage(line, mark)
	}
	gap := line.y - prev.y
	if gap < 0 || gap > l.usualGap()*1.3 {
		return true
	}
	if mark != noMarker {
		return l.markerCounts(line, mark, gap)
	}
	if prev.bold != line.bold && (prev.bold && !line.startBold || line.bold) {
		return true
	}
	if centred(prev) && centred(line) {
		return prev.bold != line.bold || prev.italic != line.italic
	}
	if prev.italic && !line.startItalic && (centred(prev) || l.fits(prev, line)) {
		return true
	}
	return l.indented(line) || l.fits(prev, line)
}

// usualGap is the distance between the baselines of the open paragraph, or the
// document's where it has only one line yet.
func (l *layout) usualGap() float64 {
	n := len(l.open.lines)
	if n >= 2 && l.open.lines[n-2].region == l.open.last().region {
		if gap := l.open.last().y - l.open.lines[n-2].y; gap > 0 {
			return gap
		}
	}
	return l.leading * l.open.last().size
}

// markerCounts decides whether the marker at a line's start begins a paragraph.
func (l *layout) markerCounts(line *textLine, mark markerKind, gap float64) bool {
	open := l.open
	prev := open.last()
	styled := line.startBold && !prev.startBold || mark == sectionMark && line.startBold || mark == paragraphMark && line.startItalic
	if styled || gap > 1.1*l.usualGap() || l.fits(prev, line) {
		return true
	}
	if open.mark == mark && follows(open.first().text, line.text) && math.Abs(open.first().x0-line.x0) < 0.5*line.size {
		return true
	}
	if mark == numberMark && !listMarker.MatchString(line.text) {
		return l.indented(line)
	}
	if listMarker.MatchString(line.text) && strings.ContainsRune(".:;,", lastRune(prev.text)) {
		return true
	}
	return math.Abs(line.x0-prev.x0) > 0.3*line.size && !l.hangs(line)
}

// hangs tells whether line stands where the second line of the open list item
// is expected: right of its marker.
func (l *layout) hangs(line *textLine) bool {
	open := l.open
	return len(open.lines) == 1 && open.mark >= numberMark && line.x0 > open.first().x0
}

// indented tells whether the line's left edge breaks the open paragraph's.
func (l *layout) indented(line *textLine) bool {
	open := l.open
	shift := line.x0 - open.last().x0
	em := line.size
	if len(open.lines) == 1 {
		// The second line may stand left of an indented first line, or right of
		// a list item's marker.
		return shift > 0.7*em && open.mark < numberMark
	}
	return math.Abs(shift) > 0.7*em
}

// startsNewPage decides at the top of a page or column.
func (l *layout) startsNewPage(line *textLine, mark markerKind) bool {
	open := l.open
	prev := open.last()
	inset := line.x0 - line.region.left
	if prev.bold != line.startBold && prev.bold || centred(line) && inset > 3*line.size {
		return true
	}
	if open.lines[0].bold && prev.bold {
		return true
	}
	if mark != noMarker {
		styled := mark == sectionMark && line.startBold || mark == paragraphMark && line.startItalic
		listed := listMarker.MatchString(line.text) && strings.ContainsRune(".:;,", lastRune(prev.text))
		if styled || listed || inset > 0.5*line.size || l.fits(prev, line) {
			return true
		}
	}
	if l.fits(prev, line) {
		return !unicode.IsLower(firstRune(line.text)) || strings.ContainsRune(".:;", lastRune(prev.text))
	}
	hanging := prev.x0 - prev.region.left
	if inset > 0.7*line.size && math.Abs(inset-hanging) > 0.7*line.size {
		return true
	}
	if !strings.ContainsRune(".!?:", lastRune(prev.text)) || !unicode.IsUpper(firstRune(line.text)) {
		return false
	}
	// A full line that ends a sentence: only the indents of the document tell.
	return !l.firstLineIndent()
}

// firstLineIndent tells whether the open paragraph began with an indent or a
// hanging marker, so that a line at the margin carries it on.
func (l *layout) firstLineIndent() bool {
	first := l.open.first()
	if len(l.open.lines) > 1 {
		return math.Abs(first.x0-l.open.lines[1].x0) > 0.5*first.size
	}
	return first.x0-first.region.left > 0.5*first.size
}

// centred tells whether a line stands in the middle of its column with room at
// both sides.
func centred(line *textLine) bool {
	r := line.region
	width := r.right - r.left
	before, after := line.x0-r.left, r.right-line.x1
	return before > 2*line.size && after > 2*line.size && math.Abs(before-after) < 0.03*width+2
}
