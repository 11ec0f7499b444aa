// Package register is the subject register (emneregister) of a collection: it
// leads from what people call a thing to the provision that governs it, as the
// register at the end of a printed collection of acts does. "Hunden har bidt"
// shares no word with hundeloven § 6; the register knows them as one.
package register

import (
	"cmp"
	_ "embed" // vectors
	"slices"
	"sync"
)

//go:generate go run generate.go

//go:embed acts.vectors
var embeddedVectors []byte

// Entry is one provision with the subjects it governs.
type Entry struct {
	Act     string   // as the register names it: "serviceloven"; or what a subject is that no act governs: "IT og udstyr"
	Family  string   // of the act: corpus.Document.Family; "" where no act governs the subjects
	Local   string   // of the section within the act: "85", "16a"; "" for the act as a whole
	Part    string   // "stk. 2" where only that part governs them; else ""
	Phrases []string // as people say them
}

// Found is a provision whose subjects a question names.
type Found struct {
	*Entry
	Phrase string  // the one that fits best
	Score  float64 // from 0 to 1: how well it fits, among the entries of one search
	Words  float64 // from 0 to 1: how far question and phrase are of the same words
	Cosine float64 // of question and the nearest phrase; 0 where meanings were not compared
}

// Register is a set of entries, read-only once made, and safe for concurrent use.
type Register struct {
	entries []Entry
	removed []target // provisions that With takes out of what it overrides
	index   *index
	vectors *vectors // nil where there are none
}

// target names a provision.
type target struct{ act, local, part string }

func (e *Entry) target() target { return target{cmp.Or(e.Family, e.Act), e.Local, e.Part} }

func build(entries []Entry, removed []target) *Register {
	return &Register{entries: entries, removed: removed, index: newIndex(entries)}
}

// Default returns the register that comes with the program: Danish acts that a
// municipality works with.
func Default() *Register { return defaultRegister() }

var defaultRegister = sync.OnceValue(func() *Register {
	r, err := parseFS(files, "acts")
	if err != nil {
		panic("the embedded register: " + err.Error()) // a test parses it
	}
	// Vectors of other phrases are left out: that is how the generator starts.
	r.vectors, _ = readVectors(embeddedVectors, r.Phrases())
	return r
})

// Entries returns all entries, ordered by act as they stand in the files.
func (r *Register) Entries() []Entry { return r.entries }

// With returns r as a municipality changes it: an entry of override replaces
// the one of the same provision, others are added, and "- § 85" lines take
// entries out. Neither of the two is changed. The entries of override have no
// vectors: they are found by their words.
func (r *Register) With(override *Register) *Register {
	gone := map[target]bool{}
	for _, t := range override.removed {
		gone[t] = true
	}
	for i := range override.entries {
		gone[override.entries[i].target()] = true
	}
	kept := slices.DeleteFunc(slices.Clone(r.entries), func(e Entry) bool { return gone[e.target()] })
	out := build(append(kept, override.entries...), r.removed)
	if r.vectors != nil {
		out.vectors = r.vectors.of(r.Phrases(), out.Phrases())
	}
	return out
}

// How words and meaning add up: chosen on the development half of
// eval/suites/answers, where words alone put the right section first for 0.60
// of the questions, meaning alone for 0.67, and both for 0.70.
const (
	wordShare = 0.5
	nearShare = 0.8
)

// Find returns up to k provisions whose subjects a question names, the best
// first. Of each provision only the best phrases count.
func (r *Register) Find(question string, meaning Meaning, k int) []Found {
	found := make([]Found, len(r.entries))
	best := make([]float64, len(r.entries)) // phrase's own words and nearness, to choose the one that is shown
	cosines := r.cosines(meaning)
	words := r.index.match(question)
	for phrase, owner := range r.index.owner {
		f, w, near := &found[owner], words[phrase], 0.0
		if cosines != nil {
			near = float64(cosines[phrase])
		}
		if f.Entry == nil || w+near > best[owner] {
			f.Entry, f.Phrase, best[owner] = &r.entries[owner], r.index.phrases[phrase], w+near
		}
		f.Words, f.Cosine = max(f.Words, w), max(f.Cosine, near)
	}
	r.score(found, cosines != nil)
	found = slices.DeleteFunc(found, func(f Found) bool { return f.Score == 0 })
	slices.SortStableFunc(found, func(a, b Found) int { return cmp.Compare(b.Score, a.Score) })
	return found[:min(k, len(found))]
}

// score adds words and nearness up. Nearness alone counts only for entries that
// are among the nearest.
func (r *Register) score(found []Found, compared bool) {
	if !compared {
		for i := range found {
			found[i].Score = found[i].Words
		}
		return
	}
	cosines := make([]float64, len(found))
	for i := range found {
		cosines[i] = found[i].Cosine
	}
	for i, near := range scaled(cosines) {
		found[i].Score = (wordShare*found[i].Words + nearShare*near) / (wordShare + nearShare)
	}
}

// cosines returns how near each phrase is to the question, nil where the
// vectors are not those of its model.
func (r *Register) cosines(m Meaning) []float32 {
	if r.vectors == nil || m.Model != r.vectors.model || len(m.Vector) != len(r.vectors.mean) {
		return nil
	}
	return r.vectors.cosines(m.Vector)
}
