package activity

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// The outcomes of what is audited.
const (
	OutcomeAnswered  = "answered"
	OutcomeNoSource  = "no_source"
	OutcomeRefused   = "refused" // by policy: Class says by which rule
	OutcomeFailed    = "failed"
	OutcomeCancelled = "cancelled" // the person left or stopped it
	OutcomeDone      = "done"      // of tasks that answer nothing
)

// The tasks that the store itself audits.
const (
	TaskCheckpoint = "checkpoint" // retention removed the rows up to the one that Note names
	TaskErase      = "erase"      // everything of a person was deleted
	TaskExport     = "export"     // the log or a person's data was taken out
)

// Entry is a row of the audit log: who did what, never with which words.
//
// Hash is the hexadecimal SHA-256 over the hash of the row before ("" for the
// first) and the fields in the order in which they stand here, from Seq to Note,
// each written as its length in bytes, a colon, the text and a comma
// (netstrings). Numbers are decimal, At is milliseconds since 1970, Documents
// one netstring that holds a netstring for each, and of Who only the pseudonym
// counts.
type Entry struct {
	Seq       int64     `json:"seq"` // from 1, without gaps
	At        time.Time `json:"at"`
	Who       string    `json:"who"`            // pseudonym, one a person
	Way       string    `json:"way"`            // web, api, teams, mcp, openai, cli; "" of the store's own
	Task      string    `json:"task"`           // lookup, summary, gaps, search, upload …
	Outcome   string    `json:"outcome"`        // one of the outcomes above
	Class     string    `json:"class"`          // of the verdict of what was refused
	Documents []string  `json:"documents"`      // ids of the documents cited
	Model     string    `json:"model"`          // that worded the answer; "" where it quotes
	Tokens    int64     `json:"tokens"`         // of the model
	Cost      int64     `json:"cost_microdkk"`  // millionths of a krone
	Duration  int64     `json:"ms"`             // from question to answer
	Note      string    `json:"note,omitempty"` // of the store's own tasks
	Hash      string    `json:"hash"`

	// Subject and Name are whose pseudonym Who is; empty once that was deleted.
	// They stand outside the chain.
	Subject string `json:"subject"`
	Name    string `json:"name,omitempty"`
}

// chained returns the hash of e behind a row with the hash previous.
func (e *Entry) chained(previous string) string {
	documents := ""
	for _, d := range e.Documents {
		documents += netstring(d)
	}
	text := netstring(previous)
	for _, field := range []string{
		number(e.Seq), number(millis(e.At)), e.Who, e.Way, e.Task, e.Outcome, e.Class, documents, e.Model,
		number(e.Tokens), number(e.Cost), number(e.Duration), e.Note,
	} {
		text += netstring(field)
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func netstring(s string) string { return strconv.Itoa(len(s)) + ":" + s + "," }

func number(n int64) string { return strconv.FormatInt(n, 10) }

// Person is who an audit row and its cost are about.
type Person struct {
	Subject string
	Name    string
	Groups  []string // access groups, for the costs
}

// Record appends an entry to the audit log and counts its cost. Seq, Who and
// Hash are the store's to set.
func (s *Store) Record(ctx context.Context, p Person, e Entry) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.append(ctx, tx, p, &e); err != nil {
			return err
		}
		return addCost(ctx, tx, p, &e)
	})
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}

// append links e to the end of the chain. The first statement locks the head
// until the transaction ends, so that others wait for their number.
func (s *Store) append(ctx context.Context, tx *sql.Tx, p Person, e *Entry) error {
	var previous string
	err := tx.QueryRowContext(ctx, "UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash").Scan(&e.Seq, &previous)
	if err != nil {
		return err
	}
	if e.Who, err = pseudonymOf(ctx, tx, p); err != nil {
		return err
	}
	e.At = fromMillis(millis(e.At)) // what is stored is what is hashed
	e.Hash = e.chained(previous)
	_, err = tx.ExecContext(ctx, `INSERT INTO audit(seq, at, who, way, task, outcome, class, documents, model, tokens, cost, duration, note, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		e.Seq, millis(e.At), e.Who, e.Way, e.Task, e.Outcome, e.Class, encodeList(e.Documents), e.Model, e.Tokens, e.Cost, e.Duration, e.Note, e.Hash)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE audit_head SET hash = $1 WHERE id = 1", e.Hash)
	return err
}

// Filter limits a look into the audit log. Empty fields do not limit.
type Filter struct {
	From, To time.Time // To is the first moment left out
	Subject  string    // of the person
	Way      string
	Task     string
	Outcome  string
}

func (f Filter) where() (string, []any) {
	where, args := "1 = 1", []any{}
	add := func(condition string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+condition, len(args))
	}
	if !f.From.IsZero() {
		add("a.at >= $%d", millis(f.From))
	}
	if !f.To.IsZero() {
		add("a.at < $%d", millis(f.To))
	}
	for _, field := range []struct{ condition, value string }{
		{"p.subject = $%d", f.Subject}, {"a.way = $%d", f.Way}, {"a.task = $%d", f.Task}, {"a.outcome = $%d", f.Outcome},
	} {
		if field.value != "" {
			add(field.condition, field.value)
		}
	}
	return where, args
}

const auditTables = " FROM audit a LEFT JOIN persons p ON p.who = a.who WHERE "

// Audit lists entries, the newest first.
func (s *Store) Audit(ctx context.Context, f Filter, page Page) (list []Entry, total int, err error) {
	where, args := f.where()
	if err := s.read.QueryRowContext(ctx, "SELECT COUNT(*)"+auditTables+where, args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("audit log: %w", err)
	}
	list = []Entry{}
	args = append(args, page.limit(), page.Offset)
	limit := fmt.Sprintf(" ORDER BY a.seq DESC LIMIT $%d OFFSET $%d", len(args)-1, len(args))
	err = scanEntries(ctx, s.read, where+limit, args, func(e Entry) error {
		list = append(list, e)
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("audit log: %w", err)
	}
	return list, total, nil
}

// EachEntry hands the entries to f, the oldest first.
func (s *Store) EachEntry(ctx context.Context, filter Filter, f func(Entry) error) error {
	where, args := filter.where()
	if err := scanEntries(ctx, s.read, where+" ORDER BY a.seq", args, f); err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}

func scanEntries(ctx context.Context, db queryer, where string, args []any, f func(Entry) error) error {
	return rows(ctx, db, func(r *sql.Rows) error {
		var e Entry
		var at int64
		var documents string
		err := r.Scan(&e.Seq, &at, &e.Who, &e.Way, &e.Task, &e.Outcome, &e.Class, &documents, &e.Model, &e.Tokens, &e.Cost, &e.Duration, &e.Note, &e.Hash,
			&e.Subject, &e.Name)
		if err != nil {
			return err
		}
		e.At = fromMillis(at)
		if e.Documents, err = decodeList(documents); err != nil {
			// A row that somebody spoilt must be shown as such, not stop the look.
			e.Documents = []string{documents}
		}
		return f(e)
	}, `SELECT a.seq, a.at, a.who, a.way, a.task, a.outcome, a.class, a.documents, a.model, a.tokens, a.cost, a.duration, a.note, a.hash,
		COALESCE(p.subject, ''), COALESCE(p.name, '')`+auditTables+where, args...)
}

// Head is the end of the chain. Kept elsewhere, it later proves that nothing up
// to it was changed: see Verify.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// String writes a head as ParseHead reads it.
func (h Head) String() string { return fmt.Sprintf("%d:%s", h.Seq, h.Hash) }

// ErrHead is returned by ParseHead.
var ErrHead = errors.New("write a head as NUMBER:HASH, as audit verify prints it")

// ParseHead reads "1234:9f86d0…".
func ParseHead(text string) (Head, error) {
	var h Head
	if n, err := fmt.Sscanf(text, "%d:%64s", &h.Seq, &h.Hash); err != nil || n != 2 || len(h.Hash) != 64 {
		return Head{}, fmt.Errorf("%q: %w", text, ErrHead)
	}
	return h, nil
}

// AuditHead returns the end of the chain as the store knows it.
func (s *Store) AuditHead(ctx context.Context) (Head, error) {
	var h Head
	err := s.read.QueryRowContext(ctx, "SELECT seq, hash FROM audit_head WHERE id = 1").Scan(&h.Seq, &h.Hash)
	return h, err
}
