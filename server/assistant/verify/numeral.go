package verify

import (
	"strconv"
	"strings"
)

var isArticle = set("en et én ét een eet")

var smallNumbers = func() map[string]int {
	m := map[string]int{"en": 1, "et": 1, "én": 1, "ét": 1, "een": 1, "eet": 1, "hundrede": 100, "tusind": 1000, "tusinde": 1000}
	for i, w := range strings.Fields("nul _ to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten tyve") {
		m[w] = i
	}
	for i, w := range strings.Fields("tredive fyrre halvtreds tres halvfjerds firs halvfems") {
		m[w] = 30 + 10*i
	}
	m["fyrretyve"], m["treds"] = 40, 60
	delete(m, "_")
	return m
}()

var ordinals = func() map[string]string {
	m := map[string]string{}
	for i, w := range strings.Fields("tredje fjerde femte sjette syvende ottende niende tiende") {
		m[w] = strconv.Itoa(i + 3)
	}
	return m
}()

// numeral reads a number in words: "fire", "femogtyve", "tredje".
func numeral(term string) (string, bool) {
	if n, ok := smallNumbers[term]; ok {
		return strconv.Itoa(n), true
	}
	if o, ok := ordinals[term]; ok {
		return o, true
	}
	if term == "halvandet" || term == "halvanden" {
		return "1,5", true
	}
	if ones, tens, ok := strings.Cut(term, "og"); ok {
		a, okA := smallNumbers[ones]
		b, okB := smallNumbers[tens]
		if okA && okB && a < 10 && b >= 20 && b < 100 {
			return strconv.Itoa(a + b), true
		}
	}
	return "", false
}

// shareAt reads a fraction in words as per cent: "halvdelen", "to tredjedele".
func (t *text) shareAt(i int) (fact, bool) {
	f := fact{dim: dimShare, from: i, to: i}
	switch t.at(i) {
	case "halvdelen", "halvdel":
		f.value = "50"
		return f, true
	}
	count, at := 1, i
	if n, ok := smallNumbers[t.at(i)]; ok && i+1 < len(t.words) {
		count, at = n, i+1
	}
	for name, parts := range map[string]int{"tredjedel": 3, "fjerdedel": 4, "femtedel": 5, "sjettedel": 6, "tiendedel": 10, "tolvtedel": 12} {
		if strings.TrimSuffix(strings.TrimSuffix(t.at(at), "en"), "e") == name {
			f.to = at
			f.value = strconv.Itoa(count) + "/" + strconv.Itoa(parts)
			if 100*count%parts == 0 {
				f.value = strconv.Itoa(100 * count / parts)
			}
			return f, true
		}
	}
	return fact{}, false
}

var periodWords = map[string]string{
	"årlig": "år", "årligt": "år", "årlige": "år", "månedlig": "måned", "månedligt": "måned", "månedlige": "måned", "månedsvis": "måned",
	"ugentlig": "uge", "ugentligt": "uge", "ugentlige": "uge", "daglig": "dag", "dagligt": "dag",
}

var periodNouns = map[string]string{
	"år": "år", "året": "år", "kalenderår": "år", "måned": "måned", "måneden": "måned", "uge": "uge", "ugen": "uge", "dag": "dag", "dagen": "dag",
	"døgn": "dag", "døgnet": "dag", "time": "time", "timen": "time", "kvartal": "kvartal", "kvartalet": "kvartal",
}

// periodAt reads how often: "om året", "pr. måned", "hver uge", "årligt".
func (t *text) periodAt(i int) (fact, bool) {
	if p, ok := periodWords[t.at(i)]; ok {
		return fact{dim: dimPeriod, value: p, from: i, to: i}, true
	}
	switch t.at(i) {
	case "om", "pr", "hver", "hvert", "per", "i":
		noun := t.at(i + 1)
		if genitive, ok := strings.CutSuffix(noun, "s"); ok && (t.at(i) == "hver" || t.at(i) == "hvert") {
			noun = genitive // "for hver måneds ansættelse"
		}
		if p, ok := periodNouns[noun]; ok && (t.at(i) != "om" && t.at(i) != "i" || strings.HasSuffix(noun, "et") || strings.HasSuffix(noun, "en")) {
			if t.at(i) == "i" && noun != "timen" && noun != "døgnet" {
				break
			}
			return fact{dim: dimPeriod, value: p, from: i, to: i + 1}, true
		}
	}
	return fact{}, false
}
