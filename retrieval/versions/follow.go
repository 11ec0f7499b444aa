package versions

import (
	"slices"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// The likeness (see closeness) from which two sections count as one. Chosen on
// the development half of moved.tsv; see TestMovedSections.
const (
	sameNumber  = 0.25 // under the same number in the same act
	renumbered  = 0.45 // under another number in the same act
	otherAct    = 0.30 // in another act
	nearBonus   = 0.12 // for standing where the neighbours went
	nearby      = 6    // sections that count as near
	candidates  = 8
	identical   = 0.995
	unlikeEnded = 0.5 // below this a section under the same number yields to a much better place
)

// Follow tells what became of the sections of an older version: in newer, the
// version of the same act that is indexed, or in another indexed document. The
// result is in the order of old, without repealed and closing sections.
func (ix *Index) Follow(old []corpus.Section, newer string) []Fate {
	f := follower{ix: ix, newer: newer}
	for i := range old {
		if comparable(&old[i]) {
			f.add(&old[i])
		}
	}
	for i := range f.fates {
		f.keep(i)
	}
	for i := range f.fates {
		if f.fates[i].New.Section == "" {
			f.seek(i)
		}
	}
	return f.fates
}

type follower struct {
	ix      *Index
	newer   string
	fates   []Fate
	terms   [][]uint32
	matches [][]Match
	texts   []string
}

func (f *follower) add(s *corpus.Section) {
	f.fates = append(f.fates, Fate{Status: Gone, Old: Place{s.Document, s.ID}})
	terms := f.ix.lex.read(s.Text, false)
	f.terms = append(f.terms, terms)
	f.texts = append(f.texts, s.Text)
	f.matches = append(f.matches, nil)
}

// keep settles the sections that stand where they stood.
func (f *follower) keep(i int) {
	id := f.newer + "#" + local(f.fates[i].Old.Section)
	n, ok := f.ix.byID[id]
	if !ok {
		return
	}
	query, norm := f.ix.weigh(f.terms[i])
	likeness := f.ix.closeness(f.terms[i], pairs(f.terms[i]), query, norm, n)
	if likeness < sameNumber {
		return
	}
	if likeness < unlikeEnded {
		if m := f.look(i); len(m) > 0 && m[0].Section != id && m[0].Similarity > likeness+0.2 {
			return
		}
	}
	f.fates[i].settle(f.ix.entries[n].place, likeness, f.newer)
}

func (f *follower) look(i int) []Match {
	if f.matches[i] == nil {
		f.matches[i] = f.ix.similar(f.terms[i], candidates, nil)
	}
	return f.matches[i]
}

// seek finds the place of a section that is not where it was. Near its
// neighbours' new places a lesser likeness is enough: acts move in chapters.
func (f *follower) seek(i int) {
	var found Match
	score := 0.0
	for _, m := range f.look(i) {
		need := otherAct
		if m.Document == f.newer {
			need = renumbered
		}
		s := m.Similarity
		if f.near(i, m) {
			s += nearBonus
		}
		if s >= need && s > score {
			found, score = m, s
		}
	}
	if found.Section != "" {
		f.fates[i].settle(found.Place, found.Similarity, f.newer)
	}
}

// near tells whether the settled neighbours of section i went close to m.
func (f *follower) near(i int, m Match) bool {
	at := f.ix.entries[f.ix.byID[m.Section]].ordinal
	for _, j := range []int{i - 1, i + 1, i - 2, i + 2} {
		if j < 0 || j >= len(f.fates) {
			continue
		}
		place := f.fates[j].New
		if place.Section == "" && len(f.look(j)) > 0 && f.matches[j][0].Similarity > 0.6 {
			place = f.matches[j][0].Place
		}
		if place.Document == m.Document && place.Section != m.Section {
			if d := f.ix.entries[f.ix.byID[place.Section]].ordinal - at; -nearby <= d && d <= nearby {
				return true
			}
		}
	}
	return false
}

func (fate *Fate) settle(p Place, likeness float64, newer string) {
	fate.New, fate.Similarity = p, min(likeness, 1)
	switch {
	case p.Document != newer:
		fate.Status = Moved
	case local(p.Section) != local(fate.Old.Section):
		fate.Status = Renumbered
	default:
		fate.Status = Changed
	}
}

// Compare tells what became of old's sections in newer and, where ix holds
// other documents, in those; and which sections of newer are new. Sections of
// one text and number are Unchanged.
func (ix *Index) Compare(old, newer []corpus.Section) []Fate {
	if len(newer) == 0 {
		return ix.Follow(old, "")
	}
	document := newer[0].Document
	fates := ix.Follow(old, document)
	texts := map[string]string{}
	for i := range old {
		texts[old[i].ID] = old[i].Text
	}
	known := map[string]bool{}
	for i := range fates {
		known[fates[i].New.Section] = true
	}
	for i := range newer {
		s := &newer[i]
		if !comparable(s) {
			continue
		}
		if !known[s.ID] {
			fates = append(fates, Fate{Status: New, New: Place{document, s.ID}})
			continue
		}
		n := slices.IndexFunc(fates, func(f Fate) bool { return f.New.Section == s.ID && f.Status == Changed })
		if n >= 0 && texts[fates[n].Old.Section] == s.Text {
			fates[n].Status, fates[n].Similarity = Unchanged, 1
		}
	}
	return fates
}
