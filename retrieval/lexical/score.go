package lexical

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// BM25 (Robertson and Walker 1994) with the constants of DESIGN 7.
const (
	k1 = 0.9
	b  = 0.4
)

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
	readers []index.TermFieldReader // of each member
	df      float64                 // passages; for several members at most
}

// accumulate scores the terms, the rarest first, until it has read budget
// postings. The rarest term is always read.
func (s *search) accumulate(terms []term, budget int) *list {
	l := &list{scores: s.borrow()}
	var open []opened
	defer func() {
		for _, o := range open {
			s.err = errors.Join(s.err, o.close())
		}
	}()
	for _, t := range terms {
		o, err := s.open(t)
		open = append(open, o)
		if err != nil {
			s.err = err
			return l
		}
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
		if len(o.readers) == 1 && o.members[0].tf == 1 {
			s.err = s.scoreOne(&o, l)
		} else {
			s.err = s.scoreGroup(&o, l)
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
		r, err := s.reader.TermFieldReader(s.ctx, []byte(m.term), t.field, true, true, false)
		if err != nil {
			return o, err
		}
		o.readers = append(o.readers, r)
		o.df += float64(r.Count())
	}
	o.df = min(o.df, s.total)
	return o, nil
}

func (o *opened) close() (err error) {
	for _, r := range o.readers {
		err = errors.Join(err, r.Close())
	}
	return err
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
	return s.total > smallIndex && float64(o.readers[0].Count()) > limit*s.total
}

func (s *search) idf(df float64) float64 { return math.Log(1 + (s.total-df+0.5)/(df+0.5)) }

// scoreOne adds a term's BM25 to every passage that holds it.
func (s *search) scoreOne(o *opened, l *list) error {
	idf, average := o.weight*s.idf(o.df), s.average[o.field]
	return each(o.readers[0], func(id uint32, tf, norm float64) {
		if s.allowed == nil || s.allowed.has(id) {
			l.add(id, idf*bm25(tf, norm, average))
		}
	})
}

// scoreGroup does the same for a term of several members, whose occurrences it
// adds up first.
func (s *search) scoreGroup(o *opened, l *list) error {
	if s.counts == nil {
		s.counts = make([]occurrences, s.size)
	}
	ids := make([]uint32, 0, int(o.df))
	for i, r := range o.readers {
		err := each(r, func(id uint32, tf, norm float64) {
			c := &s.counts[id]
			if c.tf == 0 {
				ids = append(ids, id)
			}
			c.tf, c.norm = c.tf+float32(tf*o.members[i].tf), float32(norm)
		})
		if err != nil {
			return err
		}
	}
	idf, average := o.weight*s.idf(float64(len(ids))), s.average[o.field]
	for _, id := range ids {
		if s.allowed == nil || s.allowed.has(id) {
			l.add(id, idf*bm25(float64(s.counts[id].tf), float64(s.counts[id].norm), average))
		}
		s.counts[id] = occurrences{}
	}
	return nil
}

// occurrences of a term of several members in a passage.
type occurrences struct{ tf, norm float32 }

// bm25 without the idf; norm is 1/√length, as scorch keeps it.
func bm25(tf, norm, average float64) float64 {
	length := 1 / (norm * norm)
	return tf * (k1 + 1) / (tf + k1*(1-b+b*length/average))
}

func (l *list) add(id uint32, score float64) {
	if l.scores[id] == 0 {
		l.touched = append(l.touched, id)
	}
	l.scores[id] += float32(score)
}

// each calls f for every posting.
func each(postings index.TermFieldReader, f func(id uint32, tf, norm float64)) error {
	var doc index.TermFieldDoc
	for {
		p, err := postings.Next(doc.Reset())
		if err != nil || p == nil {
			return err
		}
		f(uint32(binary.BigEndian.Uint64(p.ID)), float64(p.Freq), p.Norm)
	}
}
