package corpus

import (
	"context"
	"database/sql"
	"fmt"
)

// Source records what became of a file or address at its last reading.
type Source struct {
	Collection string
	Path       string // below the ingested folder, or an address
	SHA256     string // of its bytes, hex
	Parser     int    // version of the parsers that read it
	Document   string // id of the document it gave; "" where it failed
	Status     string // the report's word
	Reason     string // Danish, why it failed
}

// Source returns the record of a path, or ok false.
func (s *Store) Source(ctx context.Context, collection, path string) (src Source, ok bool, err error) {
	if err := operatorOnly(ctx); err != nil {
		return Source{}, false, err
	}
	rows, err := s.read.QueryContext(ctx, `SELECT collection, path, sha256, parser, document, status, reason
		FROM sources WHERE collection = ? AND path = ?`, collection, path)
	list, err := collect(rows, err, sourceFields)
	if err != nil || len(list) == 0 {
		return Source{}, false, err
	}
	return list[0], true, nil
}

// Sources lists the records of a collection.
func (s *Store) Sources(ctx context.Context, collection string) ([]Source, error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	rows, err := s.read.QueryContext(ctx, `SELECT collection, path, sha256, parser, document, status, reason
		FROM sources WHERE collection = ? ORDER BY path`, collection)
	return collect(rows, err, sourceFields)
}

func sourceFields(src *Source) []any {
	return []any{&src.Collection, &src.Path, &src.SHA256, &src.Parser, &src.Document, &src.Status, &src.Reason}
}

// PutSource records a source that stored no document now: it failed, was refused,
// or holds what another source gave already. src.Document names the document
// that the source stands for, where there is one; what it stood for before is
// removed unless another source gives it.
func (s *Store) PutSource(ctx context.Context, src Source) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		before, err := sourceDocument(ctx, tx, src.Collection, src.Path)
		if err != nil {
			return err
		}
		if err := putSource(ctx, tx, src); err != nil {
			return err
		}
		if before == "" || before == src.Document {
			return nil
		}
		return removeUnsourced(ctx, tx, before)
	})
	if err != nil {
		return fmt.Errorf("recording %s: %w", src.Path, err)
	}
	return nil
}

// sourceDocument returns the document that a path stands for, or "".
func sourceDocument(ctx context.Context, tx *sql.Tx, collection, path string) (id string, err error) {
	err = tx.QueryRowContext(ctx, "SELECT document FROM sources WHERE collection = ? AND path = ?", collection, path).Scan(&id)
	if err == sql.ErrNoRows {
		err = nil
	}
	return id, err
}

// DeleteSource forgets a path, and removes its document if no other source gives it.
func (s *Store) DeleteSource(ctx context.Context, collection, path string) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var document string
		err := tx.QueryRowContext(ctx, "DELETE FROM sources WHERE collection = ? AND path = ? RETURNING document", collection, path).Scan(&document)
		if err == sql.ErrNoRows || document == "" {
			return nil
		}
		if err != nil {
			return err
		}
		return removeUnsourced(ctx, tx, document)
	})
	if err != nil {
		return fmt.Errorf("forgetting %s: %w", path, err)
	}
	return nil
}

func putSource(ctx context.Context, tx *sql.Tx, src Source) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO sources(collection, path, sha256, parser, document, status, reason) VALUES (?,?,?,?,?,?,?)
		ON CONFLICT(collection, path) DO UPDATE SET sha256 = excluded.sha256, parser = excluded.parser,
			document = excluded.document, status = excluded.status, reason = excluded.reason`,
		src.Collection, src.Path, src.SHA256, src.Parser, src.Document, src.Status, src.Reason)
	return err
}

// SourceOf returns the source that gave a document, or nil.
func (s *Store) SourceOf(ctx context.Context, document string) (*Source, error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	rows, err := s.read.QueryContext(ctx, `SELECT collection, path, sha256, parser, document, status, reason
		FROM sources WHERE document = ? AND status IN ('read', 'replaced') LIMIT 1`, document)
	list, err := collect(rows, err, sourceFields)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}
