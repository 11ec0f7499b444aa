package corpus

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Mention is a reference as it stands in a text, before it is known what the
// collection holds: the graph keeps mentions and resolves them when asked, so
// that they follow an act to its next version.
type Mention struct {
	Section    string // id of the section it stands in
	Start, End int    // byte range in that section's text
	Raw        string
	Act        string // as Reference.Act
	Family     string // of the act; "" for the document itself
	Number     string // id of the document, where the text gives its number
	Local      string // "85a"; "" for the whole act
	LocalTo    string // last of a range; "" otherwise
	Part       string
}

// target is how a mention names the act in the table: a family, or '#' and the
// id of a document, for acts without a family and for references within a text.
func (m *Mention) target(d *Document) string {
	switch {
	case m.Family != "":
		return m.Family
	case m.Number != "":
		return "#" + m.Number
	case m.Act == "":
		return "#" + d.ID
	}
	return m.Act
}

// sectionKey orders section numbers: 85 < 85a < 86. Numbers of other forms
// have none and give 0.
func sectionKey(local string) int64 {
	var number int64
	i := 0
	for ; i < len(local) && i < 7 && '0' <= local[i] && local[i] <= '9'; i++ {
		number = number*10 + int64(local[i]-'0')
	}
	if i == 0 {
		return 0
	}
	key := number * 32 * 32
	for n, r := range strings.ToLower(local[i:]) {
		if n > 1 || r < 'a' || r > 'z' {
			return 0
		}
		if n == 0 {
			key += int64(r-'a'+1) * 32
		} else {
			key += int64(r - 'a' + 1)
		}
	}
	return key
}

func insertMentions(ctx context.Context, tx *sql.Tx, d *Document, mentions []Mention) error {
	stmt, err := tx.PrepareContext(ctx, `INSERT INTO refs(document, section, start, stop, raw, act, target, number, local, part, first, last)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for i := range mentions {
		m := &mentions[i]
		first := sectionKey(m.Local)
		last := max(first, sectionKey(m.LocalTo))
		if _, err := stmt.ExecContext(ctx, d.ID, m.Section, m.Start, m.End, m.Raw, m.Act, m.target(d), m.Number, m.Local, m.Part, first, last); err != nil {
			return fmt.Errorf("reference %q in %s: %w", m.Raw, m.Section, err)
		}
	}
	return nil
}

// Resolve finds the version of an act that is in force on day (or, where none
// is, the newest) and its section with the number local. The act is given by its
// family or, where number is not empty, by the id of one version.
func (s *Store) Resolve(ctx context.Context, family, number, local string, day Date) (document, section string, status Status, err error) {
	docs, err := s.documents(ctx, "(family <> '' AND family = ?) OR (? <> '' AND id = ?)", "ORDER BY issued DESC, id", family, number, number)
	if err != nil {
		return "", "", Unknown, fmt.Errorf("resolving %s § %s: %w", family, local, err)
	}
	if len(docs) == 0 {
		return "", "", Unknown, nil
	}
	doc := choose(docs, day)
	if local == "" {
		return doc.ID, "", Resolved, nil
	}
	section, status, err = s.findSection(ctx, doc.ID, local)
	return doc.ID, section, status, err
}

// choose takes the version in force on day, else the newest that had begun,
// else the oldest. docs are ordered newest first.
func choose(docs []Document, day Date) Document {
	if day == "" {
		day = Today()
	}
	for _, d := range docs {
		if d.InForce(day) {
			return d
		}
	}
	for _, d := range docs {
		if d.InForceFrom <= day {
			return d
		}
	}
	return docs[len(docs)-1]
}

// findSection looks for the section with a number, also inside a section that
// stands for a range ("§§ 13-15. (Ophævet)").
func (s *Store) findSection(ctx context.Context, document, local string) (string, Status, error) {
	var id string
	err := s.read.QueryRowContext(ctx, "SELECT id FROM sections WHERE id = ?", document+"#"+local).Scan(&id)
	if err == nil {
		return id, Resolved, nil
	}
	if err != sql.ErrNoRows {
		return "", Unknown, err
	}
	key := sectionKey(local)
	if key == 0 {
		return "", Unknown, nil
	}
	rows, err := s.read.QueryContext(ctx, "SELECT id FROM sections WHERE document = ? AND id LIKE ? || '#%-%'", document, document)
	ids, err := collect(rows, err, func(id *string) []any { return []any{id} })
	for _, id := range ids {
		_, number, _ := strings.Cut(id, "#")
		from, to, ok := strings.Cut(number, "-")
		if first, last := sectionKey(from), sectionKey(to); ok && first != 0 && first <= key && key <= last {
			return id, Resolved, nil
		}
	}
	return "", Unknown, err
}

// References returns what a section refers to, resolved as of day, in the order
// of its text.
func (s *Store) References(ctx context.Context, section string, day Date) ([]Reference, error) {
	type row struct {
		Reference
		target, number, local string
	}
	document, _, _ := strings.Cut(section, "#")
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	seen, values := v.of("refs.document")
	rows, err := s.read.QueryContext(ctx, `SELECT section, start, stop, raw, act, target, number, local, part FROM refs
		WHERE document = ? AND section = ? AND `+seen+` ORDER BY start`, append([]any{document, section}, values...)...)
	list, err := collect(rows, err, func(r *row) []any {
		return []any{&r.From, &r.Start, &r.End, &r.Raw, &r.Act, &r.target, &r.number, &r.local, &r.Part}
	})
	out := make([]Reference, len(list))
	for i := range list {
		r := &list[i]
		if err != nil {
			break
		}
		if own, ok := strings.CutPrefix(r.target, "#"); ok {
			r.Document, r.Section, r.Status, err = s.Resolve(ctx, "", own, r.local, day)
		} else {
			r.Document, r.Section, r.Status, err = s.Resolve(ctx, r.target, r.number, r.local, day)
		}
		out[i] = r.Reference
	}
	if err != nil {
		return nil, fmt.Errorf("references of %q: %w", section, err)
	}
	return out, nil
}

// CitedBy returns the references to a section from documents in force on day,
// at most limit of them, other documents' first.
func (s *Store) CitedBy(ctx context.Context, section string, day Date, limit int) ([]Reference, error) {
	if day == "" {
		day = Today()
	}
	id, local, _ := strings.Cut(section, "#")
	doc, err := s.Document(ctx, id)
	if err != nil {
		return nil, err
	}
	first, last := sectionKey(local), sectionKey(local)
	if from, to, ok := strings.Cut(local, "-"); ok && sectionKey(from) != 0 {
		first, last = sectionKey(from), sectionKey(to)
	}
	if first == 0 {
		return nil, nil
	}
	v, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	seen, values := v.where("d.groups")
	rows, err := s.read.QueryContext(ctx, `SELECT r.section, r.start, r.stop, r.raw, r.act, r.part
		FROM refs r JOIN documents d ON d.id = r.document
		WHERE r.target IN (?, ?) AND r.target <> '' AND r.first <= ? AND r.last >= ? AND r.first > 0
			AND (d.in_force_from = '' OR d.in_force_from <= ?) AND (d.in_force_to = '' OR d.in_force_to > ?) AND `+seen+`
		ORDER BY r.document = ?, d.title, r.document, r.section, r.start LIMIT ?`,
		slices.Concat([]any{doc.Family, "#" + doc.ID, last, first, day, day}, values, []any{doc.ID, limit})...)
	out, err := collect(rows, err, func(r *Reference) []any {
		r.Document, r.Section, r.Status = doc.ID, section, Resolved
		return []any{&r.From, &r.Start, &r.End, &r.Raw, &r.Act, &r.Part}
	})
	if err != nil {
		return nil, fmt.Errorf("references to %q: %w", section, err)
	}
	return out, nil
}

// Citations counts how often each act and each of its sections is cited by other
// documents that the reader of ctx sees and that are in force on day. What an act
// refers to within itself says how it was written, not how much it matters: one act
// of 2019 does so 2,029 times.
func (s *Store) Citations(ctx context.Context, day Date) (Citations, error) {
	if day == "" {
		day = Today()
	}
	type row struct {
		target, local string
		n             int
	}
	v, err := s.view(ctx)
	if err != nil {
		return Citations{}, err
	}
	seen, values := v.where("groups")
	rows, err := s.read.QueryContext(ctx, `SELECT target, local, count(*) FROM refs
		WHERE target <> '#' || document
			AND document NOT IN (SELECT id FROM documents WHERE in_force_from > ? OR (in_force_to <> '' AND in_force_to <= ?) OR NOT `+seen+`)
		GROUP BY target, local`, append([]any{day, day}, values...)...)
	list, err := collect(rows, err, func(r *row) []any { return []any{&r.target, &r.local, &r.n} })
	c := Citations{act: map[string]int{}, section: map[[2]string]int{}}
	for _, r := range list {
		c.act[r.target] += r.n
		if r.local != "" {
			c.section[[2]string{r.target, r.local}] = r.n
		}
	}
	return c, err
}

// Citations is the reference graph's in-degree: the document prior of ranking.
type Citations struct {
	act     map[string]int
	section map[[2]string]int
}

// Of returns how often the document, in any version, and the section with the
// number local are cited.
func (c Citations) Of(d *Document, local string) (act, section int) {
	act = c.act["#"+d.ID]
	section = c.section[[2]string{"#" + d.ID, local}]
	if d.Family != "" {
		act += c.act[d.Family]
		section += c.section[[2]string{d.Family, local}]
	}
	return act, section
}
