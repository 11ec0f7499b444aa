package norm

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Kind says what a quantity measures.
type Kind int

// The kinds of quantity.
const (
	Duration  Kind = iota // of time: a deadline, a period
	Money                 // kroner
	Percent               //
	Age                   // of a person, in years
	Frequency             // how often: months between two times
	Date                  // a day of the year, or a calendar day
	Count                 // how many of a thing, which Unit names
)

// Comparator says how a quantity bounds.
type Comparator int

// The comparators.
const (
	Exactly Comparator = iota
	AtMost             // senest, inden, højst, op til
	AtLeast            // mindst, tidligst
	Below              // under
	Above              // over, mere end
)

// Quantity is a figure with its unit, in a form in which equal things are equal:
// "fire uger" and "28 dage" are both 28 dage, "halvandet år" is 18 måneder.
type Quantity struct {
	Start, End int
	Kind       Kind
	Value      float64
	Unit       string // dage, hverdage, måneder, timer; "kr", "%", "år", the stem of what is counted; of dates the day itself
	Per        string // "uge" in "15 timer om ugen"; "" otherwise
	Cmp        Comparator
}

// Equal tells whether two quantities are the same, whatever bounds they set.
func (q *Quantity) Equal(o *Quantity) bool {
	return q.Alike(o) && (q.Value-o.Value < 1e-9 && o.Value-q.Value < 1e-9) && q.Unit == o.Unit
}

// Alike tells whether two quantities measure the same kind of thing, so that
// they can differ.
func (q *Quantity) Alike(o *Quantity) bool {
	if q.Kind != o.Kind || q.Per != o.Per && q.Kind == Duration {
		return false
	}
	return q.Kind != Count || q.Unit == o.Unit
}

// String writes the quantity for an explanation: "28 dage".
func (q *Quantity) String() string {
	if q.Kind == Date {
		return q.Unit
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s", strconv.FormatFloat(q.Value, 'f', -1, 64), q.Unit))
}

const numberWords = `nul|halvandet|halvanden|en halv|et halvt|en|et|én|ét|to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv|tretten|fjorten|femten|seksten|sytten|atten|nitten|tyve|tredive|fyrre|halvtreds|tres|halvfjerds|firs|halvfems|hundrede`

var wordValues = map[string]float64{"nul": 0, "halvandet": 1.5, "halvanden": 1.5, "en halv": 0.5, "et halvt": 0.5, "en": 1, "et": 1, "én": 1, "ét": 1, "to": 2, "tre": 3,
	"fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15,
	"seksten": 16, "sytten": 17, "atten": 18, "nitten": 19, "tyve": 20, "tredive": 30, "fyrre": 40, "halvtreds": 50, "tres": 60, "halvfjerds": 70,
	"firs": 80, "halvfems": 90, "hundrede": 100}

const number = `(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?|` + numberWords + `)`

// space is what may stand between a figure and its unit.
const space = `[ \x{a0}-]?[ \x{a0}]?`

var (
	durationForm = regexp.MustCompile(`(?i)(?:^|[^\pL\pN,.])` + number + space + `((?:hele |kalender|sammenhængende |på hinanden følgende )*)(hverdage|hverdag|arbejdsdage|arbejdsdag|sognedage|dages|dage|dag|døgn|ugers|uger|uge|måneders|måneder|måned|kvartaler|kvartal|timers|timer|time|års|år)(?:$|[^\pL])`)
	perForm      = regexp.MustCompile(`(?i)^ ?(?:om|pr\.|per) (ugen|uge|måneden|måned|året|år|dagen|dag|døgn|døgnet)|^ ?(ugentligt|ugentlig|månedligt|månedlig|årligt|årlig|dagligt|daglig)`)
	moneyForm    = regexp.MustCompile(`(?i)(?:^|[^\pL\pN,.])(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)` + `[ \x{a0}]?(mio\. |mia\. )?(kroner|kr\b)`)
	percentForm  = regexp.MustCompile(`(?i)(?:^|[^\pL\pN,.])` + number + `[ \x{a0}]?(pct\b|procent|%)`)
	ageForm      = regexp.MustCompile(`(?i)(?:fyldt|fylder|alderen|aldersgrænsen er|aldersgrænse på|det fyldte) ` + number + `(?:(?:[ \x{a0}]?-[ \x{a0}]?| og | til )` + number + `)?(?:\.)?(?:[ \x{a0}]?år)?|(?:under|over|mellem|indtil|til og med|ældre end|yngre end) ` + number + `(?:(?:-| og | til )` + number + `)? år|` + number + `(?:-` + number + `)?-årig|\b` + number + `(?:(?:-| og | til )` + number + `)? år (?:gammel|gamle|og derover|eller derover|og opefter|og ældre|eller ældre)`)
	everyForm    = regexp.MustCompile(`(?i)\bhver(?:t|)\s(?:(anden|andet|halve|halvt|tredje|fjerde|femte|sjette|\d{1,2}\.)\s)?(dag|uge|måned|kvartal|år)\b|\b(årligt|årlige|årlig|månedligt|månedlig|månedlige|ugentligt|ugentlig|kvartalsvis|halvårligt|halvårlige)\b|` + number + ` ?(gange|gang) (?:om året|årligt|årlig|om måneden|månedligt|om ugen|ugentligt|pr\. år|pr\. måned|i hvert kvartal|hvert år|i kvartalet|hver måned|hver uge)`)
	dateForm     = regexp.MustCompile(`(?i)(?:^|[^\pL\pN,.§])(\d{1,2})\. ?(januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)(?: (\d{4}))?`)
	countForm    = regexp.MustCompile(`(?i)(?:^|[^\pL\pN,./§-])` + number + `[ \x{a0}](?:eller flere[ \x{a0}])?((?:\pL{2,}(?:e|t|ede|ige|ig) )?)(\pL{4,})`)
)

// Quantities returns the figures of a sentence in their order, without overlap.
// References, years and numbers of acts are none.
func Quantities(text string) []Quantity {
	r := reader{text: text}
	r.blockReferences()
	r.dates()
	r.ages()
	r.every()
	r.durations()
	r.amounts()
	r.counts()
	r.sort()
	for i := range r.found {
		r.found[i].Cmp = r.comparator(&r.found[i])
	}
	return r.found
}

func parseNumber(s string) (float64, bool) {
	if v, ok := wordValues[strings.ToLower(s)]; ok {
		return v, true
	}
	v, err := strconv.ParseFloat(strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1), 64)
	return v, err == nil
}
