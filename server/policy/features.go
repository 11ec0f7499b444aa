package policy

import (
	"math"
	"math/bits"
)

// JudgeBuckets is how many weights a class has for words and word pieces: each
// feature is hashed to one of them.
const JudgeBuckets = 1 << 14

// Features are what the judge sees of a text: the buckets of its features,
// without repetition, in the order of the text.
type Features []uint32

// Features returns what a judge of the text is fitted on; see Judge. It holds
// hashes only, of words that say what is asked of whom: names and numbers count
// as such, not by what they say.
func (p *Policy) Features(text string) Features { return p.read(cut(text, longestJudged)).features() }

// featureSet collects buckets.
type featureSet struct {
	seen map[uint32]bool
	list Features
}

func (f *featureSet) add(kind byte, parts ...string) {
	h := uint32(2166136261)
	h = (h ^ uint32(kind)) * 16777619
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint32(p[i])) * 16777619
		}
		h = (h ^ 0xff) * 16777619
	}
	h ^= h >> 15
	if h %= JudgeBuckets; !f.seen[h] {
		f.seen[h] = true
		f.list = append(f.list, h)
	}
}

// features describes a text by its words, their pieces and neighbours, by the
// lists that hold them, and by whom it speaks of.
func (t *reading) features() Features {
	f := featureSet{seen: map[uint32]bool{}}
	for i := range t.sentences {
		s := &t.sentences[i]
		shape := make([]string, 0, len(s.words))
		for k := range s.words {
			w := &s.words[k]
			shown := t.shown(w)
			shape = append(shape, shown)
			f.add('w', shown)
			f.pieces(shown)
			for rest := w.sets; rest != 0; rest &= rest - 1 {
				f.add('s', string(rune('A'+bits.TrailingZeros64(uint64(rest)))))
			}
			if k > 0 {
				f.add('b', shape[k-1], shown)
				f.pairs(&s.words[k-1], w)
			}
			if k > 1 {
				f.add('k', shape[k-2], shown)
			}
		}
		f.add('f', shape[0])
		f.add('l', shape[len(shape)-1])
		if len(shape) > 1 {
			f.add('g', shape[0], shape[1])
		}
		if s.asks {
			f.add('?', shape[0])
			f.add('?')
		}
	}
	t.people(&f)
	return f.list
}

// shown is a word as the judge knows it: names and numbers by their kind.
func (t *reading) shown(w *word) string {
	switch {
	case t.isName(w):
		return "#name"
	case hasDigit(w.text) && len(w.text) > 2:
		return "#number"
	case hasDigit(w.text):
		return "#digits"
	case w.upper && w.mark < stop && w.sets == 0:
		return "#capital"
	}
	return w.text
}

// pieces adds the beginnings, ends and middles of a word.
func (f *featureSet) pieces(word string) {
	if word[0] == '#' {
		return
	}
	padded := "<" + word + ">"
	for n := 0; n+4 <= len(padded); n++ {
		f.add('c', padded[n:n+4])
	}
}

// pairs adds which lists stand beside each other.
func (f *featureSet) pairs(a, b *word) {
	for x := a.sets; x != 0; x &= x - 1 {
		for y := b.sets; y != 0; y &= y - 1 {
			f.add('p', string([]rune{rune('A' + bits.TrailingZeros64(uint64(x))), rune('A' + bits.TrailingZeros64(uint64(y)))}))
		}
	}
}

// people adds whom the text speaks of, and how it is built.
func (t *reading) people(f *featureSet) {
	most := t.mostConcrete(t.words)
	f.add('m', string(rune('0'+int(most))))
	for i := range t.names {
		f.add('n', string(rune('0'+int(t.names[i].kind))))
	}
	told, asked := "0", "0"
	for i := range t.sentences {
		if t.sentences[i].asks {
			asked = "1"
		} else {
			told = "1"
		}
	}
	f.add('q', told, asked, string(rune('0'+int(most))))
	f.add('z', string(rune('0'+int(math.Log2(float64(len(t.words)+1))))))
}
