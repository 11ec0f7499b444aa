// Package verify tells whether a sentence that a language model wrote says no
// more than the sources it cites. It compares the sentence with the one place in
// a source that it is about: every figure, date, reference and name must stand
// there in the same sense, negations, duties and restrictions must fall on the
// same words, the same authority must act, and the remaining words must be
// covered. It errs on the side of doubt: what fails is replaced by a quotation.
// It reads Danish text only and asks no model; a Judge can be asked besides.
package verify

import (
	"context"
	"strings"
)

// Source is a cited passage.
type Source struct {
	N         int    // the number by which sentences cite it
	Text      string // what may be relied on
	Reference string // "serviceloven § 85, stk. 2": may be named in a sentence
	Context   string // title and heading: may be named, but carry no statement
}

// Reason says why a sentence is not verified.
type Reason string

// The reasons, in the order in which they are looked for.
const (
	Verified      Reason = ""
	Uncited       Reason = "uncited"    // cites nothing
	UnknownSource Reason = "citation"   // cites a number that was not given
	Empty         Reason = "empty"      // states nothing
	Script        Reason = "script"     // letters that no Danish text has
	Uncovered     Reason = "uncovered"  // the words are not those of the source
	Number        Reason = "number"     // a figure, amount, date, age, period
	Comparator    Reason = "comparator" // at most, at least, before, after
	Reference     Reason = "reference"  // §, stk., nr., an act
	Name          Reason = "name"       // a proper name
	Negation      Reason = "negation"
	Restriction   Reason = "restriction" // only, all
	Modality      Reason = "modality"    // shall, may
	Actor         Reason = "actor"       // who does it
	Opposite      Reason = "opposite"    // the contrary of a word of the source
	Judged        Reason = "judge"       // a Judge says that it does not follow
)

// Result is the outcome for one sentence.
type Result struct {
	Reason     Reason
	Detail     string  // the word or figure in question
	Source     int     // number of the source that the sentence is about; 0 where none
	Start, End int     // bytes of that source's text that it was held against
	Coverage   float64 // share of the sentence's words that the place covers
}

// OK tells whether the sentence may be shown as verified.
func (r Result) OK() bool { return r.Reason == Verified }

// A Judge says whether a text follows from a source: a model asked for
// entailment. It can only reject what Check let pass, never the reverse.
type Judge interface {
	Follows(ctx context.Context, sentence, source string) (bool, error)
}

// Check holds a sentence, written without its citation marks, against the
// sources with the cited numbers.
func Check(sentence string, cited []int, sources []Source) Result {
	if len(cited) == 0 {
		return Result{Reason: Uncited}
	}
	claim := read(sentence)
	switch {
	case foreign(sentence):
		return Result{Reason: Script}
	case len(claim.content()) == 0:
		return Result{Reason: Empty}
	}
	var places []place
	for _, n := range cited {
		source, ok := find(sources, n)
		if !ok {
			return Result{Reason: UnknownSource}
		}
		places = append(places, placesOf(claim, source)...)
	}
	return best(claim, places)
}

func find(sources []Source, n int) (*Source, bool) {
	for i := range sources {
		if sources[i].N == n {
			return &sources[i], true
		}
	}
	return nil, false
}

// Thresholds, chosen on the development half of the paraphrases and on the
// mutated sentences (see mutation_test.go).
const (
	enough = 0.62 // coverage that a sentence needs
	// enoughOfMany is the same where several sentences are read: among many
	// words, those of any sentence on the subject are found by chance.
	enoughOfMany = 0.72
	close        = 0.03 // how much less than the best place another may cover
	repeated     = 0.8  // share of words in order from which a claim repeats a place, so that no other matters
	farther      = 0.2  // the same, for a place with figures that the best one lacks
	freely       = 0.6  // share of words in order below which a claim words freely what it tells
	adds         = 0.08 // how much more several sentences must cover than the best one
)

// best judges the claim by the place that it is about: the one that covers most
// of it. A worse place must not save what the best one contradicts, and more
// than a sentence or a list's item is read only where that covers more.
func best(claim *text, places []place) Result {
	top := -1
	for i := range places {
		if places[i].single && (top < 0 || places[i].core > places[top].core) {
			top = i
		}
	}
	if top < 0 {
		return Result{Reason: Uncovered}
	}
	first := places[top].judge(claim)
	for i := range places {
		p := &places[i]
		if first.OK() || places[top].verbatim >= repeated {
			break
		}
		if i == top || !p.rivals(claim, &places[top]) {
			continue
		}
		if r := p.judge(claim); r.OK() || first.Reason == Uncovered && r.Reason != Uncovered {
			first = r
		}
	}
	return first
}

// rivals tells whether the claim may be about p rather than about the place
// that covers most: it covers as much, several sentences cover more, or it has
// figures of the claim where the best place has none of their kind.
func (p *place) rivals(claim *text, top *place) bool {
	more := p.figures(claim) > top.figures(claim) && !top.competes(claim)
	if all := p.figures(claim); all == len(claim.facts) && all > top.figures(claim) && p.single && top.verbatim < freely {
		more = true // the best place has other figures, this one all of the claim's
	}
	switch {
	case more:
		return p.core >= top.core-farther
	case p.single:
		return p.core >= top.core-close
	}
	return p.core >= top.core+adds
}

// foreign tells whether a text has letters outside the Latin script, such as
// look-alikes of other alphabets, or digits other than 0 to 9.
func foreign(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r > 0x24f && isLetterOrDigit(r) })
}
