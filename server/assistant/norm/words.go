package norm

import (
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

func stem(word string) string { return Same(danish.Stem(word)) }

// who reads the actor: the first that is named, before or right behind the
// modal verb.
func (c *Clause) who(sentence string) {
	for _, t := range danish.Tokens(sentence) {
		switch {
		case municipality[t.Term] || strings.HasPrefix(t.Term, "kommunalbestyrelse") || strings.HasPrefix(t.Term, "jobcent"):
			c.Who = Municipality
		case strings.HasSuffix(t.Term, "ministeren") || strings.HasSuffix(t.Term, "styrelsen") && t.Term != "kommunalbestyrelsen":
			c.Who = Minister
		case others[t.Term]:
			c.Who = Other
		default:
			continue
		}
		return
	}
}

// municipality are the words that name the municipality or one of its bodies.
var municipality = set(`kommunen kommunens kommune kommunerne kommunalbestyrelsen kommunalbestyrelsens kommunalbestyrelserne byrådet rådgiveren rådgiver
	sagsbehandleren sagsbehandler myndigheden myndighed forvaltningen afdelingen visitator visitatoren skolelederen afdelingslederen familieafdelingen
	bopælskommunen handlekommunen opholdskommunen personalet medarbejderen skolen dagtilbuddet visitationen vi bygningsmyndigheden planmyndigheden
	tilsynsmyndigheden vandløbsmyndigheden vejmyndigheden rehabiliteringsteamet`)

var others = set(`borgeren modtageren ansøgeren forælderen forældrene parten parter ejeren ejere grundejeren lejeren lejere udlejeren arbejdsgiveren
	lønmodtageren ankestyrelsen regionsrådet regionen domstolen retten nævnet politiet staten udlejer lejer arbejdsgiver personen virksomheden
	ansøger part vedkommende leverandøren leverandører arrangøren bygherren klageren klager hundens besidderen brugeren sygemeldte`)

// fillers stand in every legal text: they tell nothing of what a clause is about.
var fillers = set(`skal kan må bør ikke være har have blive bliver ske sker efter over under inden senest mindst højst før uden hvis når dog medmindre
	kommune kommunen kommunens kommunalbestyrelse kommunalbestyrelsen kommunalbestyrelsens borger borgeren borgerens person personer personen pågældende
	bestemmelse bestemmelser bestemmelsen regler reglerne reglen lov loven lovens lovs stk nr pkt jf litra kapitel bilag
	herunder samt både såvel ligesom endvidere tillige desuden også kun alene mere mindre andre anden andet egen eget egne
	nævnte følgende samme sådan sådanne tilfælde forhold henhold forbindelse hensyn måde led grund
	første anden tredje dag dage uge uger måned måneder år time timer kr kroner pct procent døgn hverdage arbejdsdage`)

// words keeps the stems of content words.
func (c *Clause) words(sentence string) {
	seen := map[string]bool{}
	for _, t := range danish.Tokens(sentence) {
		if t.Kind != danish.Word || danish.Stop(t.Term) || fillers[t.Term] || len(t.Term) < 3 {
			continue
		}
		if s := stem(t.Term); !seen[s] {
			seen[s] = true
			c.Words = append(c.Words, s)
		}
	}
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
