package resources

import (
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSplitTransport(t *testing.T) {
	for address, want := range map[string][2]string{
		"tcp://127.0.0.1:80": {"tcp", "127.0.0.1:80"},
		"127.0.0.1:80":       {"tcp", "127.0.0.1:80"},
		":80":                {"tcp", ":80"},
		"":                   {"tcp", ""},
		"a://x:1":            {"tcp", "a://x:1"},
		"TCP://x:1":          {"TCP", "x:1"},
		"tlsv1.2://x:1":      {"tlsv1.2", "x:1"},
		"a+b-c.9://":         {"a+b-c.9", ""},
		"a_b://x:1":          {"tcp", "a_b://x:1"},
		"unix://\x00name":    {"unix", "\x00name"},
		"tcp:/x":             {"tcp", "tcp:/x"},
		"tcp://tcp://x:1":    {"tcp", "tcp://x:1"},
	} {
		transport, target := SplitTransport(address)
		require.Equal(t, want, [2]string{transport, target}, "%q", address)
	}
}

func TestParseHostPort(t *testing.T) {
	for target, want := range map[string]struct {
		host string
		port uint16
	}{
		"127.0.0.1:80":                    {"127.0.0.1", 80},
		"127.0.0.1:80/path":               {"127.0.0.1", 80},
		"h:x":                             {"h", 0},
		"h: \t\n\v\f\r7":                  {"h", 7},
		"h:+7":                            {"h", 7},
		"h:-1":                            {"h", 65535},
		"h:--1":                           {"h", 0},
		"h:65536":                         {"h", 0},
		"h:70000":                         {"h", 4464},
		"h:99999999999":                   {"h", 59391},
		"h:9223372036854775807":           {"h", 65535},
		"h:9223372036854775808":           {"h", 65535},
		"h:-9223372036854775808":          {"h", 0},
		"h:-9223372036854775807":          {"h", 1},
		"h:-99999999999999999999":         {"h", 0},
		"h:" + strings.Repeat("0", 40):    {"h", 0},
		"h:1" + strings.Repeat("0", 4000): {"h", 65535},
		":80":                             {"", 80},
		"*:80":                            {"*", 80},
		"::1:0":                           {"", 0},
		"a://x:1":                         {"a", 0},
		"[::1]:80":                        {"::1", 80},
		"[::1]:":                          {"::1", 0},
		"[]:5":                            {"", 5},
		"[a]:1:2":                         {"a", 1},
		"h::5":                            {"h", 0},
	} {
		host, port, err := ParseHostPort(target)
		require.NoError(t, err, "%q", target)
		require.Equal(t, want.host, host, "%q", target)
		require.Equal(t, want.port, port, "%q", target)
	}
}

func TestParseHostPortFails(t *testing.T) {
	for target, text := range map[string]string{
		"":          `Failed to parse address ""`,
		"host":      `Failed to parse address "host"`,
		"host:":     `Failed to parse address "host:"`,
		":":         `Failed to parse address ":"`,
		"[":         `Failed to parse address "["`,
		"[]":        `Failed to parse IPv6 address "[]"`,
		"[::1]":     `Failed to parse IPv6 address "[::1]"`,
		"[::1":      `Failed to parse IPv6 address "[::1"`,
		"[::1]80":   `Failed to parse IPv6 address "[::1]80"`,
		"[a]x]:80":  `Failed to parse IPv6 address "[a]x]:80"`,
		"h\x00:80":  "The hostname must not contain null bytes",
		"h:80\x00":  "The hostname must not contain null bytes",
		"\x00":      "The hostname must not contain null bytes",
		"[\x00]:80": "The hostname must not contain null bytes",
	} {
		_, _, err := ParseHostPort(target)
		var e *Error
		require.ErrorAs(t, err, &e, "%q", target)
		require.Equal(t, Error{Op: "parse", Address: target, Text: text}, *e)
	}
}

func TestParseSendTarget(t *testing.T) {
	for target, want := range map[string]struct {
		host string
		port uint16
		ok   bool
	}{
		"127.0.0.1:80":    {"127.0.0.1", 80, true},
		"127.0.0.1:":      {"127.0.0.1", 0, true},
		":":               {"", 0, true},
		"[::1]:80":        {"::1", 80, true},
		"[::1]:":          {"::1", 0, true},
		"udp://1.2.3.4:5": {"udp", 0, true},
		"h:70000":         {"h", 4464, true},
		"h\x00x:7":        {"h", 7, true},
		"":                {},
		"h":               {},
		"[":               {},
		"[::1":            {},
		"[::1]":           {},
		"[::1]x:1":        {},
	} {
		host, port, ok := ParseSendTarget(target)
		require.Equal(t, want.ok, ok, "%q", target)
		require.Equal(t, want.host, host, "%q", target)
		require.Equal(t, want.port, port, "%q", target)
	}
}

func TestParseUnixPath(t *testing.T) {
	path := "/" + strings.Repeat("p", 200)
	abstract := "\x00" + strings.Repeat("a", 200)
	for _, c := range []struct {
		target, path string
		limit        int
		truncated    bool
	}{
		{"", "", 107, false},
		{"/run/x", "/run/x", 107, false},
		{path[:107], path[:107], 107, false},
		{path[:108], path[:107], 107, true},
		{path, path[:107], 107, true},
		{"\x00", "\x00", 108, false},
		{abstract[:108], abstract[:108], 108, false},
		{abstract[:109], abstract[:108], 108, true},
		{"/a\x00b", "/a\x00b", 107, false},
	} {
		got, limit, truncated := ParseUnixPath(c.target)
		require.Equal(t, c.path, got)
		require.Equal(t, c.limit, limit)
		require.Equal(t, c.truncated, truncated)
	}
}

func TestError(t *testing.T) {
	failed := &Error{Op: "bind", Address: "127.0.0.1:80", Errno: syscall.EADDRINUSE, Text: "Address already in use"}
	require.EqualError(t, failed, `resources: bind "127.0.0.1:80": Address already in use`)
	require.ErrorIs(t, failed, syscall.EADDRINUSE)

	parse := &Error{Op: "parse", Address: "x\x00", Text: "no"}
	require.EqualError(t, parse, `resources: parse "x\x00": no`)
	require.NoError(t, parse.Unwrap())

	require.EqualError(t, &Error{Op: "connect"}, "resources: connect: no address could be tried")
	require.Equal(t, syscall.EIO, errnoOf(parse), "not from a system call")
}

func FuzzSplitTransport(f *testing.F) {
	for _, seed := range []string{"tcp://x:1", "a://x", "://", "unix://\x00a", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		transport, target := SplitTransport(address)
		if target != address {
			require.Equal(t, address, transport+"://"+target)
			require.GreaterOrEqual(t, len(transport), 2)
			return
		}
		require.Equal(t, "tcp", transport)
	})
}

func FuzzParseHostPort(f *testing.F) {
	for _, seed := range []string{"127.0.0.1:80", "[::1]:80", "[::1]", ":", "h:-1", "h\x00:1", "h:99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, target string) {
		host, port, err := ParseHostPort(target)
		if err != nil {
			var e *Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, "parse", e.Op)
			require.Zero(t, e.Errno)
			require.NotEmpty(t, e.Text)
			return
		}
		require.Contains(t, target, host+strings.Repeat("]", strings.Count(target[:1], "["))+":")
		require.NotContains(t, target, "\x00")
		sendHost, sendPort, ok := ParseSendTarget(target)
		require.True(t, ok, "sendto takes all that a client takes")
		require.Equal(t, host, sendHost)
		require.Equal(t, port, sendPort)
	})
}

func FuzzParseUnixPath(f *testing.F) {
	for _, seed := range []string{"", "/run/x", "\x00a", strings.Repeat("p", 108), "\x00" + strings.Repeat("p", 108)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, target string) {
		path, limit, truncated := ParseUnixPath(target)
		require.True(t, strings.HasPrefix(target, path))
		require.LessOrEqual(t, len(path), limit)
		require.Equal(t, truncated, path != target)
		again, _, _ := ParseUnixPath(path)
		require.Equal(t, path, again)
	})
}
