package corpus

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// dateVersions orders the versions of an act by their date of issue: each is in
// force until the next one is, and points to it. A version whose dates change
// gets a new revision, so that the indexes learn of it.
//
// A version counts for another only where everybody who may read the other may
// read it too: else its dates and links would tell of a hidden one.
func dateVersions(ctx context.Context, tx *sql.Tx, family string) error {
	if family == "" {
		return nil
	}
	versions, err := versionsOf(ctx, tx, family)
	if err != nil {
		return err
	}
	for i, version := range versions {
		want := version.among(versions[:i], versions[i+1:])
		if want == version.dates {
			continue
		}
		revision, err := nextRevision(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE documents SET in_force_from = ?, in_force_to = ?, supersedes = ?,
			superseded_by = ?, revision = ? WHERE id = ?`,
			want.from, want.to, want.supersedes, want.supersededBy, revision, version.id); err != nil {
			return err
		}
	}
	return nil
}

// version is what dating looks at.
type version struct {
	id, column                   string // column: groups as stored
	groups                       []string
	issued, statedFrom, statedTo Date
	dates
}

// dates are what dating finds out.
type dates struct {
	from, to                 Date
	supersedes, supersededBy string
}

// among dates a version between those before and after it.
func (v *version) among(before, after []version) dates {
	d := dates{from: firstOf(v.statedFrom, v.issued), to: v.statedTo}
	for _, other := range slices.Backward(before) {
		if other.seenByReadersOf(v) {
			d.supersedes = other.id
			break
		}
	}
	for _, other := range after {
		if !other.seenByReadersOf(v) {
			continue
		}
		d.supersededBy = other.id
		if start := firstOf(other.statedFrom, other.issued); d.to == "" || start < d.to {
			d.to = start
		}
		break
	}
	return d
}

// seenByReadersOf tells whether everybody who may read other may read v.
func (v *version) seenByReadersOf(other *version) bool {
	if len(v.groups) == 0 || len(other.groups) == 0 {
		return len(v.groups) == 0
	}
	return !slices.ContainsFunc(other.groups, func(g string) bool { return !slices.Contains(v.groups, g) })
}

func versionsOf(ctx context.Context, tx *sql.Tx, family string) ([]version, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, groups, supersedes, superseded_by, issued, stated_from, stated_to, in_force_from, in_force_to
		FROM documents WHERE family = ? ORDER BY issued, id`, family)
	list, err := collect(rows, err, func(v *version) []any {
		return []any{&v.id, &v.column, &v.supersedes, &v.supersededBy, &v.issued, &v.statedFrom, &v.statedTo, &v.from, &v.to}
	})
	for i := range list {
		if err == nil {
			err = fromJSON(list[i].column, &list[i].groups)
		}
	}
	return list, err
}

// SetGroups changes who may read a document. It fails with ErrNotFound.
func (s *Store) SetGroups(ctx context.Context, id string, groups []string) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		revision, err := nextRevision(ctx, tx)
		if err != nil {
			return err
		}
		var family string
		err = tx.QueryRowContext(ctx, "UPDATE documents SET groups = ?, revision = ? WHERE id = ? RETURNING family", toJSON(groups), revision, id).Scan(&family)
		if err == sql.ErrNoRows {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		return dateVersions(ctx, tx, family)
	})
	if err != nil {
		return fmt.Errorf("changing who may read %q: %w", id, err)
	}
	return nil
}
