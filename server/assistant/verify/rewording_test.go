package verify

import "testing"

// TestRewordings pairs, for each rule, what plain Danish may make of a provision
// with what it must not.
func TestRewordings(t *testing.T) {
	tests := []struct {
		rule, source, sentence string
		want                   Reason
	}{
		{"prohibition until leave is given, told as a duty", "Arbejder, der er omfattet af § 2, må ikke påbegyndes uden byggetilladelse.",
			"Man skal have byggetilladelse, før arbejder omfattet af § 2 må påbegyndes.", Verified},
		{"the same without the duty", "Arbejder, der er omfattet af § 2, må ikke påbegyndes uden byggetilladelse.",
			"Arbejder, der er omfattet af § 2, må påbegyndes uden byggetilladelse.", Negation},
		{"prohibition without an end, told as a duty", "Båndet må ikke fjernes fra hunden på gaden.",
			"Båndet skal fjernes fra hunden på gaden.", Negation},
		{"not allowed for forbidden", "Det er forbudt at lade en hund færdes på private arealer.",
			"Det er ikke tilladt at lade en hund færdes på private arealer.", Verified},
		{"allowed for forbidden", "Det er forbudt at lade en hund færdes på private arealer.",
			"Det er tilladt at lade en hund færdes på private arealer.", Negation},
		{"negation with a long scope kept", "Personer, der lever i et samlivsforhold, betragtes ikke som enlige ved ydelse af ordinært børnetilskud.",
			"Personer, der lever i et samlivsforhold, betragtes ikke som enlige.", Verified},
		{"negation with a long scope dropped", "Personer, der lever i et samlivsforhold, betragtes ikke som enlige ved ydelse af ordinært børnetilskud.",
			"Lever man i et samlivsforhold, regnes man som enlig.", Negation},
		{"only, told as an aim", "Alkoholbevilling kan kun meddeles personer, der ikke er under konkurs.",
			"For at få alkoholbevilling må man ikke være under konkurs.", Verified},
		{"only, told as an aim with the condition turned", "Alkoholbevilling kan kun meddeles personer, der ikke er under konkurs.",
			"For at få alkoholbevilling må man være under konkurs.", Negation},
		{"on application", "Kommunalbestyrelsen yder efter ansøgning hjælp til repatriering til en person.",
			"Kommunen giver hjælp til repatriering, når personen søger om det.", Verified},
		{"citizen for an authority", "Fristerne skal offentliggøres af kommunalbestyrelsen.",
			"Fristerne skal offentliggøres af borgeren.", Actor},
		{"prohibition with a word between", "Salget må herunder ikke påvirke de almindelige opgaver.",
			"Salget må ikke påvirke de almindelige opgaver.", Verified},
		{"prohibition for what need not be done", "Afgørelsen skal ikke begrundes.",
			"Afgørelsen må ikke begrundes.", Modality},
		{"negation worded freely in a condition", "Myndigheden kan afvise at træffe afgørelse, hvis anmodningen ikke er ledsaget af oplysninger om skaden.",
			"Følger der ikke oplysninger om skaden med anmodningen, kan myndigheden afvise at træffe afgørelse.", Verified},
		{"the same with the negation dropped", "Myndigheden kan afvise at træffe afgørelse, hvis anmodningen ikke er ledsaget af oplysninger om skaden.",
			"Følger der oplysninger om skaden med anmodningen, kan myndigheden afvise at træffe afgørelse.", Negation},
		{"the same with the rule turned instead", "Myndigheden kan afvise at træffe afgørelse, hvis anmodningen ikke er ledsaget af oplysninger om skaden.",
			"Følger der oplysninger om skaden med anmodningen, kan myndigheden ikke afvise at træffe afgørelse.", Negation},
		{"concession left out", "Er der sket en miljøskade, træffer myndigheden afgørelse, uanset at der ikke kan træffes afgørelse om ansvaret.",
			"Myndigheden træffer afgørelse, når der er sket en miljøskade.", Verified},
		{"concession turned", "Er der sket en miljøskade, træffer myndigheden afgørelse, uanset at der ikke kan træffes afgørelse om ansvaret.",
			"Myndigheden træffer afgørelse, når der er sket en miljøskade, uanset at der kan træffes afgørelse om ansvaret.", Negation},
		{"duty told in the present", "I kundgørelsen angives, hvor der kan fås oplysning om bestemmelsernes indhold.",
			"I kundgørelsen skal det angives, hvor man kan få oplysning om bestemmelsernes indhold.", Verified},
		{"may demand is a right", "Enhver kan forlange at blive gjort bekendt med dokumenter.",
			"Alle har ret til at blive gjort bekendt med dokumenter.", Verified},
		{"may is no right", "Kommunalbestyrelsen kan give tilskud til foreninger.",
			"Foreninger har ret til tilskud.", Modality},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got := Check(tt.sentence, []int{1}, []Source{{N: 1, Text: tt.source}})
			if got.Reason != tt.want {
				t.Errorf("%q against %q: reason %q (%s), want %q", tt.sentence, tt.source, got.Reason, got.Detail, tt.want)
			}
		})
	}
}
