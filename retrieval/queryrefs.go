package retrieval

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// queryRefs finds the references in a query. People type them looser than laws
// print them: "§ 85 stk 2 SEL", "pgf. 85 i serviceloven", "LBK 1089/2023 § 85".
func queryRefs(text string) []citation.Ref {
	refs := citation.Parse(withSigns(text))
	for i := range refs {
		refs[i].Raw = text[refs[i].Start:refs[i].End]
	}
	refs = append(refs, shortNumbers(text, refs)...)
	var act string
	var number citation.Number
	for _, r := range refs { // "LBK nr 1089 af 16/08/2023 § 85"
		if r.Section == "" && (r.Act != "" || r.Number.No != 0) {
			act, number = r.Act, r.Number
		}
	}
	if act == "" && number.No == 0 {
		act = loneAct(text, refs)
	}
	var out []citation.Ref
	for _, r := range refs {
		if (r.Section != "" || r.Annex != "") && r.Act == "" && r.Number.No == 0 {
			r.Act, r.Number = act, number
		}
		out = append(out, spread(r)...)
	}
	return out
}

var spelledSign = regexp.MustCompile(`(?i)\b(?:pgf|prgf|pargf|par)\.?( ?\d)`)

// withSigns writes § for its abbreviations, in as many bytes.
func withSigns(text string) string {
	return spelledSign.ReplaceAllStringFunc(text, func(s string) string {
		at := strings.IndexFunc(s, func(r rune) bool { return r == ' ' || '0' <= r && r <= '9' })
		return "§" + strings.Repeat(" ", at-len("§")) + s[at:]
	})
}

var shortNumber = regexp.MustCompile(`(?i)\b(lbk|lov|bek|cir|vej)\.? ?(?:nr\.? ?)?(\d{1,4})/((?:19|20)\d\d)\b`)

// shortNumbers finds official numbers without a date: "LBK 1089/2023".
func shortNumbers(text string, known []citation.Ref) []citation.Ref {
	var out []citation.Ref
	for _, m := range shortNumber.FindAllStringSubmatchIndex(text, -1) {
		if within(known, m[0]) {
			continue
		}
		no, _ := strconv.Atoi(text[m[4]:m[5]]) // digits by the pattern
		year, _ := strconv.Atoi(text[m[6]:m[7]])
		out = append(out, citation.Ref{
			Start: m[0], End: m[1], Raw: text[m[0]:m[1]],
			Number: citation.Number{Type: strings.ToUpper(text[m[2]:m[3]]), No: no, Year: year},
		})
	}
	return out
}

func within(refs []citation.Ref, at int) bool {
	for _, r := range refs {
		if r.Start <= at && at < r.End {
			return true
		}
	}
	return false
}

// loneAct is the act that the words beside a § without one name: the "SEL" of
// "§ 85 stk 2 SEL". Two different acts name none.
func loneAct(text string, refs []citation.Ref) string {
	act := ""
	for _, t := range danish.Tokens(text) {
		if t.Kind != danish.Word || within(refs, t.Start) {
			continue
		}
		switch a, ok := citation.Act(text[t.Start:t.End]); {
		case !ok:
		case act != "" && act != a.Name:
			return ""
		default:
			act = a.Name
		}
	}
	return act
}

// maxSpread bounds how many §§ of a range are looked up.
const maxSpread = 10

// spread writes a range of whole numbers out: "§§ 46-48" names three.
func spread(r citation.Ref) []citation.Ref {
	from, err1 := strconv.Atoi(r.Section)
	to, err2 := strconv.Atoi(r.SectionTo)
	if r.SectionTo == "" || err1 != nil || err2 != nil || to <= from {
		return []citation.Ref{r}
	}
	var out []citation.Ref
	for n := from; n <= min(to, from+maxSpread-1); n++ {
		one := r
		one.Section, one.SectionTo = strconv.Itoa(n), ""
		if n > from {
			one.Part = ""
		}
		out = append(out, one)
	}
	return out
}
