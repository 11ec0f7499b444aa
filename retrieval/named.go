package retrieval

import (
	"context"
	"errors"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// maxRelated bounds how many sections that cite a named section, or that it
// cites, follow it.
const maxRelated = 5

// named finds the sections that the references in a query name, in the version
// in force on the day asked, and after them what they cite and what cites them.
func (e *Engine) named(ctx context.Context, q Query, refs []citation.Ref) ([]candidate, error) {
	var exact, related []candidate
	for _, ref := range refs {
		if ref.Section == "" && ref.Annex == "" {
			// "LBK nr 282 af 17/03/2025" and nothing else: the act's beginning.
			if ref.Number.No == 0 || !bare(q.Text, refs) || len(refs) > 1 {
				continue
			}
			ref.Section = "1"
		}
		c, ok, err := e.resolve(ctx, q, ref)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		exact = append(exact, c)
		more, err := e.related(ctx, q, c)
		if err != nil {
			return nil, err
		}
		related = append(related, more...)
	}
	// A question with words of its own is ranked by them; only a bare reference
	// is about its neighbourhood.
	if !bare(q.Text, refs) {
		return exact, nil
	}
	return append(exact, related...), nil
}

func (e *Engine) resolve(ctx context.Context, q Query, ref citation.Ref) (candidate, bool, error) {
	local := ref.Section
	if ref.Annex != "" {
		local = "bilag-" + ref.Annex
	}
	number := ""
	if ref.Number.No != 0 {
		number = ref.Number.ID()
	}
	if ref.Act == "" && number == "" {
		if len(q.Filter.Documents) != 1 {
			return candidate{}, false, nil // "§ 85" of which act? The index ranks those.
		}
		number = q.Filter.Documents[0]
	}
	document, section, status, err := e.store.Resolve(ctx, ref.Act, number, local, q.AsOf)
	if err != nil || status != corpus.Resolved {
		return candidate{}, false, err
	}
	doc, err := e.store.Document(ctx, document)
	if errors.Is(err, corpus.ErrNotFound) || err == nil && !q.Filter.allows(&doc) {
		return candidate{}, false, nil
	}
	return candidate{document: document, section: section, passage: corpus.PassageID(section, 0), part: ref.Part, exact: true, score: 1}, true, err
}

func (f *Filter) allows(d *corpus.Document) bool {
	return allows(f.Collections, d.Collection) && allows(f.Kinds, d.Kind) && allows(f.Documents, d.ID)
}

func allows[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return len(list) == 0
}

func (e *Engine) related(ctx context.Context, q Query, c candidate) ([]candidate, error) {
	citing, err := e.store.CitedBy(ctx, c.section, q.AsOf, 4*maxRelated)
	if err != nil {
		return nil, err
	}
	cited, err := e.store.References(ctx, c.section, q.AsOf)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range cited {
		ids = append(ids, r.Section)
	}
	out := e.someOf(ctx, q, c.section, ids)
	ids = nil
	for _, r := range citing {
		ids = append(ids, r.From)
	}
	return append(out, e.someOf(ctx, q, c.section, ids)...), nil
}

// someOf makes candidates of the first few different sections that the filter
// allows.
func (e *Engine) someOf(ctx context.Context, q Query, self string, ids []string) []candidate {
	var out []candidate
	seen := map[string]bool{self: true, "": true}
	for _, id := range ids {
		if len(out) == maxRelated || seen[id] {
			continue
		}
		seen[id] = true
		document, _, _ := strings.Cut(id, "#")
		doc, err := e.store.Document(ctx, document)
		if err != nil || !q.Filter.allows(&doc) {
			continue
		}
		out = append(out, candidate{document: document, section: id, passage: corpus.PassageID(id, 0), score: 0.5})
	}
	return out
}

// bare tells whether a query is nothing but references.
func bare(text string, refs []citation.Ref) bool {
	rest := []byte(text)
	for _, r := range refs {
		for i := r.Start; i < r.End; i++ {
			rest[i] = ' '
		}
	}
	return len(refs) > 0 && strings.Trim(string(rest), " .,;:?!\t\n") == ""
}

// snippet is the byte range that a hit shows: the part that the query names, or
// the passage that matched.
func (e *Engine) snippet(ctx context.Context, sec *corpus.Section, c candidate) (start, end int, err error) {
	for _, p := range sec.Parts {
		if c.part != "" && p.Label == partOnly(c.part) {
			return p.Start, p.End, nil
		}
	}
	passage, err := e.store.Passage(ctx, c.passage)
	return passage.Start, passage.End, err
}

// partOnly drops the sentence ("2. pkt."), which sections do not mark.
func partOnly(part string) string {
	if before, _, ok := strings.Cut(part, " pkt."); ok {
		if i := strings.LastIndex(before, ","); i >= 0 {
			return before[:i]
		}
		return ""
	}
	return part
}
