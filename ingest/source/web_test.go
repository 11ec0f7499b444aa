package source

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hjemmel/hjemmel/retrieval/citation"
	"github.com/hjemmel/hjemmel/retrieval/sharedtest"
)

// answers is a server without a network: one function a request.
type answers struct {
	times []time.Time
	heads []http.Header
	next  []func(*http.Request) *http.Response
}

func (a *answers) RoundTrip(req *http.Request) (*http.Response, error) {
	a.times, a.heads = append(a.times, time.Now()), append(a.heads, req.Header)
	answer := a.next[0]
	if len(a.next) > 1 {
		a.next = a.next[1:]
	}
	return answer(req), nil
}

func answer(status int, body string, header ...string) func(*http.Request) *http.Response {
	return func(req *http.Request) *http.Response {
		h := http.Header{}
		for i := 0; i < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: req}
	}
}

func webOn(a *answers, marks string) *Web {
	w := NewWeb(WebOptions{Contact: "it@lindevig.example", Pause: 5 * time.Second, Marks: marks})
	w.client.Transport = a
	return w
}

func itemOf(t *testing.T, w *Web, address string) Item {
	t.Helper()
	item, err := w.Item(address)
	if err != nil {
		t.Fatal(err)
	}
	return item
}

func TestRequestsAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{next: []func(*http.Request) *http.Response{answer(200, "tekst")}}
		item := itemOf(t, webOn(a, ""), "https://example.dk/a%20b.pdf#side=2")
		if item.Path != "example.dk/a b.pdf" {
			t.Errorf("path %q", item.Path)
		}
		var readers sync.WaitGroup
		for range 3 {
			readers.Go(func() {
				if data, err := item.Read(t.Context()); err != nil || string(data) != "tekst" {
					t.Errorf("%q, %v", data, err)
				}
			})
		}
		readers.Wait()
		for i := 1; i < 3; i++ {
			if gap := a.times[i].Sub(a.times[i-1]); gap != 5*time.Second {
				t.Errorf("%v between two requests", gap)
			}
		}
		if agent := a.heads[0].Get("User-Agent"); !strings.Contains(agent, "it@lindevig.example") {
			t.Errorf("agent %q", agent)
		}
	})
}

func TestBusyServersAreGivenTime(t *testing.T) {
	for _, c := range []struct {
		name string
		next []func(*http.Request) *http.Response
		want error
		took time.Duration
	}{
		{"says how long", []func(*http.Request) *http.Response{answer(429, "", "Retry-After", "30"), answer(200, "x")}, nil, 30 * time.Second},
		{"does not say", []func(*http.Request) *http.Response{answer(503, ""), answer(500, ""), answer(200, "x")}, nil, 10 * time.Second}, // 2 s are less than the pause
		{"wants too long", []func(*http.Request) *http.Response{answer(429, "", "Retry-After", "86400")}, errBusy, 0},
		{"never well", []func(*http.Request) *http.Response{answer(502, "")}, errBusy, 5*time.Second + 5*time.Second + 8*time.Second},
		{"gone", []func(*http.Request) *http.Response{answer(404, "")}, errGone, 0},
		{"login", []func(*http.Request) *http.Response{answer(401, "")}, errForbidden, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				_, err := itemOf(t, webOn(&answers{next: c.next}, ""), "https://example.dk/a").Read(t.Context())
				if !errors.Is(err, c.want) || time.Since(start) != c.took {
					t.Errorf("%v after %v, want %v after %v", err, time.Since(start), c.want, c.took)
				}
			})
		})
	}
	if d := retryAfter("Mon, 12 Jan 2026 09:15:30 GMT", time.Date(2026, 1, 12, 9, 15, 0, 0, time.UTC)); d != 30*time.Second {
		t.Errorf("a date: %v", d)
	}
}

func TestConditionalRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{next: []func(*http.Request) *http.Response{answer(200, "første", "ETag", `"1"`, "Last-Modified", "Mon, 12 Jan 2026 09:15:30 GMT"), answer(304, ""), answer(200, "anden")}}
		item := itemOf(t, webOn(a, filepath.Join(t.TempDir(), "web")), "https://example.dk/a")
		first, err := item.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := item.ReadChanged(t.Context(), digest(first)); !errors.Is(err, ErrUnchanged) {
			t.Errorf("unchanged: %v", err)
		}
		if a.heads[1].Get("If-None-Match") != `"1"` || a.heads[1].Get("If-Modified-Since") == "" {
			t.Errorf("headers %v", a.heads[1])
		}
		// Whoever has another version than the mark's is sent the document.
		if data, err := item.ReadChanged(t.Context(), digest([]byte("ældre"))); err != nil || string(data) != "anden" || a.heads[2].Get("If-None-Match") != "" {
			t.Errorf("%q, %v, headers %v", data, err, a.heads[2])
		}
	})
}

func TestInternalAddressesAreRefused(t *testing.T) {
	for address, public := range map[string]bool{
		"127.0.0.1": false, "10.1.2.3": false, "192.168.0.1": false, "172.16.0.1": false, "169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "224.0.0.1": false,
		"::1": false, "fe80::1": false, "fd00::1": false, "::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "255.255.255.255": false,
		"185.29.100.1": true, "2a00:1450::1": true,
	} {
		if isPublic(netip.MustParseAddr(address)) != public {
			t.Errorf("%s: public %v", address, !public)
		}
	}
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	w := NewWeb(WebOptions{})
	defer w.Close()
	if _, err := itemOf(t, w, server.URL).Read(t.Context()); !errors.Is(err, ErrPrivate) {
		t.Error(err)
	}
	for _, bad := range []string{"ftp://example.dk/a", "file:///etc/passwd", "https://", "https://navn:kode@example.dk/"} {
		if _, err := w.Item(bad); err == nil {
			t.Errorf("%s passes", bad)
		}
	}
}

func TestRedirectsStayWithinTheHost(t *testing.T) {
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/inde":
			http.Redirect(w, r, "/slut", http.StatusFound)
		case "/ude":
			http.Redirect(w, r, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)+"/slut", http.StatusFound)
		case "/ring":
			http.Redirect(w, r, "/ring", http.StatusFound)
		default:
			io.WriteString(w, "slut")
		}
	}))
	defer server.Close()
	w := NewWeb(WebOptions{Private: true})
	w.options.Pause = 0
	defer w.Close()
	for name, want := range map[string]error{"/inde": nil, "/ude": errRedirected, "/ring": errRedirected} {
		if _, err := itemOf(t, w, server.URL+name).Read(t.Context()); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseAct(t *testing.T) {
	act := func(kind string) ActAddress { return ActAddress{Journal: "lta", Year: 2025, No: "1129", Kind: kind} }
	for in, want := range map[string]ActAddress{
		"retsinformation:lbk/2025/1129": act("LBK"), "Retsinformation:LBK/2025/1129": act("LBK"), "retsinformation:LBK nr 1129 af 22/09/2025": act("LBK"),
		"retsinformation:lta/2025/1129": act(""), "https://www.retsinformation.dk/eli/lta/2025/1129": act(""), "https://www.retsinformation.dk/eli/lta/2025/1129/xml": act(""),
		"retsinformation:SEL": {Family: "lov om social service"}, "retsinformation:serviceloven": {Family: "lov om social service"},
	} {
		if got, ok, err := ParseAct(in); got != want || !ok || err != nil {
			t.Errorf("%s: %+v, %v, %v", in, got, ok, err)
		}
	}
	for _, in := range []string{"lov", "./retsinformation", "https://www.retsinformation.dk/", "https://example.dk/eli/lta/2025/1129", "https://www.retsinformation.dk.example.com/eli/lta/2025/1129"} {
		if _, ok, err := ParseAct(in); ok || err != nil {
			t.Errorf("%s: %v, %v", in, ok, err)
		}
	}
	for _, in := range []string{"retsinformation:", "retsinformation:findesikkeloven", "retsinformation:vej nr 9007 af 2013", "retsinformation:../../x"} {
		if _, ok, err := ParseAct(in); !ok || err == nil {
			t.Errorf("%s: %v, %v", in, ok, err)
		}
	}
}

// TestActsFromRetsinformation serves the real HTML of acts.
func TestActsFromRetsinformation(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(sharedtest.Dir(t, "data", "documents", "retsinfo-html"), "LBK_nr_1098_af_29_06_2020.html"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/document/eli/lta/2020/1098" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(text)
	}))
	defer server.Close()
	w := NewWeb(WebOptions{Private: true, Base: server.URL})
	w.options.Pause = 0
	defer w.Close()
	item := w.Act(ActAddress{Journal: "lta", Year: 2020, No: "1098", Kind: "LBK"})
	data, err := item.Read(t.Context())
	if err != nil || item.Path != "retsinformation.dk/eli/lta/2020/1098" || !strings.Contains(string(data), `content="LBK nr 1098 af 2020"`) || !strings.Contains(string(data), "kvælstof") {
		t.Errorf("%s: %v, %.300s", item.Path, err, data)
	}
	if _, err := w.Act(ActAddress{Journal: "lta", Year: 2020, No: "1", Kind: "LBK"}).Read(context.Background()); !errors.Is(err, errGone) {
		t.Error(err)
	}
}

func TestActAnswers(t *testing.T) {
	a := ActAddress{Journal: "lta", Year: 2019, No: "573"}
	head := func(kind string) http.Header { return http.Header{"Content-Type": {kind}} }
	data, err := a.page(page{[]byte(`[{"documentHtml":"<p class=\"Titel2\">Lov</p>","title":"A \"B\"","shortName":"LBK nr 573 af 06/05/2019","isHistorical":true,"ukendt":[1]}]`), head("application/json; charset=utf-8")})
	for _, want := range []string{`name="hjemmel.number" content="LBK nr 573 af 06/05/2019"`, `content="A &#34;B&#34;"`, `name="hjemmel.historical"`, `https://www.retsinformation.dk/eli/lta/2019/573`, `<p class="Titel2">`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%v: no %s in %s", err, want, data)
		}
	}
	for _, bad := range []page{{[]byte(`[]`), head("application/json")}, {[]byte(`{"documentHtml":1}`), head("application/json")}, {[]byte(`{}`), head("application/json")},
		{[]byte(`<html><body><div id="root"></div><script src="a.js"></script></body></html>`), head("text/html")}} {
		if _, err := a.page(bad); !errors.Is(err, errShell) {
			t.Errorf("%s: %v", bad.body, err)
		}
	}
	if _, ok := NumberedAct(citation.Number{Type: "VEJ", No: 1, Year: 2020}); ok {
		t.Error("a guideline's number gives no address")
	}
}
