package verify

import "testing"

func TestProbe(t *testing.T) {
	src := []Source{{N: 1, Reference: "parkeringsloven § 2", Text: "Kommunalbestyrelsen skal efter ansøgning udstede en beboerlicens til personer, der bor i kommunen. Det er en betingelse for beboerlicensen, at ansøgeren ejer køretøjet. Afgørelse om beboerlicens skal træffes senest 3 uger efter modtagelsen af ansøgningen. En beboerlicens kan ikke udstedes til\n1) lastbiler over 3.500 kg,\n2) campingvogne og påhængsvogne eller\n3) køretøjer, der ikke er indregistreret her i landet. Prisen udgør 400 kr. om året. Kommunalbestyrelsen kan dog nedsætte prisen for elbiler. Beboerlicensen bortfalder ved fraflytning, medmindre licensen overføres."}}
	for _, s := range []string{
		"Kommunen skal give en beboerlicens til personer, som bor i kommunen, når de ansøger.",
		"Kommunen kan give en beboerlicens til personer, som bor i kommunen.",
		"Kommunen skal tage stilling til ansøgningen inden tre uger efter at have modtaget den.",
		"Kommunen skal træffe afgørelse inden for 3 uger efter, at ansøgningen er modtaget.",
		"Afgørelsen skal træffes tidligst 3 uger efter modtagelsen af ansøgningen.",
		"Afgørelsen skal træffes senest 3 måneder efter modtagelsen af ansøgningen.",
		"Lastbiler på over 3,5 ton kan ikke få en beboerlicens.",
		"Lastbiler på over 3.500 kg kan ikke få en beboerlicens.",
		"Lastbiler på over 3.500 kg kan få en beboerlicens.",
		"Beboerlicensen koster 400 kr. årligt.",
		"Prisen er 400 kr. om måneden.",
		"Kommunen kan sætte prisen ned for elbiler.",
		"Kommunen kan forhøje prisen for elbiler.",
		"Licensen bortfalder ved fraflytning, hvis den ikke bliver overført.",
		"Licensen bortfalder ved fraflytning, hvis den bliver overført.",
		"Ansøgeren skal eje køretøjet.",
	} {
		t.Logf("%-90s %+v", s, Check(s, []int{1}, src))
	}
}
