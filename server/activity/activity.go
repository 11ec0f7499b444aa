// Package activity keeps what happens: conversations with their answers,
// feedback, the audit log and what answers cost, in SQLite beside the collection
// or in PostgreSQL. A Recorder around the assistant writes it for every way in.
//
// Nothing that policy refuses is stored: of a refused question the audit log
// keeps the class of the verdict, and no word. The audit log never holds a
// question. Conversations and feedback belong to the person who asked
// (access.Principal.Subject): every look-up names its owner, and those of others
// do not exist for it.
package activity

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// ErrNotFound is wrapped by every look-up of what the store does not hold, or
// holds for somebody else.
var ErrNotFound = errors.New("not found")

// Page is a part of a listing.
type Page struct {
	Limit  int // at most so many; 0 means DefaultLimit
	Offset int
}

// DefaultLimit is the size of a page that names none.
const DefaultLimit = 50

func (p Page) limit() int {
	if p.Limit <= 0 {
		return DefaultLimit
	}
	return p.Limit
}

// newID returns a name that nobody guesses: 26 letters and digits of 130 random
// bits.
func newID() string { return strings.ToLower(rand.Text()) }

func millis(t time.Time) int64 { return t.UnixMilli() }

func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// fold is how text is stored to be searched: PostgreSQL and SQLite disagree on
// which letters LIKE holds to be the same.
func fold(s string) string { return strings.ToLower(s) }

// pattern makes words a LIKE pattern for folded text, with \ as its escape.
func pattern(words string) string {
	words = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(fold(strings.TrimSpace(words)))
	return "%" + words + "%"
}

// encodeList writes a list as it stands in a column.
func encodeList(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	data, err := json.Marshal(list)
	if err != nil { // strings always encode
		panic(err)
	}
	return string(data)
}

func decodeList(text string) ([]string, error) {
	list := []string{}
	err := json.Unmarshal([]byte(text), &list)
	return list, err
}

// rows runs a query and hands each row to scan.
func rows(ctx context.Context, db queryer, scan func(*sql.Rows) error, query string, args ...any) error {
	found, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		if err := scan(found); err != nil {
			return err
		}
	}
	return found.Err()
}

// queryer is a database or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}
