package policy

import (
	"slices"
	"strings"
)

// convinces tells whether a date of birth from the unit i on and four digits
// up to the unit last are a CPR number: by the words around them, or because
// little else is written so.
func (r *partReader) convinces(i int, d birthDay, serial []byte, last int) bool {
	start, end := r.units[i].start, r.units[last].end
	between := r.units[d.next].gap
	inner := r.plain[r.units[d.next-1].end:r.units[d.next].start]
	said := saysNumber(tail(r.plain[:start], 45)) || saysNumber(inner) || saysNumber(head(r.plain[end:], 30))
	other := saysOtherNumber(tail(r.plain[:start], 32), head(r.plain[end:], 30))
	if strings.ContainsAny(inner, "§%") || len(inner) > 70 {
		return false
	}
	if said {
		return (!other || saysNumber(inner) || nearest(r.plain[:start])) && !(century(serial) && !between.tight() && !saysTail(inner)) && (between.tight() || len(between.words) <= 12)
	}
	if other || century(serial) || d.shape == turnedDay || r.embedded(i, last) || !joins(between.words) || !r.evenDate(i, &d) {
		return false
	}
	spelled, letters := 0, 0
	for k := i; k <= last; k++ {
		letters += r.units[k].letters
		if r.units[k].spelled {
			spelled += len(r.units[k].digits)
		}
	}
	signs := strings.ReplaceAll(inner, " ", "")
	oneSerial := last == d.next || spelled > 0 || strings.Contains(signs, "-")
	switch {
	case spelled >= 6 || spelled >= 4 && d.shape == solidDay:
		return true
	case letters > 6:
		return false
	case d.shape == solidDay:
		return oneSerial && (last == d.next || strings.Contains(signs, "-")) && (signs != "" || letters > 0 || len(between.words) > 0)
	case d.shape == fullDay:
		if inner == "." { // "01.01.1990.1234"
			return r.units[d.next-1].gap.text == "." && !r.appointment(d, serial)
		}
		return oneSerial && len(between.words) == 0 && strings.ContainsAny(signs, "-/+=:|*#~>") && !r.appointment(d, serial)
	case last-i == 9 && signs == ",": // "0,1,0,1,9,0,1,2,3,4"
		return true
	case d.shape == looseDay:
		return oneSerial && strings.Contains(signs, "-") && (last-d.next == 3 || d.next-i <= 3) && !r.ranges(i, last)
	}
	return false
}

// ranges tells units that are all of one or two digits joined by hyphens:
// "1-2-3-4-5-6", "5-10-15-20".
func (r *partReader) ranges(first, last int) bool {
	for k := first + 1; k <= last; k++ {
		if !strings.Contains(r.units[k].gap.text, "-") {
			return false
		}
	}
	return last-first < 9
}

// appointment tells four digits that are more likely a time or a number of the
// record behind a recent date: "01.03.2026 - 1330".
func (r *partReader) appointment(d birthDay, serial []byte) bool {
	yy := int(d.digits[4])*10 + int(d.digits[5])
	hour, minute := int(serial[0])*10+int(serial[1]), int(serial[2])*10+int(serial[3])
	return yy >= r.year%100-3 && yy <= r.year%100+2 && hour < 24 && minute%15 == 0
}

// turned tells whether four digits before a date are its serial number.
func (r *partReader) turned(i int, d birthDay) bool {
	first, end := r.units[i].start, r.units[d.next-1].end
	if century(r.units[i].digits) {
		return false
	}
	inner := r.plain[r.units[i].end:r.units[i+1].start]
	if len(inner) > 60 || strings.Contains(inner, "§") || r.embedded(i, d.next-1) {
		return false
	}
	around := tail(r.plain[:first], 45) + " | " + inner + " | " + head(r.plain[end:], 30)
	born := strings.Contains(inner, "foed") || strings.Contains(inner, "born") || strings.Contains(inner, "birth") || strings.Contains(inner, " f.")
	return saysNumber(around) && (born || strings.Contains(around, "sidste") || strings.Contains(around, "last") || strings.Contains(around, "cifre") || strings.Contains(around, "cpr") || strings.Contains(around, "vendt")) && !saysOtherNumber(tail(r.plain[:first], 14), "")
}

// evenDate tells whether the signs inside a date are those of a date, and alike.
func (r *partReader) evenDate(i int, d *birthDay) bool {
	inside := r.units[i:d.next]
	named := slices.ContainsFunc(inside, func(u unit) bool { return u.month })
	for k := 1; k < len(inside); k++ {
		g := inside[k].gap.text
		if strings.ContainsAny(g, ":|;") || d.shape == fullDay && !named && len(g) != len(inside[1].gap.text) {
			return false
		}
	}
	return true
}

// joins tells whether words only join a number's parts: "og så", "streg".
func joins(words []string) bool {
	if len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool {
		return w != "og" && w != "and" && w != "er" && w != "i" && w != "den" && w != "paa" && w != "af" && w != "de" && w != "nr"
	}) {
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool { return !filler(w) && strings.Trim(w, "x") != "" })
}

// saysNumber tells whether words speak of a CPR number or its parts.
func saysNumber(text string) bool {
	for _, w := range []string{"cpr", "c.p.r", "personnum", "person nr", "person-n", "personnr", "person-id", "personid", "pnr", "p.nr", "id-num", "id-nr", "identitetsn", "ident ", "identen", "social security", "civil reg", "ssn", "foedselsnum", "foedselsdag", "foedselsdato", "foedt", " f. ", "(f.", "loebenr", "loebenum", "kontrolcif", "kontroltal", " endecif", " endetal", " endelse", "sidste fire", "fire sidste", "sidste 4", "4 sidste", "de sidste", "til sidst", "bagest", " ender p", "slutter p", "slutter med", " ender med", "last four", "last 4", "final four", " ending", " dob", "dob ", " born", "born ", "reversed", "bagfra", "vendt om", "hendes nummer", "hans nummer", "nummeret er", "borgerens nummer"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// saysTail tells whether words announce the last four digits.
func saysTail(text string) bool {
	for _, w := range []string{"sidste", "loebenr", "loebenum", "kontrol", " ende", "slutter", " last", " final", "cifre", "digits"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// nearest tells whether the last label before a number calls it a CPR number,
// though another label stands before: "tlf. 12345678, cpr 0101901234".
func nearest(before string) bool {
	at := max(strings.LastIndex(before, "cpr"), strings.LastIndex(before, "personn"), strings.LastIndex(before, "foedt"))
	for _, w := range otherNumbers {
		if strings.LastIndex(before, w) > at {
			return false
		}
	}
	return at >= 0
}

// otherNumbers are beginnings of words that call a number something else.
var otherNumbers = []string{"tlf", "telefon", "mobil", "fax", "ean", "cvr", "p-num", "p-nr", "produktionsenh", "enhedsnum", "journal", "j.nr", "jnr", "sagsn", "sag nr", "sags-id", "sagsid", "dokument", "dok.", "dok ", "faktura", "bilag",
	"konto", "reg.", "reg ", "ordre", "kr.", "matrikel", "matr.", "isbn", "issn", "bfe", "kle", "+45", "http", "id=", "lov nr", "lov af", "lbk", "bek ", "lovbekendt", "bekendtgoer", "cirkulaere", "rundskriv", "vedtaegt", "betaenkning", "ticket", "kvittering", "bestilling", "rekvisition", "serienum", "licens",
	"kundenr", "kundenum", "medlemsn", "varenr", "kl.", "kl ", "iban", "version", "perioden", "postnr", "moede", "satsen", "aargang"}

func saysOtherNumber(before, after string) bool {
	for _, w := range otherNumbers {
		if strings.Contains(before, w) {
			return true
		}
	}
	after = strings.TrimLeft(after, " ")
	for _, w := range []string{"kr", "dkk", "mio", "%", "sider", "borgere", "eksempl", "stk", "indbyg", "ansatte", "personer", "kvm", "m2"} {
		if strings.HasPrefix(after, w) {
			return true
		}
	}
	for _, w := range []string{"journalnum", "sagsnum", "ordrenum", "fakturanum", "telefon", "kontonum", "ean", "cvr"} {
		if strings.Contains(after, w) {
			return true
		}
	}
	return false
}

// head returns the first n bytes of a plain text.
func head(s string, n int) string { return s[:min(len(s), n)] }
