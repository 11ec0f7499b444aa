package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"

	"github.com/hjemmel/hjemmel/server"
	"github.com/hjemmel/hjemmel/server/access"
)

// accessSettings say who may come in and read what. In the file they stand below
// access.
type accessSettings struct {
	PublicURL      string
	TrustedProxies []string
	OIDC           access.OIDC
	SecretEnv      string
	Roles          groupLists
	Collections    groupLists // collection → who may read what is put into it
	Idle, Most     time.Duration
	Rates          server.Rates
}

// accessFlags are the settings of access, in the order of the README.
var accessFlags = []string{"access-public-url", "access-trusted-proxies", "access-oidc-issuer", "access-oidc-client-id", "access-oidc-client-secret",
	"access-oidc-client-secret-env", "access-oidc-scopes", "access-oidc-groups-claim", "access-oidc-name-claim", "access-oidc-subject-claim",
	"access-roles", "access-collections", "access-session-idle", "access-session-most", "access-rate-requests", "access-rate-answers"}

func (s *accessSettings) addFlags(f *pflag.FlagSet) {
	rates := server.DefaultRates()
	f.StringVar(&s.PublicURL, "access-public-url", "", "`address` by which browsers reach the server, for example https://hjemmel.kommune.dk; default the one it listens on")
	f.StringSliceVar(&s.TrustedProxies, "access-trusted-proxies", nil, "`addresses` or networks of proxies whose X-Forwarded-For and -Proto are believed")
	f.StringVar(&s.OIDC.Issuer, "access-oidc-issuer", "", "`address` of the OIDC issuer that people log in at")
	f.StringVar(&s.OIDC.ClientID, "access-oidc-client-id", "", "Hjemmel's `id` at the issuer")
	f.StringVar(&s.OIDC.ClientSecret, "access-oidc-client-secret", "", "Hjemmel's `secret` at the issuer; better kept out of files")
	f.StringVar(&s.SecretEnv, "access-oidc-client-secret-env", "", "environment `variable` that holds the secret")
	f.StringSliceVar(&s.OIDC.Scopes, "access-oidc-scopes", []string{"profile"}, "`scopes` asked for, besides openid")
	f.StringVar(&s.OIDC.GroupsClaim, "access-oidc-groups-claim", "groups", "`claim` of the ID token that lists the person's groups; a dot leads into an object")
	f.StringVar(&s.OIDC.NameClaim, "access-oidc-name-claim", "name", "`claim` that holds the person's name")
	f.StringVar(&s.OIDC.SubjectClaim, "access-oidc-subject-claim", "sub", "`claim` that identifies the person; oid for Entra ID together with Teams")
	f.Var(&s.Roles, "access-roles", "`groups` by role, as YAML: {editor: [GROUP], administrator: [GROUP]}; reader without any means everyone who can log in")
	f.Var(&s.Collections, "access-collections", "`groups` by collection, as YAML: who may read what is put into it")
	f.DurationVar(&s.Idle, "access-session-idle", access.DefaultIdle, "how long a login lasts without a request")
	f.DurationVar(&s.Most, "access-session-most", access.DefaultMost, "how long a login lasts in all; then the issuer is asked again")
	f.IntVar(&s.Rates.Requests, "access-rate-requests", rates.Requests, "`requests` a minute for each user or key; 0 for no limit")
	f.IntVar(&s.Rates.Answers, "access-rate-answers", rates.Answers, "`answers` and uploads a minute for each user or key; 0 for no limit")
}

// groupLists are lists of groups by a name. It is a pflag.Value written as YAML,
// of which JSON is a part.
type groupLists map[string][]string

// Set implements pflag.Value.
func (g *groupLists) Set(text string) error {
	lists := groupLists{}
	if err := yaml.Unmarshal([]byte(text), &lists); err != nil {
		return errors.New("use {NAME: [GROUP, …], …}")
	}
	*g = lists
	return nil
}

// String implements pflag.Value.
func (g *groupLists) String() string {
	names := sortedKeys(*g)
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = fmt.Sprintf("%q: %s", name, quoted((*g)[name]))
	}
	if len(parts) == 0 {
		return ""
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func quoted(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprintf("%q", s)
	}
	sort.Strings(out)
	return "[" + strings.Join(out, ", ") + "]"
}

// Type implements pflag.Value.
func (g *groupLists) Type() string { return "groups" }

// groups returns who may read what is put into a collection: given, where that
// is said, else what is set for the collection, else nil.
func (s *accessSettings) groups(collection string, given []string) []string {
	if given != nil {
		return given
	}
	return s.Collections[collection]
}

// access returns who may come in, or nil where neither a login nor a key is set
// up. The store must be closed where it is not nil.
func (a *app) access(ctx context.Context) (*access.Access, *access.Store, error) {
	s := &a.config.Access
	cfg := access.Config{SessionIdle: s.Idle, SessionMost: s.Most, Roles: map[access.Role][]string{}, PublicURL: cmp.Or(s.PublicURL, "http://"+a.config.Addr)}
	for role, groups := range s.Roles {
		cfg.Roles[access.Role(role)] = groups
	}
	if s.OIDC.Issuer != "" || s.OIDC.ClientID != "" {
		oidc := s.OIDC
		if s.SecretEnv != "" {
			oidc.ClientSecret = envValue(a.environ, s.SecretEnv)
			if oidc.ClientSecret == "" {
				return nil, nil, usageError{fmt.Errorf("access_oidc_client_secret_env: the environment lacks %s", s.SecretEnv)}
			}
		}
		if host, _, err := net.SplitHostPort(a.config.Addr); s.PublicURL == "" && err == nil && (host == "" || net.ParseIP(host).IsUnspecified()) {
			return nil, nil, usageError{fmt.Errorf("access_public_url: the login server sends browsers back to it, and %s is no address of theirs: set it", a.config.Addr)}
		}
		cfg.OIDC = &oidc
	}
	if _, err := os.Stat(a.config.Data); err != nil && cfg.OIDC == nil {
		return nil, nil, nil // a first start: there is no key
	}
	store, err := access.Open(ctx, a.config.Data)
	if err != nil {
		return nil, nil, err
	}
	hasKeys, err := store.HasKeys(ctx)
	if err != nil || !hasKeys && cfg.OIDC == nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	guard, err := access.New(ctx, store, cfg)
	if err != nil {
		return nil, nil, errors.Join(usageError{err}, store.Close())
	}
	return guard, store, nil
}

func envValue(environ []string, name string) string {
	for _, line := range environ {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}
