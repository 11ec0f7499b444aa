package assistant

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// lookup answers by quoting: it searches, reads the best sections sentence by
// sentence, and says the few that answer, or that none does.
func (a *Assistant) lookup(ctx context.Context, req Request, out *stream) error {
	if err := out.status("Søger i samlingen …"); err != nil {
		return err
	}
	q, res, places, signs, err := a.weighed(ctx, req)
	if err != nil {
		return err
	}
	if res.AsOf != "" {
		out.answer.AsOf = res.AsOf
	}
	out.answer.Degraded = res.Shortfall()
	why := q.unanswered(res, places, signs)
	var pieces []*piece
	if why == "" {
		pieces = compose(&q, places)
	}
	if len(pieces) == 0 {
		out.answer.Refused = cmp.Or(why, nothingFound+advice) + limits(req)
		return nil
	}
	appeal, err := a.appeal(ctx, &q, pieces)
	if err != nil {
		return err
	}
	out.answer.Answered = true
	out.answer.Notice = q.reservation(signs, pieces)
	at := slices.IndexFunc(pieces, func(p *piece) bool { return p.role == RoleRelated })
	if at < 0 {
		at = len(pieces)
	}
	pieces = slices.Insert(pieces, at, appeal...)
	if a.composition != nil {
		return a.word(ctx, req.Question, pieces, out)
	}
	return out.say(pieces)
}

// weighed searches and weighs what was found: by its words, and by its meaning
// where there is time for that.
func (a *Assistant) weighed(ctx context.Context, req Request) (q question, res retrieval.Result, places []*place, s signs, err error) {
	if a.meaning != nil {
		defer a.meaning.enter()()
	}
	res, err = a.search.Search(ctx, retrieval.Query{
		Text: req.Question, K: poolSize, AsOf: req.AsOf,
		Filter: retrieval.Filter{Collections: req.Collections, Documents: req.Documents},
	})
	if err != nil {
		return q, res, nil, s, failed(err, "searching")
	}
	q = analyse(withoutReferences(req.Question, res.Refs))
	if places, err = a.read(ctx, &q, res); err != nil {
		return q, res, nil, s, err
	}
	s = q.signs(&res, places)
	favour(places)
	if a.meaning != nil {
		s.near, s.compared = a.meaning.compare(ctx, req.Question, places)
	}
	return q, res, places, s, nil
}

// read fetches the sections that were found and scores their sentences. What
// has left the store since the search is passed over: a document may be
// replaced while a question is answered.
func (a *Assistant) read(ctx context.Context, q *question, res retrieval.Result) ([]*place, error) {
	m := newMatcher(q)
	docs := map[string]corpus.Document{}
	var places []*place
	for _, hit := range res.Hits {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		sec, err := a.sections.Section(ctx, hit.Section)
		if errors.Is(err, corpus.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, failed(err, "reading section %s", hit.Section)
		}
		doc, ok := docs[sec.Document]
		if !ok {
			if doc, err = a.sections.Document(ctx, sec.Document); errors.Is(err, corpus.ErrNotFound) {
				continue
			} else if err != nil {
				return nil, failed(err, "reading document %s", sec.Document)
			}
			docs[sec.Document] = doc
		}
		places = append(places, read(m, hit, sec, doc))
	}
	weigh(q, places)
	rank(places, res.Refs)
	for _, p := range places {
		q.rate(p)
	}
	return places, nil
}

// rank turns the order and the scores of the hits into 0 to 1, and lets the
// references of the question say which act and which stk. is meant.
func rank(places []*place, refs []citation.Ref) {
	named := map[string]bool{}
	for _, r := range refs {
		if r.Act != "" {
			named[r.Act] = true
		}
	}
	inNamed := false
	for _, p := range places {
		inNamed = inNamed || named[citation.Family(p.doc.Title)]
	}
	for i, p := range places {
		p.rank = 1 / (1 + 0.15*float64(i))
		if best := places[0].hit.Score; best > 0 {
			p.rated = p.hit.Score / best
			p.rank = (p.rank + p.rated) / 2
		}
		if inNamed && !named[citation.Family(p.doc.Title)] {
			p.rank, p.rated = p.rank/3, p.rated/3
		}
		for _, r := range refs {
			if p.hit.Exact && r.Part != "" && sectionNumber(&p.sec) == r.Section {
				p.part, _, _ = strings.Cut(r.Part, ",")
			}
		}
	}
}

// withoutReferences blanks the references out, so that the name of an act is
// not looked for in the words of its sections.
func withoutReferences(text string, refs []citation.Ref) string {
	b := []byte(text)
	for _, r := range refs {
		if 0 <= r.Start && r.Start <= r.End && r.End <= len(b) {
			copy(b[r.Start:r.End], strings.Repeat(" ", r.End-r.Start))
		}
	}
	return string(b)
}

// limits reminds of what the caseworker herself left out of the search.
func limits(req Request) string {
	switch {
	case len(req.Documents) > 0 || len(req.Collections) > 0:
		return " Søgningen var begrænset til de valgte dokumenter: prøv i hele samlingen."
	case req.AsOf != "":
		return fmt.Sprintf(" Søgningen gjaldt kun regler i kraft den %s.", danishDate(req.AsOf))
	}
	return ""
}

func danishDate(d corpus.Date) string {
	parts := strings.Split(string(d), "-")
	if len(parts) != 3 {
		return string(d)
	}
	return strings.TrimLeft(parts[2], "0") + "." + strings.TrimLeft(parts[1], "0") + "." + parts[0]
}
