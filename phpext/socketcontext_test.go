package phpext_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/resources"
)

// trio returns the descriptors of a listener, of a client and of what the listener
// accepts, both sides made with these options of the socket wrapper.
func trio(t *testing.T, address string, o map[string]any) map[string]int {
	t.Helper()
	e := sockets(t)
	context := streamContext(t, o)
	transport, _ := resources.SplitTransport(address)
	listener := succeed(t, e, "stream_socket_server", address, nil, nil, 12, context)
	name := succeed(t, e, "stream_socket_get_name", listener, false).Text()
	client := succeed(t, e, "stream_socket_client", transport+"://"+name, nil, nil, 5, 4, context)
	accepted := succeed(t, e, "stream_socket_accept", listener, 5)
	return map[string]int{
		"server": socketOf(t, e, listener).FD(), "client": socketOf(t, e, client).FD(), "accepted": socketOf(t, e, accepted).FD(),
	}
}

func getOption(t *testing.T, fd, level, name int) int {
	t.Helper()
	n, err := unix.GetsockoptInt(fd, level, name)
	require.NoError(t, err)
	return n
}

func TestSocketContextKeepAlive(t *testing.T) {
	keepAlive := func(t *testing.T, fd int) [4]int {
		return [4]int{
			getOption(t, fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE), getOption(t, fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE),
			getOption(t, fd, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL), getOption(t, fd, unix.IPPROTO_TCP, unix.TCP_KEEPCNT),
		}
	}
	system := keepAlive(t, trio(t, "tcp://127.0.0.1:0", nil)["server"])
	tests := map[string]struct {
		options map[string]any
		want    [4]int
	}{
		"none":    {nil, system},
		"ints":    {map[string]any{"so_keepalive": true, "tcp_keepidle": 60, "tcp_keepintvl": 10, "tcp_keepcnt": 5}, [4]int{1, 60, 10, 5}},
		"strings": {map[string]any{"so_keepalive": "1", "tcp_keepidle": "80 s", "tcp_keepintvl": 12.9, "tcp_keepcnt": true}, [4]int{1, 80, 12, 1}},
		"off":     {map[string]any{"so_keepalive": false, "tcp_keepidle": 60}, [4]int{0, 60, system[2], system[3]}},
		"refused": {map[string]any{"so_keepalive": 1, "tcp_keepidle": "abc", "tcp_keepintvl": -1, "tcp_keepcnt": nil}, [4]int{1, system[1], system[2], system[3]}},
		"C int":   {map[string]any{"tcp_keepcnt": 1<<32 + 7}, [4]int{0, system[1], system[2], 7}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for kind, fd := range trio(t, "tcp://127.0.0.1:0", tt.options) {
				require.Equal(t, tt.want, keepAlive(t, fd), kind)
			}
			for kind, fd := range trio(t, "unix://"+t.TempDir()+"/s", tt.options) {
				require.Zero(t, getOption(t, fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE), kind)
			}
		})
	}
}

func TestSocketContextLinger(t *testing.T) {
	tests := map[string]struct {
		seconds any
		want    unix.Linger
	}{
		"int":      {8, unix.Linger{Onoff: 1, Linger: 8}},
		"string":   {"10", unix.Linger{Onoff: 1, Linger: 10}},
		"null":     {nil, unix.Linger{}},
		"zero":     {0, unix.Linger{}},
		"negative": {-5, unix.Linger{}},
		"too long": {1 << 40, unix.Linger{Onoff: 1, Linger: 65535}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for kind, fd := range trio(t, "tcp://127.0.0.1:0", map[string]any{"so_linger": tt.seconds}) {
				got, err := unix.GetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER)
				require.NoError(t, err)
				require.Equal(t, tt.want, *got, kind)
			}
		})
	}
}

func TestSocketContextBuffers(t *testing.T) {
	options := map[string]any{"so_rcvbuf": 16384, "so_sndbuf": "20480"}
	for _, address := range []string{"tcp://127.0.0.1:0", "unix://" + t.TempDir() + "/s"} {
		for kind, fd := range trio(t, address, options) {
			if kind == "accepted" && strings.HasPrefix(address, "unix") {
				continue // made by the kernel, not from the listener
			}
			require.Equal(t, 2*16384, getOption(t, fd, unix.SOL_SOCKET, unix.SO_RCVBUF), kind)
			require.Equal(t, 2*20480, getOption(t, fd, unix.SOL_SOCKET, unix.SO_SNDBUF), kind)
		}
	}
	trio(t, "tcp://127.0.0.1:0", map[string]any{"so_rcvbuf": nil, "so_sndbuf": nil})
}

func TestSocketContextBuffersRefused(t *testing.T) {
	for _, name := range []string{"so_rcvbuf", "so_sndbuf"} {
		text := name + " context option must be between 1 and 2147483647"
		for _, size := range []any{0, -1, "abc", false, 1 << 31} {
			context := streamContext(t, map[string]any{name: size})
			for _, address := range []string{"tcp://127.0.0.1:1", "udp://127.0.0.1:1", "unix:///no/such", "udg:///no/such"} {
				refused(t, sockets(t).Call("stream_socket_server", address, nil, nil, 4, context), address, 0, text)
				refused(t, sockets(t).Call("stream_socket_client", address, nil, nil, 1, 4, context), address, 0, text)
			}
		}
	}
}

func TestSocketContextReuseAddr(t *testing.T) {
	for _, address := range []string{"tcp://127.0.0.1:0", "udp://127.0.0.1:0"} {
		for value, want := range map[any]int{true: 1, "yes": 1, false: 0, 0: 0} {
			e := sockets(t)
			v := succeed(t, e, "stream_socket_server", address, nil, nil, 4, streamContext(t, map[string]any{"so_reuseaddr": value}))
			require.Equal(t, want, getOption(t, socketOf(t, e, v).FD(), unix.SOL_SOCKET, unix.SO_REUSEADDR))
		}
	}
}
