package corpus

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// Reader is whose eyes a read sees the collection with. What a reader may not
// read is not there: no look-up finds it, no count counts it, no reference
// points to it. The zero value reads what is open to everyone.
type Reader struct {
	Groups     []string // whose documents may be read, besides those open to everyone
	Everything bool     // the operator, and whoever uses a server without login
}

type readerKey struct{}

// WithReader returns a context whose reads see the collection as r does. Every
// way in sets one, through access.With.
func WithReader(ctx context.Context, r Reader) context.Context {
	return context.WithValue(ctx, readerKey{}, r)
}

// ReaderOf returns whose eyes ctx reads with. A context without a reader is the
// operator's own command line, or work in the background, and sees everything.
func ReaderOf(ctx context.Context) Reader {
	if r, ok := ctx.Value(readerKey{}).(Reader); ok {
		return r
	}
	return Reader{Everything: true}
}

// AsOperator returns a context that sees everything, for what keeps the
// collection in order on somebody's behalf: an index that followed a store of
// which half is hidden would lose that half.
func AsOperator(ctx context.Context) context.Context {
	return WithReader(ctx, Reader{Everything: true})
}

// MayRead tells whether r may read what the groups may; none means everyone.
func (r Reader) MayRead(groups []string) bool {
	return r.Everything || len(groups) == 0 || slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(r.Groups, g) })
}

// View names what r sees of documents with these access groups: readers with
// the same view see the same documents, so that caches may be shared between
// them, and only between them. It is "" where r sees everything.
func (r Reader) View(accessGroups [][]string) string {
	var seen []string
	hidden := false
	for _, groups := range accessGroups {
		if !r.MayRead(groups) {
			hidden = true
			continue
		}
		seen = append(seen, toJSON(groups))
	}
	if !hidden {
		return ""
	}
	slices.Sort(seen)
	return "view " + strings.Join(slices.Compact(seen), " ") // never empty
}

// ErrOperatorOnly is returned to a reader who does not see everything by reads
// that only keeping the collection in order needs.
var ErrOperatorOnly = errors.New("only the operator reads this: it tells of documents that a reader may not see")

func operatorOnly(ctx context.Context) error {
	if !ReaderOf(ctx).Everything {
		return ErrOperatorOnly
	}
	return nil
}

// view is what a reader sees, as the store's queries ask for it.
type view struct {
	everything bool
	key        string // as Reader.View gives it
	values     []any  // of the column groups that the reader may read
}

// where is the condition that a row with the column groups is seen, and its
// arguments. Groups that are first stored after the view was made are not seen.
func (v view) where(column string) (string, []any) {
	if v.everything {
		return "1", nil
	}
	return column + " IN (" + strings.TrimSuffix(strings.Repeat("?,", len(v.values)), ",") + ")", v.values
}

// of is the condition that the document whose id stands in a column is seen.
func (v view) of(column string) (string, []any) {
	if v.everything {
		return "1", nil
	}
	where, args := v.where("seen.groups")
	return "EXISTS (SELECT 1 FROM documents seen WHERE seen.id = " + column + " AND " + where + ")", args
}

// accessGroups are the different access groups of the documents, at a revision.
type accessGroups struct {
	revision int64
	columns  []string // as they stand in the column groups
	groups   [][]string
}

// View names what the reader of ctx sees of the collection: see Reader.View.
func (s *Store) View(ctx context.Context) (string, error) {
	v, err := s.view(ctx)
	return v.key, err
}

func (s *Store) view(ctx context.Context) (view, error) {
	r := ReaderOf(ctx)
	if r.Everything {
		return view{everything: true}, nil
	}
	known, err := s.accessGroups(ctx)
	if err != nil {
		return view{}, err
	}
	v := view{key: r.View(known.groups), values: []any{""}}
	for i, groups := range known.groups {
		if len(groups) > 0 && r.MayRead(groups) {
			v.values = append(v.values, known.columns[i])
		}
	}
	return v, nil
}

// accessGroups reads the access groups that there are, once for each revision.
func (s *Store) accessGroups(ctx context.Context) (*accessGroups, error) {
	revision, err := s.LastRevision(ctx)
	if err != nil {
		return nil, err
	}
	if have := s.groups.Load(); have != nil && have.revision == revision {
		return have, nil
	}
	rows, err := s.read.QueryContext(ctx, "SELECT DISTINCT groups FROM documents")
	columns, err := collect(rows, err, func(c *string) []any { return []any{c} })
	if err != nil {
		return nil, err
	}
	known := &accessGroups{revision: revision, columns: columns, groups: make([][]string, len(columns))}
	for i, column := range columns {
		if err := fromJSON(column, &known.groups[i]); err != nil {
			return nil, err
		}
	}
	s.groups.Store(known)
	return known, nil
}
