package norm

import (
	"math"
	"regexp"
	"sort"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// reader collects the quantities of one sentence, each byte for one of them.
type reader struct {
	text  string
	taken []bool
	found []Quantity
}

// labels are numbers that count nothing.
var labels = regexp.MustCompile(`(?i)\b(?:stk|nr|pkt|kapitel|kap|bilag|litra|punkt|afsnit|trin|fase|side|figur|tabel|tlf|telefon|niveau)\.? ?\d+(?:[-.]\d+)*|\b\d+\. (?:og \d+\. )?pkt|\(\d{4}-niveau\)|\b(?:i|fra|siden|for|året) (?:19|20)\d\d\b|^\s*\d+[.)] |\b\d{1,2}[.:]\d\d\b`)

func (r *reader) blockReferences() {
	r.taken = make([]bool, len(r.text))
	for _, ref := range citation.Parse(r.text) {
		r.block(ref.Start, ref.End)
	}
	for _, m := range labels.FindAllStringIndex(r.text, -1) {
		r.block(m[0], m[1])
	}
}

func (r *reader) block(start, end int) {
	for i := start; i < end; i++ {
		r.taken[i] = true
	}
}

func (r *reader) free(start, end int) bool {
	for i := start; i < end; i++ {
		if r.taken[i] {
			return false
		}
	}
	return true
}

func (r *reader) add(q Quantity) {
	if r.free(q.Start, q.End) {
		r.block(q.Start, q.End)
		r.found = append(r.found, q)
	}
}

func (r *reader) sort() {
	sort.Slice(r.found, func(i, j int) bool { return r.found[i].Start < r.found[j].Start })
}

// group returns the n-th group of a match, "" where it took no part.
func (r *reader) group(m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return r.text[m[2*n]:m[2*n+1]]
}

// each calls f for all matches, also for those that share a separator.
func (r *reader) each(form *regexp.Regexp, f func(m []int)) {
	for at := 0; at < len(r.text); {
		m := form.FindStringSubmatchIndex(r.text[at:])
		if m == nil {
			return
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += at
			}
		}
		f(m)
		next := m[1]
		if next > at+1 && next < len(r.text) {
			next-- // the character behind may open the next
		}
		at = max(next, at+1)
	}
}

var months = []string{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"}

func (r *reader) dates() {
	r.each(dateForm, func(m []int) {
		unit := strings.ToLower(r.group(m, 1) + ". " + r.group(m, 2))
		value := 0.0
		for i, month := range months {
			if strings.EqualFold(month, r.group(m, 2)) {
				day, _ := parseNumber(r.group(m, 1))
				value = float64(i+1)*100 + day
			}
		}
		if year := r.group(m, 3); year != "" {
			y, _ := parseNumber(year)
			value, unit = value+y*10000, unit+" "+year
		}
		r.add(Quantity{Start: m[2], End: m[1], Kind: Date, Value: value, Unit: unit})
	})
}

// ages reads "fyldt 18 år", "mellem 12 og 17 år", "15-årige": the bounds of a
// range are two quantities.
func (r *reader) ages() {
	r.each(ageForm, func(m []int) {
		if m[1]-m[0] < 4 || !r.free(m[0], m[1]) {
			return
		}
		first, _, _ := strings.Cut(strings.ToLower(r.text[m[0]:m[1]]), " ")
		before := strings.ToLower(r.text[:m[0]])
		if (first == "over" || first == "under") && (strings.HasSuffix(before, " i ") || strings.HasSuffix(before, "perioder ")) {
			return // "i over 2 år" is a period
		}
		r.block(m[0], m[1])
		for g := 1; 2*g < len(m); g++ {
			if v, ok := parseNumber(r.group(m, g)); ok && v <= 120 {
				r.found = append(r.found, Quantity{Start: m[2*g], End: m[2*g+1], Kind: Age, Value: v, Unit: "år"})
			}
		}
	})
}

var ordinals = map[string]float64{"anden": 2, "andet": 2, "halve": 0.5, "halvt": 0.5, "tredje": 3, "fjerde": 4, "femte": 5, "sjette": 6, "": 1}

// monthsOf is a unit of time in months; a week is counted as 12/52.
var monthsOf = map[string]float64{"dag": 12.0 / 365, "uge": 12.0 / 52, "måned": 1, "kvartal": 3, "år": 12}

func (r *reader) every() {
	r.each(everyForm, func(m []int) {
		q := Quantity{Start: m[0], End: m[1], Kind: Frequency, Unit: "måneder imellem"}
		whole := strings.ToLower(r.text[m[0]:m[1]])
		switch {
		case r.group(m, 2) != "":
			n, ok := ordinals[strings.ToLower(r.group(m, 1))]
			if !ok {
				n, _ = parseNumber(strings.TrimSuffix(r.group(m, 1), "."))
			}
			q.Value = n * monthsOf[strings.ToLower(r.group(m, 2))]
		case r.group(m, 3) != "":
			q.Value = monthsOf[periodOf(whole)]
			if strings.HasPrefix(whole, "halv") {
				q.Value = 6
			}
		default:
			n, ok := parseNumber(r.group(m, 4))
			if !ok || n == 0 {
				return
			}
			q.Value = monthsOf[periodOf(whole)] / n
		}
		if q.Value > 0 {
			q.Value = math.Round(q.Value*100) / 100
			r.add(q)
		}
	})
}

func periodOf(word string) string {
	for _, p := range []struct{ part, unit string }{{"kvartal", "kvartal"}, {"måned", "måned"}, {"ugen", "uge"}, {"uge", "uge"}, {"år", "år"}, {"dag", "dag"}} {
		if strings.Contains(word, p.part) {
			return p.unit
		}
	}
	return ""
}

func (r *reader) durations() {
	r.each(durationForm, func(m []int) {
		v, ok := parseNumber(r.group(m, 1))
		word := strings.ToLower(r.group(m, 3))
		if !ok || word == "dag" && v == 1 && strings.EqualFold(r.group(m, 1), "en") || v >= 1900 && v < 2100 {
			return
		}
		q := Quantity{Start: m[2], End: m[7], Kind: Duration, Value: v}
		switch {
		case strings.HasPrefix(word, "hverdag"), strings.HasPrefix(word, "arbejdsdag"), strings.HasPrefix(word, "sognedag"):
			q.Unit = "hverdage"
		case strings.HasPrefix(word, "time"), word == "døgn":
			q.Unit = "timer"
			if word == "døgn" {
				q.Value *= 24
			}
		case strings.HasPrefix(word, "dag"):
			q.Unit = "dage"
		case strings.HasPrefix(word, "uge"):
			q.Unit, q.Value = "dage", 7*v
		case strings.HasPrefix(word, "måned"):
			q.Unit = "måneder"
		case strings.HasPrefix(word, "kvartal"):
			q.Unit, q.Value = "måneder", 3*v
		default:
			q.Unit, q.Value = "måneder", 12*v
		}
		if q.Unit == "timer" {
			q.Per = perNearby(r.text[q.End:])
		}
		if p := perForm.FindStringSubmatchIndex(r.text[q.End:]); p != nil {
			q.Per = periodOf(strings.ToLower(r.text[q.End : q.End+p[1]]))
		}
		r.add(q)
	})
}

var nearbyForm = regexp.MustCompile(`(?i)^[\pL ,-]{0,40}? (?:om|pr\.|per) (ugen|uge|måneden|måned|året|år|dagen|dag)\b`)

// perNearby reads what hours are given for, also behind what they are hours of:
// "15 timers ledsagelse om måneden".
func perNearby(rest string) string {
	if m := nearbyForm.FindString(rest); m != "" {
		return periodOf(strings.ToLower(m[strings.LastIndexByte(strings.TrimRight(m, " "), ' '):]))
	}
	return ""
}

func (r *reader) amounts() {
	r.each(moneyForm, func(m []int) {
		if v, ok := parseNumber(r.group(m, 1)); ok {
			switch strings.ToLower(r.group(m, 2)) {
			case "mio. ":
				v *= 1e6
			case "mia. ":
				v *= 1e9
			}
			r.add(Quantity{Start: m[2], End: m[1], Kind: Money, Value: v, Unit: "kr."})
		}
	})
	r.each(percentForm, func(m []int) {
		if v, ok := parseNumber(r.group(m, 1)); ok {
			r.add(Quantity{Start: m[2], End: m[1], Kind: Percent, Value: v, Unit: "pct."})
		}
	})
}

// notCounted are words behind a number that are not what it counts.
var notCounted = set(`eller samt gange gang dele anden andet hvor efter inden under over måde side sider punkt trin barn person borger afdeling kommune
	sager sag gruppe form række del kroner hele ikke skal heraf sådan ansat leder medarbejder afgørelse vurdering plan samtale for fra
	tilbud ydelse indsats konkret samlet særlig skriftlig individuel faglig mulighed stor lille nærmere ugentlig månedlig årlig`)

var articles = set("en et én ét")

// counts reads "mindst tre medlemmer", "5 pladser", "to eller flere tilbud". "En"
// and "et" are mostly articles, so they count only behind "mindst" and "højst".
func (r *reader) counts() {
	r.each(countForm, func(m []int) {
		written := strings.ToLower(r.group(m, 1))
		v, ok := parseNumber(written)
		noun := strings.ToLower(r.group(m, 3))
		bound := strings.HasSuffix(strings.ToLower(r.text[:m[2]]), "mindst ") || strings.HasSuffix(strings.ToLower(r.text[:m[2]]), "højst ")
		if !ok || v != math.Trunc(v) || v > 1000 || articles[written] && !bound || notCounted[noun] {
			return
		}
		if danish.Stop(noun) || !articles[written] && !strings.HasSuffix(noun, "r") && !strings.HasSuffix(noun, "e") && !strings.HasSuffix(noun, "s") && !strings.HasSuffix(noun, "rne") && !strings.HasSuffix(noun, "ne") {
			return
		}
		r.add(Quantity{Start: m[2], End: m[1], Kind: Count, Value: v, Unit: stem(noun)})
	})
}

var bounds = []struct {
	words string
	cmp   Comparator
}{
	{"senest|inden for|inden|højst|maksimalt|op til|indtil|ikke over|ikke mere end|ikke overstige|max", AtMost},
	{"mindst|minimum|tidligst|ikke under|eller derover|eller flere", AtLeast},
	{"under|yngre end|mindre end|færre end", Below},
	{"over|mere end|ældre end|flere end|fyldt", Above},
}

// comparator looks for a bounding word among those right before the quantity.
func (r *reader) comparator(q *Quantity) Comparator {
	const reach = 34 // bytes: "senest på hverdag nummer "
	before := strings.ToLower(r.text[max(0, q.Start-reach):q.Start])
	if i := strings.LastIndexAny(before, ".;,"); i >= 0 {
		before = before[i:]
	}
	after := strings.ToLower(r.text[q.End:min(len(r.text), q.End+20)])
	at, cmp := -1, Exactly
	for _, b := range bounds {
		for w := range strings.SplitSeq(b.words, "|") {
			if i := strings.LastIndex(before, w+" "); i > at {
				at, cmp = i, b.cmp
			}
		}
	}
	if strings.HasPrefix(after, " eller derover") || strings.HasPrefix(after, " og derover") {
		return AtLeast
	}
	return cmp
}
