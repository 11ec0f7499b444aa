package assistant

import (
	"context"
	"strings"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// maxAppeal is the longest rule on appeal, in bytes, that is added unasked.
const maxAppeal = 500

// appeal finds the rule of the same act that says where a decision under the
// answer's § can be appealed. It stands far from the §, so search rarely finds
// it, and every decision must be followed by it. Only asked for where the
// question is about a decision.
func (a *Assistant) appeal(ctx context.Context, q *question, pieces []*piece) ([]*piece, error) {
	main := pieces[0].place
	if main.doc.Kind != corpus.KindAct || !q.aboutDecision() || sectionNumber(&main.sec) == "" {
		return nil, nil
	}
	for _, p := range pieces {
		if p.role == RoleAppeal {
			return nil, nil
		}
	}
	all, err := a.sections.SectionsOf(ctx, main.doc.ID)
	if err != nil {
		return nil, failed(err, "reading the sections of %s", main.doc.ID)
	}
	var general *piece
	for i := range all {
		sec := &all[i]
		if !strings.Contains(sec.Text, "indbringes for") && !strings.Contains(sec.Text, "påklages til") {
			continue
		}
		for _, u := range units(sec) {
			text := u.in(sec.Text)
			if len(text) > maxAppeal || !strings.Contains(text, "indbringes for") && !strings.Contains(text, "påklages til") {
				continue
			}
			found := &piece{
				place: &place{sec: *sec, doc: main.doc, hit: retrieval.Hit{}},
				role:  RoleAppeal, spans: []span{u.span},
			}
			if names(text, sectionNumber(&main.sec)) {
				return []*piece{found}, nil
			}
			if general == nil && strings.Contains(text, "afgørelser efter denne lov") {
				general = found
			}
		}
	}
	if general == nil {
		return nil, nil
	}
	return []*piece{general}, nil
}

// aboutDecision tells whether the question is about what somebody can get or
// must do, rather than what a word means or how to appeal.
func (q *question) aboutDecision() bool {
	return q.asks(asksCondition|asksMay|asksAmount) && !q.asks(asksAppeal|asksDefinition|asksWho)
}

// names tells whether a text cites a § of its own act.
func names(text, section string) bool {
	for _, r := range citation.Parse(text) {
		if r.Act == "" && r.Section == section {
			return true
		}
	}
	return false
}
