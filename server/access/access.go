package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Config says who may come in. Its zero value lets in API keys only.
type Config struct {
	OIDC  *OIDC             // nil: no login for people
	Roles map[Role][]string // which groups at the issuer have a role; Reader without any: everyone who can log in
	// PublicURL is how browsers reach the server, without a path; the issuer sends
	// them back there. Cookies are for HTTPS only where it is.
	PublicURL   string
	SessionIdle time.Duration // default DefaultIdle
	SessionMost time.Duration // default DefaultMost
}

// The default lifetimes of a session: a lunch hour, and a working day.
const (
	DefaultIdle = 90 * time.Minute
	DefaultMost = 10 * time.Hour
)

// Access tells who makes a request. It is safe for concurrent use.
type Access struct {
	cfg    Config
	store  *Store
	public *url.URL
	sealer sealer
	oidc   *provider // nil without OIDC
}

// New returns who may come in by cfg and by the keys of store.
func New(ctx context.Context, store *Store, cfg Config) (*Access, error) {
	if cfg.SessionIdle == 0 {
		cfg.SessionIdle = DefaultIdle
	}
	if cfg.SessionMost == 0 {
		cfg.SessionMost = DefaultMost
	}
	a := &Access{cfg: cfg, store: store}
	for role := range cfg.Roles {
		if _, known := ParseRole(string(role)); !known {
			return nil, fmt.Errorf("access_roles: there is no role %q: use reader, editor, evaluator, administrator", role)
		}
	}
	var err error
	if a.public, err = publicURL(cfg.PublicURL); err != nil {
		return nil, err
	}
	key, err := store.secret(ctx, "login")
	if err != nil {
		return nil, fmt.Errorf("reading the secret of logins: %w", err)
	}
	if a.sealer, err = newSealer(key); err != nil {
		return nil, err
	}
	if cfg.OIDC != nil {
		a.oidc, err = newProvider(*cfg.OIDC, a.public)
	}
	return a, err
}

func publicURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, fmt.Errorf("public_url %q: use https://NAME, as browsers reach the server, without a path", text)
	}
	u.Path = ""
	return u, nil
}

// Public is how browsers reach the server.
func (a *Access) Public() *url.URL { return a.public }

// HasLogin tells whether people can log in, and not programs only.
func (a *Access) HasLogin() bool { return a.oidc != nil }

// ErrAnonymous is returned for a request without credentials that hold: none at
// all, or a session that has ended.
var ErrAnonymous = errors.New("nobody is logged in")

// Identify tells whom a request acts for: by its API key where it brings one,
// else by its session. It fails with ErrAnonymous or ErrKeyUnknown.
func (a *Access) Identify(r *http.Request) (Principal, error) {
	if credentials := r.Header.Get("Authorization"); credentials != "" {
		scheme, secret, _ := strings.Cut(credentials, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return Principal{}, ErrKeyUnknown
		}
		return a.store.keyOf(r.Context(), strings.TrimSpace(secret))
	}
	cookie, err := r.Cookie(a.cookieName(sessionCookie))
	if err != nil || a.oidc == nil {
		return Principal{}, ErrAnonymous
	}
	p, err := a.store.sessionOf(r.Context(), cookie.Value, a.lifetimes())
	if errors.Is(err, errNoSession) {
		return Principal{}, ErrAnonymous
	}
	if err != nil {
		return Principal{}, err
	}
	return Principal{Subject: p.subject, Name: p.name, Groups: p.groups, Roles: a.RolesOf(p.groups)}, nil
}

// RolesOf returns the roles of somebody in these groups. Whoever has any other
// role is a reader too.
func (a *Access) RolesOf(groups []string) []Role {
	roles := []Role{}
	for _, role := range Local().Roles {
		if slices.ContainsFunc(a.cfg.Roles[role], func(g string) bool { return slices.Contains(groups, g) }) {
			roles = append(roles, role)
		}
	}
	if !slices.Contains(roles, Reader) && (len(roles) > 0 || len(a.cfg.Roles[Reader]) == 0) {
		roles = append([]Role{Reader}, roles...)
	}
	return roles
}

func (a *Access) lifetimes() lifetimes { return lifetimes{a.cfg.SessionIdle, a.cfg.SessionMost} }

const (
	sessionCookie = "hjemmel"
	loginCookie   = "hjemmel-login"
)

// cookieName ties a cookie to this very host, HTTPS and no path, where there is
// HTTPS: neither a neighbouring host nor plain HTTP can then set it.
func (a *Access) cookieName(name string) string {
	if a.public.Scheme == "https" {
		return "__Host-" + name
	}
	return name
}

// setCookie lasts until the browser is closed, or for at most age where given; a
// negative age removes it. SameSite is Lax because the issuer's redirect comes
// from another site; changes are guarded by the check of their origin.
func (a *Access) setCookie(w http.ResponseWriter, name, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: a.cookieName(name), Value: value, Path: "/", HttpOnly: true, Secure: a.public.Scheme == "https",
		SameSite: http.SameSiteLaxMode, MaxAge: int(age.Seconds()),
	})
}
