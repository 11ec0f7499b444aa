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

// asPhrases follow a "som" that opens no clause.
var asPhrases = set("hovedregel udgangspunkt minimum led følge nævnt anført tidligere altid regel")

// coordinators join a part of a sentence to the one before it.
var coordinators = set("og eller men samt")

// modality finds the modal verb of the main clause. Danish puts it second:
// "Kommunen skal …", "Når kommunen modtager en underretning, skal den …"; a
// modal behind "der", "som", "at", "hvis" belongs to a subordinate clause, and
// one that opens the sentence to a condition: "Kan fristen ikke holdes, skal …".
func (c *Clause) modality(sentence string) {
	words := wordBreaks.FindAllStringIndex(sentence, -1)
	word := func(i int) string {
		w := strings.ToLower(sentence[words[i][0]:words[i][1]])
		if w == "som" && i+1 < len(words) && asPhrases[strings.ToLower(sentence[words[i+1][0]:words[i+1][1]])] {
			return "" // "som hovedregel" opens no clause
		}
		return w
	}
	subordinate, was, first, segment := false, false, true, 0
	for i := range words {
		w := word(i)
		if w == "," || w == ";" || w == ":" {
			// A comma ends a subordinate clause, unless another opens.
			was, subordinate, first = subordinate, false, true
			segment++
			continue
		}
		if first && w == "men" && c.ModalEnd > c.ModalStart && !subordinate && !was {
			return // what follows is said of something else
		}
		if first && coordinators[w] {
			subordinate = was && w != "men"
			continue
		}
		expletive := i == 0 && (w == "der" || w == "som") // "Der skal …"
		behindModal := i > 0 && modals[word(i-1)] != None && w == "der"
		if subordinators[w] && !expletive && !behindModal || first && openers[w] {
			subordinate = true
		}
		leads := first && segment == 1 // "Inden kommunen kan træffe afgørelse, skal den …"
		first = false
		m, modal := modals[w]
		if !modal || (w == "pligt" || w == "pligter" || w == "forpligtet") && !strings.HasPrefix(sentence[words[i][1]:], " til ") {
			continue
		}
		if i == 0 {
			subordinate = true
		}
		if subordinate {
			continue
		}
		m = negate(m, word, i, len(words))
		if c.ModalEnd > c.ModalStart && !leads {
			c.Mixed = c.Mixed || m != c.Modality
			continue
		}
		c.ModalStart, c.ModalEnd = c.Start+words[i][0], c.Start+words[i][1]
		c.Modality, c.Mixed = right(m, strings.ToLower(sentence[words[i][1]:])), false
		c.Verbs, c.Passive = infinitives(sentence, words[i+1:])
	}
}

// right turns "skal have mulighed for at …" into a permission.
func right(m Modality, rest string) Modality {
	if m == Must && rightForm.MatchString(rest) {
		return May
	}
	return m
}

var rightForm = regexp.MustCompile(`^(?: [^ ,]+){0,3} have (?:mulighed|adgang|ret|lejlighed) `)

// negate looks for a negation in the modal's clause: "må først og fremmest
// ikke", "kan der ikke", "må hverken". Relative clauses are passed over.
func negate(m Modality, word func(int) string, at, n int) Modality {
	const reach = 25
	if m == May && at > 0 && word(0) == "ingen" {
		return MustNot // "Ingen må …"
	}
	for i := at + 1; i < n && i <= at+reach; i++ {
		w := word(i)
		switch {
		case w == "," && i+1 < n && (word(i+1) == "hvor" || word(i+1) == "der" || word(i+1) == "som"):
			for i++; i < n && word(i) != ","; i++ {
			}
			continue
		case w == "," || w == ";" || w == ":" || modals[w] != None || subordinators[w] && !(w == "der" && i == at+1):
			return m
		case w == "hverken" || w == "aldrig" || w == "intet" && i == at+1:
		case w == "ikke":
			if i+1 < n {
				if next := word(i + 1); next == "kun" || next == "alene" || next == "blot" || next == "mindst" {
					return m // "skal ikke kun"
				}
			}
		default:
			continue
		}
		if m == Must && (w == "ikke" || word(at) != "skal") {
			return NeedNot
		}
		if m == May || m == Must {
			return MustNot
		}
		return m
	}
	return m
}

// infinitives returns the stems of the verbs that depend on a modal: its first
// words in -e that are no nouns by their ending, up to a comma or "at".
func infinitives(sentence string, words [][]int) (out []string, passive bool) {
	const most = 3
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
			if len(out) == 0 {
				passive = strings.HasSuffix(word, "s") || word == "være" || word == "ske"
			}
			out = append(out, stem(word))
			if len(out) == most {
				break
			}
		}
	}
	return out, passive
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
