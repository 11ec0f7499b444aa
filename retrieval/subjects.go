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
// the day asked, and notes in res what that tells of whether there is an answer.
func (e *Engine) subjectsOf(ctx context.Context, q Query, vector []float32, res *Result) (subjects, error) {
	if e.register == nil || e.recipe.Register == (QueryWeights{}) {
		return nil, nil
	}
	var meaning register.Meaning
	if vector != nil {
		meaning = register.Meaning{Model: e.vectors.Embedder.Model(), Vector: vector}
	}
	found := subjects{}
	for _, f := range e.register.Find(q.Text, meaning, maxSubjects) {
		if f.Local != "" {
			best := &res.Governed
			best.Score, best.Words, best.Cosine = max(best.Score, f.Score), max(best.Words, f.Words), max(best.Cosine, f.Cosine)
		}
		section, err := e.governs(ctx, q, &f, res)
		if err != nil {
			return nil, err
		}
		if _, better := found[section]; section != "" && !better {
			found[section] = f
		}
	}
	return found, nil
}

// governs returns the section of the collection that an entry leads to, "" for
// none. An act as a whole that is not there is noted in res.
func (e *Engine) governs(ctx context.Context, q Query, f *register.Found, res *Result) (section string, err error) {
	document, status := "", corpus.Unknown
	if f.Family != "" {
		if document, section, status, err = e.store.Resolve(ctx, f.Family, "", f.Local, q.AsOf); err != nil {
			return "", err
		}
	}
	if f.Local == "" {
		if document == "" && res.Elsewhere.Entry == nil {
			res.Elsewhere = *f
		}
		return "", nil
	}
	if status != corpus.Resolved {
		return "", nil
	}
	doc, err := e.store.Document(ctx, document)
	if errors.Is(err, corpus.ErrNotFound) || err == nil && !q.Filter.allows(&doc) {
		return "", nil
	}
	return section, err
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
