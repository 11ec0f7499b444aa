package gaps

import (
	"context"
	"fmt"

	"github.com/hjemmel/hjemmel/retrieval"
	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/retrieval/versions"
)

// Change is what became of one section between two versions of a document.
type Change struct {
	Status     versions.Status `json:"status"`
	Old        *Law            `json:"old,omitempty"` // with the section's whole text
	New        *Law            `json:"new,omitempty"`
	Words      []versions.Edit `json:"words,omitempty"` // of changed, renumbered and moved sections
	Similarity float64         `json:"similarity"`
	CitedBy    []Citing        `json:"cited_by,omitempty"` // documents that cite what changed
}

// Citing is a place that cites a section that changed.
type Citing struct {
	Document  string `json:"document"`
	Title     string `json:"title"`
	Section   string `json:"section"`
	Reference string `json:"reference"` // "Vejledning om BPA, 3.2 Udmåling"
	Raw       string `json:"raw"`       // the reference as written
}

// Changes is the comparison of two versions.
type Changes struct {
	Old      string                  `json:"old"`
	New      string                  `json:"new"`
	Title    string                  `json:"title"`
	Counts   map[versions.Status]int `json:"counts"`
	Sections []Change                `json:"sections"` // in the order of the old version, then what is new
}

// CitingLibrary is what Compare reads beside Library.
type CitingLibrary interface {
	Library
	Section(ctx context.Context, id string) (corpus.Section, error)
	CitedBy(ctx context.Context, section string, day corpus.Date, limit int) ([]corpus.Reference, error)
}

// mostCiting bounds the citing places that one section lists.
const mostCiting = 50

// Compare tells section by section what became of the document old in the
// document newer, where sections went that left it for another act in force, and
// who cites what changed.
func Compare(ctx context.Context, lib CitingLibrary, old, newer string) (Changes, error) {
	l, err := loadLaw(ctx, lib, corpus.Today())
	if err != nil {
		return Changes{}, err
	}
	for _, id := range []string{old, newer} {
		if l.byID[id] == nil {
			return Changes{}, fmt.Errorf("document %q: %w", id, corpus.ErrNotFound)
		}
	}
	before, err := l.outline(ctx, old)
	if err != nil {
		return Changes{}, err
	}
	after, err := l.outline(ctx, newer)
	if err != nil {
		return Changes{}, err
	}
	ix, err := l.indexFor(ctx, old, newer)
	if err != nil {
		return Changes{}, err
	}
	out := Changes{Old: old, New: newer, Title: l.byID[newer].Title, Counts: map[versions.Status]int{}}
	for _, fate := range ix.Compare(before.list, after.list) {
		change, err := l.change(ctx, lib, fate)
		if err != nil {
			return Changes{}, err
		}
		out.Counts[fate.Status]++
		out.Sections = append(out.Sections, change)
	}
	return out, nil
}

// indexFor is the law in force with newer in it, and neither old nor a further
// version of the same act.
func (l *law) indexFor(ctx context.Context, old, newer string) (*versions.Index, error) {
	family := l.byID[newer].Family
	if d := l.current[family]; family != "" && d.ID == newer && d.InForce(l.day) {
		return l.index, nil
	}
	ix := versions.NewIndex()
	for name, d := range l.current {
		if d.InForce(l.day) && name != family && d.ID != old && d.ID != newer {
			o, err := l.outline(ctx, d.ID)
			if err != nil {
				return nil, err
			}
			ix.Add(d.ID, o.list)
		}
	}
	o, err := l.outline(ctx, newer)
	if err != nil {
		return nil, err
	}
	ix.Add(newer, o.list)
	ix.Seal()
	return ix, nil
}

func (l *law) change(ctx context.Context, lib CitingLibrary, fate versions.Fate) (Change, error) {
	c := Change{Status: fate.Status, Similarity: fate.Similarity}
	var before, after string
	if fate.Old.Section != "" {
		s, err := l.section(ctx, fate.Old.Section)
		if err != nil {
			return c, err
		}
		c.Old, before = l.place(s, 0, len(s.Text)), s.Text
	}
	if fate.New.Section != "" {
		s, err := l.section(ctx, fate.New.Section)
		if err != nil {
			return c, err
		}
		c.New, after = l.place(s, 0, len(s.Text)), s.Text
	}
	if fate.Status == versions.Unchanged || fate.Status == versions.New {
		return c, nil
	}
	if c.New != nil {
		c.Words = versions.Words(before, after)
	}
	var err error
	c.CitedBy, err = l.citing(ctx, lib, fate)
	return c, err
}

// citing lists who cites a section that changed, other documents only.
func (l *law) citing(ctx context.Context, lib CitingLibrary, fate versions.Fate) ([]Citing, error) {
	refs, err := lib.CitedBy(ctx, fate.Old.Section, l.day, mostCiting)
	if err != nil {
		return nil, err
	}
	var out []Citing
	for _, ref := range refs {
		s, err := lib.Section(ctx, ref.From)
		if err != nil {
			return nil, err
		}
		d := l.byID[s.Document]
		if d == nil || d.ID == fate.Old.Document || d.Family != "" && d.Family == l.byID[fate.Old.Document].Family {
			continue
		}
		out = append(out, Citing{Document: d.ID, Title: d.Title, Section: s.ID, Reference: retrieval.Reference(d, &s, ""), Raw: ref.Raw})
	}
	return out, nil
}
