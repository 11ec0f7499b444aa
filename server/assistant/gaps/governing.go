package gaps

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// governed is a section of the law that governs the text.
type governed struct {
	sec    *corpus.Section
	parts  map[string]bool // stk. that the text cites; "" for the section as a whole
	cited  int             // how often the text cites the section
	given  bool            // by the user
	inMain bool            // its act is one that the text is about
}

// governing collects the sections that govern the text: those that the user
// names, else those that it cites, with the ones between two that it cites.
func (r *run) governing(ctx context.Context) ([]*governed, error) {
	var list []*governed
	byID := map[string]*governed{}
	add := func(s *corpus.Section) *governed {
		g := byID[s.ID]
		if g == nil {
			g = &governed{sec: s, parts: map[string]bool{}}
			byID[s.ID] = g
			list = append(list, g)
		}
		return g
	}
	acts := map[string]map[string]bool{}
	for i := range r.refs {
		f := &r.refs[i]
		if f.to == nil {
			continue
		}
		g := add(f.to)
		g.cited++
		g.parts[stkOf(f.part)] = true
		if acts[f.to.Document] == nil {
			acts[f.to.Document] = map[string]bool{}
		}
		acts[f.to.Document][f.to.ID] = true
	}
	r.markMain(list, acts)
	if err := r.between(ctx, list, add); err != nil {
		return nil, err
	}
	return list, r.given(ctx, add)
}

// markMain marks the sections of the acts that the text is about: those with
// the most different sections cited, and others with nearly as many.
func (r *run) markMain(list []*governed, acts map[string]map[string]bool) {
	most := 0
	for _, sections := range acts {
		most = max(most, len(sections))
	}
	for _, g := range list {
		n := len(acts[g.sec.Document])
		g.inMain = n == most || n >= 3 && 2*n >= most
	}
}

// between adds the sections that stand alone between two that the text cites:
// a guideline on §§ 136 and 138 is about § 137 too.
func (r *run) between(ctx context.Context, list []*governed, add func(*corpus.Section) *governed) error {
	for _, g := range slices.Clone(list) {
		if !g.inMain {
			continue
		}
		o, err := r.outline(ctx, g.sec.Document)
		if err != nil {
			return err
		}
		at := g.sec.Ordinal
		if at+2 >= len(o.list) {
			continue
		}
		next, after := &o.list[at+1], &o.list[at+2]
		cited := slices.ContainsFunc(list, func(h *governed) bool { return h.sec.ID == after.ID })
		if cited && !next.Repealed && sameChapter(next, after) && sameChapter(next, g.sec) {
			add(next).inMain = true
		}
	}
	return nil
}

func sameChapter(a, b *corpus.Section) bool {
	return len(a.Path) > 1 && len(b.Path) > 1 && a.Path[0] == b.Path[0]
}

// given adds what the user wants the text compared with.
func (r *run) given(ctx context.Context, add func(*corpus.Section) *governed) error {
	for _, id := range r.options.Against {
		document, number, one := strings.Cut(id, "#")
		if r.byID[document] == nil {
			return fmt.Errorf("%q: %w", document, corpus.ErrNotFound)
		}
		o, err := r.outline(ctx, document)
		if err != nil {
			return err
		}
		if one {
			s := o.find(number)
			if s == nil {
				return fmt.Errorf("%q: %w", id, corpus.ErrNotFound)
			}
			g := add(s)
			g.given, g.inMain = true, true
			continue
		}
		for i := range o.list {
			if s := &o.list[i]; !s.Repealed && !strings.Contains(local(s.ID), "~") {
				add(s).inMain = true
			}
		}
	}
	return nil
}
