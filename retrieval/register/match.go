package register

import (
	"math"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// How a question is compared with a phrase: by the stems they share, the parts
// of their compounds at a lower weight, and character 5-grams, each weighed by
// how few provisions have it.
const (
	partWeight  = 0.4
	gramWeight  = 0.5  // the grams' score against the words'
	askedWeight = 0.35 // how much the question's own length counts against the phrase's
)

// feature is a stem or a gram of a phrase.
type feature struct {
	gram bool
	text string
}

type posting struct {
	phrase int
	weight float32
}

// index finds phrases by their features.
type index struct {
	phrases  []string
	owner    []int // phrase → entry
	postings map[feature][]posting
	idf      map[feature]float64
	unseen   float64      // idf of what no phrase has
	mass     [][2]float64 // phrase → weight of its words, of its grams
	splitter *danish.Splitter
}

func newIndex(entries []Entry) *index {
	x := &index{postings: map[feature][]posting{}, idf: map[feature]float64{}}
	for i, e := range entries {
		for _, p := range e.Phrases {
			x.phrases, x.owner = append(x.phrases, p), append(x.owner, i)
		}
	}
	counts := map[string]int{}
	for _, p := range x.phrases {
		for _, t := range danish.Tokens(p) {
			counts[danish.Stem(t.Term)]++
		}
	}
	x.splitter = danish.NewSplitter(counts)
	for i, p := range x.phrases {
		for f, w := range x.features(p) {
			x.postings[f] = append(x.postings[f], posting{i, float32(w)})
		}
	}
	for f, list := range x.postings {
		x.idf[f] = rarity(x.owners(list), len(entries))
	}
	x.unseen = rarity(0, len(entries))
	x.mass = make([][2]float64, len(x.phrases))
	for f, list := range x.postings {
		for _, p := range list {
			x.mass[p.phrase][kind(f)] += float64(p.weight) * x.idf[f]
		}
	}
	return x
}

func kind(f feature) int {
	if f.gram {
		return 1
	}
	return 0
}

// owners counts the entries of a list, whose phrases stand in their order.
func (x *index) owners(list []posting) int {
	n, last := 0, -1
	for _, p := range list {
		if x.owner[p.phrase] != last {
			n, last = n+1, x.owner[p.phrase]
		}
	}
	return n
}

// rarity is the idf of BM25.
func rarity(n, total int) float64 {
	return math.Log(1 + (float64(total-n)+0.5)/(float64(n)+0.5))
}

// features are what is compared of a text, each with its weight.
func (x *index) features(text string) map[feature]float64 {
	out := map[feature]float64{}
	words := danish.Tokens(text)
	for _, t := range words {
		if danish.Stop(t.Term) {
			continue
		}
		stem := t.Term
		if t.Kind == danish.Word {
			stem = danish.Stem(t.Term)
		}
		out[feature{text: stem}] = 1
		for _, part := range x.splitter.Split(stem) {
			f := feature{text: danish.Stem(part)}
			out[f] = max(out[f], partWeight)
		}
	}
	danish.EachGram(words, func(gram string) { out[feature{gram: true, text: gram}] = 1 })
	return out
}

// match tells of each phrase how far it is of the same words as text, from 0
// to 1.
func (x *index) match(text string) []float64 {
	var total [2]float64
	shared := make([][2]float64, len(x.phrases))
	for f, w := range x.features(text) {
		idf, ok := x.idf[f]
		if !ok {
			idf = x.unseen
		}
		total[kind(f)] += w * idf
		for _, p := range x.postings[f] {
			shared[p.phrase][kind(f)] += idf * min(w, float64(p.weight))
		}
	}
	out := make([]float64, len(x.phrases))
	for phrase, s := range shared {
		if s[0] == 0 {
			continue // grams alone are chance
		}
		for k, weight := range []float64{1, gramWeight} {
			if mass := x.mass[phrase][k]; mass > 0 && total[k] > 0 {
				out[phrase] += weight * s[k] / (math.Pow(mass, 1-askedWeight) * math.Pow(total[k], askedWeight))
			}
		}
		out[phrase] = min(1, out[phrase]/(1+gramWeight))
	}
	return out
}
