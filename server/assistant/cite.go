package assistant

import (
	"fmt"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// omitted stands where a list's items are left out between two quotes.
const omitted = " […] "

// maxPassage is the size up to which a section is one passage (see package
// ingest): its only passage then holds every quote of it.
const maxPassage = 1200

// say emits the pieces: each source when it is first needed, then the sentence
// that cites it. The first source that was not in force is announced.
func (s *stream) say(pieces []*piece) error {
	warned := false
	for _, p := range pieces {
		text, cites, err := s.cited(p, &warned)
		if err != nil {
			return err
		}
		if err := s.sentence(Sentence{Text: text, Role: p.role, Citations: cites, Verified: true}); err != nil {
			return err
		}
	}
	return nil
}

// cited emits the sources of a piece and returns its text, with the numbers of
// the sources that make it up.
func (s *stream) cited(p *piece, warned *bool) (text string, cites []int, err error) {
	var texts []string
	for _, at := range p.spans {
		src := s.cite(p.place, at)
		if !src.InForce && !*warned {
			*warned = true
			if err := s.status(notInForce(src, s.answer.AsOf)); err != nil {
				return "", nil, err
			}
		}
		n, err := s.source(src)
		if err != nil {
			return "", nil, err
		}
		texts = append(texts, src.Quote)
		cites = append(cites, n)
	}
	return strings.Join(texts, omitted), cites, nil
}

func notInForce(src Source, day corpus.Date) string {
	return fmt.Sprintf("Bemærk: %s (%s) er ikke i kraft den %s.", src.Reference, src.Title, danishDate(day))
}

// cite makes the source for a byte range of a section. InForce is about the
// day the question asks about, not about today.
func (s *stream) cite(p *place, at span) Source {
	src := Source{
		Document: p.doc.ID, Section: p.sec.ID,
		Reference: reference(&p.doc, &p.sec, at),
		Title:     p.doc.Title, Path: p.sec.Path, Heading: p.sec.Heading,
		Quote: at.in(p.sec.Text), Start: at.start, End: at.end,
		URL: p.doc.URL, Kind: p.doc.Kind, Issued: p.doc.Issued,
		InForce: p.doc.InForce(s.answer.AsOf), InForceFrom: p.doc.InForceFrom, InForceTo: p.doc.InForceTo,
		Page: p.sec.Page(at.start), Sample: p.doc.Sample,
	}
	if len(p.sec.Text) <= maxPassage || p.hit.Start <= at.start && at.end <= p.hit.End {
		src.Passage = p.hit.Passage
	}
	return src
}

// reference names a byte range the way it is cited: "serviceloven § 85,
// stk. 2"; of a guideline by its number and heading.
func reference(doc *corpus.Document, sec *corpus.Section, at span) string {
	part := sec.PartAt(at.start, at.end)
	if part == "stk. 1" && !hasPart(sec, "stk. 2") {
		part = ""
	}
	return retrieval.Reference(doc, sec, part)
}

// sectionNumber returns "85a" for "§ 85 a", "" for what is no §.
func sectionNumber(sec *corpus.Section) string {
	number, ok := strings.CutPrefix(sec.Label, "§")
	if !ok {
		return ""
	}
	return strings.ToLower(strings.ReplaceAll(number, " ", ""))
}

func hasPart(sec *corpus.Section, label string) bool {
	for _, p := range sec.Parts {
		if p.Label == label {
			return true
		}
	}
	return false
}
