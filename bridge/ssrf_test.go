package bridge_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
	"github.com/phpsock/phpsock/resources/policy"
)

// victim is what no script may reach: servers on 127.0.0.1 and ::1 and in the unix
// domain that count whoever comes.
type victim struct {
	tcp, udp int // ports
	dir      string
	stream   string // path of a unix stream socket in dir
	datagram string // of a udg socket
	abstract string // without the NUL
	visits   atomic.Int64
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	v := &victim{dir: t.TempDir(), abstract: fmt.Sprintf("phpsock-victim-%d", time.Now().UnixNano())}
	v.stream, v.datagram = filepath.Join(v.dir, "stream"), filepath.Join(v.dir, "datagram")
	listener := v.listen(t, "tcp4", "127.0.0.1:0")
	v.tcp = listener.Addr().(*net.TCPAddr).Port
	if l, err := net.Listen("tcp6", fmt.Sprintf("[::1]:%d", v.tcp)); err == nil {
		v.count(t, l)
	}
	v.listen(t, "unix", v.stream)
	v.listen(t, "unix", "@"+v.abstract)
	v.udp = v.receive(t, "udp4", "127.0.0.1:0").LocalAddr().(*net.UDPAddr).Port
	v.receive(t, "unixgram", v.datagram)
	return v
}

func (v *victim) listen(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	require.NoError(t, err)
	v.count(t, l)
	return l
}

func (v *victim) count(t *testing.T, l net.Listener) {
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			v.visits.Add(1)
			_ = conn.Close()
		}
	}()
}

func (v *victim) receive(t *testing.T, network, address string) net.PacketConn {
	t.Helper()
	c, err := net.ListenPacket(network, address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	go func() {
		buf := make([]byte, 16)
		for {
			if _, _, err := c.ReadFrom(buf); err != nil {
				return
			}
			v.visits.Add(1)
		}
	}()
	return c
}

// fakeDNS answers like a name server in the hands of an attacker.
type fakeDNS struct {
	mu    sync.Mutex
	asked map[string]int
}

func (d *fakeDNS) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	d.mu.Lock()
	d.asked[host]++
	n := d.asked[host]
	d.mu.Unlock()
	addr := func(s string) []netip.Addr { return []netip.Addr{netip.MustParseAddr(s)} }
	switch strings.ToLower(host) {
	case "victim.test", "localhost", "victim.test.":
		return addr("127.0.0.1"), nil
	case "victim6.test":
		return addr("::1"), nil
	case "mapped.test":
		return addr("::ffff:127.0.0.1"), nil
	case "mixed.test":
		return append(addr("127.0.0.1"), addr("127.0.0.1")...), nil
	case "rebind.test": // harmless when it is looked up first, and then not any more
		if n == 1 {
			return addr("127.0.0.2"), nil
		}
		return addr("127.0.0.1"), nil
	case "good.test":
		return addr("127.0.0.2"), nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// attempts are ways to the victim. None of them may get there, and the policy must have
// been asked and have refused; but for those that PHP itself fails on before.
var attempts = []struct {
	name, code string
	early      bool // PHP finds no address in it at all
}{
	{name: "address", code: `client("tcp://127.0.0.1:$tcp")`},
	{name: "no transport", code: `client("127.0.0.1:$tcp")`},
	{name: "async", code: `client("tcp://127.0.0.1:$tcp", STREAM_CLIENT_CONNECT | STREAM_CLIENT_ASYNC_CONNECT)`},
	{name: "persistent", code: `client("tcp://127.0.0.1:$tcp", STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT)`},
	{name: "path after the port", code: `client("tcp://127.0.0.1:$tcp/path")`},
	{name: "port that wraps", code: `client("tcp://127.0.0.1:" . (65536 + $tcp))`},
	{name: "bindto", code: `client("tcp://127.0.0.1:$tcp", STREAM_CLIENT_CONNECT, ['socket' => ['bindto' => '127.0.0.2:0']])`},
	{name: "fsockopen", code: `fsockopen('127.0.0.1', $tcp)`},
	{name: "fsockopen tcp", code: `fsockopen('tcp://127.0.0.1', $tcp)`},
	{name: "pfsockopen", code: `pfsockopen('127.0.0.1', $tcp)`},
	{name: "decimal", code: `client("tcp://2130706433:$tcp")`},
	{name: "hexadecimal", code: `client("tcp://0x7f000001:$tcp")`},
	{name: "octal", code: `client("tcp://0177.0.0.1:$tcp")`},
	{name: "octal, whole", code: `client("tcp://017700000001:$tcp")`},
	{name: "short", code: `client("tcp://127.1:$tcp")`},
	{name: "short, hexadecimal", code: `client("tcp://0x7f.1:$tcp")`},
	{name: "three parts", code: `client("tcp://127.0.1:$tcp")`},
	{name: "zero", code: `client("tcp://0:$tcp")`},
	{name: "unspecified", code: `client("tcp://0.0.0.0:$tcp")`},
	{name: "IPv6 unspecified", code: `client("tcp://[::]:$tcp")`},
	{name: "IPv6 loopback", code: `client("tcp://[::1]:$tcp")`},
	{name: "IPv6 loopback, long", code: `client("tcp://[0:0:0:0:0:0:0:1]:$tcp")`},
	{name: "IPv4-mapped", code: `client("tcp://[::ffff:127.0.0.1]:$tcp")`},
	{name: "IPv4-mapped, hexadecimal", code: `client("tcp://[::ffff:7f00:1]:$tcp")`},
	{name: "IPv4-compatible", code: `client("tcp://[::127.0.0.1]:$tcp")`},
	{name: "name", code: `client("tcp://victim.test:$tcp")`},
	{name: "name, capitals and dot", code: `client("tcp://VICTIM.test.:$tcp")`},
	{name: "localhost", code: `client("tcp://localhost:$tcp")`},
	{name: "name for IPv6", code: `client("tcp://victim6.test:$tcp")`},
	{name: "name for a mapped address", code: `client("tcp://mapped.test:$tcp")`},
	{name: "name for several addresses", code: `client("tcp://mixed.test:$tcp")`},
	{name: "rebinding", code: `client("tcp://rebind.test:$tcp"); client("tcp://rebind.test:$tcp")`},
	{name: "http", code: `file_get_contents("http://127.0.0.1:$tcp/")`},
	{name: "http by name", code: `file_get_contents("http://victim.test:$tcp/")`},
	{name: "http with user info", code: `file_get_contents("http://good.test@127.0.0.1:$tcp/")`},
	{name: "http through a proxy", code: `file_get_contents('http://good.test/', false,
		stream_context_create(['http' => ['proxy' => "tcp://127.0.0.1:$tcp", 'request_fulluri' => true]]))`},
	{name: "redirect", code: `file_get_contents("http://127.0.0.2:$web/?to=" . urlencode("http://127.0.0.1:$tcp/"))`},
	{name: "redirect to a number", code: `file_get_contents("http://127.0.0.2:$web/?to=" . urlencode("http://2130706433:$tcp/"))`},
	{name: "redirect to a name", code: `file_get_contents("http://good.test:$web/?to=" . urlencode("http://victim.test:$tcp/"))`},
	{name: "redirect to ftp", code: `file_get_contents("http://good.test:$web/?to=" . urlencode("ftp://127.0.0.1:$tcp/x"));
		file_get_contents("ftp://127.0.0.1:$tcp/x")`},
	{name: "copy", code: `copy("http://127.0.0.1:$tcp/", '/dev/null')`},
	{name: "fopen", code: `fopen("http://127.1:$tcp/", 'r')`},
	{name: "getimagesize", code: `getimagesize("http://127.0.0.1:$tcp/")`},
	{name: "ftp", code: `fopen("ftp://127.0.0.1:$tcp/x", 'r')`},
	{name: "ssl", code: `client("ssl://127.0.0.1:$tcp")`},
	{name: "tls", code: `client("tls://victim.test:$tcp")`},
	{name: "tlsv1.2", code: `client("tlsv1.2://127.1:$tcp")`},
	{name: "https", code: `file_get_contents("https://127.0.0.1:$tcp/")`},
	{name: "ftps", code: `fopen("ftps://127.0.0.1:$tcp/x", 'r')`},
	{name: "fsockopen ssl", code: `fsockopen('ssl://127.0.0.1', $tcp)`},
	{name: "pfsockopen tls", code: `pfsockopen('tls://127.0.0.1', $tcp)`},
	{name: "udp", code: `fwrite(client("udp://127.0.0.1:$udp") ?: STDOUT, '')`},
	{name: "udp by fsockopen", code: `fsockopen('udp://127.0.0.1', $udp)`},
	{name: "sendto", code: `stream_socket_sendto(udp(), 'x', 0, "127.0.0.1:$udp")`},
	{name: "sendto a name", code: `stream_socket_sendto(udp(), 'x', 0, "victim.test:$udp")`},
	{name: "sendto a number", code: `stream_socket_sendto(udp(), 'x', 0, "2130706433:$udp")`},
	{name: "sendto zero", code: `stream_socket_sendto(udp(), 'x', 0, "0.0.0.0:$udp")`},
	{name: "sendto a mapped address", code: `stream_socket_sendto(udp6(), 'x', 0, "[::ffff:127.0.0.1]:$udp")`},
	{name: "sendto with out-of-band flag", code: `stream_socket_sendto(udp(), 'x', STREAM_OOB, "127.0.0.1:$udp")`},
	{name: "unix", code: `client("unix://$stream")`},
	{name: "unix by fsockopen", code: `fsockopen("unix://$stream")`},
	{name: "unix through a link", code: `symlink($stream, "$free/link"); client("unix://$free/link")`},
	{name: "unix through a linked folder", code: `symlink($dir, "$free/dir"); client("unix://$free/dir/stream")`},
	{name: "unix, dots", code: `client("unix://$dir/../" . basename($dir) . "/./stream")`},
	{name: "unix, relative", code: `chdir($dir); client('unix://stream')`},
	{name: "unix, persistent", code: `client("unix://$stream", STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT)`},
	{name: "abstract", code: `client("unix://\0$abstract")`},
	{name: "udg", code: `client("udg://$datagram")`},
	{name: "udg through a link", code: `symlink($datagram, "$free/udg"); client("udg://$free/udg")`},
	{name: "in a child of fork", code: `if (!pcntl_fork()) { client("tcp://127.0.0.1:$tcp"); @fsockopen('127.0.0.1', $tcp);
		@file_get_contents("http://127.0.0.1:$tcp/"); @fsockopen('ssl://127.0.0.1', $tcp);
		@stream_socket_sendto(udp(), 'x', 0, "127.0.0.1:$udp"); exit(0); } pcntl_wait($status)`, early: true},
	{name: "NUL in the host", code: `client("tcp://127.0.0.2\0.test@127.0.0.1:$tcp")`, early: true},
	{name: "wide digits", code: `client("tcp://１２７.0.0.1:$tcp")`, early: true},
}

const attackTools = `
	function client($address, $flags = STREAM_CLIENT_CONNECT, $options = []) {
		return @stream_socket_client($address, $no, $text, 2, $flags, stream_context_create($options));
	}
	function udp() { return stream_socket_server('udp://127.0.0.2:0', $no, $text, STREAM_SERVER_BIND); }
	function udp6() { return @stream_socket_server('udp://[::]:0', $no, $text, STREAM_SERVER_BIND) ?: udp(); }
`

// No script reaches an address that the policy denies, whatever way it takes.
func TestPolicyHoldsAgainstSSRF(t *testing.T) {
	v := newVictim(t)
	redirects := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusFound)
	})}
	web, err := net.Listen("tcp4", "127.0.0.2:0")
	require.NoError(t, err)
	go redirects.Serve(web) //nolint:errcheck // it ends with Close
	t.Cleanup(func() { _ = redirects.Close() })

	var refused, reached atomic.Int64
	dns := &fakeDNS{asked: map[string]int{}}
	e := start(t, bridge.Config{
		Resolver: dns,
		Policy:   policy.Outgoing(policy.AllowCIDR(netip.MustParsePrefix("127.0.0.2/32"))),
		Observer: func(ev resources.Event) {
			switch {
			case ev.Kind == resources.EventRefuse:
				refused.Add(1)
			case ev.Kind == resources.EventDial && ev.Err == nil && !strings.HasPrefix(ev.Remote, "127.0.0.2:"):
				reached.Add(1)
			}
		},
	})
	for _, a := range attempts {
		t.Run(a.name, func(t *testing.T) {
			before, visits := refused.Load(), v.visits.Load()
			free := t.TempDir()
			_, _, err := run(t, e, bridge.Request{Code: attackTools + "error_reporting(0); " + a.code + ";", Vars: map[string]any{
				"tcp": v.tcp, "udp": v.udp, "web": web.Addr().(*net.TCPAddr).Port, "dir": v.dir, "free": free,
				"stream": v.stream, "datagram": v.datagram, "abstract": v.abstract,
			}})
			require.NoError(t, err)
			require.Equal(t, visits, v.visits.Load(), "the victim was reached")
			require.Zero(t, reached.Load())
			if !a.early {
				require.Eventually(t, func() bool { return refused.Load() > before }, patience, time.Millisecond,
					"the policy was not asked")
			}
		})
	}
	time.Sleep(200 * time.Millisecond) // for a visit that is counted late
	require.Zero(t, v.visits.Load(), "the victim was reached")

	// The victim would have noticed.
	conn, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", v.tcp))
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	require.Eventually(t, func() bool { return v.visits.Load() == 1 }, patience, time.Millisecond)
}
