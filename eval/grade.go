package eval

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
	"github.com/hjemmel/hjemmel/server/assistant"
)

// sectionReader reads what an answer quotes; *corpus.Store is one.
type sectionReader interface {
	Section(ctx context.Context, id string) (corpus.Section, error)
}

// grade holds an answer against what its item wants.
//
//	P@1              the first source is an expected one; a refusal counts 0
//	recall           share of the expected references that are cited
//	precision        share of the cited sections that are expected or fit too
//	facts            share of the key facts that the answer says
//	verbatim         share of the sources whose quote is the stored section's slice
//	support          share of the sentences that their sources carry
//	refused          of unanswerable items: 1 if nothing is answered
//	wrongly-refused  of answerable items: 1 if nothing is answered
//	length           characters of the answer
//	tokens, cost     of the model in DKK, where one was asked
//	search-R@12      share of the expected references among search's first 12 hits
func grade(ctx context.Context, sections sectionReader, it *AnswerItem, w *want, a *assistant.Answer) (Item, error) {
	out := Item{ID: it.ID, Question: strings.Join(append(slices.Clone(it.Turns), it.Question), "\n"), Hand: it.Hand, Kind: it.Kind, Values: map[string]float64{}, Answer: answerText(a)}
	out.Question = strings.TrimSpace(out.Question)
	if a.Usage.Tokens > 0 {
		out.Values["tokens"], out.Values["cost"] = float64(a.Usage.Tokens), a.Usage.CostDKK
	}
	if !a.Answered {
		out.Answer = a.Refused
	}
	if it.Unanswerable {
		out.Values["refused"] = yes(!a.Answered)
		if a.Answered {
			out.Failure = "answered, though nothing in the collection answers it"
		}
	} else {
		gradeSources(&out, it, w, a)
	}
	if !a.Answered {
		return out, nil
	}
	out.Values["length"] = float64(utf8.RuneCountInString(out.Answer))
	out.Values["support"] = support(a)
	verbatim := 0
	for _, s := range a.Sources {
		sec, err := sections.Section(ctx, s.Section)
		if err != nil && !errors.Is(err, corpus.ErrNotFound) {
			return out, err
		}
		if err == nil && 0 <= s.Start && s.Start <= s.End && s.End <= len(sec.Text) && s.Quote != "" && sec.Text[s.Start:s.End] == s.Quote {
			verbatim++
		}
		out.Found = append(out.Found, Place{Section: s.Section, Reference: s.Reference, Text: shorten(s.Quote), Right: slices.Contains(w.also, s.Section)})
	}
	out.Values["verbatim"] = float64(verbatim) / float64(max(1, len(a.Sources)))
	return out, nil
}

// gradeSources judges the answer of an answerable item.
func gradeSources(out *Item, it *AnswerItem, w *want, a *assistant.Answer) {
	var cited []string // distinct, in the order of the sources
	for _, s := range a.Sources {
		if !slices.Contains(cited, s.Section) {
			cited = append(cited, s.Section)
		}
	}
	right, missed := 0, []string{}
	for _, section := range cited {
		right += int(yes(slices.Contains(w.also, section)))
	}
	for i, group := range w.groups {
		hit := slices.ContainsFunc(group, func(section string) bool { return slices.Contains(cited, section) })
		if !hit {
			missed = append(missed, it.Expect[i])
		}
		out.Expected = append(out.Expected, Place{Section: strings.Join(group, " or "), Reference: it.Expect[i], Right: hit})
	}
	lacking := lacks(out.Answer, it.Facts)
	out.Values["wrongly-refused"] = yes(!a.Answered)
	out.Values["P@1"] = yes(len(cited) > 0 && slices.Contains(slices.Concat(w.groups...), cited[0]))
	out.Values["recall"] = 1 - float64(len(missed))/float64(len(w.groups))
	if len(cited) > 0 {
		out.Values["precision"] = float64(right) / float64(len(cited))
	}
	if len(it.Facts) > 0 {
		out.Values["facts"] = yes(a.Answered) * (1 - float64(len(lacking))/float64(len(it.Facts)))
	}
	switch {
	case !a.Answered:
		out.Failure = "refused, though the collection answers it"
	case len(missed) > 0:
		out.Failure = "does not cite " + strings.Join(missed, " and ")
	case out.Values["P@1"] == 0:
		out.Failure = "cites something else first"
	case len(lacking) > 0:
		out.Failure = "does not say " + strings.Join(lacking, " and ")
	}
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// lacks returns the facts that a text does not contain in any alternative.
func lacks(text string, facts []string) []string {
	var out []string
	text = plain(text)
	for _, fact := range facts {
		if !slices.ContainsFunc(alternatives(fact), func(alternative string) bool { return says(text, plain(alternative)) }) {
			out = append(out, "»"+fact+"«")
		}
	}
	return out
}

// says tells whether a plain text contains a plain phrase as words: "4 uger" is
// not in "24 uger", and "15" not in "150"; a word may have an ending.
func says(text, phrase string) bool {
	for from := 0; phrase != ""; {
		at := strings.Index(text[from:], phrase)
		if at < 0 {
			return false
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		first, _ := utf8.DecodeRuneInString(phrase)
		after, _ := utf8.DecodeRuneInString(text[at+len(phrase):])
		last, _ := utf8.DecodeLastRuneInString(phrase)
		inWord := wordRune(before) && wordRune(first)
		inNumber := unicode.IsDigit(last) && unicode.IsDigit(after)
		if !inWord && !inNumber {
			return true
		}
		from = at + 1
		for !utf8.RuneStart(text[from]) {
			from++
		}
	}
	return false
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// plain folds what does not change the meaning: case, kinds of space, invisible
// characters.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return unicode.ToLower(r)
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// carried is the share of a reworded sentence's content words that its sources
// must have; its numbers must all be there.
const carried = 0.8

// support is the share of the sentences that are quotes of their sources, or
// whose words and numbers are in them.
func support(a *assistant.Answer) float64 {
	n := 0
	for _, s := range a.Answer {
		var quotes []string
		for _, c := range s.Citations {
			if c >= 1 && c <= len(a.Sources) {
				quotes = append(quotes, a.Sources[c-1].Quote)
			}
		}
		source := plain(strings.Join(quotes, " "))
		if len(quotes) > 0 && (strings.Contains(source, plain(s.Text)) || covered(s.Text, source)) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(a.Answer)))
}

func covered(sentence, source string) bool {
	have := map[string]bool{}
	for _, t := range danish.Tokens(source) {
		have[danish.Stem(t.Term)] = true
	}
	words, found := 0, 0
	for _, t := range danish.Tokens(sentence) {
		if danish.Stop(t.Term) {
			continue
		}
		in := have[danish.Stem(t.Term)]
		if !in && t.Kind != danish.Word {
			return false
		}
		words++
		found += int(yes(in))
	}
	return words > 0 && float64(found) >= carried*float64(words)
}
