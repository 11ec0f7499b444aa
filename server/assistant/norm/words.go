package norm

import (
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

func stem(word string) string { return Same(danish.Stem(word)) }

// who reads the actor: the subject, which stands right before or right behind
// the modal verb. A passive ("skal begrundes") names nobody.
func (c *Clause) who(sentence string) {
	const reach = 6 // words on each side
	tokens := danish.Tokens(sentence)
	modal := 0
	for i, t := range tokens {
		if c.Start+t.Start < c.ModalEnd {
			modal = i
		}
	}
	if c.ModalEnd == c.ModalStart {
		modal = min(reach, len(tokens)) / 2
	}
	for d := 1; d <= reach; d++ {
		for _, i := range []int{modal - d, modal + d} {
			if i >= 0 && i < len(tokens) {
				if a := actor(tokens[i].Term); a != Nobody && !(a == Other && c.Passive) {
					c.Who = a
					return
				}
			}
		}
	}
	if c.ModalEnd > c.ModalStart && !c.Passive && c.ModalStart > c.Start && !strings.HasPrefix(strings.ToLower(sentence), "der ") {
		c.Who = Other
	}
}

func actor(word string) Actor {
	switch {
	case municipality[word] || strings.HasPrefix(word, "kommunalbestyrelse") || strings.HasPrefix(word, "jobcent"):
		return Municipality
	case strings.HasSuffix(word, "ministeren") || strings.HasSuffix(word, "styrelsen") && !strings.HasSuffix(word, "bestyrelsen"):
		return Minister
	case others[word] || strings.HasSuffix(word, "organisation") || strings.HasSuffix(word, "organisationen"):
		return Other
	}
	return Nobody
}

// municipality are the words that name the municipality or one of its bodies.
var municipality = set(`kommunen kommunens kommune kommunerne kommunalbestyrelsen kommunalbestyrelsens kommunalbestyrelserne byrådet rådgiveren rådgiver
	sagsbehandleren sagsbehandler myndigheden myndighed forvaltningen afdelingen visitator visitatoren skolelederen afdelingslederen familieafdelingen
	bopælskommunen handlekommunen opholdskommunen personalet medarbejderen skolen dagtilbuddet visitationen vi bygningsmyndigheden planmyndigheden
	tilsynsmyndigheden vandløbsmyndigheden vejmyndigheden rehabiliteringsteamet`)

var others = set(`borgeren modtageren ansøgeren forælderen forældrene parten parter ejeren ejere grundejeren lejeren lejere udlejeren arbejdsgiveren
	lønmodtageren ankestyrelsen regionsrådet regionen domstolen retten nævnet politiet staten udlejer lejer arbejdsgiver personen virksomheden
	ansøger part vedkommende forælder barnet børn unge leverandøren leverandører arrangøren bygherren klageren klager hundens besidderen brugeren sygemeldte`)

// fillers stand in every legal text: they tell nothing of what a clause is about.
var fillers = set(`skal kan må bør ikke være har have blive bliver ske sker efter over under inden senest mindst højst før uden hvis når dog medmindre
	kommune kommunen kommunens kommunalbestyrelse kommunalbestyrelsen kommunalbestyrelsens borger borgeren borgerens person personer personen pågældende
	bestemmelse bestemmelser bestemmelsen regler reglerne reglen lov loven lovens lovs stk nr pkt jf litra kapitel bilag
	herunder samt både såvel ligesom endvidere tillige desuden også kun alene mere mindre andre anden andet egen eget egne
	nævnte følgende samme sådan sådanne tilfælde forhold henhold forbindelse hensyn måde led grund
	første anden tredje dag dage uge uger måned måneder år time timer kr kroner pct procent døgn hverdage arbejdsdage`)

// words keeps the stems of content words. References are none: "barnets lov
// § 89" says nothing of a child.
func (c *Clause) words(sentence string) {
	plain := []byte(sentence)
	for _, ref := range citation.Parse(sentence) {
		for i := ref.Start; i < ref.End; i++ {
			plain[i] = ' '
		}
	}
	c.Words = Words(string(plain))
}

// Words returns the stems of a text's content words, each once, in their order.
func Words(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range danish.Tokens(text) {
		if t.Kind != danish.Word || danish.Stop(t.Term) || fillers[t.Term] || len(t.Term) < 3 {
			continue
		}
		if s := stem(t.Term); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// Stem is the form in which clauses hold a word.
func Stem(word string) string { return stem(strings.ToLower(word)) }
