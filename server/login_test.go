package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/access/accesstest"
	"github.com/hjemmel/hjemmel/server/api"
)

// guarded is a world that people log in to at an issuer, and programs by keys.
type guarded struct {
	*world
	issuer *accesstest.Issuer
	store  *access.Store
	dir    string
	config access.Config
}

func guard(t *testing.T, change ...func(*Config)) *guarded {
	t.Helper()
	g := &guarded{issuer: accesstest.New(t), dir: t.TempDir()}
	var err error
	if g.store, err = access.Open(t.Context(), g.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.store.Close() })
	// The address must be known before the server is made: it is told to the issuer.
	front := httptest.NewUnstartedServer(nil)
	g.config = access.Config{
		PublicURL: "http://" + front.Listener.Addr().String(),
		OIDC:      &access.OIDC{Issuer: g.issuer.URL, ClientID: accesstest.ClientID, ClientSecret: accesstest.ClientSecret},
		Roles:     map[access.Role][]string{access.Reader: {"socialt"}, access.Editor: {"redaktion"}, access.Administrator: {"drift"}},
	}
	a, err := access.New(t.Context(), g.store, g.config)
	if err != nil {
		t.Fatal(err)
	}
	g.world = newWorld(t, slices.Concat([]func(*Config){func(c *Config) { c.Access = a }}, change)...)
	front.Config.Handler = g.server.Handler()
	front.Start()
	g.Server = front
	t.Cleanup(func() { front.Close(); http.DefaultTransport.(*http.Transport).CloseIdleConnections() })
	return g
}

// person is a browser: it keeps cookies and follows redirects.
type person struct {
	*http.Client
	t   *testing.T
	url string
}

func (g *guarded) person(t *testing.T) *person {
	jar, _ := cookiejar.New(nil)
	return &person{&http.Client{Jar: jar, Transport: g.Client().Transport}, t, g.URL}
}

func (p *person) get(path string) *http.Response {
	p.t.Helper()
	res, err := p.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// login logs in and returns the last reply.
func (p *person) login() *http.Response { p.t.Helper(); return p.get("/login/start?to=/samling") }

func (p *person) me() (me api.Me, status int) {
	p.t.Helper()
	res := p.get("/api/v1/me")
	_ = json.NewDecoder(res.Body).Decode(&me)
	return me, res.StatusCode
}

func TestLogin(t *testing.T) {
	g := guard(t)
	anna := g.person(t)
	res := anna.get("/samling")
	if body := text(t, res); res.Request.URL.Path != "/login" || res.Request.URL.Query().Get("to") != "/samling" || !strings.Contains(body, "Log ind på Hjemmel") || !strings.Contains(body, `href="/login/start?to=%2Fsamling"`) {
		t.Fatalf("a page before the login leads to %s: %s", res.Request.URL, body)
	}
	wantProblem(t, anna.get("/api/v1/documents"), 401, "ikke logget ind")
	if res := anna.login(); res.StatusCode != 200 || res.Request.URL.Path != "/samling" {
		t.Fatalf("the login leads to %s: %d %s", res.Request.URL, res.StatusCode, text(t, res))
	}
	me, _ := anna.me()
	if me.Subject != "anna" || me.Name != "Anna Ærø" || !slices.Equal(me.Groups, []string{"socialt"}) || !slices.Equal(me.Roles, []access.Role{access.Reader}) || !me.Login || me.Everything {
		t.Errorf("me: %+v", me)
	}
	if res := anna.get("/api/v1/documents"); res.StatusCode != 200 {
		t.Errorf("after the login: %d", res.StatusCode)
	}
	if _, status := g.person(t).me(); status != 401 {
		t.Errorf("somebody else is logged in too: %d", status)
	}
}

// A session lives in the data folder: a restart does not end it.
func TestSessionsSurviveARestart(t *testing.T) {
	g := guard(t)
	anna := g.person(t)
	anna.login()
	store, err := access.Open(t.Context(), g.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	again, err := access.New(t.Context(), store, g.config)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(c *Config) { c.Access = again })
	req := httptest.NewRequest("GET", "/api/v1/me", nil)
	req.Host = strings.TrimPrefix(g.URL, "http://")
	at, _ := url.Parse(g.URL)
	for _, cookie := range anna.Jar.Cookies(at) {
		req.AddCookie(cookie)
	}
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, req)
	if rec.Code != 200 || !strings.Contains(rec.Body.String(), "Anna Ærø") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

func TestLogoutEndsBothSessions(t *testing.T) {
	g := guard(t)
	anna := g.person(t)
	anna.login()
	at, _ := url.Parse(g.URL)
	stolen := anna.Jar.Cookies(at)
	res, err := anna.Post(g.URL+"/api/v1/logout", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out := decode[api.LoggedOut](t, res)
	if !strings.HasPrefix(out.Location, g.issuer.URL+"/logout?") {
		t.Fatalf("logout leads to %s", out.Location)
	}
	res2, err := anna.Get(out.Location)
	if err != nil {
		t.Fatal(err)
	}
	defer res2.Body.Close()
	if body := text(t, res2); res2.Request.URL.Path != access.GoodbyePath || !strings.Contains(body, "Du er logget ud") {
		t.Errorf("back at %s: %s", res2.Request.URL, body)
	}
	if told := g.issuer.Logouts(); len(told) != 1 || told[0].Get("id_token_hint") == "" || told[0].Get("client_id") != accesstest.ClientID {
		t.Errorf("the issuer was told %v", told)
	}
	anna.Jar.SetCookies(at, stolen)
	if _, status := anna.me(); status != 401 {
		t.Errorf("the old cookie still holds: %d", status)
	}
}

func TestLoginsThatDoNotHold(t *testing.T) {
	claim := func(name string, value any) func(map[string]any) {
		return func(c map[string]any) { c[name] = value }
	}
	tests := []struct {
		name   string
		spoil  func(map[string]any)
		status int
		detail string
	}{
		{"wrong nonce", claim("nonce", "en anden"), 400, "kunne ikke bekræftes"},
		{"no nonce", claim("nonce", nil), 400, "kunne ikke bekræftes"},
		{"expired", claim("exp", time.Now().Add(-time.Minute).Unix()), 400, "kunne ikke bekræftes"},
		{"wrong audience", claim("aud", "et andet program"), 400, "kunne ikke bekræftes"},
		{"made for another party", func(c map[string]any) { c["aud"], c["azp"] = []string{"hjemmel", "x"}, "x" }, 400, "kunne ikke bekræftes"},
		{"wrong issuer", claim("iss", "https://ond.example"), 400, "kunne ikke bekræftes"},
		{"nobody", claim("sub", ""), 400, "kunne ikke bekræftes"},
		{"groups that are no texts", claim("groups", []any{1, 2}), 400, "kunne ikke bekræftes"},
		{"in no group that may", claim("groups", []string{"vej og park"}), 403, "ingen af dine grupper"},
		{"too many groups, Entra's pointer", func(c map[string]any) {
			delete(c, "groups")
			c["_claim_names"] = map[string]string{"groups": "src1"}
			c["_claim_sources"] = map[string]any{"src1": map[string]string{"endpoint": "https://graph.windows.net/t/users/u/getMemberObjects"}}
		}, 403, "så mange grupper"},
		{"too many groups, Entra's flag", func(c map[string]any) { delete(c, "groups"); c["hasgroups"] = true }, 403, "så mange grupper"},
	}
	g := guard(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g.issuer.Spoil(test.spoil)
			p := g.person(t)
			res := p.login()
			if body := text(t, res); res.StatusCode != test.status || !strings.Contains(body, test.detail) || !strings.Contains(body, "Prøv igen") {
				t.Errorf("%d %s", res.StatusCode, body)
			}
			if _, status := p.me(); status != 401 {
				t.Errorf("logged in all the same: %d", status)
			}
		})
	}
	g.issuer.Spoil(nil)
	g.issuer.Deny(true)
	if res := g.person(t).login(); res.StatusCode != 403 || !strings.Contains(text(t, res), "lukkede dig ikke ind") {
		t.Errorf("denied: %d", res.StatusCode)
	}
}

// begun begins a login without following it, and returns where the issuer would
// send the browser back to.
func (p *person) begun(t *testing.T) *url.URL {
	t.Helper()
	p.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		if req.URL.Path == access.CallbackPath {
			return http.ErrUseLastResponse
		}
		return nil
	}
	res := p.login()
	p.CheckRedirect = nil
	back, err := res.Location()
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestCallbacksOfOtherLogins(t *testing.T) {
	g := guard(t)
	tests := map[string]func(back *url.URL, p *person){
		"wrong state": func(back *url.URL, _ *person) {
			q := back.Query()
			q.Set("state", "gættet")
			back.RawQuery = q.Encode()
		},
		"no state": func(back *url.URL, _ *person) {
			back.RawQuery = url.Values{"code": {back.Query().Get("code")}}.Encode()
		},
		"another's code": func(back *url.URL, p *person) { *back = *g.person(p.t).begun(p.t) }, // a login that somebody else began
		"another issuer": func(back *url.URL, _ *person) {
			q := back.Query()
			q.Set("iss", "https://ond.example")
			back.RawQuery = q.Encode()
		},
		"a browser that began nothing": func(_ *url.URL, p *person) { p.Jar, _ = cookiejar.New(nil) },
		"a forged cookie": func(_ *url.URL, p *person) {
			at, _ := url.Parse(p.url)
			p.Jar.SetCookies(at, []*http.Cookie{{Name: "hjemmel-login", Value: "AAAA"}})
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			p := g.person(t)
			back := p.begun(t)
			change(back, p)
			if res := p.get(back.RequestURI()); res.StatusCode != 400 {
				t.Errorf("%d %s", res.StatusCode, text(t, res))
			}
			if _, status := p.me(); status != 401 {
				t.Errorf("logged in all the same: %d", status)
			}
		})
	}
	p := g.person(t)
	back := p.begun(t)
	if res := p.get(back.RequestURI()); res.StatusCode != 200 {
		t.Fatalf("the very login: %d %s", res.StatusCode, text(t, res))
	}
	if res := g.person(t).get(back.RequestURI()); res.StatusCode != 400 {
		t.Errorf("the same login once more: %d", res.StatusCode)
	}
}

func TestIssuerRotatesItsKey(t *testing.T) {
	g := guard(t)
	g.person(t).login()
	g.issuer.RotateKey()
	p := g.person(t)
	if res := p.login(); res.StatusCode != 200 {
		t.Fatalf("after the rotation: %d %s", res.StatusCode, text(t, res))
	}
	if me, _ := p.me(); me.Subject != "anna" {
		t.Errorf("me: %+v", me)
	}
}

func TestIssuerIsDown(t *testing.T) {
	g := guard(t)
	g.issuer.Close()
	if res := g.person(t).login(); res.StatusCode != 503 || !strings.Contains(text(t, res), "Loginserveren svarer ikke") {
		t.Errorf("%d", res.StatusCode)
	}
	if res := g.person(t).get("/healthz"); res.StatusCode != 200 {
		t.Errorf("healthz: %d", res.StatusCode)
	}
}

func TestCookiesAreGuarded(t *testing.T) {
	g := guard(t)
	p := g.person(t)
	back := p.begun(t)
	p.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res := p.get(back.RequestURI())
	named := map[string]*http.Cookie{}
	for _, c := range res.Cookies() {
		named[c.Name] = c
	}
	if c := named["hjemmel"]; c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure || len(c.Value) < 40 {
		t.Errorf("over HTTP: %+v", c)
	}
	if c := named["hjemmel-login"]; c == nil || c.MaxAge >= 0 {
		t.Errorf("the login's cookie stays: %+v", c)
	}
	// A change that another site has her browser make brings her cookie, and is refused.
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://ond.example"} {
		req, _ := http.NewRequestWithContext(t.Context(), "POST", g.URL+"/api/v1/logout", nil)
		req.Header.Set(header, value)
		res, err := p.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		wantProblem(t, res, 403, "andet websted")
		_ = res.Body.Close()
	}
	if _, status := p.me(); status != 200 {
		t.Errorf("another site has logged her out: %d", status)
	}
	secure := g.config
	secure.PublicURL = "https://hjemmel.kommune.dk"
	a, err := access.New(t.Context(), g.store, secure)
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	if _, err := a.Begin(rec, "/"); err != nil {
		t.Fatal(err)
	}
	if c := rec.Result().Cookies()[0]; c.Name != "__Host-hjemmel-login" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" {
		t.Errorf("over HTTPS: %+v", c)
	}
}

func TestLoginLeadsNowhereElse(t *testing.T) {
	for to, want := range map[string]string{
		"/samling": "/samling", "/kilde/lbk-2025-1129/85?x=1#a": "/kilde/lbk-2025-1129/85?x=1#a", "": "/", "samling": "/", "//ond.example": "/", "/\\ond.example": "/",
		"https://ond.example/": "/", "/\tond": "/", "javascript:alert(1)": "/", "/login/start": "/", "/login": "/", "/%2f/x": "/%2f/x",
	} {
		if got := access.LocalPath(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

// Beyond loopback the server listens only where it can tell people apart.
func TestOtherAddressesWithAccess(t *testing.T) {
	store, err := access.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	a, err := access.New(t.Context(), store, access.Config{PublicURL: "https://hjemmel.kommune.dk"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := newWorld(t).server.cfg
	cfg.Addr, cfg.Registry = "0.0.0.0:8080", nil
	if _, err := New(cfg); !errors.Is(err, ErrExposed) {
		t.Errorf("without access: %v", err)
	}
	cfg.Access = a
	s, err := New(cfg)
	if err != nil {
		t.Fatalf("with access: %v", err)
	}
	s.hosts.port.Store(8080)
	for host, ok := range map[string]bool{"hjemmel.kommune.dk": true, "ond.example": false, "10.0.0.4:8080": false} {
		if s.hosts.allowed(host) != ok {
			t.Errorf("host %s: %v", host, !ok)
		}
	}
}
