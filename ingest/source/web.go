package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Bounds of fetching.
const (
	fetchTimeout = 60 * time.Second // of one request with its body
	minPause     = time.Second      // between requests, whatever the configuration says
	maxTries     = 4
	firstBackOff = 2 * time.Second // doubles with each try, unless the server says how long
	maxBackOff   = 2 * time.Minute // what asks for more is left for the next run
	maxRequests  = 1000            // of one run
	maxRedirects = 5
)

// Reasons why an address is not read.
var (
	ErrPrivate    = errors.New("adressen ligger på et internt netværk: tillad det med web_private i hjemmel.yaml, hvis det er meningen")
	errScheme     = errors.New("kun adresser, der begynder med http:// eller https://, kan hentes")
	errGone       = errors.New("siden findes ikke (længere): ret eller fjern adressen")
	errForbidden  = errors.New("siden kræver login eller tillader ikke hentning: hent filen selv, og indlæs den")
	errBusy       = errors.New("serveren svarer ikke eller beder om at vente: prøv igen senere")
	errRedirected = errors.New("siden sender videre til en anden server: brug den nye adresse, hvis du stoler på den")
	errManyAsked  = fmt.Errorf("der er hentet %d sider i denne kørsel: kør igen for at fortsætte", maxRequests)
)

// ErrUnchanged is returned by Item.ReadChanged.
var ErrUnchanged = errors.New("unchanged since it was last read")

// WebOptions say how to fetch. The zero value is polite and cautious.
type WebOptions struct {
	Contact string        // an address or mail that a server's owner can turn to; part of the User-Agent
	Pause   time.Duration // between requests; at least one second
	Private bool          // allow addresses on the machine itself and on internal networks
	Marks   string        // folder that keeps the servers' marks for conditional requests; "" keeps none
	Base    string        // where retsinformation.dk is, for tests and mirrors; "" means https://www.retsinformation.dk
}

// Web fetches documents by http and https: one request at a time with a pause
// between them, conditionally where it has fetched before, with patience where
// the server asks for it, and never across to another host. Close it when done.
type Web struct {
	options WebOptions
	client  *http.Client
	marks   marks

	turn     chan struct{} // holds a token while a request, its tries and its pauses last
	last     time.Time
	requests int
}

// NewWeb returns a fetcher.
func NewWeb(o WebOptions) *Web {
	w := &Web{options: o, turn: make(chan struct{}, 1), marks: marks(o.Marks)}
	w.options.Pause = max(minPause, o.Pause)
	if w.options.Base == "" {
		w.options.Base = "https://www.retsinformation.dk"
	}
	w.client = &http.Client{Transport: transport(o.Private), Timeout: fetchTimeout, CheckRedirect: sameHost}
	return w
}

// Close drops idle connections.
func (w *Web) Close() { w.client.CloseIdleConnections() }

// transport refuses internal addresses after names are resolved, so that no
// name can stand for one. Through a proxy, the proxy resolves and decides.
func transport(private bool) http.RoundTripper {
	direct := http.DefaultTransport.(*http.Transport).Clone()
	if private {
		return direct
	}
	dialer := &net.Dialer{Timeout: 20 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		if at, err := netip.ParseAddrPort(address); err != nil || !isPublic(at.Addr()) {
			return ErrPrivate
		}
		return nil
	}}
	proxied := direct.Clone()
	direct.Proxy, direct.DialContext = nil, dialer.DialContext
	return &proxyChoice{direct: direct, proxied: proxied}
}

type proxyChoice struct{ direct, proxied *http.Transport }

// RoundTrip implements http.RoundTripper.
func (p *proxyChoice) RoundTrip(req *http.Request) (*http.Response, error) {
	proxy, err := http.ProxyFromEnvironment(req)
	if err != nil || proxy == nil {
		return p.direct.RoundTrip(req)
	}
	if at, err := netip.ParseAddr(req.URL.Hostname()); err == nil && !isPublic(at) || strings.EqualFold(req.URL.Hostname(), "localhost") {
		return nil, ErrPrivate
	}
	return p.proxied.RoundTrip(req)
}

// CloseIdleConnections is called by http.Client.CloseIdleConnections.
func (p *proxyChoice) CloseIdleConnections() {
	p.direct.CloseIdleConnections()
	p.proxied.CloseIdleConnections()
}

// internalNets are the ranges that net/netip has no question for: shared
// (RFC 6598), protocol assignments, benchmarks, documentation, reserved, and the
// IPv6 forms that carry an IPv4 address.
var internalNets = func() (out []netip.Prefix) {
	for _, s := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}()

func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	for _, net := range internalNets {
		if net.Contains(a) {
			return false
		}
	}
	return a.IsGlobalUnicast() && !a.IsPrivate()
}

func sameHost(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	switch {
	case len(via) >= maxRedirects, !strings.EqualFold(req.URL.Host, first.Host), first.Scheme == "https" && req.URL.Scheme != "https":
		return errRedirected
	}
	return nil
}

// Item is the document at an address.
func (w *Web) Item(address string) (Item, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return Item{}, fmt.Errorf("%s: %w", address, errScheme)
	}
	if u.User != nil {
		return Item{}, fmt.Errorf("%s: navn og adgangskode i adressen bruges ikke: %w", u.Redacted(), errForbidden)
	}
	u.Fragment = ""
	name := strings.TrimSuffix(u.Host+u.EscapedPath(), "/")
	if decoded, err := url.PathUnescape(name); err == nil {
		name = decoded
	}
	if u.RawQuery != "" {
		name += "?" + u.RawQuery
	}
	return w.item(name, u.String(), func(p page) ([]byte, error) { return p.body, nil }), nil
}

// item reads an address; finish makes the document of what the server answers.
func (w *Web) item(name, address string, finish func(page) ([]byte, error)) Item {
	read := func(ctx context.Context, known string) ([]byte, error) {
		p, err := w.fetch(ctx, address, known)
		if err != nil {
			return nil, err
		}
		data, err := finish(p)
		if err != nil {
			return nil, err
		}
		return data, w.marks.put(address, p.header, digest(data))
	}
	return Item{Path: name, ReadChanged: read, Read: func(ctx context.Context) ([]byte, error) { return read(ctx, "") }}
}

// page is what a server answered.
type page struct {
	body   []byte
	header http.Header
}

// fetch asks for one address, again where the server was busy. It fails with
// ErrUnchanged where the document is still the one of the digest known.
func (w *Web) fetch(ctx context.Context, address, known string) (page, error) {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return page{}, ctx.Err()
	}
	wait := firstBackOff
	for try := 1; ; try++ {
		if w.requests++; w.requests > maxRequests {
			return page{}, errManyAsked
		}
		if err := sleep(ctx, time.Until(w.last.Add(w.options.Pause))); err != nil {
			return page{}, err
		}
		p, retry, err := w.ask(ctx, address, known)
		w.last = time.Now()
		if err == nil || !errors.Is(err, errBusy) {
			return p, err
		}
		if retry > 0 {
			wait = retry
		}
		if try == maxTries || wait > maxBackOff {
			return page{}, err
		}
		if err := sleep(ctx, wait); err != nil {
			return page{}, err
		}
		wait *= 2
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ask makes one request. With errBusy it returns how long the server asks to
// wait, or 0.
func (w *Web) ask(ctx context.Context, address, known string) (page, time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return page{}, 0, err
	}
	req.Header.Set("User-Agent", w.agent())
	req.Header.Set("Accept-Language", "da")
	mark, conditional := w.marks.get(address)
	if conditional = conditional && known != "" && mark.Digest == known; conditional {
		mark.condition(req.Header)
	}
	res, err := w.client.Do(req)
	if err != nil {
		return page{}, 0, w.transportError(ctx, err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotModified && conditional:
		return page{}, 0, ErrUnchanged
	case res.StatusCode == http.StatusOK:
	case res.StatusCode == http.StatusNotFound, res.StatusCode == http.StatusGone:
		return page{}, 0, fmt.Errorf("%w (%d)", errGone, res.StatusCode)
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		return page{}, retryAfter(res.Header.Get("Retry-After"), time.Now()), fmt.Errorf("%w (%d)", errBusy, res.StatusCode)
	default:
		return page{}, 0, fmt.Errorf("%w (%d)", errForbidden, res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxBytes+1))
	if err != nil {
		return page{}, 0, w.transportError(ctx, err)
	}
	if len(body) > MaxBytes {
		return page{}, 0, ErrTooLarge
	}
	return page{body: body, header: res.Header}, 0, nil
}

// transportError tells what the caller may fix from a network that fails.
func (w *Web) transportError(ctx context.Context, err error) error {
	for _, known := range []error{ErrPrivate, errRedirected} {
		if errors.Is(err, known) {
			return known
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", errBusy, err)
}

func (w *Web) agent() string {
	if w.options.Contact == "" {
		return "Hjemmel/1 (kommunal vidensassistent)"
	}
	return "Hjemmel/1 (" + strings.Map(printable, w.options.Contact) + ")"
}

// retryAfter reads the header in both its forms; 0 where it says nothing.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 1<<20)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
