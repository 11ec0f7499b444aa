// Package teamstest is Microsoft's side of a bot, for tests: it signs the
// connector's tokens, publishes their keys, logs the bot in and takes its
// replies, over real HTTP in the test's process.
package teamstest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The registration of the one bot, its tenant, and a person there.
const (
	AppID    = "8f3c0a5e-0000-4000-8000-000000000001"
	Password = "hemmelig+nøgle/æøå"
	Tenant   = "5d0c7c3a-0000-4000-8000-000000000002"
	Anna     = "a0000000-0000-4000-8000-00000000000a"
)

// Cloud is an issuer, a login and a connector.
type Cloud struct {
	*httptest.Server
	t testing.TB

	mu      sync.Mutex
	key     jose.JSONWebKey
	endorse []string
	fetched int // how often the keys were
	logins  int
	sent    []Sent
	fail    []int // statuses of the next replies
	arrived chan struct{}
}

// Sent is a message of the bot's.
type Sent struct {
	Path, Token string
	Activity    map[string]any
}

// New starts a cloud that ends with the test.
func New(t testing.TB) *Cloud {
	t.Helper()
	c := &Cloud{t: t, endorse: []string{"msteams"}, arrived: make(chan struct{}, 1000)}
	c.RotateKey()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metadata", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, map[string]any{"issuer": Issuer, "jwks_uri": c.URL + "/keys"})
	})
	mux.HandleFunc("GET /keys", c.keys)
	mux.HandleFunc("POST /token", c.token)
	mux.HandleFunc("POST /emea/v3/conversations/{conversation}/activities/{id}", c.receive)
	mux.HandleFunc("POST /emea/v3/conversations/{conversation}/activities", c.receive)
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

// Issuer is that of the connector's tokens.
const Issuer = "https://api.botframework.com"

// Metadata, TokenURL and Service are the cloud's addresses.
func (c *Cloud) Metadata() string { return c.URL + "/metadata" }

// TokenURL is where the bot logs in.
func (c *Cloud) TokenURL() string { return c.URL + "/token" }

// Service is the serviceUrl of activities.
func (c *Cloud) Service() string { return c.URL + "/emea/" }

// RotateKey makes a new signing key; the old one is published no more.
func (c *Cloud) RotateKey() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		c.t.Fatal(err)
	}
	c.set(func() {
		c.key = jose.JSONWebKey{Key: key, KeyID: rand.Text(), Algorithm: string(jose.RS256), Use: "sig"}
	})
}

// Endorse sets the channels that the published keys vouch for.
func (c *Cloud) Endorse(channels ...string) { c.set(func() { c.endorse = channels }) }

// Fail has the next replies of the bot answered with these statuses.
func (c *Cloud) Fail(statuses ...int) { c.set(func() { c.fail = statuses }) }

// Fetched is how often the keys were asked for, and the bot logged in.
func (c *Cloud) Fetched() (keys, logins int) {
	c.set(func() { keys, logins = c.fetched, c.logins })
	return keys, logins
}

func (c *Cloud) set(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

// Token is a connector's token for the bot; change may spoil its claims.
func (c *Cloud) Token(change func(claims map[string]any)) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sign(c.key, change)
}

// StrangersToken is signed by a key that the connector does not publish, under
// the id of one that it does or of none.
func (c *Cloud) StrangersToken(sameID bool) string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id := rand.Text()
	if sameID {
		id = c.key.KeyID
	}
	return c.sign(jose.JSONWebKey{Key: key, KeyID: id, Algorithm: string(jose.RS256)}, nil)
}

func (c *Cloud) sign(key jose.JSONWebKey, change func(map[string]any)) string {
	now := time.Now()
	claims := map[string]any{"iss": Issuer, "aud": AppID, "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(), "serviceurl": c.Service()}
	if change != nil {
		change(claims)
	}
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	payload, err := json.Marshal(claims)
	if err != nil {
		c.t.Error(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		c.t.Error(err)
		return ""
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		c.t.Error(err)
		return ""
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		c.t.Error(err)
	}
	return text
}

func (c *Cloud) keys(w http.ResponseWriter, _ *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fetched++
	data, err := json.Marshal(c.key.Public())
	var key map[string]any
	if err == nil {
		err = json.Unmarshal(data, &key)
	}
	if err != nil {
		c.t.Error(err)
	}
	key["endorsements"] = c.endorse
	reply(w, 200, map[string]any{"keys": []any{map[string]any{"kty": "ukendt"}, key}})
}

func (c *Cloud) token(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.PostFormValue("grant_type") != "client_credentials" || r.PostFormValue("client_id") != AppID ||
		r.PostFormValue("client_secret") != Password || r.PostFormValue("scope") != "https://api.botframework.com/.default" {
		reply(w, 401, map[string]any{"error": "invalid_client"})
		return
	}
	c.logins++
	reply(w, 200, map[string]any{"token_type": "Bearer", "expires_in": 3600, "access_token": fmt.Sprintf("bot-%d", c.logins)})
}

func (c *Cloud) receive(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	var activity map[string]any
	if err == nil {
		err = json.Unmarshal(data, &activity)
	}
	if err != nil {
		c.t.Error(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if typing := activity["type"] == "typing"; !typing && len(c.fail) > 0 {
		status := c.fail[0]
		c.fail = c.fail[1:]
		w.Header().Set("Retry-After", "0")
		reply(w, status, map[string]any{})
		return
	}
	c.sent = append(c.sent, Sent{r.URL.Path, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), activity})
	reply(w, 201, map[string]any{"id": fmt.Sprintf("1:besked-%d", len(c.sent))})
	if activity["type"] != "typing" {
		c.arrived <- struct{}{}
	}
}

// Next waits for the bot's next message, typing left out.
func (c *Cloud) Next() Sent {
	c.t.Helper()
	select {
	case <-c.arrived:
	case <-time.After(10 * time.Second):
		c.t.Fatal("the bot does not reply")
	}
	messages := c.Messages()
	return messages[len(messages)-1]
}

// Messages are all that the bot sent, typing left out.
func (c *Cloud) Messages() (out []Sent) {
	c.set(func() {
		for _, s := range c.sent {
			if s.Activity["type"] != "typing" {
				out = append(out, s)
			}
		}
	})
	return out
}

// Typed tells whether the bot showed that it writes.
func (c *Cloud) Typed() (typed bool) {
	c.set(func() {
		for _, s := range c.sent {
			typed = typed || s.Activity["type"] == "typing"
		}
	})
	return typed
}

// Message is an activity as Teams sends it of a text in a chat with the bot
// alone; change may make another of it.
func (c *Cloud) Message(id, text string, change func(activity map[string]any)) string {
	activity := map[string]any{
		"type": "message", "id": id, "timestamp": "2026-11-24T09:12:44.124Z", "localTimestamp": "2026-11-24T10:12:44.124+01:00",
		"localTimezone": "Europe/Copenhagen", "serviceUrl": c.Service(), "channelId": "msteams", "locale": "da-DK",
		"from":         map[string]any{"id": "29:1Anna", "name": "Anna Ærø", "aadObjectId": Anna},
		"recipient":    map[string]any{"id": "28:" + AppID, "name": "Hjemmel"},
		"conversation": map[string]any{"conversationType": "personal", "tenantId": Tenant, "id": "a:1Samtale"},
		"text":         text, "textFormat": "plain",
		"attachments": []any{map[string]any{"contentType": "text/html", "content": "<p>" + text + "</p>"}},
		"entities":    []any{map[string]any{"type": "clientInfo", "locale": "da-DK", "country": "DK", "platform": "Web", "timezone": "Europe/Copenhagen"}},
		"channelData": map[string]any{"tenant": map[string]any{"id": Tenant}},
	}
	if change != nil {
		change(activity)
	}
	data, err := json.Marshal(activity)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(data)
}

// Channel makes a message one of a channel, where the bot is mentioned.
func Channel(activity map[string]any) {
	activity["conversation"] = map[string]any{
		"conversationType": "channel", "isGroup": true, "tenantId": Tenant, "id": "19:kanal@thread.tacv2;messageid=1732439564124",
	}
	activity["text"] = "<at>Hjemmel</at>&nbsp;" + activity["text"].(string)
	activity["entities"] = []any{map[string]any{
		"type": "mention", "text": "<at>Hjemmel</at>", "mentioned": map[string]any{"id": "28:" + AppID, "name": "Hjemmel"},
	}}
}

func reply(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}
