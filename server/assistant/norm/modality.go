package norm

import (
	"regexp"
	"strings"
)

var (
	stkLabel   = regexp.MustCompile(`^(?:Stk|stk)\. ?\d+\. ?`)
	itemMarker = regexp.MustCompile(`^(?:\d{1,2}\)|\d{1,2}\. |[a-zæøå]\)|[-–•*] |\[ \])`)
	wordBreaks = regexp.MustCompile(`[\pL\pN-]+|[,;:]`)
)

// subordinators open a clause whose verb is not the sentence's, wherever they
// stand; openers do where they begin a part of the sentence, and are
// prepositions or adverbs elsewhere.
var (
	subordinators = set("der som at hvis når såfremt medmindre fordi idet hvor hvem hvilken hvilket hvilke uanset forudsat eftersom hvorefter hvorved hvornår hvordan hvorvidt")
	openers       = set("om mens")
)

var modals = map[string]Modality{"skal": Must, "kan": May, "må": May, "bør": Should, "påhviler": Must, "forpligtet": Must, "pligt": Must, "pligter": Must, "behøver": Must}

// modality finds the modal verb of the main clause. Danish puts it second:
// "Kommunen skal …", "Når kommunen modtager en underretning, skal den …"; a
// modal behind "der", "som", "at", "hvis" belongs to a subordinate clause.
func (c *Clause) modality(sentence string) {
	subordinate, first, segment := false, true, 0
	words := wordBreaks.FindAllStringIndex(sentence, -1)
	for i, w := range words {
		word := strings.ToLower(sentence[w[0]:w[1]])
		if word == "," || word == ";" || word == ":" {
			// A comma ends a subordinate clause, unless another opens.
			subordinate, first = false, true
			segment++
			continue
		}
		expletive := i == 0 && (word == "der" || word == "som") // "Der skal …"
		if subordinators[word] && !expletive || first && openers[word] {
			subordinate = true
		}
		leads := first && segment == 1 // "Inden kommunen kan træffe afgørelse, skal den …"
		first = false
		m, modal := modals[word]
		if !modal || subordinate || c.ModalEnd > c.ModalStart && !leads {
			continue
		}
		if (word == "pligt" || word == "pligter" || word == "forpligtet") && !strings.HasPrefix(sentence[w[1]:], " til ") {
			continue
		}
		c.ModalStart, c.ModalEnd = c.Start+w[0], c.Start+w[1]
		c.Modality = negate(m, word, sentence, words, i)
		c.Verbs = infinitives(sentence, words[i+1:])
		if segment > 0 {
			return
		}
	}
}

// negate looks for "ikke" and "aldrig" before the next comma, among the next
// words: "må først og fremmest ikke", "kan kommunen ikke".
func negate(m Modality, word, sentence string, words [][]int, at int) Modality {
	const reach = 6
	for i := at + 1; i < len(words) && i <= at+reach; i++ {
		w := strings.ToLower(sentence[words[i][0]:words[i][1]])
		if w == "," || w == "og" || subordinators[w] {
			break
		}
		if w == "ikke" && i+1 < len(words) {
			if next := strings.ToLower(sentence[words[i+1][0]:words[i+1][1]]); next == "kun" || next == "alene" || next == "blot" {
				break // "skal ikke kun"
			}
		}
		if w == "ikke" || w == "aldrig" || w == "ingen" || w == "intet" {
			switch {
			case m == Must && word != "skal" || word == "skal" && w == "ikke":
				return NeedNot
			case m == May || m == Must:
				return MustNot
			}
		}
	}
	// "Ingen må", "Der må ikke".
	if m == May && at > 0 && strings.EqualFold(sentence[words[0][0]:words[0][1]], "ingen") {
		return MustNot
	}
	return m
}

// infinitives returns the stems of the verbs that depend on a modal: its first
// words in -e that are no nouns by their ending, up to a comma or "at".
func infinitives(sentence string, words [][]int) []string {
	const most = 3
	var out []string
	for _, w := range words {
		word := strings.ToLower(sentence[w[0]:w[1]])
		if word == ";" || word == ":" || subordinators[word] && len(out) > 0 {
			break
		}
		if word == "," {
			if len(out) > 0 {
				break
			}
			continue
		}
		if looksInfinitive(word) {
			out = append(out, stem(word))
			if len(out) == most {
				break
			}
		}
	}
	return out
}

// notVerbs are words in -e that stand between a modal and its verb.
var notVerbs = set(`den denne dette disse alle samme ikke eller uden ville inde ude oppe nede senere nødvendige særlige berørte øvrige enkelte
	unge ældre ene hele mere mindre første næste sidste offentlige sociale kommunale økonomiske egne pågældende nævnte følgende endvidere tillige
	kommunalbestyrelse borgere borgerne forældre forældrene børnene parterne udgifterne oplysningerne dage dagene både mindste uge time timer
	hvilke hvilke begge ske ene fulde rette skriftlige mundtlige hjemme faglige konkrete samlede individuelle forebyggende nære nødvendige`)

func looksInfinitive(word string) bool {
	if notVerbs[word] {
		return false
	}
	if shortVerbs[word] {
		return true
	}
	if len(word) < 4 || !strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "es") {
		return false
	}
	for _, noun := range []string{"ene", "erne", "ende", "ige", "ske", "elle", "else", "hede", "este", "ere", "ernes", "enes", "elses", "ndes"} {
		if strings.HasSuffix(word, noun) && !knownVerbs[word] {
			return false
		}
	}
	return true
}

var shortVerbs = set(`få gå se yde øge gøre stå give tage bo ske fås ses gives have være`)

var knownVerbs = set(`foreligge tilvejebringe oprette tilrette sende vende anvende bistå kende finde afslutte bede betinge forelægge ønske
	undersøge besøge sige modtage tilkendegive afgive bevilge beslutte etablere registrere orientere informere planlægge visitere koordinere
	revurdere vurdere kontrollere indhente udpege sikre godkende høre partshøre føre udføre gennemføre indføre videreføre iværksætte
	ændre fremme meddele udbetale sanktionere prioritere dokumentere evaluere motivere præcisere offentliggøre klagevejlede sørge omfatte ekspedere
	sendes anvendes findes kendes vendes bindes mindes godkendes udsendes indsendes tilbagesendes`)
