package teams

// What the bot says, besides the assistant's and the policy's words.
const (
	noAccess = "Du har ikke adgang til Hjemmel fra Teams. Bed din kommunes driftsansvarlige om adgang."
	noFiles  = "Jeg læser ikke filer i Teams. [Få en sammenfatning af filen](%s), eller [find mangler i den](%s) i Hjemmel."
	newTalk  = "Så begynder vi forfra. Hvad vil du slå op?"

	gapsElsewhere = "Mangler i en retningslinje finder du her: [Find mangler](%s). Der kan du vælge et dokument eller lægge en fil ind."
	summaryOfWhat = "Hvad skal jeg sammenfatte? Skriv for eksempel »sammenfat serviceloven kapitel 16« eller »sammenfat forvaltningslovens § 19«."
	tooFast       = "Det går lidt for hurtigt: der er en grænse for, hvor meget hver bruger kan spørge om i minuttet. Vent %d sekunder, og prøv igen."

	feedbackTooLate  = "Tak, men jeg kan ikke længere se, hvilket svar du mener. Giv i stedet din tilbagemelding i Hjemmel på nettet."
	feedbackOfOthers = "Tak, men kun den, der stillede spørgsmålet, kan give en tilbagemelding på svaret."
	feedbackFailed   = "Din tilbagemelding blev ikke gemt. Prøv igen om lidt."
	commentRefused   = "Din vurdering er gemt, men ikke din kommentar."

	suggestion = "Forslag, ikke afgørelse: kontrollér kilderne, før du bruger svaret."
	sharedNote = "Andre læser med her, så jeg bruger kun det, alle i Teams må læse. Skriv til mig i en chat med mig alene, hvis du mangler noget."
	shortened  = "Svaret er forkortet."
	wholeTitle = "Vis hele svaret"
	ownTitle   = "Vis hele svaret (kun for den, der spurgte)"
)

// helpText is shown by »hjælp« and when the bot is added.
const helpText = "Jeg finder hjemlen: spørg om regler i lovgivningen og i kommunens egne retningslinjer, så svarer jeg med kilder, du kan kontrollere."

// helpCommands are what one can write, with what it does.
var helpCommands = [][2]string{
	{"Et spørgsmål", "»Hvornår kan vi yde tabt arbejdsfortjeneste?« eller »Hvad siger forvaltningslovens § 19?«"},
	{"sammenfat …", "et kort overblik over en lov, et kapitel eller en paragraf"},
	{"mangler", "hold en retningslinje op mod loven (åbner Hjemmel)"},
	{"ny samtale", "begynd på et nyt emne"},
	{"hjælp", "denne vejledning"},
}

// helpLimits say what the bot must not be used for.
const helpLimits = "Skriv aldrig CPR-numre, navne eller andet om bestemte borgere. Svarene er lavet af AI: de er forslag, ikke afgørelser."

// roleWords begin a statement that qualifies the answer.
var roleWords = map[string]string{
	"condition": "Betingelse", "exception": "Undtagelse", "deadline": "Frist", "authority": "Hvem afgør", "appeal": "Klage", "related": "Se også",
	"duty": "Pligt", "prohibition": "Forbud", "amount": "Beløb", "discretion": "Skøn", "delegation": "Bemyndigelse",
}
