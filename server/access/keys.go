package access

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Key is an API key as it is listed: without what it is used by.
type Key struct {
	ID      string    `json:"id"` // names it in lists and logs
	Name    string    `json:"name"`
	Roles   []Role    `json:"roles"`
	Groups  []string  `json:"groups"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires,omitzero"` // zero: never
	Used    time.Time `json:"used,omitzero"`    // last, to the hour; zero: never
	Revoked time.Time `json:"revoked,omitzero"` // zero: not
}

// keyPrefix lets scanners for leaked secrets recognise a key.
const keyPrefix = "hjemmel_"

// What can be wrong with a key.
var (
	ErrKeyUnknown = errors.New("the API key is unknown, expired or revoked")
	ErrNoKey      = errors.New("no key has this id")
)

// CreateKey stores a key and returns the text by which it is used, which is not
// stored and cannot be shown again.
func (s *Store) CreateKey(ctx context.Context, k Key) (Key, string, error) {
	if strings.TrimSpace(k.Name) == "" || len(k.Roles) == 0 {
		return Key{}, "", errors.New("an API key needs a name and at least one role")
	}
	secret := keyPrefix + newSecret()
	k.ID, k.Created = strings.ToLower(rand.Text()[:8]), s.now().Truncate(time.Second)
	_, err := s.db.ExecContext(ctx, `INSERT INTO keys(id, hash, name, roles, groups, created, expires, used, revoked) VALUES (?,?,?,?,?,?,?,0,0)`,
		k.ID, hashSecret(secret), k.Name, listText(k.Roles), listText(k.Groups), unix(k.Created), unix(k.Expires))
	if err != nil {
		return Key{}, "", fmt.Errorf("storing the API key: %w", err)
	}
	return k, secret, nil
}

// Keys lists all keys, the newest first.
func (s *Store) Keys(ctx context.Context) ([]Key, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id, name, roles, groups, created, expires, used, revoked FROM keys ORDER BY created DESC, id")
	if err != nil {
		return nil, fmt.Errorf("listing the API keys: %w", err)
	}
	defer rows.Close()
	list := []Key{}
	for rows.Next() {
		k, err := scanKey(rows)
		if err != nil {
			return nil, fmt.Errorf("listing the API keys: %w", err)
		}
		list = append(list, k)
	}
	return list, rows.Err()
}

func scanKey(row interface{ Scan(...any) error }) (k Key, err error) {
	var roles, groups string
	var created, expires, used, revoked int64
	if err := row.Scan(&k.ID, &k.Name, &roles, &groups, &created, &expires, &used, &revoked); err != nil {
		return k, err
	}
	k.Created, k.Expires, k.Used, k.Revoked = fromUnix(created), fromUnix(expires), fromUnix(used), fromUnix(revoked)
	return k, errors.Join(json.Unmarshal([]byte(roles), &k.Roles), json.Unmarshal([]byte(groups), &k.Groups))
}

// RevokeKey ends a key at once. It fails with ErrNoKey.
func (s *Store) RevokeKey(ctx context.Context, id string) error {
	res, err := s.db.ExecContext(ctx, "UPDATE keys SET revoked = ? WHERE id = ? AND revoked = 0", s.now().Unix(), id)
	if err != nil {
		return fmt.Errorf("revoking the API key %s: %w", id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	var n int
	if err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM keys WHERE id = ?", id).Scan(&n); err != nil || n > 0 {
		return err // revoked before
	}
	return fmt.Errorf("%q: %w", id, ErrNoKey)
}

// HasKeys tells whether there is a key that can be used.
func (s *Store) HasKeys(ctx context.Context) (has bool, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM keys WHERE revoked = 0 AND (expires = 0 OR expires > ?))", s.now().Unix()).Scan(&has)
	return has, err
}

// usedStep is how exactly the last use of a key is kept: a write a request would
// cost more than it tells.
const usedStep = time.Hour

// keyOf returns who a key acts for. It fails with ErrKeyUnknown.
func (s *Store) keyOf(ctx context.Context, secret string) (Principal, error) {
	now := s.now()
	row := s.db.QueryRowContext(ctx, `SELECT id, name, roles, groups, created, expires, used, revoked FROM keys WHERE hash = ?`, hashSecret(secret))
	k, err := scanKey(row)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Principal{}, ErrKeyUnknown
	case err != nil:
		return Principal{}, fmt.Errorf("looking up an API key: %w", err)
	case !k.Revoked.IsZero(), !k.Expires.IsZero() && !now.Before(k.Expires):
		return Principal{}, ErrKeyUnknown
	}
	if now.Sub(k.Used) >= usedStep {
		if _, err := s.db.ExecContext(ctx, "UPDATE keys SET used = ? WHERE id = ?", now.Unix(), k.ID); err != nil {
			return Principal{}, fmt.Errorf("noting the use of an API key: %w", err)
		}
	}
	return Principal{Subject: "key:" + k.ID, Name: k.Name, Groups: k.Groups, Roles: k.Roles}, nil
}
