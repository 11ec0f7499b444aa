package activity

import (
	"context"
	"database/sql"
	"fmt"
)

// Fault is a place where the audit log is not what was written.
type Fault struct {
	Seq  int64  `json:"seq"` // the row; 0 for the log as a whole
	What string `json:"what"`
}

// Verification says whether the audit log is whole.
type Verification struct {
	OK      bool    `json:"ok"`
	Entries int64   `json:"entries"`
	First   int64   `json:"first"`   // number of the oldest row; 0 of an empty log
	Head    Head    `json:"head"`    // to be kept elsewhere and given to a later Verify
	Removed int64   `json:"removed"` // rows that retention has taken from the beginning
	Faults  []Fault `json:"faults"`  // at most maxFaults
}

const maxFaults = 20

// Verify reads the whole audit log and checks that every row has the hash of its
// content behind the row before, that no number is missing, that the log begins
// where retention last said and ends where the head says, and that no person was
// laid to another one's rows. So it finds a row that was changed, deleted or put
// in, and an end that was cut off.
//
// It cannot find what somebody did who may write to the database, and wrote the
// chain anew from some row to the head, head included. Only a head noted
// elsewhere finds that: the server logs it every hour, and expect takes one such
// (nil for none).
func (s *Store) Verify(ctx context.Context, expect *Head) (Verification, error) {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: s.dialect.snapshot})
	if err != nil {
		return Verification{}, fmt.Errorf("verifying the audit log: %w", err)
	}
	defer tx.Rollback()
	c := chainCheck{expect: expect, v: Verification{Faults: []Fault{}}}
	if err := c.run(ctx, tx); err != nil {
		return Verification{}, fmt.Errorf("verifying the audit log: %w", err)
	}
	c.v.OK = len(c.v.Faults) == 0
	return c.v, nil
}

// chainCheck walks along the chain.
type chainCheck struct {
	v          Verification
	expect     *Head
	base       Head
	at         Head   // the last row seen
	checkpoint string // what the newest checkpoint says of the beginning
}

func (c *chainCheck) fault(seq int64, format string, args ...any) {
	if len(c.v.Faults) < maxFaults {
		c.v.Faults = append(c.v.Faults, Fault{Seq: seq, What: fmt.Sprintf(format, args...)})
	}
}

func (c *chainCheck) run(ctx context.Context, tx *sql.Tx) error {
	err := tx.QueryRowContext(ctx, "SELECT seq, hash, base_seq, base_hash FROM audit_head WHERE id = 1").
		Scan(&c.v.Head.Seq, &c.v.Head.Hash, &c.base.Seq, &c.base.Hash)
	if err != nil {
		return err
	}
	c.at, c.v.Removed = c.base, c.base.Seq
	c.checkpoint = Head{}.String()
	if err := scanEntries(ctx, tx, "1 = 1 ORDER BY a.seq", nil, c.row); err != nil {
		return err
	}
	c.end()
	return c.persons(ctx, tx)
}

func (c *chainCheck) row(e Entry) error {
	if c.v.Entries == 0 {
		c.v.First = e.Seq
	}
	c.v.Entries++
	switch missing := e.Seq - c.at.Seq - 1; {
	case missing == 1:
		c.fault(e.Seq, "row %d is missing", e.Seq-1)
	case missing > 1:
		c.fault(e.Seq, "rows %d to %d are missing", c.at.Seq+1, e.Seq-1)
	case e.Seq > c.v.Head.Seq:
		c.fault(e.Seq, "the row stands behind the end of the log")
	case missing < 0:
		c.fault(e.Seq, "the row stands before the beginning of the log")
	case e.chained(c.at.Hash) != e.Hash:
		c.fault(e.Seq, "row %d was changed, or put in the place of another", e.Seq)
	}
	if e.Task == TaskCheckpoint {
		c.checkpoint = e.Note
	}
	if c.expect != nil && c.expect.Seq == e.Seq && c.expect.Hash != e.Hash {
		c.fault(e.Seq, "row %d is not the one that was noted elsewhere: the log was rewritten", e.Seq)
	}
	c.at = Head{Seq: e.Seq, Hash: e.Hash}
	return nil
}

// end checks what only the whole chain shows.
func (c *chainCheck) end() {
	if c.at.Seq < c.v.Head.Seq {
		c.fault(0, "the end of the log is missing: rows %d to %d", c.at.Seq+1, c.v.Head.Seq)
	} else if c.at.Seq == c.v.Head.Seq && c.at.Hash != c.v.Head.Hash {
		c.fault(0, "the last row is not the one that was written last")
	}
	if c.base.String() != c.checkpoint {
		c.fault(0, "the log begins at another row than its last checkpoint says")
	}
	switch {
	case c.expect == nil:
	case c.expect.Seq > c.v.Head.Seq:
		c.fault(0, "the log ends before row %d, which was noted elsewhere", c.expect.Seq)
	case c.expect.Seq < c.base.Seq, c.expect.Seq == c.base.Seq && c.expect.Hash != c.base.Hash:
		c.fault(0, "row %d, which was noted elsewhere, cannot be compared any more: retention has removed it", c.expect.Seq)
	}
}

func (c *chainCheck) persons(ctx context.Context, tx *sql.Tx) error {
	return rows(ctx, tx, func(r *sql.Rows) error {
		var who, subject, salt string
		if err := r.Scan(&who, &subject, &salt); err != nil {
			return err
		}
		if pseudonym(salt, subject) != who {
			c.fault(0, "the pseudonym %s was laid to somebody else", who)
		}
		return nil
	}, "SELECT who, subject, salt FROM persons ORDER BY who")
}
