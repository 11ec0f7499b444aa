package ingest

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/ingest/parse"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// What an editor who does not see everything may not do. The first says nothing
// of the document that is in the way.
var (
	errTaken     = errors.New("filen kan ikke lægges ind under dette navn i denne samling: vælg et andet navn eller en anden samling")
	errOthersOwn = errors.New("et dokument kan kun forbeholdes grupper, som du selv er medlem af: vælg andre grupper, eller bed en, der er medlem, om at lægge det ind")
)

// ParseGroups reads access groups as front matter and form fields write them,
// separated by commas: in order, each once.
func ParseGroups(text string) []string {
	return tidyGroups(strings.Split(strings.Trim(text, "[] "), ","))
}

func tidyGroups(groups []string) []string {
	out := []string{}
	for _, g := range groups {
		if g = strings.Trim(g, "\"' \t"); g != "" {
			out = append(out, g)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// grants sets who may read the document of a result: who its front matter names,
// else who the run names, else who could read what the source gave before. Front
// matter opens nothing to everyone, and pages from the web have no say.
func (r *run) grants(res *result, doc *parse.Document, before *corpus.Document) error {
	d := &res.contents.Document
	var stated []string
	if doc.MediaType == "text/markdown" {
		stated = ParseGroups(doc.Meta["groups"])
	}
	switch {
	case len(stated) > 0:
		d.Groups = stated
	case r.Groups != nil:
		d.Groups = tidyGroups(r.Groups)
	case before != nil:
		d.Groups = before.Groups
	}
	if r.editor.Everything {
		return nil
	}
	for _, g := range d.Groups {
		if !slices.Contains(r.editor.Groups, g) {
			return errOthersOwn
		}
	}
	return nil
}

// standing returns the document with an id, or nil. It fails with errTaken where
// who ingests may not read it, and so not replace it either.
func (r *run) standing(ctx context.Context, id string) (*corpus.Document, error) {
	if id == "" {
		return nil, nil
	}
	doc, err := r.store.Document(ctx, id)
	switch {
	case errors.Is(err, corpus.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case !r.editor.MayRead(doc.Groups):
		return nil, errTaken
	}
	return &doc, nil
}

// regrouped tells whether the run names other groups than those that may read
// the document now: then the source is read again, since it may name some too.
func (r *run) regrouped(doc *corpus.Document) bool {
	return r.Groups != nil && doc != nil && !slices.Equal(tidyGroups(r.Groups), tidyGroups(doc.Groups))
}
