package gaps

import (
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
)

// named is an act's name as it stands in a text.
type named struct {
	start, end int
	family     string
}

var wordForm = regexp.MustCompile(`[\pL\pN][\pL\pN.,-]*`)

// longestTitle bounds in words how far a title is read.
const longestTitle = 22

// actNames finds the names of acts of the table in a text: "serviceloven",
// "barnets lov", "lov om social service".
func actNames(text string) []named {
	words := wordForm.FindAllStringIndex(text, -1)
	var out []named
	for i := 0; i < len(words); i++ {
		if !strings.Contains(strings.ToLower(text[words[i][0]:words[i][1]]), "lov") {
			continue
		}
		first, last, family := nameAt(text, words, i)
		if family == "" {
			continue
		}
		out = append(out, named{words[first][0], words[last][1], family})
		i = last
	}
	return out
}

// nameAt reads the name that the word i belongs to: the longest title from it
// on, else the name that ends with it.
func nameAt(text string, words [][]int, i int) (first, last int, family string) {
	word := strings.ToLower(strings.Trim(text[words[i][0]:words[i][1]], ".,"))
	if word == "lov" && i+1 < len(words) && strings.EqualFold(text[words[i+1][0]:words[i+1][1]], "om") {
		for last := min(len(words)-1, i+longestTitle); last >= i+2; last-- {
			if act, ok := citation.Act(strings.Trim(text[words[i][0]:words[last][1]], ".,")); ok {
				return i, last, act.Name
			}
		}
		return i, i, ""
	}
	for _, before := range []int{2, 1, 0} {
		if i-before < 0 {
			continue
		}
		if act, ok := citation.Act(strings.Trim(text[words[i-before][0]:words[i][1]], ".,")); ok {
			return i - before, i, act.Name
		}
	}
	return i, i, ""
}

// nearNumber is how many bytes may stand between an act's name and its number:
// "(serviceloven), jf. lovbekendtgørelse nr. …".
const nearNumber = 40

// actOfNumber finds the act whose number stands at [start, end): named right
// before it, or behind it as "om social service", "af lov om social service".
func actOfNumber(text string, start, end int) string {
	family := ""
	for _, n := range actNames(text[:start]) {
		if between := strings.ReplaceAll(text[n.end:start], "jf. ", ""); len(between) <= nearNumber && !strings.ContainsAny(between, ";\n§") && !strings.Contains(between, ". ") {
			family = n.family
		}
	}
	rest := text[end:min(len(text), end+220)]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	if after, ok := strings.CutPrefix(rest, " om "); ok {
		rest, end = " lov om "+after, 0
	}
	if names := actNames(rest); len(names) > 0 {
		if between := rest[:names[0].start]; len(between) <= 30 && !strings.ContainsAny(between, ".;§") {
			return names[0].family
		}
	}
	return family
}
