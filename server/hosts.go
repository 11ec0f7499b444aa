package server

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
)

// hosts knows the names by which this server may be addressed. A web page of a
// stranger can make its own name point to 127.0.0.1 and then read what stands
// here (DNS rebinding); the Host header still tells that name.
type hosts struct {
	port  *atomic.Int32   // that the server listens on; 0 while unknown
	extra map[string]bool // "name" for every port, or "name:port"
}

func newHosts(names []string) (hosts, error) {
	h := hosts{port: new(atomic.Int32), extra: map[string]bool{}}
	for _, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "" || strings.ContainsAny(name, "/*@ ") {
			return h, fmt.Errorf("host %q: use a name, or name:port, without scheme and wildcards", name)
		}
		h.extra[name] = true
	}
	return h, nil
}

// allowed judges a Host header.
func (h hosts) allowed(header string) bool {
	header = strings.ToLower(header)
	name, port, err := net.SplitHostPort(header)
	if err != nil {
		name, port = strings.Trim(header, "[]"), "80"
	}
	if h.extra[header] || h.extra[name] {
		return true
	}
	own := h.port.Load()
	return isLoopback(name) && (own == 0 || port == strconv.Itoa(int(own)))
}

// isLoopback tells whether a host can only mean this machine: localhost, or a
// loopback address itself, which no stranger's name server has a say in.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}
