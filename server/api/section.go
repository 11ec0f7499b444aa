package api

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// sectionReply is the reply to GET /documents/{id}/sections/{section}.
type sectionReply struct {
	Document   corpus.Document    `json:"document"`
	Section    corpus.Section     `json:"section"`
	Previous   *neighbour         `json:"previous"` // null at the beginning
	Next       *neighbour         `json:"next"`     // null at the end
	References []corpus.Reference `json:"references"`
	CitedBy    []citing           `json:"cited_by"`
}

type neighbour struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// citing is a place that refers to the section.
type citing struct {
	Section  string `json:"section"`
	Document string `json:"document"`
	Title    string `json:"title"` // of the document
	Label    string `json:"label"` // of the section
	Raw      string `json:"raw"`   // the reference as written
}

func (a *API) section(c *gin.Context) error {
	doc, err := a.documentOf(c)
	if err != nil {
		return err
	}
	local, err := param(c, "section")
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), doc.ID+"#"+local
	out := sectionReply{Document: doc}
	if out.Section, err = a.Library.Section(ctx, id); err != nil {
		return notFound(err, "Bestemmelsen findes ikke i dokumentet.")
	}
	if out.Previous, out.Next, err = a.neighbours(ctx, doc.ID, id); err != nil {
		return err
	}
	if out.References, err = a.Library.References(ctx, id); err != nil {
		return err
	}
	if out.CitedBy, err = a.citedBy(ctx, id); err != nil {
		return err
	}
	out.Section.Path, out.References = list(out.Section.Path), list(out.References)
	return reply(c, out)
}

func (a *API) neighbours(ctx context.Context, docID, id string) (previous, next *neighbour, err error) {
	sections, err := a.Library.SectionsOf(ctx, docID)
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(sections, func(s corpus.Section) bool { return s.ID == id })
	if at > 0 {
		previous = &neighbour{ID: sections[at-1].ID, Label: sections[at-1].Label}
	}
	if at >= 0 && at+1 < len(sections) {
		next = &neighbour{ID: sections[at+1].ID, Label: sections[at+1].Label}
	}
	return previous, next, nil
}

// citedBy names the places that refer to a section, each wording once. A
// document that was deleted meanwhile is left out.
func (a *API) citedBy(ctx context.Context, id string) ([]citing, error) {
	refs, err := a.Library.CitedBy(ctx, id)
	if err != nil {
		return nil, err
	}
	out := []citing{}
	titles := map[string]string{} // document → title: one act often cites a section many times
	for _, ref := range refs {
		entry := citing{Section: ref.From, Raw: ref.Raw}
		entry.Document, _, _ = strings.Cut(ref.From, "#")
		section, err := a.Library.Section(ctx, ref.From)
		if err == nil && titles[entry.Document] == "" {
			var doc corpus.Document
			doc, err = a.Library.Document(ctx, entry.Document)
			titles[entry.Document] = doc.Title
		}
		if errors.Is(err, corpus.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		entry.Title, entry.Label = titles[entry.Document], section.Label
		if !slices.Contains(out, entry) {
			out = append(out, entry)
		}
	}
	return out, nil
}
