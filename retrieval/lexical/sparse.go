package lexical

import (
	"cmp"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// Sparse is a vector of terms, each named by its hash. The product of a
// passage's and a query's, with the idf of each term as a factor, is about the
// BM25 that an Index gives: so an index elsewhere, which multiplies sparse
// vectors and knows how rare each of their terms is, ranks by the same words.
// What differs is told at QueryVectors.
type Sparse struct {
	Terms   []uint32 // ascending
	Weights []float32
}

// Weighted is a text as its two lists: stems, and character 5-grams.
type Weighted struct{ Words, Grams Sparse }

// The lengths of an average passage, in terms: those of the 72 acts of 2026. An
// Index uses its own average; here it would have to stay as it was when the
// first passage was weighed.
const (
	averageText  = 56.0
	averageTitle = 8.1
	averageGrams = 581.4
)

// PassageVectors weighs the terms of a passage by BM25 without the idf.
func PassageVectors(doc *corpus.Document, p *corpus.Passage) Weighted {
	fields, c := passageFields(doc, p), curveOf(doc.Language)
	terms := map[uint32]float32{}
	c.weigh(terms, fields.text, averageText)
	c.weigh(terms, fields.title, averageTitle)
	if fields.pairs != nil {
		c.weigh(terms, fields.pairs, averageText)
	}
	w := Weighted{Words: sparse(terms)}
	clear(terms)
	c.weigh(terms, fields.grams, averageGrams)
	w.Grams = sparse(terms)
	return w
}

func (c curve) weigh(into map[uint32]float32, f *field, average float64) {
	for term, freq := range f.terms {
		into[hash(f.name, term)] += float32(c.bm25(float64(freq.Frequency()), float64(f.length), average))
	}
}

func hash(field, term string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(field))
	h.Write([]byte{0})
	h.Write([]byte(term))
	return h.Sum32()
}

func sparse(terms map[uint32]float32) Sparse {
	s := Sparse{Terms: slices.Sorted(maps.Keys(terms))}
	for _, t := range s.Terms {
		s.Weights = append(s.Weights, terms[t])
	}
	return s
}

// SparseQuery is a query as vectors, and what is needed to make a Result of what
// they find.
type SparseQuery struct {
	Weighted
	weights Weights
	asked   asked
}

// QueryVectors analyses a query as an Index with the vocabulary does. A word
// counts together with the compounds that hold it as a part; an Index adds up
// their occurrences before it weighs them, which a product of vectors cannot do:
// here each is weighed by itself, at the idf of all of them.
func (v *Vocabulary) QueryVectors(q Query) SparseQuery {
	if q.Weights == (Weights{}) {
		q.Weights = DefaultWeights()
	}
	s := search{total: float64(v.Passages)}
	terms, byGrams := queryTerms(&q, v.words)
	weights := map[uint32]float32{}
	var open []opened
	for _, t := range terms {
		o := v.open(t, s.total)
		open = append(open, o)
		if s.tooCommon(&o) {
			continue
		}
		for i, m := range o.members {
			w := o.weight * curveOf(q.Lang).bm25(m.tf, 1, 1)
			if n := float64(o.postings[i].count); len(o.members) > 1 && n > 0 {
				w *= s.idf(o.df) / s.idf(n)
			}
			weights[hash(o.field, m.term)] += float32(w)
		}
	}
	s.count(open)
	out := SparseQuery{weights: q.Weights, asked: s.asked}
	out.Words = sparse(weights)
	clear(weights)
	for _, t := range byGrams {
		if v.common[t.members[0].term] {
			continue
		}
		weights[hash(t.field, t.members[0].term)] = float32(t.weight)
	}
	out.Grams = sparse(weights)
	return out
}

// open counts the passages of a term's members.
func (v *Vocabulary) open(t term, total float64) opened {
	counts := v.words.counts
	if t.field == fieldTitle {
		counts = v.words.titles
	}
	o := opened{term: t}
	for _, m := range t.members {
		n := counts[m.term]
		o.postings = append(o.postings, &postings{count: n})
		o.df += float64(n)
	}
	o.df = min(o.df, total)
	return o
}

// Scored is a passage and the product of its vector and the query's.
type Scored struct {
	Passage string
	Score   float64
}

// Result fuses what the words and the grams of q found, each list with the best
// first, into the k best sections. Total counts what the lists hold.
func (q *SparseQuery) Result(words, grams []Scored, k int) Result {
	fused := map[string]float64{}
	for _, list := range []struct {
		found  []Scored
		weight float64
	}{{words, q.weights.Words}, {grams, q.weights.Grams}} {
		for _, s := range list.found {
			fused[s.Passage] += list.weight / (q.weights.Words + q.weights.Grams) * s.Score / list.found[0].Score
		}
	}
	passages := slices.SortedFunc(maps.Keys(fused), func(a, b string) int {
		return cmp.Or(cmp.Compare(fused[b], fused[a]), cmp.Compare(a, b))
	})
	res := Result{Total: len(passages), Evidence: Evidence{Words: q.asked.words}}
	if q.asked.mass > 0 {
		res.Evidence.Unknown = q.asked.unknown / q.asked.mass
		if len(words) > 0 {
			res.Evidence.Covered = words[0].Score / q.asked.mass
		}
	}
	seen := map[string]bool{}
	for _, passage := range passages {
		section := passage[:max(0, strings.LastIndexByte(passage, '/'))]
		if len(res.Hits) == k || seen[section] {
			continue
		}
		seen[section] = true
		document, _, _ := strings.Cut(section, "#")
		res.Hits = append(res.Hits, Hit{Section: section, Document: document, Passage: passage, Score: fused[passage]})
	}
	return res
}

// Candidates is how many passages of each list Result needs for k sections.
func Candidates(k int) int { return firstPassages * k }

// Vocabulary is the words of a collection and how many passages hold them: by it
// a query is analysed where there is no Index.
type Vocabulary struct {
	Passages int // in the collection
	words    *vocabulary
	common   map[string]bool // grams that an Index leaves out
}

// Vocabulary returns the words of what is open to everyone: other servers show it
// to all readers, and a word that only restricted documents hold must not tell of
// them. It is searched for all the same.
func (x *Index) Vocabulary() (*Vocabulary, error) {
	reader, segments, err := x.seenBy(corpus.Reader{})
	if reader != nil {
		defer reader.Close()
	}
	if err != nil {
		return nil, err
	}
	words, err := readVocabulary(segments)
	if err != nil {
		return nil, err
	}
	passages := 0
	x.mu.RLock()
	for _, r := range x.documents {
		if len(r.Groups) == 0 {
			passages += len(r.Passages)
		}
	}
	x.mu.RUnlock()
	common, err := commonGrams(reader, passages)
	return &Vocabulary{passages, words, common}, err
}

// commonGrams returns the grams that say next to nothing in a large collection.
// The dictionary counts what was deleted of late too, which does not matter here.
func commonGrams(reader index.IndexReader, passages int) (map[string]bool, error) {
	common := map[string]bool{}
	if passages <= smallIndex {
		return common, nil
	}
	dict, err := reader.FieldDict(fieldGrams)
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	for {
		entry, err := dict.Next()
		if err != nil || entry == nil {
			return common, err
		}
		if float64(entry.Count) > commonGram*float64(passages) {
			common[entry.Term] = true
		}
	}
}

// Words returns how many passages hold each stem in their text, and in their
// context line. The maps must not be changed.
func (v *Vocabulary) Words() (text, title map[string]int) { return v.words.counts, v.words.titles }

// CommonGrams returns the grams that queries leave out.
func (v *Vocabulary) CommonGrams() []string { return slices.Sorted(maps.Keys(v.common)) }

// NewVocabulary makes a vocabulary of what another's Words and CommonGrams
// returned.
func NewVocabulary(passages int, text, title map[string]int, common []string) *Vocabulary {
	v := &Vocabulary{Passages: passages, words: newVocabulary(text, title), common: make(map[string]bool, len(common))}
	for _, gram := range common {
		v.common[gram] = true
	}
	return v
}
