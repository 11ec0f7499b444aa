// Package accesstest is an OIDC issuer for tests: it runs in the test's process,
// speaks over real HTTP, checks what a good issuer checks (client, redirect
// address, PKCE, codes that hold once), and can be told to err.
package accesstest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// ClientID and ClientSecret are those of the one client.
const (
	ClientID     = "hjemmel"
	ClientSecret = "hemmelig+nøgle/æøå"
)

// Issuer logs in the person whose claims Claims holds, without asking.
type Issuer struct {
	*httptest.Server
	t testing.TB

	mu      sync.Mutex
	claims  map[string]any
	spoil   func(claims map[string]any) // changes the claims of the next tokens, after nonce and audience are set
	denied  bool
	key     jose.JSONWebKey
	codes   map[string]grant
	logouts []url.Values
}

type grant struct{ nonce, challenge, redirect string }

// New starts an issuer that ends with the test.
func New(t testing.TB) *Issuer {
	t.Helper()
	i := &Issuer{t: t, codes: map[string]grant{}, claims: map[string]any{"sub": "anna", "name": "Anna Ærø", "groups": []string{"socialt"}}}
	i.RotateKey()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.discovery)
	mux.HandleFunc("GET /keys", i.keys)
	mux.HandleFunc("GET /authorize", i.authorize)
	mux.HandleFunc("POST /token", i.token)
	mux.HandleFunc("GET /logout", i.logout)
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

// SetClaims sets what the next ID tokens say of the person.
func (i *Issuer) SetClaims(claims map[string]any) { i.set(func() { i.claims = claims }) }

// Spoil has the next ID tokens changed before they are signed.
func (i *Issuer) Spoil(f func(claims map[string]any)) { i.set(func() { i.spoil = f }) }

// Deny has the next logins refused.
func (i *Issuer) Deny(on bool) { i.set(func() { i.denied = on }) }

// Logouts are the queries with which browsers were sent to end their session.
func (i *Issuer) Logouts() (out []url.Values) { i.set(func() { out = i.logouts }); return out }

// RotateKey makes a new signing key; the old one is published no more.
func (i *Issuer) RotateKey() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		i.t.Fatal(err)
	}
	i.set(func() {
		i.key = jose.JSONWebKey{Key: key, KeyID: rand.Text(), Algorithm: string(jose.RS256), Use: "sig"}
	})
}

func (i *Issuer) set(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f()
}

func (i *Issuer) discovery(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]any{
		"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
		"end_session_endpoint": i.URL + "/logout", "id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

func (i *Issuer) keys(w http.ResponseWriter, _ *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	reply(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.key.Public()}})
}

func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("client_id") != ClientID || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" {
		http.Error(w, "bad request of authorization", http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {q.Get("state")}, "iss": {i.URL}}
	if i.denied {
		answer.Set("error", "access_denied")
	} else {
		code := rand.Text()
		i.codes[code] = grant{q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri")}
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	id, secret, ok := r.BasicAuth()
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	if !ok {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	g, known := i.codes[r.PostFormValue("code")]
	delete(i.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch {
	case id != ClientID, secret != ClientSecret:
		reply(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
	case !known, g.redirect != r.PostFormValue("redirect_uri"), g.challenge != base64.RawURLEncoding.EncodeToString(sum[:]):
		reply(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
	default:
		reply(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 300, "id_token": i.sign(g.nonce)})
	}
}

// sign makes an ID token. Callers hold mu.
func (i *Issuer) sign(nonce string) string {
	now := time.Now()
	claims := map[string]any{"iss": i.URL, "aud": ClientID, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "nonce": nonce}
	maps.Copy(claims, i.claims)
	if i.spoil != nil {
		i.spoil(claims)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		i.t.Error(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: i.key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		i.t.Error(err)
		return ""
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		i.t.Error(err)
		return ""
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		i.t.Error(err)
	}
	return text
}

func (i *Issuer) logout(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.logouts = append(i.logouts, r.URL.Query())
	http.Redirect(w, r, r.URL.Query().Get("post_logout_redirect_uri"), http.StatusSeeOther)
}

func reply(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}
