package lexical

import (
	linked "container/list"
	"fmt"
	"math"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// posting says that a passage holds a term. It takes 8 bytes.
type posting struct {
	id         uint32 // within its segment
	length, tf uint16 // of the field, in words; at most math.MaxUint16
}

// part is the postings of one term in one segment of the index. Segments never
// change, but passages in them are deleted: live is how many were not.
type part struct {
	segment, live uint64
	count         int
	list          []posting // nil until it is read
}

// postings of one term, with a part for each segment. They are shared between
// searches and never changed.
type postings struct {
	parts []part
	count int
}

// of makes the sum of the counts.
func (p *postings) of() *postings {
	p.count = 0
	for i := range p.parts {
		p.count += p.parts[i].count
	}
	return p
}

// maxHeld bounds the postings that are kept, in all: 96 MB. A few thousand
// common words make up most of what searches read, and reading a posting from a
// segment takes ten times as long as from memory.
const maxHeld = 12_000_000

// partHeld is what an empty part takes, in postings.
const partHeld = 6

// postingsCache keeps the postings that were read last.
type postingsCache struct {
	mu    sync.Mutex
	terms map[string]*linked.Element // of cachedTerm, by field and term
	order *linked.List               // what was used last comes first
	held  int
}

type cachedTerm struct {
	key string
	*postings
	held int
}

func newPostingsCache() *postingsCache {
	return &postingsCache{terms: map[string]*linked.Element{}, order: linked.New()}
}

func (c *postingsCache) get(key string) *postings {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.terms[key]
	if at == nil {
		return nil
	}
	c.order.MoveToFront(at)
	return at.Value.(cachedTerm).postings
}

func (c *postingsCache) put(key string, p *postings) {
	held := partHeld * len(p.parts)
	for i := range p.parts {
		held += len(p.parts[i].list)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.terms[key]; old != nil {
		c.remove(old)
	}
	c.terms[key] = c.order.PushFront(cachedTerm{key, p, held})
	c.held += held
	for c.held > maxHeld {
		c.remove(c.order.Back())
	}
}

func (c *postingsCache) remove(at *linked.Element) {
	t := c.order.Remove(at).(cachedTerm)
	delete(c.terms, t.key)
	c.held -= t.held
}

// segmentReader reads the postings of one segment that a view shows.
type segmentReader struct {
	*scorch.SegmentSnapshot
	except       *roaring.Bitmap // deleted or hidden; nil for none
	live         uint64          // passages that are neither
	first        uint32          // internal id of the segment's first passage
	dictionaries map[string]segment.TermDictionary
}

func segmentReaders(snapshot *scorch.IndexSnapshot, h *hidden) []segmentReader {
	var out []segmentReader
	first := uint32(0)
	for _, s := range snapshot.Segments() {
		r := segmentReader{s, s.Deleted(), s.Count(), first, map[string]segment.TermDictionary{}}
		if h != nil && h.bySegment[s.Id()] != nil {
			passages := h.bySegment[s.Id()]
			r.live -= passages.GetCardinality()
			if r.except != nil {
				passages = roaring.Or(passages, r.except)
			}
			r.except = passages
		}
		out = append(out, r)
		first += uint32(s.FullSize())
	}
	return out
}

func (r *segmentReader) postings(field, term string) (segment.PostingsList, error) {
	dictionary := r.dictionaries[field]
	if dictionary == nil {
		var err error
		if dictionary, err = r.Segment().Dictionary(field); err != nil {
			return nil, err
		}
		r.dictionaries[field] = dictionary
	}
	return dictionary.PostingsList([]byte(term), r.except, nil)
}

// read returns the postings of a term, with their ids within the segment.
func (r *segmentReader) read(field, term string, count int) ([]posting, error) {
	from, err := r.postings(field, term)
	if err != nil {
		return nil, err
	}
	out := make([]posting, 0, count)
	at := from.Iterator(true, true, false, nil)
	for {
		p, err := at.Next()
		if err != nil || p == nil {
			return out, err
		}
		length, ok := p.(interface{ NormUint64() uint64 })
		if !ok {
			return nil, fmt.Errorf("unexpected posting %T", p)
		}
		out = append(out, posting{uint32(p.Number()), short(length.NormUint64()), short(p.Frequency())})
	}
}

func short(n uint64) uint16 { return uint16(min(n, math.MaxUint16)) }

// key is of the postings of a term, as the search's reader sees them.
func (s *search) key(field, term string) string { return s.view + "\x00" + field + "\x00" + term }

// counted returns the postings of a term with the counts of the parts, which are
// not necessarily read.
func (s *search) counted(field, term string) (*postings, error) {
	key := s.key(field, term)
	old := s.cache.get(key)
	if old != nil && s.fresh(old) {
		return old, nil
	}
	p := &postings{parts: make([]part, len(s.segments))}
	for i := range s.segments {
		r, to := &s.segments[i], &p.parts[i]
		if had := old.part(r); had != nil {
			*to = *had
			continue
		}
		list, err := r.postings(field, term)
		if err != nil {
			return nil, err
		}
		*to = part{segment: r.Id(), live: r.live, count: int(list.Count())}
	}
	s.cache.put(key, p.of())
	return p, nil
}

// fresh tells whether p is of the index as the search sees it.
func (s *search) fresh(p *postings) bool {
	if len(p.parts) != len(s.segments) {
		return false
	}
	for i := range p.parts {
		if r := &s.segments[i]; p.parts[i].segment != r.Id() || p.parts[i].live != r.live {
			return false
		}
	}
	return true
}

// part returns what p, which may be nil, holds of a segment in its present state.
func (p *postings) part(r *segmentReader) *part {
	if p == nil {
		return nil
	}
	for i := range p.parts {
		if q := &p.parts[i]; q.segment == r.Id() && q.live == r.live {
			return q
		}
	}
	return nil
}

// read reads the parts of p that are not yet read.
func (s *search) read(field, term string, p *postings) (*postings, error) {
	whole := true
	for i := range p.parts {
		whole = whole && len(p.parts[i].list) == p.parts[i].count
	}
	if whole {
		return p, nil
	}
	full := &postings{parts: make([]part, len(p.parts)), count: p.count}
	copy(full.parts, p.parts)
	for i := range full.parts {
		q := &full.parts[i]
		if len(q.list) == q.count {
			continue
		}
		var err error
		if q.list, err = s.segments[i].read(field, term, q.count); err != nil {
			return nil, err
		}
	}
	s.cache.put(s.key(field, term), full)
	return full, nil
}

// each calls f for every posting of a term, with the passage's internal id.
func (s *search) each(p *postings, f func(id uint32, p posting)) {
	for i := range p.parts {
		first := s.segments[i].first
		for _, q := range p.parts[i].list {
			f(first+q.id, q)
		}
	}
}
