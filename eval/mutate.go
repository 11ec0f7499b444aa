package eval

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Mutation is a way in which a model may falsify a sentence.
type Mutation struct {
	Name string
	// Gate tells whether not one such sentence may pass (issue 5).
	Gate   bool
	mutate func(sentence string, r *rand.Rand) string // "" where it does not apply
}

// Mutations are the ways in which sentences are falsified. Wrong citations are
// made by Verify itself, which knows the other sources.
var Mutations = []Mutation{
	{"number", true, changeNumber},
	{"date", true, changeDate},
	{"reference", true, changeReference},
	{"negation dropped", true, dropNegation},
	{"negation added", true, addNegation},
	{"modality", false, swapModality},
	{"unit", false, swapWords(unitSwaps)},
	{"comparator", false, swapWords(comparatorSwaps)},
	{"actor", false, swapWords(actorSwaps)},
}

var (
	dates      = regexp.MustCompile(`\b([0-9]{1,2})\. (januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)\b`)
	references = regexp.MustCompile(`(§§? |stk\. |nr\. )([0-9]+)`)
	figures    = regexp.MustCompile(`[0-9]+(?:\.[0-9]{3})*`)
	words      = regexp.MustCompile(`\b(to|tre|fire|fem|seks|otte|ti|fjorten)\b`)
)

var monthNames = []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}

// changeNumber changes a figure that is no date and no reference.
func changeNumber(s string, r *rand.Rand) string {
	var spots [][]int
	for _, at := range figures.FindAllStringIndex(s, -1) {
		before := strings.TrimRight(s[:at[0]], " \u00a0")
		after := strings.TrimLeft(s[at[1]:], " \u00a0")
		isRef := slices.ContainsFunc([]string{"§", "stk.", "nr.", "kapitel", "og", "eller", "-", "–", ",", "/", "af", "artikel", "bilag", "til", ")"}, func(x string) bool { return strings.HasSuffix(before, x) })
		isDate := dates.MatchString(s[at[0]:]) && dates.FindStringIndex(s[at[0]:])[0] == 0
		if !isRef && !isDate && !strings.HasPrefix(after, ". pkt") && !strings.HasPrefix(after, ")") && !strings.HasPrefix(after, "/") && !strings.HasPrefix(after, "-") {
			spots = append(spots, at)
		}
	}
	if len(spots) == 0 {
		at := words.FindStringIndex(s)
		if at == nil {
			return ""
		}
		list := []string{"to", "tre", "fire", "fem", "seks", "otte", "ti", "fjorten"}
		other := list[(slices.Index(list, s[at[0]:at[1]])+1+r.IntN(len(list)-1))%len(list)]
		return s[:at[0]] + other + s[at[1]:]
	}
	at := spots[r.IntN(len(spots))]
	n, _ := strconv.Atoi(strings.ReplaceAll(s[at[0]:at[1]], ".", ""))
	other := n + 1 + r.IntN(5)
	if r.IntN(2) == 0 {
		other = max(1, n*2)
	}
	if r.IntN(4) == 0 && len(spots) > 1 { // a figure of the same sentence
		alt := spots[r.IntN(len(spots))]
		if m, _ := strconv.Atoi(strings.ReplaceAll(s[alt[0]:alt[1]], ".", "")); m != n {
			other = m
		}
	}
	return s[:at[0]] + strconv.Itoa(other) + s[at[1]:]
}

func changeDate(s string, r *rand.Rand) string {
	m := dates.FindStringSubmatchIndex(s)
	if m == nil {
		return ""
	}
	if r.IntN(2) == 0 {
		day, _ := strconv.Atoi(s[m[2]:m[3]])
		return s[:m[2]] + strconv.Itoa(day%28+1) + s[m[3]:]
	}
	i := slices.Index(monthNames, s[m[4]:m[5]])
	return s[:m[4]] + monthNames[(i+1+r.IntN(11))%12] + s[m[5]:]
}

func changeReference(s string, r *rand.Rand) string {
	all := references.FindAllStringSubmatchIndex(s, -1)
	if len(all) == 0 {
		return ""
	}
	m := all[r.IntN(len(all))]
	n, _ := strconv.Atoi(s[m[4]:m[5]])
	other := n + 1 + r.IntN(9)
	return s[:m[4]] + strconv.Itoa(other) + s[m[5]:]
}

func dropNegation(s string, _ *rand.Rand) string {
	for _, p := range [][2]string{{" ikke ", " "}, {" medmindre ", " hvis "}, {" uden ", " med "}, {" ingen ", " "}, {" aldrig ", " "}} {
		if n := strings.Count(s, p[0]); n > 0 && !strings.Contains(s, " uden for ") && !strings.Contains(s, "ikke alene") && !strings.Contains(s, "ikke kun") {
			return strings.Replace(s, p[0], p[1], 1)
		}
	}
	return ""
}

var verbs = regexp.MustCompile(` (skal|kan|må|er|har|yder|finder|gælder|træffer|fastsætter|omfatter|udgør|kræves|sker) `)

// addNegation puts "ikke" behind a finite verb; of a clause "der …" before it.
func addNegation(s string, r *rand.Rand) string {
	all := verbs.FindAllStringIndex(s, -1)
	if len(all) == 0 {
		return ""
	}
	at := all[r.IntN(len(all))]
	if strings.HasPrefix(s[at[1]:], "ikke") || strings.HasSuffix(s[:at[0]], " ikke") {
		return ""
	}
	if strings.HasSuffix(s[:at[0]], " der") || strings.HasSuffix(s[:at[0]], " som") {
		return s[:at[0]] + " ikke" + s[at[0]:]
	}
	return s[:at[1]] + "ikke " + s[at[1]:]
}

func swapModality(s string, r *rand.Rand) string {
	all := regexp.MustCompile(` (skal|kan) `).FindAllStringSubmatchIndex(s, -1)
	if len(all) == 0 {
		return ""
	}
	m := all[r.IntN(len(all))]
	other := map[string]string{"skal": "kan", "kan": "skal"}[s[m[2]:m[3]]]
	return s[:m[2]] + other + s[m[3]:]
}

var unitSwaps = [][2]string{{"dage", "uger"}, {"uger", "måneder"}, {"måneder", "år"}, {"måned", "uge"}, {"år", "måneder"}, {"timer", "dage"}, {"pct.", "kr."}, {"kr.", "pct."}, {"om året", "om måneden"}, {"årligt", "månedligt"}}

var comparatorSwaps = [][2]string{{"højst", "mindst"}, {"mindst", "højst"}, {"senest", "tidligst"}, {"over", "under"}, {"under", "over"}, {"før", "efter"}, {"inden", "efter"}, {"mere end", "mindre end"}}

var actorSwaps = [][2]string{{"kommunalbestyrelsen", "regionsrådet"}, {"Kommunalbestyrelsen", "Regionsrådet"}, {"regionsrådet", "kommunalbestyrelsen"}, {"Ankestyrelsen", "kommunalbestyrelsen"}, {"Ministeren", "Kommunalbestyrelsen"}, {"kommunen", "borgeren"}, {"borgeren", "kommunen"}, {"arbejdsgiveren", "lønmodtageren"}, {"lønmodtageren", "arbejdsgiveren"}, {"udlejeren", "lejeren"}, {"lejeren", "udlejeren"}, {"Udlejeren", "Lejeren"}, {"Lejeren", "Udlejeren"}, {"barnet", "forældrene"}, {"forældrene", "barnet"}}

var anyDigit = regexp.MustCompile(`[0-9]`)

// swapWords exchanges one word of a pair. Units and comparators are exchanged
// beside a figure only, where they measure something.
func swapWords(pairs [][2]string) func(string, *rand.Rand) string {
	beside := pairs[0][0] != actorSwaps[0][0]
	return func(s string, r *rand.Rand) string {
		start := r.IntN(len(pairs))
		for k := range pairs {
			p := pairs[(start+k)%len(pairs)]
			for from := 0; ; {
				i := strings.Index(s[from:], p[0])
				if i < 0 {
					break
				}
				i += from
				end := i + len(p[0])
				from = end
				whole := (i == 0 || s[i-1] == ' ') && (end == len(s) || strings.ContainsAny(s[end:end+1], " ,.;:"))
				near := anyDigit.MatchString(s[max(0, i-12):i]) || anyDigit.MatchString(s[end:min(len(s), end+12)])
				if whole && (!beside || near) {
					return s[:i] + p[1] + s[end:]
				}
			}
		}
		return ""
	}
}

func (m *Mutation) String() string { return fmt.Sprintf("%s (gate %t)", m.Name, m.Gate) }
