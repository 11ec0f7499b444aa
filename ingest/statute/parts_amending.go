package statute

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

var amendHead = regexp.MustCompile(`^(\d{1,3})\. `)

// labelAmending finds the numbered changes of a § that amends another act, and
// within each the §§ that it inserts or words anew: "stk. 1, nr. 4" and
// "stk. 1, nr. 4, § 13 a". Stk. and nr. of the inserted text are the other
// act's and get no label.
func labelAmending(lines []span) []corpus.Part {
	whole := corpus.Part{Label: "stk. 1", Start: 0, End: lines[len(lines)-1].end}
	parts := []corpus.Part{whole}
	nr, inserted, last := 0, 0, 0 // indexes into parts, 0 where none is open
	for i, l := range lines {
		p, isProvision := readProvision(l.block.Text)
		if m := amendHead.FindStringSubmatch(l.block.Text); m != nil && m[1] == strconv.Itoa(last+1) {
			last++
			parts = append(parts, corpus.Part{Label: "stk. 1, nr. " + m[1], Start: l.start})
			nr, inserted = len(parts)-1, 0
		} else if isProvision && i > 0 && p.dotted {
			parts = append(parts, corpus.Part{Label: parts[nr].Label + ", " + p.label(), Start: l.start})
			inserted = len(parts) - 1
		}
		for _, at := range []int{nr, inserted} {
			if at > 0 {
				parts[at].End = l.end
			}
		}
		if closesQuote(l.block.Text) {
			inserted = 0
		}
	}
	return parts
}

// closesQuote tells whether a line ends the text to be inserted.
func closesQuote(s string) bool {
	return strings.HasSuffix(s, "«") || strings.HasSuffix(s, "«.")
}
