package server

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"
)

// proxies are the addresses of proxies whose word on clients is believed.
type proxies []netip.Prefix

func newProxies(list []string) (proxies, error) {
	var out proxies
	for _, text := range list {
		prefix, err := netip.ParsePrefix(text)
		if ip, err2 := netip.ParseAddr(text); err2 == nil {
			prefix, err = ip.Prefix(ip.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q: use an address or a network, for example 10.0.0.0/8", text)
		}
		out = append(out, prefix.Masked())
	}
	return out, nil
}

func (p proxies) trust(ip netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(ip) {
			return true
		}
	}
	return false
}

// client is the address that a request comes from: the nearest one that is no
// trusted proxy. What stands further left in X-Forwarded-For is hearsay.
func (p proxies) client(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	ip, _ := netip.ParseAddr(host)
	ip = ip.Unmap().WithZone("")
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.trust(ip); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = next.Unmap()
	}
	return ip
}

// secure tells whether the browser came by HTTPS, as a trusted proxy says.
func (p proxies) secure(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip, _ := netip.ParseAddr(host)
	return p.trust(ip.Unmap()) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// strictTransport tells browsers that came by HTTPS never to come without.
func (s *Server) strictTransport(c *gin.Context) {
	if s.proxies.secure(c.Request) {
		c.Header("Strict-Transport-Security", "max-age=31536000")
	}
}
