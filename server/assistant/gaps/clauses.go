package gaps

import (
	"context"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/assistant/norm"
)

// clause is a clause of the text with the sections of the law that it cites.
type clause struct {
	norm.Clause
	sec    *corpus.Section
	scopes []scope
}

// reach says how a clause of the text and a section of the law are tied.
type reach int

// The ties, the strongest first.
const (
	direct  reach = iota // cited in the sentence
	led                  // cited in the lead of its list
	near                 // cited in the sentence before or behind, in the same paragraph
	around               // cited in the same section of the text
	content              // governs the text, and is found by its words
)

// trust is what a tie counts for in a finding's confidence.
var trust = [...]float64{direct: 1, led: 0.95, near: 0.9, around: 0.8, content: 0.65}

// scope is a section of the law that a clause of the text may restate.
type scope struct {
	sec     *corpus.Section
	part    string // "stk. 2" where the reference names it
	several bool   // and further ones: "stk. 2 og 3"
	reach   reach
}

// lawClause is a clause of the law.
type lawClause struct {
	norm.Clause
	sec *corpus.Section
}

// clauses compares the sentences of the text with the sections of the law that
// they cite or that govern them.
func (r *run) clauses(ctx context.Context) error {
	governing, err := r.governing(ctx)
	if err != nil {
		return err
	}
	list := r.textClauses()
	for i := range list {
		c := &list[i]
		r.figures(c, governing)
		r.modality(c)
	}
	r.requirements(list, governing)
	return nil
}

// textClauses reads the text's clauses and ties them to what they cite.
func (r *run) textClauses() []clause {
	bySection := map[string][]*reference{}
	for i := range r.refs {
		f := &r.refs[i]
		if f.to != nil {
			bySection[f.from.ID] = append(bySection[f.from.ID], f)
		}
	}
	var out []clause
	for i := range r.text.Sections {
		s := &r.text.Sections[i]
		first := len(out)
		read := norm.Read(s)
		for j := range read {
			out = append(out, clause{Clause: read[j], sec: s, scopes: scopes(s, read, j, bySection[s.ID])})
		}
		for j := first; j < len(out); j++ {
			if out[j].Lead >= 0 {
				out[j].Lead += first
			}
		}
	}
	return out
}

// scopes ties the clause i of a section to the references around it.
func scopes(s *corpus.Section, list []norm.Clause, i int, refs []*reference) []scope {
	c := &list[i]
	var out []scope
	for _, f := range refs {
		sc := scope{sec: f.to, part: stkOf(f.part), reach: around}
		sc.several = len(furtherStk(f.ref.Raw)) > 0
		switch {
		case c.Start <= f.ref.Start && f.ref.Start < c.End:
			sc.reach = direct
		case c.Lead >= 0 && list[c.Lead].Start <= f.ref.Start && f.ref.Start < list[c.Lead].End:
			sc.reach = led
		case sameLine(s.Text, c.Start, f.ref.Start) && adjacent(list, i, f.ref.Start):
			sc.reach = near
		}
		out = append(out, sc)
	}
	return out
}

// stkOf cuts a part to its stk.
func stkOf(part string) string {
	stk, _, _ := strings.Cut(part, ",")
	if strings.HasPrefix(stk, "stk.") {
		return stk
	}
	return ""
}

func sameLine(text string, a, b int) bool {
	return !strings.Contains(text[min(a, b):max(a, b)], "\n")
}

// adjacent tells whether position at lies in the sentence before or behind i.
func adjacent(list []norm.Clause, i, at int) bool {
	for _, j := range []int{i - 1, i + 1} {
		if j >= 0 && j < len(list) && list[j].Start <= at && at < list[j].End {
			return true
		}
	}
	return false
}

// lawClauses reads a section of the law once.
func (l *law) lawClauses(s *corpus.Section) []lawClause {
	l.mu.Lock()
	defer l.mu.Unlock()
	if list, ok := l.read[s.ID]; ok {
		return list
	}
	var list []lawClause
	for _, c := range norm.Read(s) {
		list = append(list, lawClause{c, s})
	}
	l.read[s.ID] = list
	return list
}

// like compares a clause of the text with one of the law. An item of a list
// borrows the words of its lead.
func (r *run) like(c *clause, l *lawClause) likeness {
	return compare(r.index, c.Words, l.Words)
}
