package verify

import (
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// place is a part of a source against which a claim is held: a sentence, two
// neighbours, or a list's lead-in with items of it.
type place struct {
	*text
	source     *Source
	whole      *text  // the source's whole text
	context    *text  // its title, heading and reference
	label      string // the paragraph that it stands in: "stk 2"
	start, end int
	single     bool
	core       float64 // share of the claim that the place itself covers, and a little of the reverse
	verbatim   float64 // share of the claim's words, in order
	coverage   float64 // with what title and heading cover
}

var itemMarker = regexp.MustCompile(`^(?:\d+(?:\s?[a-zæøå])?\)|[a-zæøå]{1,2}\)|[-–•*])\s+`)

// specific is the weight of how much of a place a claim speaks of: of two places
// that cover it equally, it is about the one that says little else.
const specific = 0.05

// ordered is the weight of the claim's words that stand in the place in their
// order, small words included.
const ordered = 0.1

// maxPlace is the longest list, in bytes, that is one place.
const maxPlace = 3000

// placesOf cuts a source, the smallest places first.
func placesOf(claim *text, s *Source) []place {
	ranges := sentences(s.Text)
	whole, context := read(s.Text), read(s.Reference+" \n "+s.Context)
	var out []place
	seen := map[[2]int]bool{}
	add := func(start, end int, single bool, body string) {
		if seen[[2]int{start, end}] && body == "" {
			return
		}
		seen[[2]int{start, end}] = true
		if body == "" {
			body = s.Text[start:end]
		}
		p := place{text: read(body), source: s, whole: whole, context: context, label: labelAt(s.Text, start), start: start, end: end, single: single}
		p.verbatim = inOrder(claim.words, p.words)
		p.core = claim.coveredBy(p.words, nil) + specific*p.coveredBy(claim.words, nil) + ordered*p.verbatim
		p.coverage = claim.coveredBy(p.words, context.words)
		out = append(out, p)
	}
	for i, r := range ranges {
		lead := leadOf(s.Text, ranges, i)
		if lead < 0 || lead == i {
			add(r[0], r[1], true, "")
		} else {
			// The lead-in and one item: what lies between is left out. An item
			// alone would lose a "gælder ikke, hvis" of the lead-in.
			add(ranges[lead][0], r[1], true, s.Text[ranges[lead][0]:ranges[lead][1]]+"\n"+s.Text[r[0]:r[1]])
		}
	}
	for i := range ranges {
		for n := 1; n <= 2 && i+n < len(ranges) && leadOf(s.Text, ranges, i) < 0 && leadOf(s.Text, ranges, i+n) < 0; n++ {
			add(ranges[i][0], ranges[i+n][1], false, "")
		}
		last := i
		for last+1 < len(ranges) && leadOf(s.Text, ranges, last+1) == i {
			last++
		}
		if last > i && ranges[last][1]-ranges[i][0] <= maxPlace {
			add(ranges[i][0], ranges[last][1], false, "")
		}
	}
	return out
}

// after are abbreviations behind which a capital opens a new sentence: package
// danish goes on there, since it cannot know that they close one.
var after = regexp.MustCompile(`(?:pkt|m\.v|mv|m\.m|o\.l|lign)\. [A-ZÆØÅ]`)

func sentences(text string) [][2]int {
	var out [][2]int
	for _, r := range danish.Sentences(text) {
		start := r[0]
		for _, m := range after.FindAllStringIndex(text[r[0]:r[1]], -1) {
			cut := r[0] + strings.LastIndexByte(text[r[0]:r[0]+m[1]], ' ')
			out = append(out, [2]int{start, cut})
			start = cut + 1
		}
		out = append(out, [2]int{start, r[1]})
	}
	return out
}

var paragraphLabel = regexp.MustCompile(`(?m)^Stk\. (\d+)\.`)

// labelAt finds the number of the paragraph in which a place begins.
func labelAt(text string, at int) string {
	label := "stk 1"
	for _, m := range paragraphLabel.FindAllStringSubmatchIndex(text, -1) {
		if m[0] > at {
			break
		}
		label = "stk " + text[m[2]:m[3]]
	}
	return label
}

// figures counts the claim's figures that the place has.
func (p *place) figures(claim *text) int {
	n := 0
	for i := range claim.facts {
		if p.count(&claim.facts[i]) > 0 {
			n++
		}
	}
	return n
}

// competes tells whether the place has figures of the kind of one that the claim
// has and the place has not.
func (p *place) competes(claim *text) bool {
	for i := range claim.facts {
		f := &claim.facts[i]
		if p.count(f) > 0 {
			continue
		}
		for j := range p.facts {
			if p.facts[j].dim == f.dim && (f.dim != dimRef || kindOfRef(p.facts[j].value) == kindOfRef(f.value)) {
				return true
			}
		}
	}
	return false
}

// leadOf returns the sentence that leads into the list of which sentence i is an
// item, or -1.
func leadOf(text string, ranges [][2]int, i int) int {
	j := i
	for j >= 0 && itemMarker.MatchString(text[ranges[j][0]:ranges[j][1]]) {
		j--
	}
	if j == i {
		return -1
	}
	return j
}

// coveredBy is the share of the claim's content, by weight, that words carry.
func (t *text) coveredBy(words, context []word) float64 {
	sum, total := 0.0, 0.0
	for _, i := range t.content() {
		w := &t.words[i]
		l, _ := nearest(w, words)
		if l < 1 && context != nil {
			if c, _ := nearest(w, context); 0.8*c > l {
				l = 0.8 * c
			}
		}
		if w.actor != nobody && l < 0.5 {
			for j := range words {
				if w.stands(&words[j]) {
					l = 0.9
				}
			}
		}
		sum += w.weight() * l
		total += w.weight()
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

// judge runs the checks in their order.
func (p *place) judge(claim *text) Result {
	r := Result{Source: p.source.N, Start: p.start, End: p.end, Coverage: p.coverage}
	if p.coverage < enough || !p.single && p.coverage < enoughOfMany {
		r.Reason = Uncovered
		return r
	}
	for _, check := range []func(*text) (Reason, string){
		p.facts_, p.names, p.contrary, p.negations, p.restrictions, p.modality, p.order, p.actors, p.edits,
	} {
		if r.Reason, r.Detail = check(claim); r.Reason != Verified {
			return r
		}
	}
	return r
}
