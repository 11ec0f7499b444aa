package corpus

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const documentColumns = `id, revision, title, short_titles, kind, number, issued, in_force_from, in_force_to, family,
	supersedes, superseded_by, url, source, sha256, collection, groups, language, sensitivity, media_type, reader,
	pages, sample, sections, ingested_at`

// Document returns one document. It fails with ErrNotFound.
func (s *Store) Document(ctx context.Context, id string) (Document, error) {
	docs, err := s.documents(ctx, "id = ?", "", id)
	if err == nil && len(docs) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Document{}, fmt.Errorf("document %q: %w", id, err)
	}
	return docs[0], nil
}

// Documents lists documents by collection and title.
func (s *Store) Documents(ctx context.Context, f DocumentFilter) ([]Document, error) {
	where, args := f.where()
	limit := f.Limit
	if limit <= 0 {
		limit = -1
	}
	docs, err := s.documents(ctx, where, "ORDER BY collection, title COLLATE NOCASE, issued DESC, id LIMIT ? OFFSET ?",
		append(args, limit, f.Offset)...)
	if err != nil {
		return nil, fmt.Errorf("listing documents: %w", err)
	}
	return docs, nil
}

// CountDocuments counts what Documents would list without Limit and Offset.
func (s *Store) CountDocuments(ctx context.Context, f DocumentFilter) (int, error) {
	v, err := s.view(ctx)
	if err != nil {
		return 0, err
	}
	where, args := f.where()
	seen, values := v.where("groups")
	var n int
	err = s.read.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE "+seen+" AND "+where, slices.Concat(values, args)...).Scan(&n)
	return n, err
}

// where matches the words of Text by LIKE; SQLite folds ASCII letters only, so
// both sides also try the word as typed, in lower and in upper case of its
// first letter ("ældre", "Ældre").
func (f DocumentFilter) where() (string, []any) {
	var conditions []string
	var args []any
	if f.Collection != "" {
		conditions, args = append(conditions, "collection = ?"), append(args, f.Collection)
	}
	if f.Kind != "" {
		conditions, args = append(conditions, "kind = ?"), append(args, f.Kind)
	}
	for _, word := range strings.Fields(f.Text) {
		const text = "(title || ' ' || short_titles || ' ' || number || ' ' || source) LIKE ? ESCAPE '\\'"
		conditions = append(conditions, "("+text+" OR "+text+")")
		escaped := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(word))
		first, size := utf8.DecodeRuneInString(escaped)
		args = append(args, "%"+escaped+"%", "%"+string(unicode.ToUpper(first))+escaped[size:]+"%")
	}
	return strings.Join(append(conditions, "1"), " AND "), args
}

// documents returns the documents that the reader of ctx sees and that meet the
// condition; args are of the condition and of the order.
func (s *Store) documents(ctx context.Context, where, order string, args ...any) ([]Document, error) {
	type row struct {
		Document
		short, groups string
	}
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	seen, values := v.where("groups")
	rows, err := s.read.QueryContext(ctx, "SELECT "+documentColumns+" FROM documents WHERE "+seen+" AND ("+where+") "+order,
		slices.Concat(values, args)...)
	list, err := collect(rows, err, func(r *row) []any {
		d := &r.Document
		return []any{&d.ID, &d.Revision, &d.Title, &r.short, &d.Kind, &d.Number, &d.Issued, &d.InForceFrom, &d.InForceTo, &d.Family,
			&d.Supersedes, &d.SupersededBy, &d.URL, &d.Source, &d.SHA256, &d.Collection, &r.groups, &d.Language, &d.Sensitivity,
			&d.MediaType, &d.Reader, &d.Pages, &d.Sample, &d.Sections, &d.IngestedAt}
	})
	docs := make([]Document, len(list))
	for i := range list {
		docs[i] = list[i].Document
		if err == nil {
			err = fromJSON(list[i].short, &docs[i].ShortTitles)
		}
		if err == nil {
			err = fromJSON(list[i].groups, &docs[i].Groups)
		}
	}
	return docs, err
}

const sectionColumns = "document, ordinal, id, label, path, heading, text, parts, repealed, positions"

// Section returns one section. It fails with ErrNotFound.
func (s *Store) Section(ctx context.Context, id string) (Section, error) {
	list, err := s.sections(ctx, "id = ?", id)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Section{}, fmt.Errorf("section %q: %w", id, err)
	}
	return list[0], nil
}

// SectionsOf returns a document's sections in their order; none for an unknown id.
func (s *Store) SectionsOf(ctx context.Context, document string) ([]Section, error) {
	list, err := s.sections(ctx, "document = ?", document)
	if err != nil {
		return nil, fmt.Errorf("sections of %q: %w", document, err)
	}
	return list, nil
}

// sections returns the sections of one document that meet the condition, in
// their order, if the reader of ctx sees the document.
func (s *Store) sections(ctx context.Context, where, arg string) ([]Section, error) {
	type row struct {
		Section
		path, parts, positions string
	}
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	seen, values := v.of("sections.document")
	rows, err := s.read.QueryContext(ctx, "SELECT "+sectionColumns+" FROM sections WHERE "+where+" AND "+seen+" ORDER BY ordinal",
		append([]any{arg}, values...)...)
	list, err := collect(rows, err, func(r *row) []any {
		return []any{&r.Document, &r.Ordinal, &r.ID, &r.Label, &r.path, &r.Heading, &r.Text, &r.parts, &r.Repealed, &r.positions}
	})
	out := make([]Section, len(list))
	for i := range list {
		out[i] = list[i].Section
		if err == nil {
			err = fromJSON(list[i].path, &out[i].Path)
		}
		if err == nil {
			err = fromJSON(list[i].parts, &out[i].Parts)
		}
		if err == nil {
			err = fromJSON(list[i].positions, &out[i].Positions)
		}
	}
	return out, err
}

const passageQuery = `SELECT p.document, p.section, p.ordinal, p.start, p.stop, p.context,
		substr(CAST(t.text AS BLOB), p.start + 1, p.stop - p.start)
	FROM passages p JOIN sections t ON t.id = p.section WHERE `

// PassagesOf returns a document's passages in the order of its text.
func (s *Store) PassagesOf(ctx context.Context, document string) ([]Passage, error) {
	list, err := s.passages(ctx, "p.document = ?", document)
	if err != nil {
		return nil, fmt.Errorf("passages of %q: %w", document, err)
	}
	return list, nil
}

// Passage returns one passage. It fails with ErrNotFound.
func (s *Store) Passage(ctx context.Context, id string) (Passage, error) {
	document, _, _ := strings.Cut(id, "#")
	slash := strings.LastIndexByte(id, '/')
	n, err := strconv.Atoi(id[slash+1:])
	if slash < 0 || err != nil {
		return Passage{}, fmt.Errorf("passage %q: %w", id, ErrNotFound)
	}
	list, err := s.passages(ctx, "p.document = ? AND p.section = ? AND p.ordinal = ?", document, id[:slash], n-1)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Passage{}, fmt.Errorf("passage %q: %w", id, err)
	}
	return list[0], nil
}

// passages returns the passages that meet the condition, in the order of the
// text, if the reader of ctx sees their document.
func (s *Store) passages(ctx context.Context, where string, args ...any) ([]Passage, error) {
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	seen, values := v.of("p.document")
	rows, err := s.read.QueryContext(ctx, passageQuery+where+" AND "+seen+" ORDER BY t.ordinal, p.ordinal", append(args, values...)...)
	list, err := collect(rows, err, func(p *Passage) []any {
		return []any{&p.Document, &p.Section, &p.Ordinal, &p.Start, &p.End, &p.Context, &p.Text}
	})
	for i := range list {
		list[i].ID = PassageID(list[i].Section, list[i].Ordinal)
	}
	return list, err
}

// PassageID is the id of a section's passage; ordinal counts from 0.
func PassageID(section string, ordinal int) string { return fmt.Sprintf("%s/%d", section, ordinal+1) }

// Original returns the bytes that a document was read from and their media
// type. It fails with ErrNotFound.
func (s *Store) Original(ctx context.Context, document string) (data []byte, mediaType string, err error) {
	v, err := s.view(ctx)
	if err != nil {
		return nil, "", err
	}
	seen, values := v.where("d.groups")
	err = s.read.QueryRowContext(ctx, "SELECT o.data, d.media_type FROM originals o JOIN documents d ON d.id = o.document WHERE d.id = ? AND "+seen,
		append([]any{document}, values...)...).Scan(&data, &mediaType)
	if err == sql.ErrNoRows {
		err = ErrNotFound
	}
	if err != nil {
		return nil, "", fmt.Errorf("original of %q: %w", document, err)
	}
	return data, mediaType, nil
}

// LastRevision returns a number that is raised by every change of the store.
func (s *Store) LastRevision(ctx context.Context) (int64, error) {
	var n int64
	err := s.read.QueryRowContext(ctx, "SELECT coalesce((SELECT value FROM counters WHERE name = 'revision'), 0)").Scan(&n)
	return n, err
}

// Revisions returns every document's id with its revision.
func (s *Store) Revisions(ctx context.Context) (map[string]int64, error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	type row struct {
		id       string
		revision int64
	}
	rows, err := s.read.QueryContext(ctx, "SELECT id, revision FROM documents")
	list, err := collect(rows, err, func(r *row) []any { return []any{&r.id, &r.revision} })
	out := make(map[string]int64, len(list))
	for _, r := range list {
		out[r.id] = r.revision
	}
	return out, err
}

// Families returns every document's id with its family, which may be empty.
func (s *Store) Families(ctx context.Context) (map[string]string, error) {
	if err := operatorOnly(ctx); err != nil {
		return nil, err
	}
	type row struct{ id, family string }
	rows, err := s.read.QueryContext(ctx, "SELECT id, family FROM documents")
	list, err := collect(rows, err, func(r *row) []any { return []any{&r.id, &r.family} })
	out := make(map[string]string, len(list))
	for _, r := range list {
		out[r.id] = r.family
	}
	return out, err
}

// CollectionCount is a collection with its number of documents.
type CollectionCount struct {
	Name      string `json:"name"`
	Documents int    `json:"documents"`
}

// Collections lists the collections by name.
func (s *Store) Collections(ctx context.Context) ([]CollectionCount, error) {
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	seen, values := v.where("groups")
	rows, err := s.read.QueryContext(ctx, "SELECT collection, count(*) FROM documents WHERE "+seen+" GROUP BY collection ORDER BY collection", values...)
	return collect(rows, err, func(c *CollectionCount) []any { return []any{&c.Name, &c.Documents} })
}

// collect scans every row into a new T through the pointers that into gives.
func collect[T any](rows *sql.Rows, err error, into func(*T) []any) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var t T
		if err := rows.Scan(into(&t)...); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}
