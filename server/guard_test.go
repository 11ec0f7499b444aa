package server

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestOtherAddressesThanLoopbackAreRefused(t *testing.T) {
	for addr, ok := range map[string]bool{
		"127.0.0.1:8080": true, "[::1]:8080": true, "localhost:0": true, "127.0.0.2:80": true,
		":8080": false, "0.0.0.0:8080": false, "[::]:8080": false, "192.168.1.5:8080": false, "hjemmel.example.dk:80": false,
	} {
		if err := checkAddr(addr, false); (err == nil) != ok || !ok && !errors.Is(err, ErrExposed) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	if err := checkAddr("8080", true); err == nil || errors.Is(err, ErrExposed) {
		t.Errorf("an address without a port: %v", err)
	}
	cfg := newWorld(t).server.cfg
	cfg.Addr, cfg.Registry = "0.0.0.0:8080", nil
	if _, err := New(cfg); !errors.Is(err, ErrExposed) || !strings.Contains(err.Error(), "OIDC") {
		t.Errorf("New: %v", err)
	}
}

func TestIncompleteConfigurationIsRefused(t *testing.T) {
	whole := newWorld(t).server.cfg
	for name, spoil := range map[string]func(*Config){
		"Library": func(c *Config) { c.Library = nil }, "Check": func(c *Config) { c.Check = nil },
		"Frontend": func(c *Config) { c.Frontend = nil }, "https://hjemmel": func(c *Config) { c.Hosts = []string{"https://hjemmel"} },
	} {
		cfg := whole
		spoil(&cfg)
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	whole.Registry = prometheus.NewRegistry()
	if _, err := New(whole); err != nil {
		t.Fatal(err)
	}
	if _, err := New(whole); err == nil {
		t.Error("two servers count into one registry")
	}
}

func TestHostHeader(t *testing.T) {
	w := start(t, func(c *Config) { c.Hosts = []string{"Hjemmel.kommune.dk", "localhost:9999"} })
	w.server.hosts.port.Store(8080)
	for host, ok := range map[string]bool{
		"localhost:8080": true, "127.0.0.1:8080": true, "[::1]:8080": true, "LOCALHOST:8080": true,
		"hjemmel.kommune.dk": true, "hjemmel.kommune.dk:443": true, "localhost:9999": true,
		"localhost:8081": false, "localhost": false, "ond.example:8080": false, "hjemmel.kommune.dk.ond.example": false,
		"127.0.0.1.ond.example:8080": false, "192.168.1.5:8080": false,
	} {
		res := w.do(t, "GET", "/api/v1/info", "", "Host", host)
		if ok && res.StatusCode != 200 {
			t.Errorf("%s: %d", host, res.StatusCode)
		}
		if !ok {
			wantProblem(t, res, http.StatusMisdirectedRequest, "denne adresse")
		}
	}
	if w.server.hosts.port.Store(80); w.do(t, "GET", "/healthz", "", "Host", "localhost").StatusCode != 200 {
		t.Error("a host without a port does not mean port 80")
	}
}

func TestCrossOriginChangesAreRefused(t *testing.T) {
	w := start(t)
	tests := []struct {
		method, path string
		header       []string
		ok           bool
	}{
		{"DELETE", "/api/v1/samples", []string{"Sec-Fetch-Site", "cross-site"}, false},
		{"DELETE", "/api/v1/samples", []string{"Sec-Fetch-Site", "same-site"}, false},
		{"POST", "/api/v1/chat", []string{"Origin", "https://ond.example"}, false},
		{"POST", "/api/v1/documents", []string{"Origin", "null"}, false},
		{"DELETE", "/api/v1/samples", []string{"Sec-Fetch-Site", "same-origin"}, true},
		{"DELETE", "/api/v1/samples", []string{"Origin", w.URL}, true},
		{"DELETE", "/api/v1/samples", nil, true}, // a program, not a browser
		{"GET", "/api/v1/info", []string{"Sec-Fetch-Site", "cross-site"}, true},
	}
	for _, test := range tests {
		res := w.do(t, test.method, test.path, ask(question), test.header...)
		if test.ok && res.StatusCode != 200 {
			t.Errorf("%+v: %d", test, res.StatusCode)
		}
		if !test.ok {
			wantProblem(t, res, http.StatusForbidden, "andet websted")
		}
	}
}

func TestEveryReplyHasTheSecurityHeaders(t *testing.T) {
	w := start(t)
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
			"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'",
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	}
	for _, path := range []string{"/", "/assets/app.css", "/assets/borte.css", "/api/v1/info", "/api/borte", "/borte", "/metrics", "/openapi.json"} {
		res := w.do(t, "GET", path, "")
		for name, value := range want {
			if got := res.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if res.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s may be read by other sites", path)
		}
	}
}

func TestRequestID(t *testing.T) {
	w := start(t)
	for given, kept := range map[string]bool{"": false, "abc-123_x.9": true, "to ord": false, strings.Repeat("a", 65): false, "<script>": false} {
		got := w.do(t, "GET", "/healthz", "", "X-Request-Id", given).Header.Get("X-Request-Id")
		if got == "" || (got == given) != kept {
			t.Errorf("given %q, got %q", given, got)
		}
	}
	w.do(t, "GET", "/api/v1/info", "", "X-Request-Id", "find-mig")
	if !strings.Contains(w.log.String(), `"request_id":"find-mig"`) {
		t.Error("the log lacks the request id")
	}
}

func TestLogsTellNoQuestions(t *testing.T) {
	w := start(t)
	secret := "hemmeligt"
	w.do(t, "POST", "/api/v1/chat", ask(secret+" "+cpr))
	w.do(t, "POST", "/api/v1/chat", `{"question":"`+secret)
	w.do(t, "POST", "/api/v1/search", `{"query":"`+secret+" "+cpr+`"}`)
	w.do(t, "GET", "/api/v1/search?q="+secret, "")
	w.do(t, "GET", "/api/v1/search?q=%zz"+secret, "")
	w.do(t, "GET", "/api/v1/documents?q="+secret, "")
	w.do(t, "GET", "/api/v1/documents/"+secret, "")
	w.do(t, "GET", "/"+secret, "")
	w.do(t, secret, "/api/v1/info", "")
	log := w.log.String()
	if n := strings.Count(log, `"msg":"request"`); n != 9 {
		t.Errorf("%d requests logged", n)
	}
	metrics := text(t, w.do(t, "GET", "/metrics", ""))
	for where, all := range map[string]string{"log": log, "metrics": metrics} {
		if strings.Contains(all, secret) || strings.Contains(all, cpr) {
			t.Errorf("the %s tells what was asked:\n%s", where, all)
		}
	}
}

func TestMetrics(t *testing.T) {
	w := start(t)
	w.library.indexing = true
	w.do(t, "POST", "/api/v1/chat", ask(question))
	w.do(t, "GET", "/api/v1/documents/borte", "")
	w.do(t, "GET", "/borte", "")
	all := text(t, w.do(t, "GET", "/metrics", ""))
	for _, line := range []string{
		`hjemmel_http_requests_total{method="POST",route="/api/v1/chat",status="200"} 1`,
		`hjemmel_http_requests_total{method="GET",route="/api/v1/documents/:id",status="404"} 1`,
		`hjemmel_http_requests_total{method="GET",route="unmatched",status="404"} 1`,
		`hjemmel_http_request_duration_seconds_count{method="POST",route="/api/v1/chat"} 1`,
		`hjemmel_answers_total{outcome="answered"} 1`, `hjemmel_answers_total{outcome="failed"} 0`,
		"hjemmel_documents 2", "hjemmel_sections 3", "hjemmel_passages 4", "hjemmel_sample_documents 1", "hjemmel_indexing 1", "go_goroutines", "hjemmel_build_info{kernels=",
	} {
		if !strings.Contains(all, line) {
			t.Errorf("metrics lack %s", line)
		}
	}
	w.library.err = errors.New("disk")
	res := w.do(t, "GET", "/metrics", "")
	if all := text(t, res); res.StatusCode != 200 || !strings.Contains(all, "hjemmel_http_requests_total") {
		t.Errorf("a library that fails hides the other metrics: %d", res.StatusCode)
	}
}

func TestReadiness(t *testing.T) {
	w := start(t)
	if res := w.do(t, "GET", "/readyz", ""); res.StatusCode != 200 {
		t.Errorf("ready: %d", res.StatusCode)
	}
	w.library.indexing = true
	res := w.do(t, "GET", "/readyz", "")
	wantProblem(t, res, 503, "indekseret")
	if got := res.Header.Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After %q", got)
	}
	w.library.err = errors.New("disk")
	wantProblem(t, w.do(t, "GET", "/readyz", ""), 503, "kan ikke læses")
	if res := w.do(t, "GET", "/healthz", ""); res.StatusCode != 200 {
		t.Errorf("alive: %d", res.StatusCode)
	}
	w.server.draining.Store(true)
	wantProblem(t, w.do(t, "GET", "/readyz", ""), 503, "lukker ned")
}

func TestPages(t *testing.T) {
	w := start(t)
	for path, status := range map[string]int{"/": 200, "/samling": 200, "/kilde/" + law: 200, "/kilde/" + law + "/bilag%2F1": 200, "/borte": 404, "/samling/": 404} {
		for _, method := range []string{"GET", "HEAD"} {
			res := w.do(t, method, path, "")
			if body := text(t, res); res.StatusCode != status || (method == "GET") != strings.Contains(body, "<title>Hjemmel</title>") {
				t.Errorf("%s %s: %d %q", method, path, res.StatusCode, body)
			}
			if got := res.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
				t.Errorf("%s: %s", path, got)
			}
		}
	}
	for path, mediaType := range map[string]string{
		"/assets/app.css": "text/css; charset=utf-8", "/assets/js/app.js": "text/javascript; charset=utf-8", "/assets/odd.bin": "application/octet-stream",
	} {
		res := w.do(t, "GET", path, "")
		tag := res.Header.Get("Etag")
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != mediaType || tag == "" || res.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
		}
		if again := w.do(t, "GET", path, "", "If-None-Match", tag); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %d", path, again.StatusCode)
		}
	}
	for _, path := range []string{"/assets/", "/assets/js", "/assets/borte.js", "/assets/..%2findex.html", "/assets/%2e%2e/index.html"} {
		wantProblem(t, w.do(t, "GET", path, ""), 404, "findes ikke")
	}
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	w := start(t)
	wantProblem(t, w.do(t, "GET", "/api/v2/chat", ""), 404, "findes ikke")
	wantProblem(t, w.do(t, "POST", "/borte", ""), 404, "findes ikke")
	res := w.do(t, "GET", "/api/v1/chat", "")
	wantProblem(t, res, 405, "på den måde")
	if got := res.Header.Get("Allow"); got != "POST" {
		t.Errorf("Allow %q", got)
	}
}
