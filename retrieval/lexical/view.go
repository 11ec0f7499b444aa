package lexical

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

// view is what a reader sees of the index. Passages that are hidden from the
// reader are treated as scorch treats deleted ones, in every count, vocabulary
// and average: so a search gives, to the last digit, what it would give in an
// index that never held them.
type view struct {
	name   string // as corpus.Reader.View gives it; "" where nothing is hidden
	hidden *hidden
}

// hidden is the passages of a view's hidden documents, by segment.
type hidden struct {
	bySegment map[uint64]*roaring.Bitmap // nil for a segment without any
}

// maxViews bounds what is kept for views at once: as many as there are different
// sets of documents that people may read. A vocabulary takes some megabytes, in
// the largest collections a hundred.
const maxViews = 8

// view returns what a reader sees. Callers hold mu.
func (x *Index) view(r corpus.Reader, snapshot *scorch.IndexSnapshot) (view, error) {
	v := view{name: x.viewName(r)}
	if v.name == "" {
		return v, nil
	}
	if v.hidden = x.caches.hidden[v.name]; v.hidden != nil {
		return v, nil
	}
	made, err := hide(snapshot, x.hiddenFrom(r))
	if err != nil {
		return v, fmt.Errorf("reading what the reader may see: %w", err)
	}
	if len(x.caches.hidden) >= maxViews {
		clear(x.caches.hidden)
	}
	v.hidden, x.caches.hidden[v.name] = made, made
	return v, nil
}

// viewName is called for every search, so it looks at the different access
// groups that there are, not at every document. Callers hold mu.
func (x *Index) viewName(r corpus.Reader) string {
	if r.Everything {
		return ""
	}
	if x.caches.groups == nil {
		x.caches.groups = [][]string{}
		seen := map[string]bool{}
		add := func(groups []string) {
			if key := fmt.Sprintf("%q", groups); len(groups) > 0 && !seen[key] {
				seen[key] = true
				x.caches.groups = append(x.caches.groups, groups)
			}
		}
		for _, record := range x.documents {
			add(record.Groups)
		}
		for _, groups := range x.arriving {
			add(groups)
		}
	}
	return r.View(x.caches.groups)
}

func (x *Index) hiddenFrom(r corpus.Reader) (documents []string) {
	for id, record := range x.documents {
		if !r.MayRead(record.Groups) {
			documents = append(documents, id)
		}
	}
	for id, groups := range x.arriving {
		if !r.MayRead(groups) {
			documents = append(documents, id)
		}
	}
	return documents
}

// hide finds the passages of documents.
func hide(snapshot *scorch.IndexSnapshot, documents []string) (*hidden, error) {
	h := &hidden{bySegment: map[uint64]*roaring.Bitmap{}}
	for _, s := range snapshot.Segments() {
		dict, err := s.Segment().Dictionary(fieldDocument)
		if err != nil {
			return nil, err
		}
		passages := roaring.New()
		for _, id := range documents {
			postings, err := dict.PostingsList([]byte(id), s.Deleted(), nil)
			if err != nil {
				return nil, err
			}
			at := postings.Iterator(false, false, false, nil)
			for {
				p, err := at.Next()
				if err != nil {
					return nil, err
				}
				if p == nil {
					break
				}
				passages.Add(uint32(p.Number()))
			}
		}
		if !passages.IsEmpty() {
			h.bySegment[s.Id()] = passages
		}
	}
	return h, nil
}

// totals counts what a reader sees, once for each view. Callers hold mu.
func (x *Index) totals(r corpus.Reader, view string) *totals {
	if t := x.caches.totals[view]; t != nil {
		return t
	}
	t := &totals{}
	for _, record := range x.documents {
		if r.MayRead(record.Groups) {
			t.add(record)
		}
	}
	if len(x.caches.totals) > maxViews {
		clear(x.caches.totals)
	}
	x.caches.totals[view] = t
	return t
}

// seenBy opens the index as it is now to a reader. The index reader must be closed.
func (x *Index) seenBy(r corpus.Reader) (index.IndexReader, []segmentReader, error) {
	reader, err := x.scorch.Reader()
	if err != nil {
		return nil, nil, err
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return reader, nil, fmt.Errorf("unexpected index reader %T", reader)
	}
	x.mu.RLock()
	documents := x.hiddenFrom(r)
	x.mu.RUnlock()
	h, err := hide(snapshot, documents)
	return reader, segmentReaders(snapshot, h), err
}
