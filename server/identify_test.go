package server

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
	"github.com/hjemmel/hjemmel/server/access"
)

// key makes an API key of a guarded world and returns the header that brings it.
func (g *guarded) key(t *testing.T, roles ...access.Role) []string {
	t.Helper()
	_, secret, err := g.store.CreateKey(t.Context(), access.Key{Name: "prøve", Roles: roles, Groups: []string{"socialt"}})
	if err != nil {
		t.Fatal(err)
	}
	return []string{"Authorization", "Bearer " + secret}
}

func TestRolesOfRoutes(t *testing.T) {
	g := guard(t)
	callers := map[string][]string{"nobody": nil}
	for _, role := range access.Local().Roles {
		callers[string(role)] = g.key(t, role)
	}
	everyone := "nobody reader editor evaluator administrator"
	for _, test := range []struct{ method, path, body, may string }{
		{"GET", "/healthz", "", everyone},
		{"GET", "/readyz", "", everyone},
		{"GET", "/openapi.json", "", everyone},
		{"GET", "/assets/app.css", "", everyone},
		{"GET", "/login", "", everyone},
		{"GET", "/borte", "", everyone},
		{"GET", "/api/v1/me", "", "reader editor evaluator administrator"},
		{"POST", "/api/v1/chat", ask(question), "reader"},
		{"POST", "/v1/chat/completions", `{"model":"hjemmel","messages":[{"role":"user","content":"` + question + `"}]}`, "reader"},
		{"GET", "/v1/models", "", "reader"},
		{"POST", "/api/v1/search", `{"query":"a"}`, "reader"},
		{"GET", "/api/v1/search?q=a", "", "reader"},
		{"POST", "/api/v1/gaps", `{"document":"` + law + `"}`, "reader"},
		{"POST", "/api/v1/summaries", `{"document":"` + law + `"}`, "reader"},
		{"GET", "/api/v1/documents", "", "reader"},
		{"GET", "/api/v1/documents/" + law, "", "reader"},
		{"GET", "/api/v1/documents/" + law + "/sections/41", "", "reader"},
		{"GET", "/api/v1/documents/" + scanned + "/pages/1.png", "", "reader"},
		{"GET", "/api/v1/policy", "", "reader"},
		{"GET", "/api/v1/info", "", "reader"},
		{"GET", "/", "", "reader"},
		{"POST", "/api/v1/documents", "", "editor"},
		{"DELETE", "/api/v1/documents/borte", "", "editor"},
		{"DELETE", "/api/v1/samples", "", "editor"},
		{"GET", "/api/v1/ingest", "", "editor"},
		{"GET", "/metrics", "", "administrator"},
		{"GET", "/api/v1/conversations", "", "reader"},
		{"POST", "/api/v1/feedback", `{"turn":"borte"}`, "reader"},
		{"GET", "/api/v1/feedback", "", "evaluator"},
		{"PATCH", "/api/v1/feedback/borte", `{"state":"done"}`, "evaluator"},
		{"GET", "/api/v1/audit", "", "administrator"},
		{"GET", "/api/v1/audit/verification", "", "administrator"},
		{"GET", "/api/v1/audit/export", "", "administrator"},
		{"GET", "/api/v1/costs", "", "administrator"},
		{"GET", "/api/v1/activity", "", "reader editor evaluator administrator"},
		{"GET", "/administration", "", "reader editor evaluator administrator"},
	} {
		for name, header := range callers {
			res := g.do(t, test.method, test.path, test.body, header...)
			refused := res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden || strings.HasPrefix(res.Request.URL.Path, "/login") && test.path != "/login"
			if may := strings.Contains(test.may, name); refused == may {
				t.Errorf("%s %s by %s: %d, may is %v", test.method, test.path, name, res.StatusCode, may)
			}
		}
	}
	wantProblem(t, g.do(t, "DELETE", "/api/v1/samples", "", callers["reader"]...), 403, "rollen redaktør")
}

// Every route but those that are named in needs asks for a reader.
func TestNewRoutesAreForReadersOnly(t *testing.T) {
	for route, want := range map[string]need{
		"GET /api/v1/nyt": {role: access.Reader}, "POST /v1/chat/completions": {role: access.Reader}, "GET /kilde/*rest": {role: access.Reader, page: true},
		"GET /api/v1/audit": {role: access.Administrator}, "GET /api/v1/costs/2026-11": {role: access.Administrator}, "GET /api/v1/feedback": {role: access.Evaluator},
		"POST /api/v1/feedback": {role: access.Reader}, "GET /login/start": {public: true}, "GET /loginfalsk": {role: access.Reader}, "GET /metricsx": {role: access.Reader},
	} {
		method, path, _ := strings.Cut(route, " ")
		if got := needOf(method, path); got != want {
			t.Errorf("%s needs %+v, want %+v", route, got, want)
		}
	}
}

// The reader's groups reach what handlers call.
func TestPrincipalReachesTheLibrary(t *testing.T) {
	g := guard(t)
	var reader corpus.Reader
	g.library.seen = func(r corpus.Reader) { reader = r }
	if g.do(t, "GET", "/api/v1/documents", "", g.key(t, access.Reader)...); reader.Everything || len(reader.Groups) != 1 || reader.Groups[0] != "socialt" {
		t.Errorf("a key reads as %+v", reader)
	}
	w := start(t)
	w.library.seen = g.library.seen
	if w.do(t, "GET", "/api/v1/documents", ""); !reader.Everything {
		t.Errorf("without login somebody reads as %+v", reader)
	}
}

func TestKeysThatDoNotHold(t *testing.T) {
	g := guard(t)
	revoked, secret, err := g.store.CreateKey(t.Context(), access.Key{Name: "gammel", Roles: []access.Role{access.Reader}})
	if err != nil {
		t.Fatal(err)
	}
	if res := g.do(t, "GET", "/api/v1/me", "", "Authorization", "bearer "+secret); res.StatusCode != 200 {
		t.Fatalf("a good key: %d", res.StatusCode)
	}
	if err := g.store.RevokeKey(t.Context(), revoked.ID); err != nil {
		t.Fatal(err)
	}
	_, expired, err := g.store.CreateKey(t.Context(), access.Key{Name: "udløbet", Roles: []access.Role{access.Reader}, Expires: time.Now().Add(-time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	anna := g.person(t)
	anna.login()
	for name, header := range map[string]string{
		"revoked": "Bearer " + secret, "expired": "Bearer " + expired, "unknown": "Bearer hjemmel_x", "empty": "Bearer ", "basic": "Basic YTpi",
	} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", g.URL+"/api/v1/me", nil)
		req.Header.Set("Authorization", header)
		res, err := anna.Do(req) // a cookie that holds does not help a key that does not
		if err != nil {
			t.Fatal(err)
		}
		wantProblem(t, res, 401, "API-nøglen gælder ikke")
		_ = res.Body.Close()
		if name == "revoked" && strings.Contains(g.log.String(), secret) {
			t.Error("the log tells a key")
		}
	}
}

// Where there are keys but no login, a browser is told why it cannot come in.
func TestPagesWithoutALogin(t *testing.T) {
	store, err := access.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	a, err := access.New(t.Context(), store, access.Config{PublicURL: "http://localhost"})
	if err != nil {
		t.Fatal(err)
	}
	w := start(t, func(c *Config) { c.Access = a })
	res := w.do(t, "GET", "/samling", "")
	if body := text(t, res); res.Request.URL.Path != "/login" || !strings.Contains(body, "API-nøgle") || strings.Contains(body, "/login/start") {
		t.Errorf("%s: %s", res.Request.URL, body)
	}
	if res := w.do(t, "GET", "/login/start", ""); res.StatusCode != 404 {
		t.Errorf("a login is begun nowhere: %d", res.StatusCode)
	}
}

func TestRates(t *testing.T) {
	g := guard(t, func(c *Config) { c.Rates = Rates{Requests: 8, Answers: 4} })
	one, other := g.key(t, access.Reader), g.key(t, access.Reader)
	for range 2 {
		if res := g.do(t, "POST", "/api/v1/chat", ask(question), one...); res.StatusCode != 200 {
			t.Fatalf("within the rate: %d", res.StatusCode)
		}
	}
	res := g.do(t, "POST", "/api/v1/chat", ask(question), one...)
	p := wantProblem(t, res, 429, "Prøv igen om")
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > 15 || !strings.Contains(p.Detail, res.Header.Get("Retry-After")+" sekunder") {
		t.Errorf("Retry-After %q, %s", res.Header.Get("Retry-After"), p.Detail)
	}
	if res := g.do(t, "GET", "/api/v1/info", "", one...); res.StatusCode != 200 {
		t.Errorf("a cheap request after costly ones: %d", res.StatusCode)
	}
	if res := g.do(t, "POST", "/api/v1/chat", ask(question), other...); res.StatusCode != 200 {
		t.Errorf("somebody else: %d", res.StatusCode)
	}
	for range 4 {
		wantProblem(t, g.do(t, "GET", "/api/v1/info", ""), 401, "ikke logget ind")
	}
	wantProblem(t, g.do(t, "GET", "/api/v1/info", ""), 429, "Prøv igen om") // nobody has an address at least
	for range 20 {
		if res := g.do(t, "GET", "/healthz", ""); res.StatusCode != 200 {
			t.Fatalf("probes are not held back: %d", res.StatusCode)
		}
	}
}

func TestBucketsFillAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBuckets(60)
		taken := 0
		for {
			wait, ok := b.take("a", time.Now())
			if !ok {
				if wait <= 0 || wait > time.Second {
					t.Errorf("wait %s", wait)
				}
				time.Sleep(wait)
				break
			}
			taken++
		}
		if taken != 30 {
			t.Errorf("%d at once, want half a minute's", taken)
		}
		if _, ok := b.take("a", time.Now()); !ok {
			t.Error("after the wait that was named it is still too much")
		}
		if _, ok := (*buckets)(nil).take("a", time.Now()); !ok {
			t.Error("no limit holds somebody back")
		}
	})
}

func TestClientBehindProxies(t *testing.T) {
	trusted, err := newProxies([]string{"10.0.0.0/8", "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ remote, forwarded, want string }{
		{"192.0.2.1:1", "", "192.0.2.1"},
		{"192.0.2.1:1", "198.51.100.7", "192.0.2.1"}, // no proxy of ours says so
		{"10.0.0.2:1", "198.51.100.7", "198.51.100.7"},
		{"10.0.0.2:1", "1.2.3.4, 198.51.100.7, 10.0.0.9", "198.51.100.7"},
		{"10.0.0.2:1", "vrøvl", "10.0.0.2"},
		{"127.0.0.1:1", "2001:db8::1", "2001:db8::1"},
		{"[::ffff:10.0.0.2]:1", "198.51.100.7", "198.51.100.7"},
		{"10.0.0.2:1", "", "10.0.0.2"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = test.remote
		if test.forwarded != "" {
			r.Header.Set("X-Forwarded-For", test.forwarded)
		}
		if got := trusted.client(r); got != netip.MustParseAddr(test.want) {
			t.Errorf("%s via %q: %s, want %s", test.remote, test.forwarded, got, test.want)
		}
	}
	if _, err := newProxies([]string{"proxy.kommune.dk"}); err == nil {
		t.Error("a name was taken for an address")
	}
	g := guard(t, func(c *Config) { c.TrustedProxies = []string{"127.0.0.1"} })
	if got := g.do(t, "GET", "/healthz", "", "X-Forwarded-Proto", "https").Header.Get("Strict-Transport-Security"); got == "" {
		t.Error("HTTPS by a trusted proxy is not insisted on")
	}
	if got := start(t).do(t, "GET", "/healthz", "", "X-Forwarded-Proto", "https").Header.Get("Strict-Transport-Security"); got != "" {
		t.Error("anybody can say that there is HTTPS")
	}
}
