package resources

import (
	"math"
	"strings"
)

// SplitTransport cuts "transport://" off an address. A transport is at least
// two letters, digits, '+', '-' or '.'; where none is given it is "tcp" and the
// whole address is the target. Nothing is said about whether the transport
// exists.
func SplitTransport(address string) (transport, target string) {
	n := 0
	for n < len(address) && isTransportByte(address[n]) {
		n++
	}
	if n > 1 && strings.HasPrefix(address[n:], "://") {
		return address[:n], address[n+len("://"):]
	}
	return string(TCP), address
}

func isTransportByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '+' || c == '-' || c == '.'
}

// ParseHostPort splits the target of a tcp or udp address the way PHP does,
// which is not Go's: "[host]:port" or "host:port" at the first colon, where the
// last byte of the target does not count as a colon or bracket. The port is
// read as C's atoi does, what follows the digits is ignored, and wraps to 16
// bits: "80/path" is 80, "" is 0, "-1" is 65535. The host may be empty; whether
// it exists is for [Resolve] to say.
//
// The error is an [*Error] with Op "parse" and no Errno.
func ParseHostPort(target string) (host string, port uint16, err error) {
	fail := func(text string) (string, uint16, error) {
		return "", 0, &Error{Op: "parse", Address: target, Text: text}
	}
	if strings.IndexByte(target, 0) >= 0 {
		return fail("The hostname must not contain null bytes")
	}
	if len(target) > 1 && target[0] == '[' {
		end := strings.IndexByte(target[:len(target)-1], ']')
		if end < 0 || target[end+1] != ':' {
			return fail(`Failed to parse IPv6 address "` + target + `"`)
		}
		return target[1:end], atoi16(target[end+2:]), nil
	}
	colon := -1
	if target != "" {
		colon = strings.IndexByte(target[:len(target)-1], ':')
	}
	if colon < 0 {
		return fail(`Failed to parse address "` + target + `"`)
	}
	return target[:colon], atoi16(target[colon+1:]), nil
}

// ParseSendTarget splits the address argument of stream_socket_sendto, which
// follows rules of its own: no transport before it, a colon in the last place
// counts ("127.0.0.1:" is port 0), and a NUL byte ends the host. The port is
// read as in [ParseHostPort]; ok is false where there is no port part.
// The host resolves as any other, and only its first address is used.
func ParseSendTarget(target string) (host string, port uint16, ok bool) {
	start, end := 0, 0
	if strings.HasPrefix(target, "[") {
		start, end = 1, strings.IndexByte(target, ']')
		if end < 0 || !strings.HasPrefix(target[end+1:], ":") {
			return "", 0, false
		}
		port = atoi16(target[end+2:])
	} else {
		end = strings.IndexByte(target, ':')
		if end < 0 {
			return "", 0, false
		}
		port = atoi16(target[end+1:])
	}
	host, _, _ = strings.Cut(target[start:end], "\x00")
	return host, port, true
}

// The most bytes of a unix socket's name that PHP passes on: paths keep one
// byte for the final NUL, abstract names have none.
const (
	maxUnixPath     = 107
	maxUnixAbstract = 108
)

// ParseUnixPath gives the socket's name in the target of a unix or udg address:
// the raw bytes, an abstract name beginning with NUL. Names longer than limit
// bytes are cut to it and truncated is true, upon which PHP raises its notice
// "socket path exceeded the maximum allowed length" and goes on with the cut
// name.
func ParseUnixPath(target string) (path string, limit int, truncated bool) {
	limit = maxUnixPath
	if strings.HasPrefix(target, "\x00") {
		limit = maxUnixAbstract
	}
	if len(target) > limit {
		return target[:limit], limit, true
	}
	return target, limit, false
}

// atoi16 is C's atoi cut to 16 bits: white space, a sign, digits up to anything
// else. glibc goes through a 64 bit strtol that stops at the ends of its range,
// so the cut comes after that.
func atoi16(s string) uint16 {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	var n uint64
	limit := uint64(math.MaxInt64)
	if negative {
		limit++
	}
	for i := 0; i < len(s) && '0' <= s[i] && s[i] <= '9'; i++ {
		digit := uint64(s[i] - '0')
		if n > (limit-digit)/10 {
			n = limit
			break
		}
		n = n*10 + digit
	}
	if negative {
		n = -n
	}
	return uint16(n)
}
