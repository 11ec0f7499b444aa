package lexical

import (
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/danish"
)

// The fields of a passage. Short names: they stand in every segment.
const (
	fieldText     = "t" // stems of the text
	fieldTitle    = "h" // stems of the context line: act, chapter, heading
	fieldGrams    = "g" // character 5-grams of the running text
	fieldPairs    = "p" // stems that stand side by side, in English only
	fieldDocument = "d" // the document's id
)

// passageDocument is a passage as scorch takes it.
type passageDocument struct {
	*document.Document
	text, title, grams *field
	pairs              *field // nil but in English
}

// passageFields analyses a passage. It is done here and not in scorch's queue,
// because the lengths are part of the document's record.
func passageFields(doc *corpus.Document, p *corpus.Passage) *passageDocument {
	d := &passageDocument{Document: document.NewDocument(p.ID)}
	words := danish.Tokens(p.Text)
	d.text = stemField(fieldText, doc.Language, words)
	d.title = stemField(fieldTitle, doc.Language, danish.Tokens(p.Context))
	d.grams = gramField(words)
	d.AddField(d.text).AddField(d.title).AddField(d.grams)
	if doc.Language == english {
		d.pairs = pairField(words, d.text.length)
		d.AddField(d.pairs)
	}
	d.AddField(&field{name: fieldDocument, length: 1, terms: frequencies(map[string]int{doc.ID: 1})})
	return d
}

// field is an analysed field: index only, nothing stored.
type field struct {
	name   string
	length int
	terms  index.TokenFrequencies
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return nil }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Analyze()                                         {}
func (f *field) Options() index.FieldIndexingOptions              { return index.IndexField }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return 0 }
func (f *field) Size() int                                        { return 64 + 48*len(f.terms) }

func frequencies(counts map[string]int) index.TokenFrequencies {
	out := make(index.TokenFrequencies, len(counts))
	list := make([]index.TokenFreq, len(counts)) // one allocation for all
	i := 0
	for term, n := range counts {
		list[i].Term = []byte(term)
		list[i].SetFrequency(n)
		out[term] = &list[i]
		i++
	}
	return out
}

// stemField takes the stems of the words that carry content.
func stemField(name, lang string, words []danish.Token) *field {
	counts := map[string]int{}
	length := 0
	eachStemOf(words, lang, func(stem string) {
		counts[stem]++
		length++
	})
	return &field{name: name, length: max(1, length), terms: frequencies(counts)}
}

// eachStemOf gives the stems of the words that carry content, in their order.
func eachStemOf(words []danish.Token, lang string, f func(stem string)) {
	for _, t := range words {
		switch {
		case danish.Stop(t.Term):
		case t.Kind == danish.Word:
			f(danish.StemLang(lang, t.Term))
		default:
			f(t.Term)
		}
	}
}

const english = "en"

// pairField takes the pairs of an English text. English writes as two words what
// Danish writes as one ("client money", "own funds"): a pair tells what neither
// word tells, as a compound does. It counts as long as the text, so that both are
// measured alike.
func pairField(words []danish.Token, length int) *field {
	counts := map[string]int{}
	eachPair(words, func(pair string) { counts[pair]++ })
	return &field{name: fieldPairs, length: length, terms: frequencies(counts)}
}

// eachPair gives two stems that follow each other, whatever stop words stand
// between them.
func eachPair(words []danish.Token, f func(pair string)) {
	before := ""
	eachStemOf(words, english, func(stem string) {
		if before != "" {
			f(before + " " + stem)
		}
		before = stem
	})
}

// gramField takes the grams of all words in their order.
func gramField(words []danish.Token) *field {
	counts := map[string]int{}
	length := 0
	danish.EachGram(words, func(gram string) {
		counts[gram]++
		length++
	})
	return &field{name: fieldGrams, length: max(1, length), terms: frequencies(counts)}
}
