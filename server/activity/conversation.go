package activity

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hjemmel/hjemmel/server/assistant"
)

// Conversation is a row of a person's list.
type Conversation struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"` // the first question, until it is renamed
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"` // when the last question was asked
	Turns   int       `json:"turns"`
}

// Turn is a question of a conversation with what was answered.
type Turn struct {
	ID        string           `json:"id"`
	Asked     time.Time        `json:"asked"`
	Question  string           `json:"question"`
	Answer    assistant.Answer `json:"answer"`
	Retrieved []string         `json:"retrieved"`          // ids of the sections shown, the first cited first
	Feedback  *Feedback        `json:"feedback,omitempty"` // what the owner said of it
}

// MaxTitle is the longest title of a conversation, in characters.
const MaxTitle = 120

// titleOf makes a title of a question.
func titleOf(question string) string {
	question = strings.Join(strings.Fields(question), " ")
	if utf8.RuneCountInString(question) <= MaxTitle {
		return question
	}
	return strings.TrimSpace(string([]rune(question)[:MaxTitle-1])) + "…"
}

// AddTurn stores a question with its answer at the end of owner's conversation,
// or where conversation is "" at the beginning of a new one, and returns the ids
// of both.
func (s *Store) AddTurn(ctx context.Context, owner, conversation string, t Turn) (conversationID, turnID string, err error) {
	if t.Answer.Answer == nil { // a list that is empty stays one
		t.Answer.Answer = []assistant.Sentence{}
	}
	if t.Answer.Sources == nil {
		t.Answer.Sources = []assistant.Source{}
	}
	answer, err := json.Marshal(t.Answer)
	if err != nil {
		return "", "", fmt.Errorf("storing a turn: %w", err)
	}
	turnID, at := newID(), millis(t.Asked)
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		if conversation == "" {
			conversation = newID()
			title := titleOf(t.Question)
			_, err := tx.ExecContext(ctx, "INSERT INTO conversations(id, owner, title, folded, created, updated) VALUES ($1, $2, $3, $4, $5, $6)",
				conversation, owner, title, fold(title), at, at)
			if err != nil {
				return err
			}
		} else if err := changed(tx.ExecContext(ctx, "UPDATE conversations SET updated = $1 WHERE id = $2 AND owner = $3", at, conversation, owner)); err != nil {
			return err
		}
		var n int64
		if err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(n), 0) + 1 FROM turns WHERE conversation = $1", conversation).Scan(&n); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO turns(id, conversation, n, asked, question, folded, answer, retrieved)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			turnID, conversation, n, at, t.Question, fold(t.Question), string(answer), encodeList(t.Retrieved))
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("storing a turn: %w", err)
	}
	return conversation, turnID, nil
}

// changed turns "no row" into ErrNotFound.
func changed(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return ErrNotFound
}

// Conversations lists owner's conversations, the last used first. Of words,
// every one must occur in the title or in a question.
func (s *Store) Conversations(ctx context.Context, owner, words string, page Page) (list []Conversation, total int, err error) {
	where, args := "owner = $1", []any{owner}
	for _, word := range strings.Fields(words) {
		args = append(args, pattern(word))
		n := len(args)
		where += fmt.Sprintf(` AND (c.folded LIKE $%d ESCAPE '\' OR EXISTS (SELECT 1 FROM turns t WHERE t.conversation = c.id AND t.folded LIKE $%d ESCAPE '\'))`, n, n)
	}
	if err := s.read.QueryRowContext(ctx, "SELECT COUNT(*) FROM conversations c WHERE "+where, args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("listing conversations: %w", err)
	}
	args = append(args, page.limit(), page.Offset)
	list = []Conversation{}
	err = rows(ctx, s.read, func(r *sql.Rows) error {
		c, err := scanConversation(r)
		list = append(list, c)
		return err
	}, fmt.Sprintf(conversationColumns+" WHERE "+where+" ORDER BY updated DESC, id LIMIT $%d OFFSET $%d", len(args)-1, len(args)), args...)
	if err != nil {
		return nil, 0, fmt.Errorf("listing conversations: %w", err)
	}
	return list, total, nil
}

const conversationColumns = "SELECT c.id, c.title, c.created, c.updated, (SELECT COUNT(*) FROM turns t WHERE t.conversation = c.id) FROM conversations c"

func scanConversation(r interface{ Scan(...any) error }) (Conversation, error) {
	var c Conversation
	var created, updated int64
	err := r.Scan(&c.ID, &c.Title, &created, &updated, &c.Turns)
	c.Created, c.Updated = fromMillis(created), fromMillis(updated)
	return c, err
}

// Conversation returns one of owner's conversations.
func (s *Store) Conversation(ctx context.Context, owner, id string) (Conversation, error) {
	c, err := scanConversation(s.read.QueryRowContext(ctx, conversationColumns+" WHERE c.id = $1 AND c.owner = $2", id, owner))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return c, fmt.Errorf("conversation: %w", err)
	}
	return c, nil
}

// Turns returns the turns of owner's conversation, the oldest first. last limits
// them to the newest so many; 0 means all.
func (s *Store) Turns(ctx context.Context, owner, conversation string, last int) ([]Turn, error) {
	query := `SELECT t.id, t.asked, t.question, t.answer, t.retrieved FROM turns t JOIN conversations c ON c.id = t.conversation
		WHERE c.id = $1 AND c.owner = $2 ORDER BY t.n DESC`
	if last > 0 {
		query += fmt.Sprintf(" LIMIT %d", last)
	}
	turns := []Turn{}
	err := rows(ctx, s.read, func(r *sql.Rows) error {
		t, err := scanTurn(r)
		turns = append([]Turn{t}, turns...)
		return err
	}, query, conversation, owner)
	if err != nil {
		return nil, fmt.Errorf("turns of a conversation: %w", err)
	}
	return turns, s.addFeedback(ctx, owner, turns)
}

func scanTurn(r interface{ Scan(...any) error }) (t Turn, err error) {
	var asked int64
	var answer, retrieved string
	if err := r.Scan(&t.ID, &asked, &t.Question, &answer, &retrieved); err != nil {
		return t, err
	}
	t.Asked = fromMillis(asked)
	if t.Retrieved, err = decodeList(retrieved); err != nil {
		return t, err
	}
	return t, json.Unmarshal([]byte(answer), &t.Answer)
}

// Rename gives owner's conversation another title. Policy is the caller's to
// check.
func (s *Store) Rename(ctx context.Context, owner, id, title string) error {
	title = titleOf(title)
	err := changed(s.write.ExecContext(ctx, "UPDATE conversations SET title = $1, folded = $2 WHERE id = $3 AND owner = $4", title, fold(title), id, owner))
	if err != nil {
		return fmt.Errorf("renaming a conversation: %w", err)
	}
	return nil
}

// DeleteConversation removes one of owner's conversations with its turns.
func (s *Store) DeleteConversation(ctx context.Context, owner, id string) error {
	if err := changed(s.write.ExecContext(ctx, "DELETE FROM conversations WHERE id = $1 AND owner = $2", id, owner)); err != nil {
		return fmt.Errorf("deleting a conversation: %w", err)
	}
	return nil
}

// DeleteConversations removes all conversations of owner and returns how many
// there were.
func (s *Store) DeleteConversations(ctx context.Context, owner string) (int, error) {
	result, err := s.write.ExecContext(ctx, "DELETE FROM conversations WHERE owner = $1", owner)
	if err != nil {
		return 0, fmt.Errorf("deleting conversations: %w", err)
	}
	n, err := result.RowsAffected()
	return int(n), err
}
