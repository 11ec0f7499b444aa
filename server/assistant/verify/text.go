package verify

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// listMarkers number the items of a list; they are no figures of the rule.
// Nor is the label of a paragraph.
var listMarkers = regexp.MustCompile(`(?m)^(?:\d+(?:\s?[a-zæøå])?\)|[a-zæøå]{1,2}\)|§ \d+(?: [a-zæøå])?\.(?: Stk\. 1\.)?|Stk\. \d+\.)`)

// word is a token with what the checks ask of it.
type word struct {
	danish.Token
	stem    string
	clause  int  // counts up at each comma, colon, bracket and conjunction
	stop    bool // carries no content of its own
	capital bool // begins with a capital inside a sentence
	taken   bool // read as part of a figure or comparator
	actor   actor
	before  string // what stands between the word before and this one
}

// text is a sentence or a place of a source, read.
type text struct {
	raw   string
	words []word
	facts []fact
	ops   []operator
	agent []agency
}

// read analyses a text.
func read(raw string) *text {
	raw = listMarkers.ReplaceAllStringFunc(raw, func(m string) string { return strings.Repeat(" ", len(m)) })
	t := &text{raw: raw}
	clause, end := 0, 0
	for _, token := range danish.Tokens(raw) {
		w := word{Token: token, before: raw[min(end, token.Start):token.Start]}
		if strings.ContainsAny(w.before, ",;:.()–?!") || opensClause[token.Term] {
			clause++
		}
		w.clause = clause
		w.stem = danish.Stem(token.Term)
		w.actor = actorOf(w.stem, token.Term)
		w.stop = danish.Stop(token.Term) || light[token.Term] || len(token.Term) < 2
		w.capital = len(t.words) > 0 && capital(raw[token.Start:]) && !strings.ContainsAny(w.before, ".:?!\n»\"”)")
		t.words = append(t.words, w)
		end = token.End
	}
	t.findFacts()
	t.findOperators()
	t.findAgency()
	return t
}

var opensClause = set(`at der som hvis når såfremt medmindre hvorvidt om fordi idet men mens hvor hvilket`)

// light words carry grammar or the frame of an answer, not its matter. Words
// that the operators read (ikke, skal, kun, før) are no content either.
var light = set(`være er var været bliver blive blev blevet have har havde haft få får fik fået gør gøre gjort ske sker sket gå går
	gælde gælder gældende betyder betyde siger sige står stå fremgår fremgå følger følge heraf dermed derfor således altså desuden også
	endvidere herudover derudover samt både enten eller og ikke ej aldrig hverken uden ingen intet medmindre undtagen undtaget bortset
	undtagelse kun alene udelukkende blot skal skulle kan kunne må måtte bør burde vil ville før efter inden forinden senest tidligst
	højst højest maksimalt mindst minimum over under mere mindre end op fra til hver hvert alle enhver ethvert hvis når såfremt fald
	tilfælde dog imidlertid selv egen eget egne sådan sådant sådanne anden andet andre nogen noget nogle måde form forbindelse henhold
	hensyn baggrund pågældende vedkommende nævnte omhandlede omtalte ifølge jævnfør jf stk nr pkt litra kap kapitel paragraf
	reglerne regler regel bestemmelse bestemmelsen bestemmelser bestemmelserne loven lov lovens mv bl fx eks dvs desuden herunder
	hertil hermed herved hvorefter derefter herefter mulighed muligt mulig pligt pligtig forpligtet nødt lov tilladt forbudt
	finder finde anvendelse øvrigt i via mellem blandt hos ad mod per pr ca cirka omkring ved når da så nu her der hvor hvorved hvortil hvoraf hvormed`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func capital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

func isLetterOrDigit(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// content returns the indexes of the words that carry the matter.
func (t *text) content() []int {
	var out []int
	for i := range t.words {
		if t.words[i].carries() {
			out = append(out, i)
		}
	}
	return out
}

func (w *word) carries() bool { return w.Kind == danish.Word && !w.stop && !w.taken }

// weight is how much a word counts in coverage: long words say more.
func (w *word) weight() float64 {
	n := float64(min(12, utf8.RuneCountInString(w.Term)))
	if w.actor != nobody {
		return 0.3 * n // who acts is checked by itself
	}
	return n
}

// at is the word's term, "" beyond the ends.
func (t *text) at(i int) string {
	if i < 0 || i >= len(t.words) {
		return ""
	}
	return t.words[i].Term
}
