package corpus

import (
	"context"
	"slices"
	"sync"
)

// Totals says how much a store holds.
type Totals struct {
	Documents int `json:"documents"`
	Sections  int `json:"sections"`
	Passages  int `json:"passages"`
	Samples   int `json:"samples"` // documents that are examples
}

// Totals counts what the reader of ctx sees, once for each revision: a search in
// a collection whose vectors nobody builds asks for them every time.
func (s *Store) Totals(ctx context.Context) (Totals, error) {
	revision, err := s.LastRevision(ctx)
	if err != nil {
		return Totals{}, err
	}
	v, err := s.view(ctx)
	if err != nil {
		return Totals{}, err
	}
	if have, ok := s.totals.get(v.key, revision); ok {
		return have, nil
	}
	var t Totals
	seen, values := v.where("groups")
	of, valuesOf := v.of("passages.document")
	err = s.read.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(sections), 0), coalesce(sum(sample), 0),
		(SELECT count(*) FROM passages WHERE `+of+`) FROM documents WHERE `+seen, slices.Concat(valuesOf, values)...).
		Scan(&t.Documents, &t.Sections, &t.Samples, &t.Passages)
	if err == nil {
		s.totals.put(v.key, revision, t)
	}
	return t, err
}

// totalsCache keeps the totals of one revision, by view.
type totalsCache struct {
	mu       sync.Mutex
	revision int64
	views    map[string]Totals
}

func (c *totalsCache) get(view string, revision int64) (Totals, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, ok := c.views[view]
	return t, ok && c.revision == revision
}

func (c *totalsCache) put(view string, revision int64, t Totals) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.views == nil || c.revision != revision {
		c.revision, c.views = revision, map[string]Totals{}
	}
	c.views[view] = t
}
