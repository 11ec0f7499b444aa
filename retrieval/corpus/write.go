package corpus

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
)

// Contents is a whole document as it goes into the store.
type Contents struct {
	Document Document
	Sections []Section
	Passages []Passage
	Mentions []Mention
	Original []byte // the source bytes
}

// Put stores c and the record of where it was read, in one transaction. It
// replaces what was stored under the same id, removes the document that the same
// source gave before if no other source gives it, and dates the other versions
// of the same act. It returns the stored document.
func (s *Store) Put(ctx context.Context, c Contents, from Source) (Document, error) {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		before, err := sourceDocument(ctx, tx, from.Collection, from.Path)
		if err != nil {
			return err
		}
		if err := removeDocument(ctx, tx, c.Document.ID); err != nil {
			return err
		}
		if err := insertAll(ctx, tx, &c); err != nil {
			return err
		}
		if err := dateVersions(ctx, tx, c.Document.Family); err != nil {
			return err
		}
		from.Document = c.Document.ID
		if err := putSource(ctx, tx, from); err != nil {
			return err
		}
		if before != "" && before != c.Document.ID {
			return removeUnsourced(ctx, tx, before)
		}
		return nil
	})
	if err != nil {
		return Document{}, fmt.Errorf("storing %s: %w", c.Document.ID, err)
	}
	return s.Document(ctx, c.Document.ID)
}

// Delete removes a document, its sources and everything derived from it, and
// dates the remaining versions anew. It fails with ErrNotFound.
func (s *Store) Delete(ctx context.Context, id string) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE id = ?", id).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return ErrNotFound
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM sources WHERE document = ?", id); err != nil {
			return err
		}
		return removeDocument(ctx, tx, id)
	})
	if err != nil {
		return fmt.Errorf("deleting %s: %w", id, err)
	}
	return nil
}

// DeleteSamples removes every sample document and returns how many there were.
func (s *Store) DeleteSamples(ctx context.Context) (int, error) {
	n := 0
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT id FROM documents WHERE sample")
		ids, err := collect(rows, err, func(id *string) []any { return []any{id} })
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, "DELETE FROM sources WHERE document = ?", id); err != nil {
				return err
			}
			if err := removeDocument(ctx, tx, id); err != nil {
				return err
			}
		}
		n = len(ids)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("deleting the sample documents: %w", err)
	}
	return n, nil
}

// samplesMark is the counter that says the sample documents were offered once.
const samplesMark = "samples"

// WantsSamples tells whether the store is new: it holds nothing but sample
// documents, and their ingest has never been completed.
func (s *Store) WantsSamples(ctx context.Context) (bool, error) {
	var wants bool
	err := s.read.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM counters WHERE name = ?)
		AND NOT EXISTS (SELECT 1 FROM documents WHERE NOT sample)`, samplesMark).Scan(&wants)
	return wants, err
}

// MarkSamples records that the sample documents were ingested: once removed,
// they do not come back.
func (s *Store) MarkSamples(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, "INSERT OR IGNORE INTO counters(name, value) VALUES (?, 1)", samplesMark)
	return err
}

func removeUnsourced(ctx context.Context, tx *sql.Tx, id string) error {
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM sources WHERE document = ?", id).Scan(&n); err != nil || n > 0 {
		return err
	}
	return removeDocument(ctx, tx, id)
}

// removeDocument deletes a document; the foreign keys delete what belongs to it.
func removeDocument(ctx context.Context, tx *sql.Tx, id string) error {
	var family string
	err := tx.QueryRowContext(ctx, "DELETE FROM documents WHERE id = ? RETURNING family", id).Scan(&family)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := nextRevision(ctx, tx); err != nil { // so that caches learn of it
		return err
	}
	return dateVersions(ctx, tx, family)
}

func insertAll(ctx context.Context, tx *sql.Tx, c *Contents) error {
	revision, err := nextRevision(ctx, tx)
	if err != nil {
		return err
	}
	c.Document.Revision, c.Document.Sections = revision, len(c.Sections)
	if err := insertDocument(ctx, tx, &c.Document); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO originals(document, data) VALUES (?, ?)", c.Document.ID, append([]byte{}, c.Original...)); err != nil {
		return err
	}
	if err := insertSections(ctx, tx, c.Sections); err != nil {
		return err
	}
	if err := insertPassages(ctx, tx, c); err != nil {
		return err
	}
	return insertMentions(ctx, tx, &c.Document, c.Mentions)
}

// nextRevision never gives the same number twice, so that an index that holds
// a document's revision holds exactly that state of it.
func nextRevision(ctx context.Context, tx *sql.Tx) (int64, error) {
	var n int64
	err := tx.QueryRowContext(ctx, `INSERT INTO counters(name, value) VALUES ('revision', 1)
		ON CONFLICT(name) DO UPDATE SET value = value + 1 RETURNING value`).Scan(&n)
	return n, err
}

func insertDocument(ctx context.Context, tx *sql.Tx, d *Document) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO documents(id, revision, title, short_titles, kind, number, issued,
			stated_from, stated_to, in_force_from, in_force_to, family, url, source, sha256, collection, groups,
			language, sensitivity, media_type, reader, pages, sample, sections, ingested_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		d.ID, d.Revision, d.Title, toJSON(d.ShortTitles), d.Kind, d.Number, d.Issued,
		d.InForceFrom, d.InForceTo, d.InForceFrom, d.InForceTo, d.Family, d.URL, d.Source, d.SHA256, d.Collection, toJSON(d.Groups),
		d.Language, d.Sensitivity, d.MediaType, d.Reader, d.Pages, d.Sample, d.Sections, d.IngestedAt)
	return err
}

func insertSections(ctx context.Context, tx *sql.Tx, sections []Section) error {
	stmt, err := tx.PrepareContext(ctx, `INSERT INTO sections(document, ordinal, id, label, path, heading, text, parts, repealed, positions)
		VALUES (?,?,?,?,?,?,?,?,?,?)`)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for i := range sections {
		s := &sections[i]
		if _, err := stmt.ExecContext(ctx, s.Document, s.Ordinal, s.ID, s.Label, toJSON(s.Path), s.Heading, s.Text,
			toJSON(s.Parts), s.Repealed, toJSON(s.Positions)); err != nil {
			return fmt.Errorf("section %s: %w", s.ID, err)
		}
	}
	return nil
}

func insertPassages(ctx context.Context, tx *sql.Tx, c *Contents) error {
	stmt, err := tx.PrepareContext(ctx, "INSERT INTO passages(document, section, ordinal, start, stop, context, text_hash) VALUES (?,?,?,?,?,?,?)")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for i := range c.Passages {
		p := &c.Passages[i]
		hash := HashText(EmbeddedText(c.Document.Title, p.Text))
		if _, err := stmt.ExecContext(ctx, p.Document, p.Section, p.Ordinal, p.Start, p.End, p.Context, hash[:]); err != nil {
			return fmt.Errorf("passage %s: %w", p.ID, err)
		}
	}
	return nil
}

func firstOf(dates ...Date) Date {
	for _, d := range dates {
		if d != "" {
			return d
		}
	}
	return ""
}

// toJSON writes lists into a column; "" for an empty one keeps rows small.
func toJSON[T any](list []T) string {
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(list); err != nil {
		panic(err) // only strings and numbers: cannot fail
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func fromJSON[T any](column string, list *[]T) error {
	if column == "" {
		return nil
	}
	return json.Unmarshal([]byte(column), list)
}
