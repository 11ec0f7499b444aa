package access

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// login is one that is under way, as the browser keeps it, sealed.
type login struct {
	State    string // comes back with the browser: it is the one that began here
	Nonce    string // comes back in the ID token: it was made for this login
	Verifier string // proves to the issuer that who redeems the code began the login (PKCE)
	To       string // the page that was wanted
	Ends     int64  // seconds since 1970
}

// loginTime is how long a person may take at the issuer.
const loginTime = 15 * time.Minute

// What can be wrong with a login that comes back.
var (
	ErrLogin     = errors.New("the login does not hold")
	ErrLoginLate = errors.New("the login was begun too long ago, or in another browser")
	ErrDenied    = errors.New("the login server let the person not in")
	ErrNoRole    = errors.New("the person is in no group that may use Hjemmel")
)

// Begin starts a login that leads to the page to, and returns the address at the
// issuer to send the browser to. It fails with ErrIssuer.
func (a *Access) Begin(w http.ResponseWriter, to string) (string, error) {
	l := login{State: newSecret(), Nonce: newSecret(), Verifier: oauth2.GenerateVerifier(), To: LocalPath(to), Ends: a.store.now().Add(loginTime).Unix()}
	address, err := a.oidc.authorize(l)
	if err != nil {
		return "", err
	}
	sealed, err := a.sealer.seal(l)
	if err != nil {
		return "", err
	}
	a.setCookie(w, loginCookie, sealed, loginTime)
	return address, nil
}

// Complete ends a login with the request that the issuer sent the browser back
// with: it begins a session and returns the page that was wanted.
func (a *Access) Complete(w http.ResponseWriter, r *http.Request) (string, error) {
	var l login
	cookie, err := r.Cookie(a.cookieName(loginCookie))
	if err != nil || a.sealer.open(cookie.Value, &l) != nil || a.store.now().Unix() > l.Ends {
		return "", ErrLoginLate
	}
	a.setCookie(w, loginCookie, "", -time.Second) // each login holds once
	q := r.URL.Query()
	if !same(q.Get("state"), l.State) {
		return "", fmt.Errorf("%w: it was begun elsewhere (state)", ErrLogin)
	}
	if issuer := q.Get("iss"); issuer != "" && issuer != a.oidc.Issuer { // RFC 9207
		return "", fmt.Errorf("%w: it comes from another issuer", ErrLogin)
	}
	if fault := q.Get("error"); fault != "" {
		return "", fmt.Errorf("%w: %.200q", ErrDenied, fault+" "+q.Get("error_description"))
	}
	p, err := a.oidc.redeem(r.Context(), l, q.Get("code"))
	if err != nil {
		return "", err
	}
	if len(a.RolesOf(p.groups)) == 0 {
		return "", ErrNoRole
	}
	if old, err := r.Cookie(a.cookieName(sessionCookie)); err == nil {
		if err := a.store.deleteSession(r.Context(), old.Value); err != nil {
			return "", err
		}
	}
	secret, err := a.store.createSession(r.Context(), p, a.lifetimes())
	if err != nil {
		return "", err
	}
	a.setCookie(w, sessionCookie, secret, 0)
	return l.To, nil
}

// GoodbyePath is the page shown after a logout.
const GoodbyePath = "/logget-ud"

// End ends the session of a request and returns where to send the browser: to
// the issuer, so that it ends its session too, else to the login page.
func (a *Access) End(w http.ResponseWriter, r *http.Request) (string, error) {
	cookie, err := r.Cookie(a.cookieName(sessionCookie))
	if err != nil || a.oidc == nil {
		return GoodbyePath, nil
	}
	p, err := a.store.sessionOf(r.Context(), cookie.Value, a.lifetimes())
	if err != nil && !errors.Is(err, errNoSession) {
		return "", err
	}
	if err := a.store.deleteSession(r.Context(), cookie.Value); err != nil {
		return "", err
	}
	a.setCookie(w, sessionCookie, "", -time.Second)
	if address := a.oidc.leave(p.idToken, a.public.String()+GoodbyePath); p.idToken != "" && address != "" {
		return address, nil
	}
	return GoodbyePath, nil
}

// LocalPath returns to if it is an address on this server, else "/": a link must
// not lead through our login to another site.
func LocalPath(to string) string {
	u, err := url.Parse(to)
	bad := err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(u.Path, "/login")
	if bad || strings.ContainsFunc(to, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	return to
}

// same compares in a time that does not tell how much is right.
func same(a, b string) bool { return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
