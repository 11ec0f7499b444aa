package assistant

// lawQuestion is a caseworker's question with where the acts of the shared data
// answer it and a phrase that the answer must contain. The answers to the
// even ones were read to set weights; of the odd ones only the totals were seen.
// words.txt was written knowing both, so neither half is blind to it.
type lawQuestion struct {
	text    string
	act     string // file name in the shared data, or its beginning
	section string // may name several: "86|87"
	phrase  string // lower case; may name several
}

var answerable = []lawQuestion{
	// Social service
	{"Hvornår kan vi yde tabt arbejdsfortjeneste?", "barnets-lov", "87", "nødvendig konsekvens"},
	{"Hvad er betingelserne for borgerstyret personlig assistance?", "social-service", "96", "arbejdsleder"},
	{"Hvor mange timers ledsagelse har en borger ret til om måneden?", "social-service", "97", "15 timers ledsagelse"},
	{"Hvilke betingelser skal være opfyldt for at få et hjælpemiddel?", "social-service", "112", "varige følger"},
	{"Kan kommunen give støtte til køb af bil?", "social-service", "114", "køb af bil"},
	{"Kan vi bevilge boligindretning til en borger med handicap?", "social-service", "116", "indretning af bolig"},
	{"Hvor stor en del af prisen på forbrugsgoder dækker kommunen?", "social-service", "113", "50 pct."},
	{"Hvornår skal kommunen tilbyde at udarbejde en handleplan?", "social-service", "141", "handleplan"},
	{"Hvem kan få socialpædagogisk støtte?", "social-service", "85", "betydelig nedsat fysisk eller psykisk funktionsevne"},
	{"Hvem kan blive ansat til at passe en nærtstående i hjemmet?", "social-service", "118", "tilknytning til arbejdsmarkedet"},
	{"Hvor længe kan man være ansat til at passe en nærtstående?", "social-service", "118", "6 måneder"},
	{"Kan en voldsramt optages anonymt på et krisecenter?", "social-service", "109", "anonymt"},
	{"Hvor store skal merudgifterne være, før en voksen kan få kompensationsydelse?", "social-service", "100", "6.660 kr."},
	// Children
	{"Hvor lang tid må en børnefaglig undersøgelse tage?", "barnets-lov", "20", "4 måneder"},
	{"Hvor hurtigt skal kommunen vurdere en underretning?", "barnets-lov", "136", "24 timer"},
	{"Hvornår skal barnets plan foreligge efter en anbringelse?", "barnets-lov", "91", "3 måneder"},
	{"Hvem har skærpet underretningspligt?", "barnets-lov", "133", "offentlig tjeneste"},
	{"Har almindelige borgere pligt til at underrette om vanrøgt af et barn?", "barnets-lov", "135", "vanrøgt"},
	{"Kan et barn på 10 år selv klage over en anbringelse?", "barnets-lov", "145|146", "fyldt 10 år"},
	{"Hvornår kan børne- og ungeudvalget anbringe et barn uden samtykke?", "barnets-lov", "47", "åbenbar risiko"},
	{"Hvor store skal merudgifterne være om året, før der kan ydes hjælp til et barn?", "barnets-lov", "86", "5.348 kr."},
	{"Hvornår skal ungestøtte ophøre?", "barnets-lov", "117", "fylder 23 år"},
	{"Har et barn ret til en bisidder?", "barnets-lov", "6", "bistå"},
	{"Hvad sker der med børne- og ungeydelsen ved ulovligt skolefravær?", "barnets-lov", "134", "standsning"},
	// Elders
	{"Hvor ofte skal der afholdes valg til ældrerådet?", "aeldrelov|retssikkerhed", "36|32", "hvert fjerde år"},
	{"Hvem kan få plejevederlag for at passe en døende?", "aeldrelov", "23", "dø i eget hjem"},
	{"Kan en pårørende til en ældre få aflastning?", "aeldrelov", "16", "aflastning"},
	{"Skal kommunen tilbyde mad til ældre, der ikke kan lave mad selv?", "aeldrelov", "13", "ét dagligt måltid"},
	{"Må kommunen opkræve betaling for personale til helhedspleje?", "aeldrelov", "33", "kan ikke opkræve betaling"},
	// Administration
	{"Hvad er fristen for at klage til Ankestyrelsen?", "retssikkerhed", "67", "4 uger"},
	{"Har en klage opsættende virkning?", "retssikkerhed", "72", "ikke opsættende virkning"},
	{"Hvem skal en klage over kommunens afgørelse sendes til?", "retssikkerhed", "66", "afleveres til den myndighed"},
	{"Har borgeren pligt til at oplyse om ændringer i sine forhold?", "retssikkerhed", "11", "oplyse om ændringer"},
	{"Skal kommunen fastsætte frister for sagsbehandlingen?", "retssikkerhed", "3", "fastsætte frister"},
	{"Hvornår er en sagsbehandler inhabil?", "forvaltningsloven", "3", "økonomisk interesse"},
	{"Hvad skal begrundelsen for en afgørelse indeholde?", "forvaltningsloven", "24", "henvisning til de retsregler"},
	{"Hvornår kan partshøring undlades?", "forvaltningsloven", "19|20", "gælder ikke|undlade at foretage partshøring"},
	{"Hvad er fristen for at svare på en anmodning om aktindsigt?", "offentlighed|forvaltningsloven", "36|16", "7 arbejdsdage"},
	{"Hvornår skal en afgørelse ledsages af klagevejledning?", "forvaltningsloven", "25", "vejledning om klageadgang"},
	{"Hvad indebærer notatpligten?", "offentlighed", "13", "notat"},
	// Employment
	{"Hvornår skal arbejdsgiveren holde samtale med en sygemeldt?", "sygedagpenge", "7a", "senest 4 uger"},
	{"Hvor længe skal arbejdsgiveren betale sygedagpenge?", "sygedagpenge", "6|30", "30 kalenderdage"},
	{"Hvornår kan sygedagpengeperioden forlænges?", "sygedagpenge", "27|29", "sandsynligt|26 uger"},
	{"Hvornår skal lønmodtageren anmelde sygefravær til arbejdsgiveren?", "sygedagpenge", "35", "2 timer"},
	{"Hvem kan få fleksjob?", "en-aktiv", "116", "normale vilkår"},
	{"Hvor lang tid bevilges et fleksjob for?", "en-aktiv", "120", "5 år"},
	{"Hvad er betingelserne for at få kontanthjælp?", "aktiv-socialpolitik", "11|13", "betingelse"},
	{"Kan kommunen hjælpe med en enkeltudgift til en borger?", "aktiv-socialpolitik", "81", "rimeligt begrundede enkeltudgifter"},
	{"Kan vi hjælpe med udgifter til medicin og tandbehandling?", "aktiv-socialpolitik", "82", "tandbehandling"},
	{"Hvor gammel skal man være for at få førtidspension?", "social-pension", "16", "18 til 39 år|40 år"},
	// School and day care
	{"Hvor mange elever må der være i en klasse?", "folkeskolen", "17", "28"},
	{"Hvornår har en elev ret til befordring til skole?", "folkeskolen", "26", "2 1/2 km"},
	{"Hvornår begynder undervisningspligten?", "folkeskolen", "34", "1. august"},
	{"Hvad er klagefristen over afslag på specialundervisning?", "folkeskolen", "51", "4 uger"},
	{"Hvornår skal der laves sprogvurdering af et barn i dagtilbud?", "dag-fritids", "11", "3 år"},
	{"Hvornår kan man få økonomisk fripladstilskud?", "dag-fritids", "43", "fripladstilskud"},
	// Health and the rest
	{"Hvor gammel skal en patient være for selv at give informeret samtykke?", "sundhedsloven", "17", "fyldt 15 år"},
	{"Hvem har ret til gratis genoptræning efter udskrivning fra sygehus?", "sundhedsloven", "140", "vederlagsfri genoptræning"},
	{"Er hjemmesygepleje gratis?", "sundhedsloven", "138", "vederlagsfri sygepleje"},
	{"Hvor længe er tandpleje gratis for unge?", "sundhedsloven", "127", "22 år"},
	{"Må man begynde at bygge uden byggetilladelse?", "byggeloven", "16", "ikke påbegyndes uden byggetilladelse"},
	{"Er kommunalbestyrelsens møder offentlige?", "kommunernes-styrelse", "10", "møder er offentlige"},
	{"Hvor mange feriedage optjener man om måneden?", "ferie", "5", "2,08 dage"},
	{"Skal hunde føres i bånd i byen?", "hunde", "3", "bånd"},
	{"Hvad siger serviceloven § 99?", "social-service", "99", "støtte- og kontaktperson"},
	{"Hvad står der i barnets lov § 117?", "barnets-lov", "117", "fylder 23 år"},
}

// unanswerable questions must be refused. The wrong answers to both halves were
// read while the rules of refusal were made.
var unanswerable = []string{
	"Hvordan bager jeg brød?",
	"Hvad er hovedstaden i Frankrig?",
	"Hvem vandt verdensmesterskabet i fodbold?",
	"Hej, hvordan går det?",
	"Kan du skrive et digt om efteråret?",
	"Hvad bliver vejret i morgen?",
	"Hvilken telefon skal jeg købe?",
	"Hvor mange planeter er der i solsystemet?",
	"Hvordan installerer jeg en printer i Windows?",
	"Hvad koster en liter benzin?",
	"Hvem er statsminister i Sverige?",
	"Hvad er meningen med livet?",
	"Fortæl en vittighed",
	"Hvordan får jeg pletter af rødvin ud af en dug?",
	"Hvad er den bedste restaurant i Aarhus?",
	"Hvor højt er Mount Everest?",
	"Kan du anbefale en god krimi?",
	"Hvornår går det næste tog til Odense?",
	"Hvad er opskriften på brunsviger?",
	"Hvor lang er en fodboldbane?",
	"Hvordan oversætter man tak til japansk?",
	"Hvad betyder blockchain?",
	"Hvor meget moms skal jeg betale af en brugt computer fra Tyskland?",
	"Hvilke krav gælder for eksport af svinekød til Kina?",
	"Hvor hurtigt må en drone flyve over havet?",
	"Hvad er skattefradraget for kørsel i elbil?",
	"Hvordan anmelder jeg et cykeltyveri til forsikringen?",
	"Hvad er reglerne for at stifte et anpartsselskab?",
	"Hvem ejer ophavsretten til et maleri?",
	"Hvor mange kalorier er der i en banan?",
	"Hvad er straffen for hvidvask af kryptovaluta?",
	"Hvornår udkommer den nye iPhone?",
	"Hvordan dyrker man tomater i drivhus?",
	"Hvad er kvadratroden af 144?",
	"Hvor lang er barselsorloven for fædre?",
	"Hvor meget får man i SU om måneden?",
	"Hvordan går et firma konkurs?",
	"Hvilke krav stilles til autorisation som elektriker?",
	"Hvor meget må man give i gave uden gaveafgift?",
	"Hvor langt er opsigelsesvarslet efter funktionærloven?",
	"Hvordan skriver man et testamente?",
	"Hvem kan få våbentilladelse?",
	"Hvordan søger man patent på en opfindelse?",
	"Hvad er straffen for indbrud?",
	"Hvad er momssatsen i Danmark?",
	"Hvornår skal årsregnskabet for et aktieselskab indsendes?",
}
