package e5

import (
	"math"
	"unicode/utf8"
)

// space stands for a blank inside pieces, and before the first word.
const space = '▁'

// unknownPenalty lies between the rarest piece and an unknown character, as in
// SentencePiece.
const unknownPenalty = 10

// tokenizer cuts text into the pieces whose scores have the largest sum
// (SentencePiece's unigram model). It is safe for concurrent use.
type tokenizer struct {
	pieces
	rules   map[rune][]rune
	table   []int32 // open addressing by hash: piece + 1
	longest int     // bytes of the longest piece
	unknown float32
}

func newTokenizer(p pieces, rules map[rune][]rune) *tokenizer {
	size := 2
	for size < 2*p.len() {
		size *= 2
	}
	t := &tokenizer{pieces: p, rules: rules, table: make([]int32, size)}
	lowest := float32(math.Inf(1))
	for i, score := range p.scores {
		lowest = min(lowest, score)
		piece := p.bytes(i)
		t.longest = max(t.longest, len(piece))
		// Control pieces are no text: "</s>" in a document is five characters.
		if len(piece) == 0 || i == p.bos || i == p.eos || i == p.pad || i == p.unk {
			continue
		}
		hash := hashStart
		for _, b := range piece {
			hash = hashByte(hash, b)
		}
		at := int(hash) & (size - 1)
		for t.table[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		t.table[at] = int32(i) + 1
	}
	t.unknown = lowest - unknownPenalty
	return t
}

// FNV-1a.
const hashStart = uint32(2166136261)

func hashByte(h uint32, b byte) uint32 { return (h ^ uint32(b)) * 16777619 }

// find returns the piece with these bytes and this hash, or -1.
func (t *tokenizer) find(text []byte, hash uint32) int32 {
	mask := len(t.table) - 1
	for at := int(hash) & mask; t.table[at] != 0; at = (at + 1) & mask {
		if i := t.table[at] - 1; string(t.bytes(int(i))) == string(text) {
			return i
		}
	}
	return -1
}

// lattice is the working memory of one tokenisation.
type lattice struct {
	text  []byte
	best  []float32 // by byte: the best sum of pieces that end here
	piece []int32   // the last of them
	from  []int32   // where it begins
	ids   []int32
}

// tokens returns the pieces of text without the special ones at both ends; the
// slice is valid until the lattice is used again.
func (t *tokenizer) tokens(l *lattice, texts ...string) []int32 {
	t.normalize(l, texts)
	t.viterbi(l)
	l.ids = l.ids[:0]
	for at := len(l.text); at > 0; at = int(l.from[at]) {
		l.ids = append(l.ids, l.piece[at])
	}
	for i, j := 0, len(l.ids)-1; i < j; i, j = i+1, j-1 {
		l.ids[i], l.ids[j] = l.ids[j], l.ids[i]
	}
	return l.ids
}

// normalize writes the joined texts with the file's rules applied, runs of
// blanks made one, and blanks written as the mark that pieces carry.
func (t *tokenizer) normalize(l *lattice, texts []string) {
	l.text = l.text[:0]
	blank := false
	add := func(r rune) {
		switch {
		case r != ' ' && len(l.text) == 0:
			l.text = utf8.AppendRune(l.text, space)
		case r == ' ' && blank:
			return
		}
		blank = r == ' '
		if blank {
			r = space
		}
		l.text = utf8.AppendRune(l.text, r)
	}
	for _, text := range texts {
		for _, r := range text {
			if to, ok := t.rules[r]; ok {
				for _, r := range to {
					add(r)
				}
			} else {
				add(r)
			}
		}
	}
	if len(l.text) == 0 {
		l.text = utf8.AppendRune(l.text, space)
	}
}

func (t *tokenizer) viterbi(l *lattice) {
	n := len(l.text) + 1
	l.best, l.piece, l.from = grow(l.best, n), grow(l.piece, n), grow(l.from, n)
	unreached := float32(math.Inf(-1))
	for i := range l.best {
		l.best[i] = unreached
	}
	l.best[0] = 0
	for at := 0; at < len(l.text); {
		_, width := utf8.DecodeRune(l.text[at:])
		reach := func(end int, piece int32, score float32) {
			if sum := l.best[at] + score; sum > l.best[end] {
				l.best[end], l.piece[end], l.from[end] = sum, piece, int32(at)
			}
		}
		hash := hashStart
		for end := at + 1; end <= min(at+t.longest, len(l.text)); end++ {
			hash = hashByte(hash, l.text[end-1])
			if end < len(l.text) && !utf8.RuneStart(l.text[end]) {
				continue
			}
			if i := t.find(l.text[at:end], hash); i >= 0 {
				reach(end, i, t.scores[i])
			}
		}
		reach(at+width, int32(t.unk), t.unknown)
		at += width
	}
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n+n/4)[:n]
	}
	return s[:n]
}
