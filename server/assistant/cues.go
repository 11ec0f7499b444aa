package assistant

import "strings"

// The tables below are the Danish of questions and of statutes. Phrases are
// looked up in lower-case text in which every break between words is one
// space, so a phrase with spaces at its ends matches whole words.

var questionCues = []struct {
	kind    kind
	phrases []string
}{
	{asksDeadline, []string{" hvornår skal ", " frist ", " fristen ", " frister ", " tidsfrist", "frist ", "fristen ", " senest ", " hvor hurtigt ", " hvor lang tid har ", " inden hvornår ", " hvor lang tid efter ", " hvor sent "}},
	{asksDuration, []string{" hvor længe ", " hvor lang tid ", " hvor lang ", " varighed", " hvor mange uger ", " hvor mange måneder ", " hvor mange dage ", " hvor mange år ", " hvor mange timer ", " hvornår ophører ", " hvornår udløber ", " hvor gammel ", " hvor gamle ", " aldersgrænse", " hvor ofte "}},
	{asksAmount, []string{" hvor meget ", " hvor stor ", " hvor stort ", " hvor store ", " hvor høj ", " hvor højt ", " hvad koster ", " beløb", " sats", " takst", " hvor mange penge ", " hvor mange kroner ", " procent", " hvad er prisen ", " hvor mange "}},
	{asksWho, []string{" hvem ", " hvilken myndighed ", " hvilke myndigheder ", " hvilken kommune ", " hvilket udvalg ", " hvilket nævn ", " hvilken instans "}},
	{asksDefinition, []string{" hvad er ", " hvad forstås ", " hvad betyder ", " definition", " hvad dækker ", " hvad menes ", " hvordan defineres "}},
	{asksCondition, []string{" hvornår kan ", " hvornår har ", " hvornår er ", " hvornår må ", " betingelse", " kriterie", " krav ", " kravene ", " hvilke krav ", " forudsætning", " hvad skal der til ", " under hvilke ", " hvem kan ", " hvem har ret "}},
	{asksMay, []string{" kan ", " må ", " muligt ", " mulighed ", " lovligt ", " tilladt ", " adgang til "}},
	{asksMust, []string{" skal ", " pligt ", " pligter ", " forpligt", " nødt til ", " krav på ", " kræves "}},
	{asksAppeal, []string{" klage", "påklage", " anke ", " indbringe", " klageinstans"}},
	{asksException, []string{" undtagelse", " undtaget ", " medmindre ", " undtagelser ", " undlade "}},
	{asksContent, []string{" indeholde ", " indhold ", " hvilke oplysninger ", " oplyse om ", " hvilke emner ", " hvilke opgaver ", " hvilke indsatser ", " hvilke typer ", " hvilke former "}},
}

// questionWords carry the question, not its subject.
var questionWords = set(`hvad hvem hvor hvornår hvordan hvorfor hvilken hvilket hvilke hvis hvilkens længe lang langt mange meget mindst
	jeg vi man du os mig min mit mine vores dig din sin deres hans hendes andre anden andet
	skal kan må vil bør skulle kunne måtte ville har have haft havde få får fået er var være været bliver blive blevet gør gøre
	siger stå står gælder gælde gældende betyder betyde findes finde lyder hedder mener menes forstås koster
	og eller men at der det den de en et som til af på i om for med ved fra efter over under inden når ikke også altid
	regel regler reglerne reglen lov loven love lovgivning lovgivningen bestemmelse bestemmelser bestemmelserne bestemmelsen paragraf paragraffen stk nr kapitel
	spørgsmål svar fortæl forklar hjælpe gerne del dele lige egentlig samme så nu her før sin hurtigt hurtig ofte stor stort store høj højt højst gammel gammelt gamle tid
	udgør hej goddag godmorgen godaften kære tak hilsen venlig lige igen bare altså jo nemlig vist måske overhovedet rigtigt forresten kollega
	the what how who when does must shall can may is are a an of to for in and with`)

// genericWords stand in so many provisions and questions that a match on them
// alone proves nothing.
var genericWords = set(`kommune kommunen kommunens kommuner kommunerne kommunal kommunale kommunalbestyrelse kommunalbestyrelsen
	borger borgeren borgere borgeres borgers borgerens person personer personen mennesker menneske nogen noget nogle alle
	sag sagen sager sagsbehandler sagsbehandling myndighed myndigheden myndigheder
	give giver gives givet yde yder ydes ydet tilbyde tilbyder tilbydes tilbud ret rettigheder krav kræve kræves kræver pligt pligter
	hjælp støtte mulighed muligheder betingelse betingelser betingelserne frist fristen frister kriterier
	søge søger ansøge ansøger ansøgning bruge bruger brug modtage modtager lave laver laves tage tager træffe træffer træffes afgørelse afgørelsen afgørelser
	bevilge bevilges bevilget bevilger bevilling udbetale udbetales oplysninger indeholde indhold opfyldt opfylde opfyldes
	år året årene årlig årligt dag dage uge uger måned måneder beløb bestemme bestemmer beslutte beslutter beslutning bo bor
	ansvar ansvaret ansvarlig sørge dække dækket dækkes omfattet omfatter situation situationer forhold tilfælde gang gange
	starte begynde komme kommer sker ske mener tro vide ved kende dansk danske danmark`)

// statuteCues are the words by which a sentence of a statute shows what it does.
type statuteCue struct {
	role    Role
	answers kind // what kinds of question such a sentence answers
	phrases []string
}

var statuteCues = []statuteCue{
	{RoleException, asksException, []string{" medmindre ", " uanset ", " dog ", " gælder ikke ", " bortset fra ", " undtaget ", " undtages ", " finder ikke anvendelse", " kan fravige", " omfatter ikke ", " undlade "}},
	{RoleCondition, asksCondition | asksMay, []string{" betinget af ", " betingelse", " betingelser ", " forudsætter ", " forudsætning ", " hvis ", " når ", " såfremt ", " i det omfang ", " krav om "}},
	{RoleDeadline, asksDeadline, []string{" senest ", " uden ugrundet ophold", " hurtigst muligt", " straks ", " snarest ", " frist ", " fristen ", " uden unødigt ophold"}},
	{RoleAuthority, asksWho, []string{" træffer afgørelse", " træffes af ", " træffer beslutning", " afgøres af ", " påhviler ", " er ansvarlig for ", " har ansvaret for ", " visiteres af ", " beslutter "}},
	{RoleAppeal, asksAppeal, []string{" påklages", " indbringes for ", " klage over ", " klage til ", " klagen ", " klager over ", " klageinstans", " klagefrist", " indbringe ", " klages "}},
}

// beneficiaries are the openings by which a provision says who it is for.
var beneficiaries = []string{" til personer ", " personer der ", " personer som ", " en person der ", " en person med ", " den der ", " børn og unge der ", " til børn ", " ordning for personer", " til borgere ", " enhver "}

// numbers are the words that statutes use for small numbers and for time.
var numbers = []string{" en gang ", " én ", " ét ", " to ", " tre ", " fire ", " fem ", " seks ", " hver ", " hvert ", " årlig", " månedlig", " ugentlig", " halvdelen ", " straks ", " snarest "}

// frequencies say how often.
var frequencies = []string{" hver uge", " hver måned", " hver anden ", " hver tredje ", " hvert år", " hvert andet ", " hvert tredje ", " hvert fjerde ", " årligt ", " månedligt ", " ugentligt ", " dagligt ", " om året", " om måneden", " om ugen"}

// delegates tells whether a sentence only says that somebody else may make
// rules: that answers nothing but questions about such rules.
func delegates(text string) bool {
	return strings.Contains(text, "minister") && containsAny(text, []string{" regler ", " bestemmelser ", " retningslinjer "}) &&
		containsAny(text, []string{" fastsætter ", " fastsætte ", " bestemme ", " bestemmer ", " udsteder "}) ||
		containsAny(text, []string{" fastsætter nærmere regler", " fastsætte nærmere regler"})
}

// commencement belongs to the coming into force of an act, or to its penalties
// and territory: hardly ever what is asked.
var commencement = []string{" træder i kraft", " hidtil gældende", " gælder ikke for færøerne", " færøerne og grønland", " ophæves ", " bekendtgørelsen i lovtidende", " straffes med bøde"}

// timeUnits and moneyUnits follow the number of a period or an amount.
var (
	timeUnits  = []string{" uge", " måned", " dag", " år", " time", " hverdag", " arbejdsdag", " kalenderdag", " døgn"}
	moneyUnits = []string{" kr ", " kroner", " pct", " procent", " gange"}
)

// plain is text as the phrase tables want it: lower case, a space at both ends,
// one space between words and no punctuation after them.
func plain(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	for _, word := range strings.FieldsFunc(strings.ToLower(text), breaksWords) {
		b.WriteByte(' ')
		b.WriteString(strings.TrimRight(word, ".!?"))
	}
	b.WriteByte(' ')
	// "jf. dog stk. 2" points to an exception; it is none.
	return strings.ReplaceAll(b.String(), " jf dog ", " jf ")
}

func breaksWords(r rune) bool {
	switch r {
	case ' ', '\n', '\t', '\r', '\u00a0', ',', ';', ':', '(', ')', '»', '«', '"', '”', '“', '/':
		return true
	}
	return false
}

func containsAny(text string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// numberBefore tells whether one of the words follows a number: "4 uger".
func numberBefore(text string, words []string) bool {
	for _, w := range words {
		for from := 0; ; {
			i := strings.Index(text[from:], w)
			if i < 0 {
				break
			}
			i += from
			if i > 0 && text[i-1] >= '0' && text[i-1] <= '9' {
				return true
			}
			from = i + len(w)
		}
	}
	return false
}

// hasFigure tells whether a text says how much, how many or how often. The
// numbers of references do not count.
func hasFigure(text string) bool {
	if containsAny(text, numbers) {
		return true
	}
	cites := false // the last words belong to a reference
	words := strings.Fields(text)
	for i, w := range words {
		digit := w[0] >= '0' && w[0] <= '9'
		switch {
		case w == "§" || w == "§§" || w == "stk" || w == "nr" || w == "kapitel" || w == "litra":
			cites = true
		case digit && i+1 < len(words) && words[i+1] == "pkt":
		case digit && !cites:
			return true
		case !digit && len(w) > 1 && w != "og" && w != "eller":
			cites = false
		}
	}
	return false
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
