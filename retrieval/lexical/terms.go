package lexical

import (
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// vocabulary is the stems of the collection. Compounds are split by it when a
// query asks, not when a passage is indexed: so the split of a word does not
// depend on which document came first.
type vocabulary struct {
	counts   map[string]int
	stems    []string // sorted
	splitter *danish.Splitter
}

func readVocabulary(reader index.IndexReader) (*vocabulary, error) {
	dict, err := reader.FieldDict(fieldText)
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	v := &vocabulary{counts: map[string]int{}}
	for {
		entry, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if entry == nil {
			break
		}
		v.counts[entry.Term] = int(entry.Count)
		v.stems = append(v.stems, entry.Term)
	}
	v.splitter = danish.NewSplitter(v.counts)
	return v, nil
}

// maxCompounds bounds how many compounds one word of a query finds.
const maxCompounds = 60

// compounds returns the words of the collection that have stem as a part, the
// most frequent first.
func (v *vocabulary) compounds(stem string) []string {
	if len(stem) < minPart {
		return nil
	}
	var out []string
	for _, word := range v.stems {
		if len(word) > len(stem)+2 && strings.Contains(word, stem) && slices.Contains(v.splitter.Split(word), stem) {
			out = append(out, word)
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return v.counts[b] - v.counts[a] })
	return out[:min(len(out), maxCompounds)]
}

// minPart is the shortest stem, in bytes, that is looked for inside compounds.
const minPart = 4

// queryTerms analyses a query: its words in text and title; at a lower weight
// the parts of its compounds, and the compounds that its words are parts of; and
// the grams of its words.
func queryTerms(q Query, v *vocabulary) (words, grams []weighted) {
	seen := map[string]bool{}
	inGram := map[string]bool{}
	add := func(stem string, weight float64) {
		if !seen[stem] && q.Weights.Words > 0 {
			seen[stem] = true
			words = append(words, weighted{fieldText, stem, weight})
			if q.Weights.Titles > 0 {
				words = append(words, weighted{fieldTitle, stem, weight * q.Weights.Titles})
			}
		}
	}
	stems := queryStems(q, v)
	for _, stem := range stems {
		add(stem, 1)
		eachGram(stem, func(gram string) {
			if q.Weights.Grams > 0 && !inGram[gram] {
				inGram[gram] = true
				grams = append(grams, weighted{fieldGrams, gram, 1})
			}
		})
	}
	if q.Weights.Parts == 0 {
		return words, grams
	}
	for _, stem := range stems {
		for _, part := range v.splitter.Split(stem) {
			add(part, q.Weights.Parts)
		}
		for _, compound := range v.compounds(stem) {
			add(compound, q.Weights.Parts)
		}
	}
	return words, grams
}

// queryStems returns the content words of the query as the index has them.
// Words typed without Danish letters are also tried with them.
func queryStems(q Query, v *vocabulary) []string {
	var out []string
	for _, t := range danish.Tokens(q.Text) {
		if danish.Stop(t.Term) {
			continue
		}
		stem := t.Term
		if t.Kind == danish.Word {
			stem = danish.StemLang(q.Lang, t.Term)
			if v.counts[stem] == 0 {
				for _, variant := range danish.Variants(t.Term) {
					if s := danish.StemLang(q.Lang, variant); v.counts[s] > 0 {
						stem = s
					}
				}
			}
		}
		out = append(out, stem)
	}
	return out
}
