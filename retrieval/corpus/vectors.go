package corpus

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"unicode/utf8"
)

// TextHash identifies a text that is embedded: the first 16 bytes of its
// SHA-256.
type TextHash [16]byte

// maxEmbeddedTitle is how much of a title stands before each passage, in
// characters: enough to name the act, too little to drown the passage.
const maxEmbeddedTitle = 160

// EmbeddedText is what is embedded of a passage: it must say which act it is
// from, since "Stk. 2. Det samme gælder …" does not.
func EmbeddedText(title, passage string) string {
	if utf8.RuneCountInString(title) > maxEmbeddedTitle {
		title = string([]rune(title)[:maxEmbeddedTitle])
	}
	return title + ". " + passage
}

// HashText returns the hash of an embedded text.
func HashText(text string) TextHash {
	sum := sha256.Sum256([]byte(text))
	return TextHash(sum[:len(TextHash{})])
}

// TextVector is a vector in 8 bits a component: component = Scale × Codes[i].
type TextVector struct {
	Text  TextHash
	Scale float32
	Codes []byte // signed
}

// PassageVector is the vector of a passage's text; Codes is nil where it has none.
type PassageVector struct {
	Passage string // id
	TextVector
}

// VectorsOf returns every passage of a document with its vector of a model. The
// text's hash is zero for passages that were stored before there were vectors.
func (s *Store) VectorsOf(ctx context.Context, document, model string) ([]PassageVector, error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	type row struct {
		section string
		ordinal int
		hash    []byte
		PassageVector
	}
	rows, err := s.read.QueryContext(ctx, `SELECT p.section, p.ordinal, p.text_hash, coalesce(v.scale, 0), v.codes FROM passages p
		LEFT JOIN vectors v ON v.text_hash = p.text_hash AND v.model = (SELECT id FROM embedding_models WHERE name = ?)
		WHERE p.document = ?`, model, document)
	list, err := collect(rows, err, func(r *row) []any { return []any{&r.section, &r.ordinal, &r.hash, &r.Scale, &r.Codes} })
	if err != nil {
		return nil, fmt.Errorf("vectors of %q: %w", document, err)
	}
	out := make([]PassageVector, len(list))
	for i := range list {
		out[i] = list[i].PassageVector
		out[i].Passage = PassageID(list[i].section, list[i].ordinal)
		copy(out[i].Text[:], list[i].hash)
	}
	return out, nil
}

// PutVectors stores vectors of a model. It passes over those whose text no
// passage has, and returns how many it took.
func (s *Store) PutVectors(ctx context.Context, model string, vectors []TextVector) (taken int, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		id, err := modelID(ctx, tx, model)
		if err != nil {
			return err
		}
		stmt, err := tx.PrepareContext(ctx, `INSERT INTO vectors(text_hash, model, scale, codes)
			SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM passages WHERE text_hash = ?1)
			ON CONFLICT(text_hash, model) DO UPDATE SET scale = excluded.scale, codes = excluded.codes`)
		if err != nil {
			return err
		}
		defer stmt.Close()
		for _, v := range vectors {
			res, err := stmt.ExecContext(ctx, v.Text[:], id, v.Scale, v.Codes)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			taken += int(n)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("storing vectors: %w", err)
	}
	return taken, nil
}

func modelID(ctx context.Context, tx *sql.Tx, model string) (id int64, err error) {
	if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO embedding_models(name) VALUES (?)", model); err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "SELECT id FROM embedding_models WHERE name = ?", model).Scan(&id)
	return id, err
}

// HashTexts gives the passages of a document the hashes of their texts, where
// they were stored before there were vectors.
func (s *Store) HashTexts(ctx context.Context, document string) error {
	doc, err := s.Document(ctx, document)
	if err != nil {
		return err
	}
	passages, err := s.PassagesOf(ctx, document)
	if err != nil {
		return err
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		for _, p := range passages {
			hash := HashText(EmbeddedText(doc.Title, p.Text))
			if _, err := tx.ExecContext(ctx, "UPDATE passages SET text_hash = ? WHERE document = ? AND section = ? AND ordinal = ?",
				hash[:], document, p.Section, p.Ordinal); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("hashing the texts of %q: %w", document, err)
	}
	return nil
}

// VectorCoverage counts the passages, and those whose text has a vector of a
// model. It looks at every passage: about a second for a million.
func (s *Store) VectorCoverage(ctx context.Context, model string) (done, total int, err error) {
	if err := operatorOnly(ctx); err != nil {
		return 0, 0, err
	}
	err = s.read.QueryRowContext(ctx, `SELECT count(v.id), count(*) FROM passages p
		LEFT JOIN vectors v ON v.text_hash = p.text_hash AND v.model = (SELECT id FROM embedding_models WHERE name = ?)`, model).
		Scan(&done, &total)
	if err != nil {
		return 0, 0, fmt.Errorf("counting vectors: %w", err)
	}
	return done, total, nil
}

// CountVectors counts the vectors of a model: one for each text.
func (s *Store) CountVectors(ctx context.Context, model string) (n int, err error) {
	if err := operatorOnly(ctx); err != nil {
		return 0, err
	}
	err = s.read.QueryRowContext(ctx, "SELECT count(*) FROM vectors WHERE model = (SELECT id FROM embedding_models WHERE name = ?)", model).Scan(&n)
	return n, err
}

// Vectors yields the vectors of a model in the order of their texts' hashes. It
// stops after the first error.
func (s *Store) Vectors(ctx context.Context, model string) iter.Seq2[TextVector, error] {
	return func(yield func(TextVector, error) bool) {
		if err := operatorOnly(ctx); err != nil {
			yield(TextVector{}, err)
			return
		}
		rows, err := s.read.QueryContext(ctx, `SELECT text_hash, scale, codes FROM vectors
			WHERE model = (SELECT id FROM embedding_models WHERE name = ?) ORDER BY text_hash`, model)
		if err != nil {
			yield(TextVector{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var hash []byte
			var v TextVector
			err := rows.Scan(&hash, &v.Scale, &v.Codes)
			copy(v.Text[:], hash)
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(TextVector{}, err)
		}
	}
}

// OtherModels lists the models, besides one, of which there are vectors.
func (s *Store) OtherModels(ctx context.Context, model string) ([]string, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT name FROM embedding_models WHERE name <> ? ORDER BY name", model)
	return collect(rows, err, func(name *string) []any { return []any{name} })
}

// DropModel removes all vectors of a model.
func (s *Store) DropModel(ctx context.Context, model string) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		_, err1 := tx.ExecContext(ctx, "DELETE FROM vectors WHERE model = (SELECT id FROM embedding_models WHERE name = ?)", model)
		_, err2 := tx.ExecContext(ctx, "DELETE FROM embedding_models WHERE name = ?", model)
		return errors.Join(err1, err2)
	})
	if err != nil {
		return fmt.Errorf("removing the vectors of %q: %w", model, err)
	}
	return nil
}

// dropReleased removes the vectors of texts that no passage has any more. It is
// the last step of every transaction, so that a document that is read again
// keeps the vectors of what has not changed.
func dropReleased(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM vectors WHERE text_hash IN (SELECT text_hash FROM released_texts)
		AND NOT EXISTS (SELECT 1 FROM passages p WHERE p.text_hash = vectors.text_hash)`); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM released_texts")
	return err
}
