package resources

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// Resolver looks up the addresses of a host. *[net.Resolver] is one. A resolver
// that refuses with an errno and a text of its own returns an [*Error].
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// The texts of gai_strerror.
const (
	gaiNoName   = "Name or service not known"
	gaiAgain    = "Temporary failure in name resolution"
	gaiFail     = "Non-recoverable failure in name resolution"
	gaiFamily   = "Address family for hostname not supported"
	gaiSystem   = "System error"
	gaiNoMemory = "Memory allocation failure"
)

// hasIPv6 asks once whether this host can make an IPv6 socket, as PHP does
// before its first look-up.
var hasIPv6 = sync.OnceValue(func() bool {
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	_ = unix.Close(fd)
	return true
})

// Resolve gives the addresses of a host in the order in which they are to be
// tried. Numeric hosts (see [NumericHost]) are answered at once, without r and
// without a look at ctx. Others are for r, or [net.DefaultResolver] where r is
// nil; it is asked for IPv4 alone on a host without IPv6. Resolve blocks while
// r does.
//
// What cannot be resolved is an [*Error] with Op "resolve" and the text that
// PHP shows. When ctx ends first, its error is returned, wrapped.
func Resolve(ctx context.Context, r Resolver, host string) ([]netip.Addr, error) {
	return resolve(ctx, r, host, hasIPv6())
}

func resolve(ctx context.Context, r Resolver, host string, ipv6 bool) ([]netip.Addr, error) {
	if addr, ok := NumericHost(host); ok {
		if !ipv6 {
			if addr = addr.Unmap(); !addr.Is4() {
				return nil, resolveError(host, gaiFamily, nil)
			}
		}
		return []netip.Addr{addr}, nil
	}
	// Go's resolver would take any zone, and interfaces' names with addresses
	// that are not local to a link; for getaddrinfo such a host is a name that
	// nobody knows.
	if host == "" || strings.IndexByte(host, ':') >= 0 {
		return nil, resolveError(host, gaiNoName, nil)
	}
	if r == nil {
		r = net.DefaultResolver
	}
	network := "ip"
	if !ipv6 {
		network = "ip4"
	}
	found, err := r.LookupNetIP(ctx, network, host)
	if err != nil {
		return nil, lookupError(ctx, host, err)
	}
	addrs := make([]netip.Addr, 0, len(found))
	for _, addr := range found {
		if addr = addr.Unmap(); addr.Is4() || ipv6 && addr.Is6() {
			addrs = append(addrs, addr)
		}
	}
	if len(addrs) == 0 {
		return nil, resolveError(host, gaiNoName, nil)
	}
	return addrs, nil
}

func resolveError(host, reason string, cause error) error {
	return &Error{
		Op:      "resolve",
		Address: host,
		Text:    fmt.Sprintf("php_network_getaddresses: getaddrinfo for %s failed: %s", host, reason),
		cause:   cause,
	}
}

// lookupError puts a resolver's error into getaddrinfo's words.
func lookupError(ctx context.Context, host string, err error) error {
	if ended := ctx.Err(); ended != nil {
		return fmt.Errorf("resources: resolve %q: %w", host, ended)
	}
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	reason := gaiFail
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		reason = gaiNoName
	case dns != nil && (dns.IsTemporary || dns.IsTimeout), errors.Is(err, context.DeadlineExceeded):
		reason = gaiAgain
	case errors.Is(err, unix.ENOMEM):
		reason = gaiNoMemory
	case errnoIn(err):
		reason = gaiSystem
	}
	return resolveError(host, reason, err)
}

func errnoIn(err error) bool {
	var errno unix.Errno
	return errors.As(err, &errno)
}
