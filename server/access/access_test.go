package access

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/hjemmel/hjemmel/retrieval/corpus"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is the time that a store goes by.
type clock struct{ time.Time }

func openAt(t *testing.T) (*Store, *clock) {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c := &clock{time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
	s.now = func() time.Time { return c.Time }
	return s, c
}

func TestSessionsEnd(t *testing.T) {
	s, now := openAt(t)
	l := lifetimes{idle: time.Hour, most: 10 * time.Hour}
	anna := session{subject: "anna", name: "Anna", groups: []string{"socialt"}}
	secret, err := s.createSession(t.Context(), anna, l)
	if err != nil {
		t.Fatal(err)
	}
	for hour := range 30 { // a request each 20 minutes keeps it until its absolute end
		now.Time = now.Add(20 * time.Minute)
		_, err := s.sessionOf(t.Context(), secret, l)
		if ended := hour >= 29; (err != nil) != ended {
			t.Fatalf("after %d × 20 minutes: %v", hour+1, err)
		}
	}
	secret, err = s.createSession(t.Context(), anna, l)
	if err != nil {
		t.Fatal(err)
	}
	now.Time = now.Add(time.Hour - time.Second)
	if p, err := s.sessionOf(t.Context(), secret, l); err != nil || p.name != "Anna" || !slices.Equal(p.groups, anna.groups) {
		t.Errorf("a second before it is idle: %+v, %v", p, err)
	}
	now.Time = now.Add(time.Hour)
	if _, err := s.sessionOf(t.Context(), secret, l); err == nil {
		t.Error("an idle session holds")
	}
	if _, err := s.createSession(t.Context(), anna, l); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := s.db.QueryRowContext(t.Context(), "SELECT count(*) FROM sessions").Scan(&left); err != nil || left != 1 {
		t.Errorf("%d sessions are kept, %v", left, err)
	}
}

// The file tells nothing by which somebody could come in.
func TestStoreHoldsNoSecrets(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := s.CreateKey(t.Context(), Key{Name: "nøgle", Roles: []Role{Reader}})
	if err != nil {
		t.Fatal(err)
	}
	cookie, err := s.createSession(t.Context(), session{subject: "a"}, lifetimes{time.Hour, time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil || bytes.Contains(data, []byte(key)) || bytes.Contains(data, []byte(strings.TrimPrefix(key, keyPrefix))) || bytes.Contains(data, []byte(cookie)) {
			t.Errorf("%s holds a secret (%v)", file, err)
		}
	}
}

func TestKeyNotesItsUseByTheHour(t *testing.T) {
	s, now := openAt(t)
	_, secret, err := s.CreateKey(t.Context(), Key{Name: "n", Roles: []Role{Reader}})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		used  time.Time
	}{{0, now.Time}, {59 * time.Minute, now.Time}, {2 * time.Minute, now.Add(61 * time.Minute)}} {
		now.Time = now.Add(step.after)
		if _, err := s.keyOf(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		keys, err := s.Keys(t.Context())
		if err != nil || !keys[0].Used.Equal(step.used) {
			t.Errorf("used %v, want %v (%v)", keys[0].Used, step.used, err)
		}
	}
}

func TestHasKeys(t *testing.T) {
	s, now := openAt(t)
	has := func() bool {
		ok, err := s.HasKeys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if has() {
		t.Error("an empty store has keys")
	}
	k, _, err := s.CreateKey(t.Context(), Key{Name: "n", Roles: []Role{Reader}, Expires: now.Add(time.Hour)})
	if err != nil || !has() {
		t.Errorf("with a key: %v", err)
	}
	now.Time = now.Add(time.Hour)
	if has() {
		t.Error("an expired key counts")
	}
	now.Time = now.Add(-time.Hour)
	if err := s.RevokeKey(t.Context(), k.ID); err != nil || has() {
		t.Errorf("a revoked key counts: %v", err)
	}
}

func TestRolesByGroup(t *testing.T) {
	groups := map[Role][]string{Editor: {"redaktion"}, Administrator: {"drift", "redaktion"}}
	for _, test := range []struct {
		readers, groups []string
		want            []Role
	}{
		{nil, nil, []Role{Reader}},
		{nil, []string{"redaktion"}, []Role{Reader, Editor, Administrator}},
		{[]string{"socialt"}, nil, []Role{}},
		{[]string{"socialt"}, []string{"vej"}, []Role{}},
		{[]string{"socialt"}, []string{"socialt"}, []Role{Reader}},
		{[]string{"socialt"}, []string{"drift"}, []Role{Reader, Administrator}}, // whoever has a role may read
	} {
		groups[Reader] = test.readers
		a := &Access{cfg: Config{Roles: groups}}
		if got := a.RolesOf(test.groups); !slices.Equal(got, test.want) {
			t.Errorf("readers %v, in %v: %v, want %v", test.readers, test.groups, got, test.want)
		}
	}
}

func TestGroupsOfClaims(t *testing.T) {
	c := claims{"groups": []any{"a", "b"}, "one": "a", "realm_access": map[string]any{"roles": []any{"c"}}, "a.b": []any{"d"}, "odd": 7.0}
	for name, want := range map[string]string{"groups": "a b", "one": "a", "realm_access.roles": "c", "a.b": "d", "missing": "", "realm_access.missing": "", "groups.x": ""} {
		if got, err := c.groups(name); err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := c.groups("odd"); err == nil {
		t.Error("a number was taken for groups")
	}
}

func TestPrincipalsReadAsTheyAre(t *testing.T) {
	ctx := With(context.Background(), Principal{Subject: "a", Groups: []string{"hr"}})
	if r := corpus.ReaderOf(ctx); r.Everything || !slices.Equal(r.Groups, []string{"hr"}) {
		t.Errorf("%+v", r)
	}
	if r := corpus.ReaderOf(With(context.Background(), Principal{})); r.Everything {
		t.Error("nobody sees everything")
	}
	if r := corpus.ReaderOf(With(context.Background(), Local())); !r.Everything {
		t.Error("the person at the machine does not")
	}
}

// A proxy in a municipality may send Basic credentials of its own: they are no key.
func TestOtherCredentialsAreNoKey(t *testing.T) {
	s, _ := openAt(t)
	a, err := New(t.Context(), s, Config{PublicURL: "http://localhost"})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if _, err := a.Identify(r); err != ErrAnonymous {
		t.Errorf("without credentials: %v", err)
	}
	r.Header.Set("Authorization", "Basic YTpi")
	if _, err := a.Identify(r); err != ErrKeyUnknown {
		t.Errorf("with Basic: %v", err)
	}
}

// Whatever bytes a browser sends for a sealed cookie: they are refused.
func FuzzSealedCookie(f *testing.F) {
	s, err := newSealer(bytes.Repeat([]byte{7}, secretBytes))
	if err != nil {
		f.Fatal(err)
	}
	sealed := login{State: "a", To: "/samling"}
	good, err := s.seal(sealed)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add("")
	f.Add(good[:len(good)-2] + "AA")
	f.Fuzz(func(t *testing.T, text string) {
		var l login
		if err := s.open(text, &l); err == nil && l != sealed {
			t.Errorf("%q was taken for a sealed cookie: %+v", text, l)
		}
	})
}

// Wherever a link wants to lead after the login: the browser stays on this server.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/", "/samling", "//ond", "/\\ond", "https://ond", "/%2f%2fond", "/a?b=//c", "\t//ond", "/;@ond", "///"} {
		f.Add(seed)
	}
	base, err := url.Parse("https://hjemmel.kommune.dk/login/callback")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, to string) {
		local := LocalPath(to)
		u, err := base.Parse(local)
		if err != nil || u.Host != base.Host || u.Scheme != "https" || u.User != nil || strings.ContainsAny(local, "\\\r\n\t") {
			t.Errorf("%q leads to %v (%v)", to, u, err)
		}
	})
}
