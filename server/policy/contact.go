package policy

import (
	"regexp"
	"strings"
)

// contacts finds a citizen's e-mail address, telephone number and home address.
// Those of authorities and of staff pass.
func (t *reading) contacts() []span {
	spans := t.mailAddresses()
	spans = append(spans, t.phoneNumbers()...)
	return append(spans, t.homes()...)
}

var mailAddress = regexp.MustCompile(`[\pL\d._%+-]+\s?(?:@|\(at\)|\[at\]|\(snabel-?a\)| snabel-?a )\s?[\pL\d-]+(?:(?:\.|\s?\(dot\)\s?| punktum )[\pL\d-]+)+`)

// privateProviders give addresses to private persons.
var privateProviders = []string{"gmail.", "hotmail.", "outlook.", "live.", "yahoo.", "icloud.", "me.com", "msn.", "mail.dk", "jubii.", "ofir.", "stofanet.", "tdcadsl.", "youmail.", "protonmail.", "proton.me", "mail.com", "webspeed.", "privat.dk", "post.tele", "get2net.", "aol.", "gmx.", "hotmail", "gmail"}

func (t *reading) mailAddresses() []span {
	if !strings.ContainsAny(t.text, "@([") && !strings.Contains(t.text, "snabel") {
		return nil
	}
	var spans []span
	for _, m := range mailAddress.FindAllStringIndex(t.text, -1) {
		address := strings.ToLower(t.text[m[0]:m[1]])
		private := false
		for _, p := range privateProviders {
			private = private || strings.Contains(address[strings.IndexAny(address, "@([ ")+1:], p)
		}
		if private || t.ofCitizen(m[0], m[1]) {
			spans = append(spans, span{m[0], m[1]})
		}
	}
	return spans
}

var phoneNumber = regexp.MustCompile(`(?:(?:\+|00)\s?45[\s-]?)?(?:\d{2}[\s.-]?\d{2}[\s.-]?\d{2}[\s.-]?\d{2}|\d{4}[\s-]\d{4})`)

func (t *reading) phoneNumbers() []span {
	var spans []span
	for _, m := range phoneNumber.FindAllStringIndex(t.text, -1) {
		if m[0] > 0 && strings.ContainsRune("0123456789-./", rune(t.text[m[0]-1])) || m[1] < len(t.text) && strings.ContainsRune("0123456789", rune(t.text[m[1]])) {
			continue
		}
		if saysOtherThanPhone(t.text, m[0]) {
			continue
		}
		if saysPhone(t.text, m[0]) && t.ofCitizen(m[0], m[1]) {
			spans = append(spans, span{m[0], m[1]})
		}
	}
	return spans
}

func saysPhone(text string, at int) bool {
	before := strings.ToLower(tail(text[:at], 45))
	for _, w := range []string{"tlf", "telefon", "mobil", "nummer", "nr", "ring", "fang", "kontakt", "sms", "+45", "phone", "call", "på", "numer"} {
		if strings.Contains(before, w) {
			return true
		}
	}
	return strings.HasPrefix(text[at:], "+45") || strings.HasPrefix(text[at:], "0045")
}

func saysOtherThanPhone(text string, at int) bool {
	before := strings.ToLower(tail(text[:at], 20))
	for _, w := range []string{"cvr", "ean", "p-nr", "p-nummer", "sag", "journal", "j.nr", "konto", "faktura", "lbk", "lov nr", "matrikel", "bfe"} {
		if strings.Contains(before, w) {
			return true
		}
	}
	return false
}

// ofCitizen tells whether the sentence around a contact speaks of a citizen in
// a case rather than of an authority.
func (t *reading) ofCitizen(start, end int) bool {
	for i := range t.sentences {
		words := t.sentences[i].words
		if words[len(words)-1].end < start || words[0].start > end {
			continue
		}
		for k := range words {
			w := &words[k]
			if w.start >= start && w.end <= end {
				continue
			}
			if w.in(authorities|offices) || official(w.text) {
				return false
			}
		}
		for k := range words {
			w := &words[k]
			if w.start >= start && w.end <= end {
				continue
			}
			if t.subjectAt(words, k) >= known && !w.in(case_) {
				return true
			}
		}
	}
	return false
}

// official tells words for the offices whose numbers are public.
func official(text string) bool {
	switch text {
	case "borgerservice", "hovednummer", "hovednummeret", "telefontid", "vagttelefon", "vagt", "akutteam", "sekretariatet", "raadhuset", "hotline", "ydelsescentret", "ydelsescenter", "raadgivning", "raadgivningen", "linjen":
		return true
	}
	for _, end := range []string{"kommune", "kommunen", "kommunens", "styrelsen", "ministeriet", "centret", "centeret", "center", "forvaltningen", "afdelingen", "service", "linje", "vagten", "politiet", "telefonen", "huset"} {
		if strings.HasSuffix(text, end) {
			return true
		}
	}
	return false
}

var streetAddress = regexp.MustCompile(`(?:\p{Lu}[\pL.]*\s){0,2}\pL*(?i:vej|gade|allé|alle|stræde|vænget|vænge|parken|plads|torv|boulevard|vejen|gården|toften|bakken|engen|haven|lunden|marken|krogen|svinget)\s+\d{1,3}\s?[A-Za-z]?\b`)

// homes finds street addresses where somebody lives.
func (t *reading) homes() []span {
	if !hasDigit(t.text) {
		return nil
	}
	var spans []span
	for _, m := range streetAddress.FindAllStringIndex(t.text, -1) {
		before := strings.ToLower(tail(t.text[:m[0]], 40))
		lives := false
		for _, w := range []string{"bor ", "boende", "boet", "bopæl", "adresse", "hjemme på", "flyttet til", "flytter til", "bosat", "lives", "living at", "address"} {
			lives = lives || strings.Contains(before, w)
		}
		if lives && (t.ofCitizen(m[0], m[1]) || strings.Contains(before, "bor ") && len(t.names) > 0 || strings.Contains(before, "adresse: ")) {
			spans = append(spans, span{m[0], m[1]})
		}
	}
	return spans
}
