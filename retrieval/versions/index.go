package versions

import (
	"math"
	"sort"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Index holds the sections of a collection for comparison by text. Fill it with
// Add, then ask; asking is safe for concurrent use.
type Index struct {
	lex      *lexicon
	entries  []entry
	postings map[uint32][]posting
	byID     map[string]int
}

type entry struct {
	place   Place
	ordinal int
	terms   []uint32
	norm    float64 // filled on the first question
}

type posting struct {
	entry  int32
	weight float32
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	return &Index{lex: newLexicon(), postings: map[uint32][]posting{}, byID: map[string]int{}}
}

// Add puts a document's sections into the index.
func (ix *Index) Add(document string, sections []corpus.Section) {
	for i := range sections {
		s := &sections[i]
		if !comparable(s) {
			continue
		}
		e := entry{place: Place{document, s.ID}, ordinal: s.Ordinal, terms: ix.lex.read(s.Text, true)}
		n := len(ix.entries)
		for t, w := range bag(e.terms) {
			ix.postings[t] = append(ix.postings[t], posting{int32(n), float32(w)})
		}
		ix.byID[s.ID] = n
		ix.entries = append(ix.entries, e)
	}
}

// Seal computes what depends on all sections. It must be called between the
// last Add and the first question.
func (ix *Index) Seal() {
	for t, list := range ix.postings {
		idf := ix.idf(t)
		for _, p := range list {
			w := float64(p.weight) * idf
			ix.entries[p.entry].norm += w * w
		}
	}
	for i := range ix.entries {
		ix.entries[i].norm = math.Sqrt(ix.entries[i].norm)
	}
}

func (ix *Index) idf(t uint32) float64 {
	return math.Log(1 + float64(len(ix.entries))/(1+float64(len(ix.postings[t]))))
}

// Weight tells how much a stem says: the fewer sections have it, the more.
func (ix *Index) Weight(stem string) float64 { return ix.idf(ix.lex.stems[stem]) }

// Match is an indexed section with its likeness to a text.
type Match struct {
	Place
	Similarity float64 // 0 to 1
}

// Similar returns the k sections that are most like text, best first, of the
// documents that allow accepts (nil: all).
func (ix *Index) Similar(text string, k int, allow func(document string) bool) []Match {
	return ix.similar(ix.lex.read(text, false), k, allow)
}

// shortlist is how many sections are compared closely: the right one was never
// below the 20th on the development half of moved.tsv.
const shortlist = 40

func (ix *Index) similar(terms []uint32, k int, allow func(string) bool) []Match {
	dots := map[int32]float64{}
	query, norm := ix.weigh(terms)
	common := len(ix.entries)/4 + 50 // words of most sections tell nothing
	for t, w := range query {
		list := ix.postings[t]
		if len(list) > common {
			continue
		}
		idf := ix.idf(t)
		for _, p := range list {
			dots[p.entry] += w * float64(p.weight) * idf
		}
	}
	var out []Match
	for n, dot := range dots {
		e := &ix.entries[n]
		if allow == nil || allow(e.place.Document) {
			out = append(out, Match{e.place, dot / (norm * e.norm)})
		}
	}
	best(out)
	out = out[:min(len(out), max(k, shortlist))]
	own := pairs(terms)
	for i := range out {
		out[i].Similarity = ix.closeness(terms, own, query, norm, ix.byID[out[i].Section])
	}
	best(out)
	return out[:min(len(out), k)]
}

func best(list []Match) {
	sort.Slice(list, func(i, j int) bool {
		if list[i].Similarity != list[j].Similarity {
			return list[i].Similarity > list[j].Similarity
		}
		return list[i].Section < list[j].Section
	})
}

func (ix *Index) weigh(terms []uint32) (map[uint32]float64, float64) {
	query, norm := bag(terms), 0.0
	for t, w := range query {
		query[t] = w * ix.idf(t)
		norm += query[t] * query[t]
	}
	return query, math.Sqrt(norm)
}

// closeness is the mean of the cosine of the weighted words and of the share of
// neighbouring words that the shorter text has in common with the longer: a
// section that was moved keeps its phrases, one on a like subject its words only.
func (ix *Index) closeness(terms []uint32, own map[uint64]bool, query map[uint32]float64, norm float64, n int) float64 {
	e := &ix.entries[n]
	if norm == 0 || e.norm == 0 {
		return 0
	}
	dot := 0.0
	for t, w := range bag(e.terms) {
		if q := query[t]; q != 0 {
			dot += q * w * ix.idf(t)
		}
	}
	cosine := dot / (norm * e.norm)
	other := pairs(e.terms)
	shared := 0
	for p := range own {
		if other[p] {
			shared++
		}
	}
	if len(own) == 0 || len(other) == 0 {
		return cosine
	}
	dice := 2 * float64(shared) / float64(len(own)+len(other))
	containment := float64(shared) / float64(min(len(own), len(other)))
	return (cosine + (dice+containment)/2) / 2
}

// Between compares text with one indexed section.
func (ix *Index) Between(text, section string) float64 {
	n, ok := ix.byID[section]
	if !ok {
		return 0
	}
	terms := ix.lex.read(text, false)
	query, norm := ix.weigh(terms)
	return ix.closeness(terms, pairs(terms), query, norm, n)
}
