package activity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// pseudonymOf returns under which name the audit log knows p, and gives her one
// the first time. The pseudonym is bound to the person: nobody can lay another
// one's name to a row without Verify noticing.
func pseudonymOf(ctx context.Context, tx *sql.Tx, p Person) (string, error) {
	if p.Subject == "" {
		return "", nil // the store itself, or a way in that knows nobody
	}
	var who, name string
	err := tx.QueryRowContext(ctx, "SELECT who, name FROM persons WHERE subject = $1", p.Subject).Scan(&who, &name)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		salt := rand.Text()
		who = pseudonym(salt, p.Subject)
		_, err = tx.ExecContext(ctx, "INSERT INTO persons(who, subject, name, salt) VALUES ($1, $2, $3, $4)", who, p.Subject, p.Name, salt)
	case err == nil && p.Name != "" && p.Name != name:
		_, err = tx.ExecContext(ctx, "UPDATE persons SET name = $1 WHERE who = $2", p.Name, who)
	}
	return who, err
}

func pseudonym(salt, subject string) string {
	mac := hmac.New(sha256.New, []byte(salt))
	mac.Write([]byte(subject))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Everything is all that the store holds of one person.
type Everything struct {
	Subject       string      `json:"subject"`
	Exported      time.Time   `json:"exported"`
	Conversations []WithTurns `json:"conversations"`
	Feedback      []Feedback  `json:"feedback"`
	Audit         []Entry     `json:"audit"`
}

// WithTurns is a conversation with all that was said in it.
type WithTurns struct {
	Conversation
	Said []Turn `json:"said"`
}

// Export returns all that the store holds of a person.
func (s *Store) Export(ctx context.Context, subject string) (Everything, error) {
	out := Everything{Subject: subject, Exported: time.Now().UTC().Truncate(time.Second), Conversations: []WithTurns{}, Feedback: []Feedback{}, Audit: []Entry{}}
	for {
		list, total, err := s.Conversations(ctx, subject, "", Page{Limit: 200, Offset: len(out.Conversations)})
		if err != nil {
			return out, err
		}
		for _, c := range list {
			turns, err := s.Turns(ctx, subject, c.ID, 0)
			if err != nil {
				return out, err
			}
			out.Conversations = append(out.Conversations, WithTurns{c, turns})
		}
		if len(list) == 0 || len(out.Conversations) >= total {
			break
		}
	}
	var err error
	if out.Feedback, err = s.feedbackWhere(ctx, "owner = $1 ORDER BY at DESC", subject); err != nil {
		return out, err
	}
	err = s.EachEntry(ctx, Filter{Subject: subject}, func(e Entry) error {
		out.Audit = append(out.Audit, e)
		return nil
	})
	return out, err
}

// Erased says what Erase deleted.
type Erased struct {
	Conversations int  `json:"conversations"`
	Feedback      int  `json:"feedback"`
	Pseudonym     bool `json:"pseudonym"` // the audit log named the person
}

// Erase deletes a person's conversations and feedback, and who the rows of the
// audit log are about: those stay, as nobody's, because the chain proves what
// was done. That somebody was erased is audited.
func (s *Store) Erase(ctx context.Context, subject string, now time.Time) (out Erased, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		// The audit head is locked first, here as everywhere: no deadlock.
		entry := Entry{At: now, Task: TaskErase, Outcome: OutcomeDone}
		if err := s.append(ctx, tx, Person{}, &entry); err != nil {
			return err
		}
		for _, table := range []struct {
			name, column string
			count        func(n int)
		}{
			{"conversations", "owner", func(n int) { out.Conversations = n }},
			{"feedback", "owner", func(n int) { out.Feedback = n }},
			{"persons", "subject", func(n int) { out.Pseudonym = n > 0 }},
		} {
			result, err := tx.ExecContext(ctx, "DELETE FROM "+table.name+" WHERE "+table.column+" = $1", subject)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return err
			}
			table.count(int(n))
		}
		return nil
	})
	if err != nil {
		return Erased{}, fmt.Errorf("deleting what belongs to a person: %w", err)
	}
	return out, nil
}
