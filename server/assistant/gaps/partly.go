package gaps

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hjemmel/hjemmel/server/assistant/norm"
)

// covered records a duty that the text meets: in full, or partly where it lacks
// the duty's deadline, its exception, or items of its list.
func (r *run) covered(m *meeting, law *Law, t *treatment, list []clause) {
	check := Check{Subject: OfRequirement, Outcome: InOrder, Law: law, Confidence: hundredths(certain(m))}
	if m.best >= 0 {
		place := at(list[m.best].sec, list[m.best].Start, list[m.best].End)
		check.At = &place
	}
	if parts := r.wanting(m, t, list); len(parts) > 0 {
		check.Outcome, check.Note = Partly, "Teksten nævner pligten, men ikke "+strings.Join(parts, ", og heller ikke ")+"."
	}
	r.checked(check)
}

// certain is how sure it is that a duty that counts as met is spoken of at all.
func certain(m *meeting) float64 {
	c := 0.45 + 0.5*min(1, m.degree)
	if m.restate {
		c += 0.1
	}
	return min(0.97, c)
}

func hundredths(c float64) float64 { return float64(int(c*100+0.5)) / 100 }

// wanting names the parts of a duty that the text leaves out, in Danish. The
// parts are looked for in everything that the text says of the section, so that
// a text may tell them apart from the duty.
func (r *run) wanting(m *meeting, t *treatment, list []clause) []string {
	told := r.told(m, t, list)
	if len(told) == 0 {
		return nil
	}
	var parts []string
	if q := untold(m.duty, told); q != "" {
		parts = append(parts, "»"+q+"«")
	}
	if m.duty.Unless && !slices.ContainsFunc(told, func(c *clause) bool { return c.Unless || c.Modality == norm.NeedNot }) {
		parts = append(parts, "undtagelsen fra den")
	}
	if lacking, of := r.items(m.duty, told); lacking > 0 {
		parts = append(parts, fmt.Sprintf("%d af de %d punkter, som den omfatter", lacking, of))
	}
	return parts
}

// told are the clauses in which the text may tell a part of the duty: the one
// most like it with its neighbours, and those tied to the section.
func (r *run) told(m *meeting, t *treatment, list []clause) []*clause {
	var out []*clause
	for i := range list {
		near := m.best >= 0 && i >= m.best-1 && i <= m.best+1 && list[i].sec == list[m.best].sec
		if near || slices.Contains(t.nearby, i) {
			out = append(out, &list[i])
		}
	}
	return out
}

// untold returns the words of a duty's first deadline or other figure where
// the text has none of that kind: one that differs is a contradiction and told
// elsewhere.
func untold(l *lawClause, told []*clause) string {
	for i := range l.Quantities {
		q := &l.Quantities[i]
		words := strings.Join(strings.Fields(l.sec.Text[q.Start:q.End]), " ")
		if strings.Trim(words, "0123456789.,- ") == "" {
			continue // of a bare figure one would not see what it is
		}
		if !slices.ContainsFunc(told, func(c *clause) bool {
			return slices.ContainsFunc(c.Quantities, func(o norm.Quantity) bool { return q.Alike(&o) })
		}) {
			return words
		}
	}
	return ""
}

// itemIsTold is the share of an item's words from which it counts as told.
const itemIsTold = 0.4

// items counts the items of a duty's list that the text does not speak of,
// where it speaks of some: a text that only names the duty is no list of it.
func (r *run) items(l *lawClause, told []*clause) (lacking, of int) {
	var words []string
	for _, c := range told {
		words = append(words, c.Words...)
	}
	law := r.lawClauses(l.sec)
	for i := range law {
		item := &law[i]
		if item.Lead < 0 || law[item.Lead].Start != l.Start || len(item.Words) == 0 {
			continue
		}
		of++
		if compare(r.index, item.Words, words).coverage() < itemIsTold {
			lacking++
		}
	}
	if lacking == of {
		return 0, of
	}
	return lacking, of
}
