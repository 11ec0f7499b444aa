package teams

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// skew is how far the connector's clock and ours may differ: the 5 minutes that
// its documentation names.
const skew = 5 * time.Minute

// algorithms are those that a token may be signed with: none that takes a shared
// secret, which a public key could be passed off as.
var algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.ES256}

// errToken is wrapped by what is wrong with a token.
var errToken = errors.New("the activity is not proved to come from the Bot Framework connector")

// verifier proves that an activity comes from the connector.
type verifier struct {
	keys             *keys
	issuer, audience string
	now              func() time.Time
}

// claims are those of the connector's tokens beside the registered ones. The
// claim of the service is written in small letters.
type claims struct {
	jwt.Claims
	ServiceURL string `json:"serviceurl"`
}

// verify checks the Authorization header of a request that brought a. It fails
// with errToken, or with why the keys could not be had.
func (v *verifier) verify(ctx context.Context, authorization string, a *Activity) error {
	scheme, raw, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return fmt.Errorf("%w: there is no bearer token", errToken)
	}
	token, err := jwt.ParseSigned(strings.TrimSpace(raw), algorithms)
	if err != nil {
		return fmt.Errorf("%w: %w", errToken, err)
	}
	if len(token.Headers) != 1 {
		return fmt.Errorf("%w: it has %d signatures", errToken, len(token.Headers))
	}
	signing, err := v.keys.key(ctx, token.Headers[0].KeyID)
	if errors.Is(err, errUnknownKey) {
		return fmt.Errorf("%w: %w", errToken, err)
	}
	if err != nil {
		return err
	}
	var c claims
	if err := token.Claims(signing.JSONWebKey, &c); err != nil {
		return fmt.Errorf("%w: %w", errToken, err)
	}
	return v.judge(&c, signing, a)
}

func (v *verifier) judge(c *claims, signing key, a *Activity) error {
	expected := jwt.Expected{Issuer: v.issuer, AnyAudience: jwt.Audience{v.audience}, Time: v.now()}
	if err := c.ValidateWithLeeway(expected, skew); err != nil {
		return fmt.Errorf("%w: %w", errToken, err)
	}
	switch {
	case c.Expiry == nil:
		return fmt.Errorf("%w: it never expires", errToken)
	case !slices.Contains(signing.endorsements, a.ChannelID):
		return fmt.Errorf("%w: its key does not vouch for the channel %q", errToken, a.ChannelID)
	case !sameService(c.ServiceURL, a.ServiceURL):
		return fmt.Errorf("%w: it vouches for another service than the activity names", errToken)
	}
	if err := secure(a.ServiceURL); err != nil {
		return fmt.Errorf("%w: %w", errToken, err)
	}
	return nil
}

// sameService compares where a token and an activity say that replies go.
func sameService(vouched, named string) bool {
	return vouched != "" && strings.EqualFold(strings.TrimRight(vouched, "/"), strings.TrimRight(named, "/"))
}

// secure accepts an address that a secret may be sent to and keys be had from:
// HTTPS, or this machine.
func secure(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%q is not the address of a service", address)
	}
	if u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()) {
		return nil
	}
	return fmt.Errorf("%q is not an https address", address)
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
