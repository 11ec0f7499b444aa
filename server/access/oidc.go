package access

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// OIDC is the login of people at an issuer, Entra ID say.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret string   // empty for a public client: PKCE alone then proves who began
	Scopes       []string // default openid, profile
	SubjectClaim string   // what identifies a person; default sub, for Entra with Teams oid
	NameClaim    string   // default name
	GroupsClaim  string   // default groups; a dot leads into an object: realm_access.roles
}

// CallbackPath is where the issuer sends browsers back to.
const CallbackPath = "/login/callback"

// issuerTimeout bounds each request to the issuer.
const issuerTimeout = 10 * time.Second

// provider speaks with the issuer. It finds out how at the first login and not
// at start: the server must come up while the issuer is down.
type provider struct {
	OIDC
	redirect string
	client   *http.Client
	now      func() time.Time

	mu         sync.Mutex
	discovered *discovered
	failed     error     // of the last try
	retry      time.Time // when to try again: people must not queue up behind an issuer that is down
}

// retryPause is how long an issuer that did not answer is left alone.
const retryPause = 5 * time.Second

type discovered struct {
	*oidc.Provider
	verifier   *oidc.IDTokenVerifier
	oauth      oauth2.Config
	endSession string // where a logout is told; "" where the issuer has no such place
}

func newProvider(cfg OIDC, public *url.URL) (*provider, error) {
	if cfg.Issuer == "" || cfg.ClientID == "" {
		return nil, errors.New("access_oidc: issuer and client_id must be set")
	}
	if len(cfg.Scopes) == 0 {
		cfg.Scopes = []string{"profile"}
	}
	if !slices.Contains(cfg.Scopes, oidc.ScopeOpenID) {
		cfg.Scopes = append([]string{oidc.ScopeOpenID}, cfg.Scopes...)
	}
	for claim, fallback := range map[*string]string{&cfg.SubjectClaim: "sub", &cfg.NameClaim: "name", &cfg.GroupsClaim: "groups"} {
		if *claim == "" {
			*claim = fallback
		}
	}
	return &provider{OIDC: cfg, redirect: public.String() + CallbackPath, client: &http.Client{Timeout: issuerTimeout}, now: time.Now}, nil
}

// ErrIssuer is wrapped by what goes wrong in talking with the issuer.
var ErrIssuer = errors.New("the login server does not answer as it should")

// discover asks the issuer where things are, until it has answered once.
func (p *provider) discover() (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.discovered != nil {
		return p.discovered, nil
	}
	if time.Now().Before(p.retry) {
		return nil, p.failed
	}
	if p.discovered, p.failed = p.ask(); p.failed != nil {
		p.retry = time.Now().Add(retryPause)
	}
	return p.discovered, p.failed
}

func (p *provider) ask() (*discovered, error) {
	// The keys are fetched anew in this context when they change, also after the
	// request that comes first is done.
	ctx := oidc.ClientContext(context.Background(), p.client)
	found, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrIssuer, p.Issuer, err)
	}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := found.Claims(&more); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrIssuer, p.Issuer, err)
	}
	return &discovered{
		Provider: found, verifier: found.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, Now: p.now}), endSession: more.EndSession,
		oauth: oauth2.Config{ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: found.Endpoint(), RedirectURL: p.redirect, Scopes: p.Scopes},
	}, nil
}

// authorize is the address at the issuer where a login begins.
func (p *provider) authorize(l login) (string, error) {
	d, err := p.discover()
	if err != nil {
		return "", err
	}
	return d.oauth.AuthCodeURL(l.State, oidc.Nonce(l.Nonce), oauth2.S256ChallengeOption(l.Verifier)), nil
}

// redeem turns the code of a finished login into who has logged in.
func (p *provider) redeem(ctx context.Context, l login, code string) (session, error) {
	d, err := p.discover()
	if err != nil {
		return session{}, err
	}
	token, err := d.oauth.Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(l.Verifier))
	if err != nil {
		return session{}, fmt.Errorf("%w: redeeming the code: %w", ErrIssuer, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return session{}, fmt.Errorf("%w: it sent no ID token", ErrIssuer)
	}
	id, err := d.verifier.Verify(ctx, raw)
	if err != nil {
		return session{}, fmt.Errorf("%w: %w", ErrLogin, err)
	}
	if !same(id.Nonce, l.Nonce) {
		return session{}, fmt.Errorf("%w: the ID token is of another login (nonce)", ErrLogin)
	}
	return p.session(id, raw)
}

// session reads the claims of a verified ID token.
func (p *provider) session(id *oidc.IDToken, raw string) (session, error) {
	var c claims
	if err := id.Claims(&c); err != nil {
		return session{}, fmt.Errorf("%w: the claims of the ID token: %w", ErrLogin, err)
	}
	if party := c.text("azp"); len(id.Audience) > 1 && party != p.ClientID {
		return session{}, fmt.Errorf("%w: the ID token was made for another party", ErrLogin)
	}
	groups, err := c.groups(p.GroupsClaim)
	if err != nil {
		return session{}, err
	}
	out := session{subject: c.text(p.SubjectClaim), name: c.text(p.NameClaim), groups: groups, idToken: raw}
	if out.subject == "" {
		return session{}, fmt.Errorf("%w: the ID token lacks the claim %q", ErrLogin, p.SubjectClaim)
	}
	if out.name == "" {
		out.name = c.text("preferred_username")
	}
	return out, nil
}

// leave is where the issuer is told of a logout, or "".
func (p *provider) leave(idToken, back string) string {
	d, err := p.discover()
	if err != nil || d.endSession == "" {
		return ""
	}
	u, err := url.Parse(d.endSession)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("id_token_hint", idToken)
	q.Set("client_id", p.ClientID)
	q.Set("post_logout_redirect_uri", back)
	u.RawQuery = q.Encode()
	return u.String()
}
