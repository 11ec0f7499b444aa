package retrieval

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/lexical"
	"github.com/hjemmel/hjemmel/retrieval/register"
)

// maxSubjects bounds how many provisions of the register take part in a search.
const maxSubjects = 30

// subjects is what the register says of a query: by section, the provision
// that governs a subject the query names.
type subjects map[string]register.Found

// subjectsOf looks the query up in the register, in the versions in force on
// the day asked. elsewhere is the best of what the collection lacks: another
// act's provision, or a subject that no act governs.
func (e *Engine) subjectsOf(ctx context.Context, q Query, vector []float32) (found subjects, elsewhere register.Found, err error) {
	if e.register == nil || e.recipe.Register == 0 {
		return nil, register.Found{}, nil
	}
	var meaning register.Meaning
	if vector != nil {
		meaning = register.Meaning{Model: e.vectors.Embedder.Model(), Vector: vector}
	}
	found = subjects{}
	for _, f := range e.register.Find(q.Text, meaning, maxSubjects) {
		document, section, status, err := "", "", corpus.Unknown, error(nil)
		if f.Family != "" {
			if document, section, status, err = e.store.Resolve(ctx, f.Family, "", f.Local, q.AsOf); err != nil {
				return nil, register.Found{}, err
			}
		}
		if document == "" {
			if elsewhere.Entry == nil {
				elsewhere = f
			}
			continue
		}
		if _, better := found[section]; better || section == "" || status != corpus.Resolved {
			continue // another part of the section fits better, or it is gone
		}
		doc, err := e.store.Document(ctx, document)
		if errors.Is(err, corpus.ErrNotFound) || err == nil && !q.Filter.allows(&doc) {
			continue
		}
		if err != nil {
			return nil, register.Found{}, err
		}
		found[section] = f
	}
	return found, elsewhere, nil
}

// join adds weight × how well the subject fits to the hits, and appends
// sections that only the register knows.
func (s subjects) join(hits []lexical.Hit, weight float64) []lexical.Hit {
	in := make(map[string]bool, len(hits))
	for i := range hits {
		in[hits[i].Section] = true
		hits[i].Score += weight * s[hits[i].Section].Score
	}
	for _, section := range slices.Sorted(maps.Keys(s)) {
		if !in[section] {
			document, _, _ := strings.Cut(section, "#")
			hits = append(hits, lexical.Hit{Section: section, Document: document, Passage: corpus.PassageID(section, 0), Score: weight * s[section].Score})
		}
	}
	return hits
}
