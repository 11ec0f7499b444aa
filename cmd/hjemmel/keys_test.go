package main

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hjemmel/hjemmel/server/access"
)

func TestKeysAreCreatedListedAndRevoked(t *testing.T) {
	t.Chdir(t.TempDir())
	code, out, _ := command(t, "", "keys", "create", "--name", "Natlig indlæsning", "--role", "reader,editor", "--groups", "hr", "--expires", "90d")
	secret := strings.TrimSpace(out)
	if code != exitOK || !strings.HasPrefix(secret, "hjemmel_") || len(secret) != len("hjemmel_")+43 {
		t.Fatalf("%d %q", code, out)
	}
	code, out, _ = command(t, "", "keys", "list", "--json")
	var list struct{ Keys []access.Key }
	if err := json.Unmarshal([]byte(out), &list); code != exitOK || err != nil || len(list.Keys) != 1 || strings.Contains(out, secret) {
		t.Fatalf("%d %s, %v", code, out, err)
	}
	key := list.Keys[0]
	if left := time.Until(key.Expires).Hours() / 24; key.Name != "Natlig indlæsning" || len(key.Roles) != 2 || key.Groups[0] != "hr" || left < 89 || left > 91 {
		t.Errorf("%+v", key)
	}
	store, err := access.Open(t.Context(), "data")
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	guard, err := access.New(t.Context(), store, access.Config{PublicURL: "http://localhost"})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest("GET", "/", nil)
	req.Header.Set("Authorization", "Bearer "+secret)
	if p, err := guard.Identify(req); err != nil || p.Subject != "key:"+key.ID || p.Everything {
		t.Errorf("%+v, %v", p, err)
	}
	if code, _, _ := command(t, "", "keys", "revoke", key.ID); code != exitOK {
		t.Errorf("revoke: %d", code)
	}
	if _, err := guard.Identify(req); err == nil {
		t.Error("a revoked key holds in a server that was running")
	}
	for _, args := range [][]string{
		{"keys", "create", "--name", "x", "--role", "konge"}, {"keys", "create", "--name", "x", "--expires", "2020-01-01"},
		{"keys", "create", "--name", "x", "--expires", "snart"}, {"keys", "create", "--name", " "}, {"keys", "create"}, {"keys", "revoke"},
	} {
		if code, _, stderr := command(t, "", args...); code != exitUsage {
			t.Errorf("%v: %d %s", args, code, stderr)
		}
	}
	if code, _, stderr := command(t, "", "keys", "revoke", "borte"); code != exitFailed || !strings.Contains(stderr, "borte") {
		t.Errorf("revoking a key that is not there: %d %s", code, stderr)
	}
}

func TestKeyExpiresAtTheEndOfItsDay(t *testing.T) {
	now := time.Date(2026, 11, 24, 15, 0, 0, 0, time.Local)
	for text, want := range map[string]time.Time{
		"": {}, "2026-11-24": time.Date(2026, 11, 25, 0, 0, 0, 0, time.Local), "31.12.2026": time.Date(2027, 1, 1, 0, 0, 0, 0, time.Local), "1d": now.AddDate(0, 0, 1),
	} {
		if got, err := expiry(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestNestedSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "hjemmel.yaml", `
addr: 0.0.0.0:8080
hosts: ["a.dk", "b.dk"]
access:
  public_url: https://hjemmel.lindevig.dk
  trusted_proxies: [10.0.0.0/8]
  oidc:
    issuer: https://login.example/lindevig
    client_id: hjemmel
    client_secret_env: OIDC_SECRET
    groups_claim: realm_access.roles
  roles:
    reader: [medarbejder]
    editor: ["Redaktion, jura", 7b0c]
  collections:
    personale: [hr, ledelse]
  session: {idle: 30m}
  rate: {answers: 10}
`)
	c := newConfig()
	if err := c.load("", []string{"HJEMMEL_ACCESS_OIDC_CLIENT_ID=hjemmel-test", `HJEMMEL_ACCESS_COLLECTIONS={"løn": ["hr"]}`}); err != nil {
		t.Fatal(err)
	}
	s := c.Access
	if s.PublicURL != "https://hjemmel.lindevig.dk" || s.OIDC.Issuer != "https://login.example/lindevig" || s.OIDC.ClientID != "hjemmel-test" || s.OIDC.GroupsClaim != "realm_access.roles" {
		t.Errorf("%+v", s)
	}
	if len(s.Roles["editor"]) != 2 || s.Roles["editor"][0] != "Redaktion, jura" || s.Idle != 30*time.Minute || s.Rates.Answers != 10 || s.Rates.Requests == 0 {
		t.Errorf("%+v", s)
	}
	if got := s.groups("løn", nil); len(got) != 1 || s.groups("personale", nil) != nil || s.groups("løn", []string{}) == nil {
		t.Errorf("groups by collection: %v", s.Collections)
	}
	if got := c.flags.Lookup("access-roles").Value.String(); got != `{"editor": ["7b0c", "Redaktion, jura"], "reader": ["medarbejder"]}` {
		t.Errorf("shown as %s", got)
	}
	for text, want := range map[string]string{
		"access:\n  oidc:\n    isuer: x\n":         `unknown setting "access_oidc_isuer"`,
		"access:\n  roles: [editor]\n":             "access_roles",
		"access:\n  oidc: https://login.example\n": `unknown setting "access_oidc"`,
	} {
		write(t, "forkert.yaml", text)
		if err := newConfig().load("forkert.yaml", nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestServeRefusesHalfALogin(t *testing.T) {
	t.Chdir(t.TempDir())
	for args, want := range map[string]string{
		"--addr 0.0.0.0:0":                           "hjemmel keys create",
		"--access-oidc-issuer https://login.example": "client_id",
		"--access-oidc-issuer https://login.example --access-oidc-client-id h --access-oidc-client-secret-env MANGLER":                                          "MANGLER",
		"--access-oidc-issuer https://login.example --access-oidc-client-id h --access-public-url hjemmel.kommune.dk":                                           "public_url",
		"--access-oidc-issuer https://login.example --access-oidc-client-id h --access-roles {konge:[a]}":                                                       "konge",
		"--access-oidc-issuer https://login.example --access-oidc-client-id h --access-trusted-proxies proxy.kommune.dk --access-public-url https://hjemmel.dk": "trusted proxy",
	} {
		if code, _, stderr := command(t, "", append([]string{"serve"}, strings.Fields(args)...)...); code != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("%s: %d %s", args, code, stderr)
		}
	}
}
