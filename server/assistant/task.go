package assistant

import (
	"context"
	"regexp"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
)

// summaryCall is how a caseworker asks for a summary in words.
var summaryCall = regexp.MustCompile(`(?i)^\s*(?:(?:kan|vil) du\s+)?(?:(?:please\s+)?summari[sz]e|sammenfat(?:te)?|opsumm[eé]r(?:e)?|resum[eé]r(?:e)?|(?:(?:giv|lav|skriv)\s+)?(?:mig\s+)?(?:et\s+|en\s+)?(?:kort\s+|langt\s+|lang\s+)?(?:resum[eé]|sammenfatning|opsummering)\s+(?:af|over|om))\s+(.+?)\s*[?.!]*$`)

var (
	chapterCall = regexp.MustCompile(`(?i)\bkapitel\s+\d+(?:\s?[a-hj-z]\b)?`)
	shortCall   = regexp.MustCompile(`(?i)\bkort\b`)
	longCall    = regexp.MustCompile(`(?i)\b(?:lang|langt|grundig|grundigt|udførlig|udførligt)\b`)
)

// summaryAsked recognises a request for a summary and finds the text that is
// meant; ok is false where the question asks for something else or names no
// text of the collection.
func (a *Assistant) summaryAsked(ctx context.Context, req Request) (sum SummaryRequest, ok bool, err error) {
	match := summaryCall.FindStringSubmatch(req.Question)
	if match == nil {
		return sum, false, nil
	}
	sum.AsOf, sum.Length = req.AsOf, LengthMedium
	switch {
	case shortCall.MatchString(req.Question):
		sum.Length = LengthShort
	case longCall.MatchString(req.Question):
		sum.Length = LengthLong
	}
	object := match[1]
	chapter := chapterCall.FindString(object)
	title := strings.Trim(strings.NewReplacer(chapter, "", " i ", " ", " af ", " ").Replace(" "+object+" "), " ,.")
	res, err := a.search.Search(ctx, retrieval.Query{Text: title, K: poolSize, AsOf: req.AsOf,
		Filter: retrieval.Filter{Collections: req.Collections, Documents: req.Documents}})
	if err != nil {
		return sum, false, failed(err, "searching for what to sum up")
	}
	for _, hit := range res.Hits {
		if hit.Exact {
			sum.Section = hit.Section
			return sum, true, nil
		}
	}
	if sum.Document, err = a.actNamed(ctx, req, title); sum.Document != "" || err != nil {
		sum.Chapter = chapter
		return sum, err == nil, err
	}
	for _, hit := range res.Hits {
		doc, err := a.sections.Document(ctx, hit.Document)
		if err != nil {
			continue // deleted since
		}
		for _, name := range append([]string{doc.Title}, doc.ShortTitles...) {
			if sameTitle(name, title) {
				sum.Document, sum.Chapter = doc.ID, chapter
				return sum, true, nil
			}
		}
	}
	return sum, false, nil
}

// actNamed returns the act that a name means, by its title, popular name or
// abbreviation, in the version in force; "" where it means none. Every act has
// a § 1, and reference look-up knows the names.
func (a *Assistant) actNamed(ctx context.Context, req Request, name string) (string, error) {
	refs := citation.Parse("§ 1 i " + name)
	if len(refs) != 1 || refs[0].Act == "" || refs[0].End < len("§ 1 i "+name) {
		return "", nil
	}
	res, err := a.search.Search(ctx, retrieval.Query{Text: "§ 1 i " + name, K: 1, AsOf: req.AsOf,
		Filter: retrieval.Filter{Collections: req.Collections, Documents: req.Documents}})
	if err != nil {
		return "", failed(err, "looking up the act")
	}
	if len(res.Hits) == 0 || !res.Hits[0].Exact {
		return "", nil
	}
	return res.Hits[0].Document, nil
}

// sameTitle compares a document's name with how it is called in a question:
// "vejledningen om tabt arbejdsfortjeneste" is "Vejledning om tabt
// arbejdsfortjeneste".
func sameTitle(name, called string) bool {
	a, b := titleWords(name), titleWords(called)
	if len(b) == 0 {
		return false
	}
	for w := range b {
		if !a[w] {
			return false
		}
	}
	return len(b) >= len(a) || len(b) > 1 && 3*len(b) >= 2*len(a)
}

func titleWords(text string) map[string]bool {
	q := analyse(text)
	words := map[string]bool{}
	for _, t := range q.terms {
		words[t.stem] = true
	}
	return words
}
