package activity

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Format is a form in which the audit log is taken out.
type Format string

// The formats. JSONLines holds what is needed to verify the chain elsewhere: see
// Entry.
const (
	JSONLines Format = "jsonl"
	CSV       Format = "csv"
)

// Valid tells whether f is one of the formats.
func (f Format) Valid() bool { return f == JSONLines || f == CSV }

// MediaType is what an HTTP reply in the format is marked as.
func (f Format) MediaType() string {
	if f == CSV {
		return "text/csv; charset=utf-8"
	}
	return "application/jsonl; charset=utf-8"
}

// WriteAudit writes the entries that filter lets through, the oldest first.
func (s *Store) WriteAudit(ctx context.Context, w io.Writer, f Format, filter Filter) error {
	switch f {
	case JSONLines:
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return s.EachEntry(ctx, filter, func(e Entry) error { return enc.Encode(e) })
	case CSV:
		return s.writeCSV(ctx, w, filter)
	}
	return fmt.Errorf("format %q: use jsonl or csv", f)
}

// writeCSV writes for a Danish spreadsheet: semicolons, and a mark that it is
// UTF-8.
func (s *Store) writeCSV(ctx context.Context, w io.Writer, filter Filter) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	head := []string{"nr", "tid", "person", "navn", "pseudonym", "vej", "opgave", "udfald", "regel", "dokumenter", "sprogmodel", "tokens", "kr", "ms", "note", "hash"}
	if err := out.Write(head); err != nil {
		return err
	}
	err := s.EachEntry(ctx, filter, func(e Entry) error {
		cost := strings.Replace(strconv.FormatFloat(float64(e.Cost)/microDKK, 'f', 6, 64), ".", ",", 1)
		return out.Write(guarded([]string{
			number(e.Seq), e.At.Format(time.RFC3339), e.Subject, e.Name, e.Who, e.Way, e.Task, e.Outcome, e.Class, strings.Join(e.Documents, " "),
			e.Model, number(e.Tokens), cost, number(e.Duration), e.Note, e.Hash,
		}))
	})
	out.Flush()
	if err != nil {
		return err
	}
	return out.Error()
}

// guarded keeps cells from being taken for formulas by a spreadsheet.
func guarded(row []string) []string {
	for i, cell := range row {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			row[i] = "'" + cell
		}
	}
	return row
}
