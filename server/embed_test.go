package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/activity"
)

const intranet = "https://intranet.kommune.dk"

func embedding(c *Config) { c.EmbedOrigins = []string{intranet + "/"} }

func TestEmbeddingPagesMayAskAndNothingElse(t *testing.T) {
	w := start(t, embedding)
	for _, test := range []struct {
		method, path, origin string
		status               int
		shared               bool
	}{
		{"OPTIONS", "/api/v1/chat", intranet, 204, true},
		{"POST", "/api/v1/chat", intranet, 200, true},
		{"OPTIONS", "/api/v1/chat", "https://ond.example", 405, false},
		{"POST", "/api/v1/chat", "https://ond.example", 403, false},
		{"POST", "/api/v1/chat", "http://intranet.kommune.dk", 403, false},
		{"POST", "/api/v1/chat", "https://intranet.kommune.dk.ond.example", 403, false},
		{"POST", "/api/v1/chat", "null", 403, false},
		{"POST", "/api/v1/documents", intranet, 403, false},
		{"POST", "/api/v1/search", intranet, 403, false},
		{"POST", "/v1/chat/completions", intranet, 403, false},
		{"POST", "/mcp", intranet, 403, false},
		{"DELETE", "/api/v1/samples", intranet, 403, false},
		{"OPTIONS", "/api/v1/samples", intranet, 405, false},
		{"GET", "/api/v1/conversations", intranet, 200, false},
	} {
		res := w.do(t, test.method, test.path, ask(question), "Origin", test.origin, "Sec-Fetch-Site", "cross-site")
		shared := res.Header.Get("Access-Control-Allow-Origin")
		if res.StatusCode != test.status || test.shared != (shared == test.origin) || !test.shared && shared != "" {
			t.Errorf("%+v: status %d, shared with %q", test, res.StatusCode, shared)
		}
	}
	entries, _, err := w.activity.Audit(t.Context(), activity.Filter{Way: activity.WayEmbed}, activity.Page{Limit: 10})
	if err != nil || len(entries) != 1 {
		t.Errorf("audited %+v, %v", entries, err)
	}
	for path, policy := range map[string]string{"/assets/embed.js": "cross-origin", "/assets/app.css": "same-origin"} {
		if got := w.do(t, "GET", path, "").Header.Get("Cross-Origin-Resource-Policy"); got != policy {
			t.Errorf("%s: %q", path, got)
		}
	}
}

// The page that embeds Hjemmel can tell who is not logged in why.
func TestEmbeddingPageReadsWhyItIsRefused(t *testing.T) {
	g := guard(t, embedding)
	res := g.do(t, "POST", "/api/v1/chat", ask(question), "Origin", intranet, "Sec-Fetch-Site", "same-site")
	if res.Header.Get("Access-Control-Allow-Origin") != intranet || res.Header.Get("Access-Control-Allow-Credentials") != "true" {
		t.Errorf("%v", res.Header)
	}
	wantProblem(t, res, http.StatusUnauthorized, "ikke logget ind")
	if res := g.do(t, "POST", "/api/v1/chat", ask(question), append(g.key(t, access.Reader), "Origin", intranet)...); res.StatusCode != 200 {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestNothingIsSharedUnlessSet(t *testing.T) {
	w := start(t)
	wantProblem(t, w.do(t, "POST", "/api/v1/chat", ask(question), "Origin", intranet), http.StatusForbidden, "andet websted")
	if got := w.do(t, "GET", "/assets/embed.js", "").Header.Get("Cross-Origin-Resource-Policy"); got != "same-origin" {
		t.Errorf("%q", got)
	}
}

func TestEmbedOriginsAreOrigins(t *testing.T) {
	for _, text := range []string{"*", "intranet.kommune.dk", "https://*.kommune.dk", "https://intranet.kommune.dk/sti", "null", "file:///x", "https://a@b", ""} {
		if _, err := newOrigins([]string{text}); err == nil || !strings.Contains(err.Error(), "scheme and host") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
