package statute

import (
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/ingest/parse"
)

var officialNumber = regexp.MustCompile(`^(?i:lbk|lov|bek|cir)\b`)
var officialTitle = regexp.MustCompile(`^(?i)(?:lov (?:om|nr)|bekendtgørelse (?:af|om)|lovbekendtgørelse|cirkulære om|forslag til lov|anordning om)\b`)

// isStatute decides whether the text is cut by §§. What counts is not that §§
// are mentioned, nor that one is quoted, but that the text is built of
// paragraphs that begin with a § number, that most of it stands under them, and
// that the numbers begin at the beginning and rise; a title or number of an act
// stands in for that last sign.
func isStatute(blocks []parse.Block, title, number string) bool {
	starts, rising, last, under, total := 0, 0, 0, 0, 0
	first := 0
	for _, b := range blocks {
		if remarks(b) || starts > 0 && headline(b, annexHead, "Bilag") {
			break // a bill's remarks and an act's annexes may be far longer than the act
		}
		if p, ok := readProvision(b.Text); ok && !p.quoted && startsProvision(b, p) {
			if starts++; starts == 1 {
				first = p.num
			}
			if p.num >= last && p.num <= last+30 {
				rising++
			}
			last = p.last
		}
		if starts > 0 {
			under += len(b.Text)
		}
		total += len(b.Text)
	}
	if starts == 0 || under*2 <= total || under > 20_000*starts {
		return false
	}
	official := officialNumber.MatchString(number) || officialTitle.MatchString(title)
	return official || first <= 3 && rising*10 >= starts*7
}

// startsProvision tells whether a block with a § number at its head can begin a
// section: "§ 5. Text", or a "§ 5" that stands alone. A heading with words
// ("§ 85 Socialpædagogisk støtte") is a guideline's.
func startsProvision(b parse.Block, p provision) bool {
	if b.Kind == parse.TableRow || b.Kind == parse.Footnote || b.Kind == parse.ListItem {
		return false
	}
	if p.bare {
		return true
	}
	return p.dotted && p.capital && b.Kind != parse.Heading
}

var remarksHeading = regexp.MustCompile(`^(?:Almindelige b|B)emærkninger til (?:lovforslaget|forslaget)`)

// remarks recognises where a bill's text ends and its explanatory notes begin.
func remarks(b parse.Block) bool {
	return b.Style == "Bemaerkninger" || len(b.Text) < 120 && remarksHeading.MatchString(b.Text)
}

var contentsLine = regexp.MustCompile(`(?:\.{4,}|…{2,}|(?: \.){4,}) ?\d{1,4}$`)

// withoutContents drops tables of contents: lines of leaders that end in a page
// number repeat the headings and would be found instead of them.
func withoutContents(blocks []parse.Block) []parse.Block {
	out := make([]parse.Block, 0, len(blocks))
	for _, b := range blocks {
		b.Text = strings.TrimSpace(b.Text)
		if b.Text != "" && (b.Kind == parse.TableRow || !contentsLine.MatchString(b.Text)) {
			out = append(out, b)
		}
	}
	return out
}
