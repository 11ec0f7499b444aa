package versions

import (
	"strings"
	"unicode"
)

// Op is what a stretch of a word comparison does.
type Op string

// The operations.
const (
	Keep   Op = "keep"
	Delete Op = "delete"
	Insert Op = "insert"
)

// Edit is a stretch of words that is kept, deleted or inserted. Joining the
// texts of all edits but the inserted gives the old text, of all but the deleted
// the new one, byte for byte.
type Edit struct {
	Op   Op     `json:"op"`
	Text string `json:"text"`
}

// mostCells bounds the table of a comparison: two sections of 3,000 words.
const mostCells = 9 << 20

// Words compares two texts word by word: the longest common sequence of words is
// kept. Texts too large for that are given as one deletion and one insertion.
func Words(old, new string) []Edit {
	a, b := pieces(old), pieces(new)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	var e edits
	e.add(Keep, a[:start])
	e.middle(a[start:endA], b[start:endB])
	e.add(Keep, a[endA:])
	return e
}

// pieces cuts a text into words with the white space behind them.
func pieces(text string) []string {
	var out []string
	start, space := 0, false
	for i, r := range text {
		if now := unicode.IsSpace(r); space && !now {
			out = append(out, text[start:i])
			start, space = i, false
		} else {
			space = now
		}
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

type edits []Edit

func (e *edits) add(op Op, words []string) {
	if len(words) == 0 {
		return
	}
	if n := len(*e); n > 0 && (*e)[n-1].Op == op {
		(*e)[n-1].Text += strings.Join(words, "")
		return
	}
	*e = append(*e, Edit{op, strings.Join(words, "")})
}

func (e *edits) middle(a, b []string) {
	if len(a) == 0 || len(b) == 0 || len(a)*len(b) > mostCells {
		e.add(Delete, a)
		e.add(Insert, b)
		return
	}
	// common[i][j] is the length of the longest common sequence of a[i:] and b[j:].
	width := len(b) + 1
	common := make([]uint16, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			e.add(Keep, a[i:i+1])
			i, j = i+1, j+1
		case common[(i+1)*width+j] >= common[i*width+j+1]:
			e.add(Delete, a[i:i+1])
			i++
		default:
			e.add(Insert, b[j:j+1])
			j++
		}
	}
	e.add(Delete, a[i:])
	e.add(Insert, b[j:])
}
