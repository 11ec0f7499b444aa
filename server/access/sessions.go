package access

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// session is a person who has logged in.
type session struct {
	subject, name string
	groups        []string
	idToken       string
}

// lifetimes end a session: after so long without a request, and after so long in
// all, when the issuer is asked again who the person is and what groups she is in.
type lifetimes struct{ idle, most time.Duration }

// seenStep is how exactly the last request of a session is kept.
const seenStep = time.Minute

var errNoSession = errors.New("no session, or it has ended")

// createSession stores a session and returns the secret of its cookie.
func (s *Store) createSession(ctx context.Context, p session, l lifetimes) (string, error) {
	now := s.now()
	if err := s.dropSessions(ctx, now, l); err != nil {
		return "", err
	}
	secret := newSecret()
	_, err := s.db.ExecContext(ctx, "INSERT INTO sessions(hash, subject, name, groups, id_token, created, seen) VALUES (?,?,?,?,?,?,?)",
		hashSecret(secret), p.subject, p.name, listText(p.groups), p.idToken, now.Unix(), now.Unix())
	if err != nil {
		return "", fmt.Errorf("storing a session: %w", err)
	}
	return secret, nil
}

// dropSessions removes the sessions that have ended.
func (s *Store) dropSessions(ctx context.Context, now time.Time, l lifetimes) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE created <= ? OR seen <= ?", now.Add(-l.most).Unix(), now.Add(-l.idle).Unix())
	if err != nil {
		return fmt.Errorf("removing old sessions: %w", err)
	}
	return nil
}

// sessionOf returns the session of a cookie. It fails with errNoSession.
func (s *Store) sessionOf(ctx context.Context, secret string, l lifetimes) (session, error) {
	var p session
	var groups string
	var created, seen int64
	hash := hashSecret(secret)
	err := s.db.QueryRowContext(ctx, "SELECT subject, name, groups, id_token, created, seen FROM sessions WHERE hash = ?", hash).
		Scan(&p.subject, &p.name, &groups, &p.idToken, &created, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return p, errNoSession
	}
	if err == nil {
		err = json.Unmarshal([]byte(groups), &p.groups)
	}
	if err != nil {
		return p, fmt.Errorf("reading a session: %w", err)
	}
	now := s.now()
	if now.Sub(fromUnix(created)) >= l.most || now.Sub(fromUnix(seen)) >= l.idle {
		return p, errNoSession
	}
	if now.Sub(fromUnix(seen)) >= seenStep {
		if _, err := s.db.ExecContext(ctx, "UPDATE sessions SET seen = ? WHERE hash = ?", now.Unix(), hash); err != nil {
			return p, fmt.Errorf("prolonging a session: %w", err)
		}
	}
	return p, nil
}

// deleteSession ends a session; one that is not there is no error.
func (s *Store) deleteSession(ctx context.Context, secret string) error {
	if _, err := s.db.ExecContext(ctx, "DELETE FROM sessions WHERE hash = ?", hashSecret(secret)); err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}
