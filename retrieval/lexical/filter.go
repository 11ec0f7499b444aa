package lexical

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// caches holds what is costly to make: the totals of a view stay valid until the
// next write, filters and what a view hides until the segments change too.
type caches struct {
	generation uint64
	identity   string
	groups     [][]string         // different access groups of the documents; nil until asked for
	totals     map[string]*totals // by view
	hidden     map[string]*hidden // by view
	filters    map[string]*bitmap // nil for a filter that lets everything pass
}

// totals of all documents.
type totals struct{ passages, words, titles, grams int }

func (t *totals) add(r *record) {
	t.passages += len(r.Passages)
	t.words += r.Words
	t.titles += r.Titles
	t.grams += r.Grams
}

// renew throws away what is no longer valid.
func (c *caches) renew(generation uint64, identity string) {
	if c.filters == nil || c.generation != generation || c.identity != identity {
		c.filters, c.hidden = map[string]*bitmap{}, map[string]*hidden{}
	}
	if c.totals == nil || c.generation != generation {
		c.totals, c.groups = map[string]*totals{}, nil
	}
	c.generation, c.identity = generation, identity
}

// maxFilters bounds the cached filters: a person uses few, an attacker gets no
// more memory than this.
const maxFilters = 16

// newSearch takes the state that a search works on. Reader and records may be
// one write apart: then a new document is found a moment later.
func (x *Index) newSearch(ctx context.Context, reader index.IndexReader, q Query) (*search, error) {
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("unexpected index reader %T", reader)
	}
	s := &search{ctx: ctx, reader: reader, cache: x.postings, average: map[string]float64{}, curve: curveOf(q.Lang)}
	v, generation, err := x.prepare(s, snapshot, q)
	if err != nil {
		return nil, err
	}
	s.view = v.name
	s.segments = segmentReaders(snapshot, v.hidden)
	s.vocabulary, err = x.vocabularies.of(v.name).get(s.segments, generation, func() (index.IndexReader, []segmentReader, error) { return x.seenBy(q.Reader) })
	return s, err
}

// prepare fills in what is kept under the index's lock.
func (x *Index) prepare(s *search, snapshot *scorch.IndexSnapshot, q Query) (v view, generation uint64, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	size, identity := segments(snapshot)
	x.caches.renew(x.generation, identity)
	if v, err = x.view(q.Reader, snapshot); err != nil {
		return v, 0, err
	}
	t := x.totals(q.Reader, v.name)
	s.size, s.total = size, float64(t.passages)
	n := max(s.total, 1)
	s.average[fieldText], s.average[fieldTitle], s.average[fieldGrams] = float64(t.words)/n, float64(t.titles)/n, float64(t.grams)/n
	s.average[fieldPairs] = s.average[fieldText]
	s.allowed, err = x.filter(snapshot, q, size)
	return v, x.generation, err
}

// segments returns a number that all internal ids of the reader are below, and
// the identity of its segments: internal ids stay the same while that does.
// Merging in the background changes it without a write of ours.
func segments(snapshot *scorch.IndexSnapshot) (size int, identity string) {
	var ids []byte
	for _, segment := range snapshot.Segments() {
		size += int(segment.FullSize())
		ids = binary.AppendUvarint(ids, segment.Id())
	}
	return size, string(ids)
}

// filter returns the passages that q lets pass, or nil where it lets all pass.
func (x *Index) filter(reader index.IndexReader, q Query, size int) (*bitmap, error) {
	key := fmt.Sprint(q.AsOf, "\x00", q.Collections, "\x00", q.Kinds, "\x00", q.Documents)
	if cached, ok := x.caches.filters[key]; ok {
		return cached, nil
	}
	if len(x.caches.filters) >= maxFilters {
		clear(x.caches.filters)
	}
	made, err := x.makeFilter(reader, q, size)
	if err == nil {
		x.caches.filters[key] = made
	}
	return made, err
}

func (x *Index) makeFilter(reader index.IndexReader, q Query, size int) (*bitmap, error) {
	var pass, stop []string
	for id, r := range x.documents {
		if allowed(q, id, r) {
			pass = append(pass, id)
		} else {
			stop = append(stop, id)
		}
	}
	if len(stop) == 0 {
		return nil, nil
	}
	made := newBitmap(size)
	some, bit := pass, true
	if len(stop) < len(pass) { // the shorter list reads fewer postings
		some, bit = stop, false
		made.fill()
	}
	for _, id := range some {
		if err := mark(reader, id, made, bit); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func allowed(q Query, id string, r *record) bool {
	return (q.AsOf == "" || r.inForce(q.AsOf)) &&
		(len(q.Collections) == 0 || slices.Contains(q.Collections, r.Collection)) &&
		(len(q.Kinds) == 0 || slices.Contains(q.Kinds, r.Kind)) &&
		(len(q.Documents) == 0 || slices.Contains(q.Documents, id))
}

// mark sets or clears the passages of a document.
func mark(reader index.IndexReader, document string, m *bitmap, bit bool) error {
	postings, err := reader.TermFieldReader(context.Background(), []byte(document), fieldDocument, false, false, false)
	if err != nil {
		return err
	}
	defer postings.Close()
	var doc index.TermFieldDoc
	for {
		p, err := postings.Next(doc.Reset())
		if err != nil || p == nil {
			return err
		}
		m.set(uint32(binary.BigEndian.Uint64(p.ID)), bit)
	}
}

// bitmap is a set of internal ids.
type bitmap struct {
	bits []uint64
	size int
}

func newBitmap(size int) *bitmap { return &bitmap{bits: make([]uint64, (size+63)/64), size: size} }

func (m *bitmap) has(id uint32) bool { return m.bits[id/64]>>(id%64)&1 == 1 }

func (m *bitmap) set(id uint32, bit bool) {
	if bit {
		m.bits[id/64] |= 1 << (id % 64)
	} else {
		m.bits[id/64] &^= 1 << (id % 64)
	}
}

func (m *bitmap) fill() {
	for i := range m.bits {
		m.bits[i] = ^uint64(0)
	}
}
