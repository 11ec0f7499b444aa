package teams

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/server/teams/teamstest"
)

func TestTokensThatDoNotHold(t *testing.T) {
	w := start(t)
	set := func(name string, value any) func(map[string]any) {
		return func(c map[string]any) { c[name] = value }
	}
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	tests := map[string]struct {
		token  string
		status int
	}{
		"good":                 {w.cloud.Token(nil), 200},
		"several audiences":    {w.cloud.Token(set("aud", []string{"x", teamstest.AppID})), 200},
		"clock a little ahead": {w.cloud.Token(set("nbf", ago(-4*time.Minute))), 200},
		"just expired":         {w.cloud.Token(set("exp", ago(4*time.Minute))), 200},
		"none":                 {"", 401},
		"no token":             {"vrøvl", 401},
		"other issuer":         {w.cloud.Token(set("iss", "https://sts.windows.net/x/")), 401},
		"no issuer":            {w.cloud.Token(set("iss", nil)), 401},
		"other audience":       {w.cloud.Token(set("aud", "en anden")), 401},
		"no audience":          {w.cloud.Token(set("aud", nil)), 401},
		"expired":              {w.cloud.Token(set("exp", ago(6*time.Minute))), 401},
		"never expires":        {w.cloud.Token(set("exp", nil)), 401},
		"not yet":              {w.cloud.Token(set("nbf", ago(-6*time.Minute))), 401},
		"other service":        {w.cloud.Token(set("serviceurl", "https://ond.dk/")), 401},
		"no service":           {w.cloud.Token(set("serviceurl", nil)), 401},
		"unknown key":          {w.cloud.StrangersToken(false), 401},
		"forged":               {w.cloud.StrangersToken(true), 401},
		"unsigned":             {"eyJhbGciOiJub25lIn0.e30.", 401},
	}
	n := 0
	for name, test := range tests {
		if status := w.post(w.cloud.Message("t"+name, "hjælp", nil), test.token); status != test.status {
			t.Errorf("%s: %d, want %d", name, status, test.status)
		}
		if test.status == 200 {
			n++
		}
	}
	w.work.Wait()
	if got := len(w.cloud.Messages()); got != n {
		t.Errorf("%d replies, want %d", got, n)
	}
	if keys, _ := w.cloud.Fetched(); keys != 1 {
		t.Errorf("the keys were fetched %d times: strangers' tokens must not have them fetched at will", keys)
	}
}

func TestActivitiesOfOthers(t *testing.T) {
	w := start(t)
	for name, test := range map[string]struct {
		change func(map[string]any)
		status int
	}{
		"other service":   {func(a map[string]any) { a["serviceUrl"] = "https://ond.dk/" }, 401},
		"other channel":   {func(a map[string]any) { a["channelId"] = "webchat" }, 401},
		"other tenant":    {func(a map[string]any) { a["channelData"] = map[string]any{"tenant": map[string]any{"id": "x"}} }, 403},
		"no tenant":       {func(a map[string]any) { delete(a, "channelData"); a["conversation"] = map[string]any{"id": "a"} }, 403},
		"no conversation": {func(a map[string]any) { delete(a, "conversation") }, 400},
		"no sender":       {func(a map[string]any) { delete(a, "from") }, 400},
		"a reaction":      {func(a map[string]any) { a["type"] = "messageReaction" }, 200},
		"somebody was added": {func(a map[string]any) {
			a["type"] = "conversationUpdate"
			a["membersAdded"] = []any{map[string]any{"id": "29:x"}}
		}, 200},
	} {
		if status := w.post(w.cloud.Message(name, "hjælp", test.change), w.cloud.Token(nil)); status != test.status {
			t.Errorf("%s: %d, want %d", name, status, test.status)
		}
	}
	if status := w.post("{", w.cloud.Token(nil)); status != 400 {
		t.Errorf("no JSON: %d", status)
	}
	if status := w.post(w.cloud.Message("lang", strings.Repeat("x", maxActivity), nil), w.cloud.Token(nil)); status != 413 {
		t.Errorf("too long: %d", status)
	}
	w.work.Wait()
	if got := w.cloud.Messages(); len(got) > 0 {
		t.Errorf("replied to %v", got)
	}
	// A service that a token vouches for must be reached safely all the same.
	plain := w.cloud.Token(func(c map[string]any) { c["serviceurl"] = "http://smba.trafficmanager.net/emea/" })
	body := w.cloud.Message("http", "hjælp", func(a map[string]any) { a["serviceUrl"] = "http://smba.trafficmanager.net/emea/" })
	if status := w.post(body, plain); status != 401 {
		t.Errorf("a service without TLS: %d", status)
	}
}

func TestKeysRotate(t *testing.T) {
	w := start(t)
	ahead := func(d time.Duration) { w.mu.Lock(); w.clock = d; w.mu.Unlock() }
	steady := func(c map[string]any) { c["exp"] = time.Now().Add(20 * 24 * time.Hour).Unix() }
	post := func(id, token string) int { return w.post(w.cloud.Message(id, "hjælp", nil), token) }
	old := w.cloud.Token(steady)
	if status := post("1", old); status != 200 {
		t.Fatal(status)
	}
	w.cloud.RotateKey()
	fresh := w.cloud.Token(steady)
	if status := post("2", fresh); status != 401 {
		t.Errorf("right after the keys were fetched: %d", status)
	}
	ahead(2 * keysPause)
	if status := post("3", fresh); status != 200 {
		t.Errorf("a new key: %d", status)
	}
	if status := post("4", old); status != 401 {
		t.Errorf("a key that is published no more: %d", status)
	}
	w.cloud.Endorse("webchat")
	ahead(keysFresh + 3*keysPause)
	if status := post("5", fresh); status != 401 {
		t.Errorf("a day later the key vouches for another channel: %d", status)
	}
	w.work.Wait()
	if keys, _ := w.cloud.Fetched(); keys != 3 {
		t.Errorf("fetched %d times", keys)
	}
}

// Keys outlast a metadata server that is down, for a while.
func TestKeysOutlastTheirServer(t *testing.T) {
	w := start(t)
	token := w.cloud.Token(func(c map[string]any) { c["exp"] = time.Now().Add(20 * 24 * time.Hour).Unix() })
	if status := w.post(w.cloud.Message("1", "hjælp", nil), token); status != 200 {
		t.Fatal(status)
	}
	w.cloud.Next()
	w.tokens.keys.metadata = "http://127.0.0.1:1/"
	for _, test := range []struct {
		later  time.Duration
		status int
	}{{keysFresh + time.Hour, 200}, {keysUsable + time.Hour, 503}} {
		w.mu.Lock()
		w.clock = test.later
		w.mu.Unlock()
		if status := w.post(w.cloud.Message(test.later.String(), "hjælp", nil), token); status != test.status {
			t.Errorf("after %s: %d, want %d", test.later, status, test.status)
		}
	}
	w.work.Wait()
}

// The bot logs in once for many replies, and again when its token is refused.
func TestOwnTokenIsKept(t *testing.T) {
	w := start(t)
	w.say("1", "hjælp", nil)
	w.say("2", "hjælp", nil)
	w.cloud.Fail(http.StatusUnauthorized)
	if got := w.say("3", "hjælp", nil); got.Token != "bot-2" {
		t.Errorf("sent with %s", got.Token)
	}
	if _, logins := w.cloud.Fetched(); logins != 2 {
		t.Errorf("%d logins", logins)
	}
}

func TestDevelopmentMode(t *testing.T) {
	w := start(t, func(c *Config) { c.Dev, c.AppID, c.Password, c.Tenant = true, "", "", "" })
	send := func(change func(*http.Request), body string) int {
		r := httptest.NewRequest(http.MethodPost, Path, strings.NewReader(body))
		r.RemoteAddr = "127.0.0.1:1234"
		r.Header.Set("Content-Type", "application/json")
		change(r)
		rec := httptest.NewRecorder()
		w.ServeHTTP(rec, r)
		return rec.Code
	}
	ok := w.cloud.Message("1", "Hvad siger servicelovens § 42?", nil)
	if status := send(func(*http.Request) {}, ok); status != 200 {
		t.Fatal(status)
	}
	if got := w.cloud.Next(); got.Token != "" || w.askedBy[0].Subject != "local" {
		t.Errorf("%+v, asked by %+v", got, w.askedBy[0])
	}
	for name, change := range map[string]func(*http.Request){
		"from elsewhere": func(r *http.Request) { r.RemoteAddr = "10.0.0.7:1" },
		"by a proxy":     func(r *http.Request) { r.Header.Set("X-Forwarded-For", "10.0.0.7") },
	} {
		if status := send(change, ok); status != 403 {
			t.Errorf("%s: %d", name, status)
		}
	}
	for _, service := range []string{"https://smba.trafficmanager.net/emea/", "http://10.0.0.7/", "http://localhost.ond.dk/", "http://localhost@ond.dk/"} {
		body := w.cloud.Message(service, "hjælp", func(a map[string]any) { a["serviceUrl"] = service })
		if status := send(func(*http.Request) {}, body); status != 403 {
			t.Errorf("replies to %s: %d", service, status)
		}
	}
	if _, err := New(Config{Dev: true, AppID: "x", Assistant: w, Check: w.Check, Explain: w.Explain, Public: w.Public}); err == nil {
		t.Error("a registered bot answers without tokens")
	}
}
