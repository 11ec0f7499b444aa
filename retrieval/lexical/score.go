package lexical

import (
	"math"
	"slices"
)

// curve holds the constants of BM25 (Robertson and Walker 1994): how soon more
// occurrences of a term stop to count, and how much the length of a passage does.
type curve struct{ k1, b float64 }

// curveOf gives those of DESIGN 7 for Danish. In English, whose passages say a
// thing in more and shorter words, both weigh more.
func curveOf(lang string) curve {
	if lang == english {
		return curve{k1: 1.2, b: 0.6}
	}
	return curve{k1: 0.9, b: 0.4}
}

// What is left out in a large index, because it says next to nothing and costs
// most. In a small collection it costs nothing.
const (
	smallIndex = 2000 // passages
	commonTerm = 0.5  // share of the passages
	// commonGram: grams in more than a tenth cost two thirds of a search and gave
	// nothing (contexts of references, nDCG@10 .250 with, .252 without).
	commonGram = 0.1
	// Postings that one search reads of its words and of its grams, the rarest
	// terms first; so a search is as fast in 600,000 sections as in 100,000. Collections
	// below about 50,000 sections never reach it.
	wordPostings = 400_000
	gramPostings = 200_000
)

// opened is a term with its postings.
type opened struct {
	term
	postings []*postings // of each member
	df       float64     // passages; for several members at most
}

// accumulate scores the terms, the rarest first, until it has read budget
// postings. The rarest term is always read.
func (s *search) accumulate(terms []term, budget int) *list {
	l := &list{scores: borrow[float32](&scoreBoards, s.size)}
	var open []opened
	for _, t := range terms {
		o, err := s.open(t)
		if err != nil {
			s.err = err
			return l
		}
		open = append(open, o)
	}
	s.count(open)
	slices.SortStableFunc(open, func(a, b opened) int { return int(a.df - b.df) })
	read := 0
	for _, o := range open {
		if s.err == nil {
			s.err = s.ctx.Err()
		}
		if s.err != nil {
			return l
		}
		if o.df == 0 || s.tooCommon(&o) || read > 0 && read+int(o.df) > budget {
			continue
		}
		read += int(o.df)
		switch s.err = s.readAll(&o); {
		case s.err != nil:
			return l
		case len(o.postings) == 1 && o.members[0].tf == 1:
			s.scoreOne(&o, l)
		default:
			s.scoreGroup(&o, l)
		}
	}
	for _, id := range l.touched {
		l.best = max(l.best, l.scores[id])
	}
	return l
}

func (s *search) open(t term) (opened, error) {
	o := opened{term: t}
	for _, m := range t.members {
		p, err := s.counted(t.field, m.term)
		if err != nil {
			return o, err
		}
		o.postings = append(o.postings, p)
		o.df += float64(p.count)
	}
	o.df = min(o.df, s.total)
	return o, nil
}

func (s *search) readAll(o *opened) (err error) {
	for i, m := range o.members {
		if o.postings[i], err = s.read(o.field, m.term, o.postings[i]); err != nil {
			return err
		}
	}
	return nil
}

// count notes which words of the query the collection has.
func (s *search) count(open []opened) {
	for _, o := range open {
		if o.field != fieldText || o.weight != 1 {
			continue
		}
		idf := s.idf(o.df)
		s.asked.words++
		s.asked.mass += idf
		if o.df == 0 {
			s.asked.unknown += idf
		}
	}
}

func (s *search) tooCommon(o *opened) bool {
	limit := commonTerm
	if o.field == fieldGrams {
		limit = commonGram
	}
	// The stem itself counts, not its compounds with it.
	return s.total > smallIndex && float64(o.postings[0].count) > limit*s.total
}

func (s *search) idf(df float64) float64 { return math.Log(1 + (s.total-df+0.5)/(df+0.5)) }

// scoreOne adds a term's BM25 to every passage that holds it.
func (s *search) scoreOne(o *opened, l *list) {
	idf, average := o.weight*s.idf(o.df), s.average[o.field]
	s.each(o.postings[0], func(id uint32, p posting) {
		if s.allowed == nil || s.allowed.has(id) {
			l.add(id, idf*s.curve.bm25(float64(p.tf), float64(p.length), average))
		}
	})
}

// scoreGroup does the same for a term of several members, whose occurrences it
// adds up first.
func (s *search) scoreGroup(o *opened, l *list) {
	if s.counts == nil {
		s.counts = borrow[occurrences](&groupBoards, s.size)
	}
	ids := s.ids[:0]
	for i, p := range o.postings {
		tf := float32(o.members[i].tf)
		s.each(p, func(id uint32, p posting) {
			c := &s.counts[id]
			if c.tf == 0 {
				ids = append(ids, id)
			}
			c.tf, c.length = c.tf+float32(p.tf)*tf, float32(p.length)
		})
	}
	s.ids = ids
	idf, average := o.weight*s.idf(float64(len(ids))), s.average[o.field]
	for _, id := range ids {
		if s.allowed == nil || s.allowed.has(id) {
			l.add(id, idf*s.curve.bm25(float64(s.counts[id].tf), float64(s.counts[id].length), average))
		}
		s.counts[id] = occurrences{}
	}
}

// occurrences of a term of several members in a passage, and the field's length.
type occurrences struct{ tf, length float32 }

// bm25 without the idf.
func (c curve) bm25(tf, length, average float64) float64 {
	return tf * (c.k1 + 1) / (tf + c.k1*(1-c.b+c.b*length/average))
}

func (l *list) add(id uint32, score float64) {
	if l.scores[id] == 0 {
		l.touched = append(l.touched, id)
	}
	l.scores[id] += float32(score)
}
