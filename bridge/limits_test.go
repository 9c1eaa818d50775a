package bridge_test

import (
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/resources"
)

// recorder is an observer that remembers.
type recorder struct {
	mu     sync.Mutex
	events []resources.Event
}

func (r *recorder) observe(e resources.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

func (r *recorder) of(kind resources.EventKind) []resources.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []resources.Event
	for _, e := range r.events {
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

// Beyond the limit of open sockets everything that would open one fails with EMFILE, as
// if the process had no descriptor left, and works again once one is closed.
func TestLimitOfOpenSockets(t *testing.T) {
	for _, goOnly := range []bool{false, true} {
		var seen recorder
		e := start(t, bridge.Config{Limits: resources.Limits{OpenSockets: 4}, Observer: seen.observe, GoOnly: goOnly})
		out, _, err := run(t, e, bridge.Request{Code: `
			$s = stream_socket_server('tcp://127.0.0.1:0'); $name = stream_socket_get_name($s, false);
			$c = []; foreach ([1, 2, 3] as $i) $c[] = stream_socket_client("tcp://$name");
			set_error_handler(function ($n, $text) { echo $text, "\n"; return true; });
			var_dump(stream_socket_accept($s));
			var_dump(stream_socket_client("tcp://$name", $no, $text)); echo "$no $text\n";
			var_dump(stream_socket_server('udp://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND)); echo "$no $text\n";
			var_dump(fsockopen('127.0.0.1', 9, $no, $text)); echo "$no $text\n";
			var_dump(stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0));
			array_pop($c);
			$a = stream_socket_accept($s); var_dump(is_resource($a));`})
		require.NoError(t, err)
		require.Equal(t, `stream_socket_accept(): Accept failed: Too many open files
bool(false)
stream_socket_client(): Unable to connect to tcp://NAME (Too many open files)
bool(false)
24 Too many open files
stream_socket_server(): Unable to connect to udp://127.0.0.1:0 (Too many open files)
bool(false)
24 Too many open files
fsockopen(): Unable to connect to 127.0.0.1:9 (Too many open files)
bool(false)
24 Too many open files
stream_socket_pair(): Failed to create sockets: [24]: Too many open files
bool(false)
bool(true)
`, nameless(out), "GoOnly: %v", goOnly)
		require.NoError(t, e.Close(t.Context()))
		limits := seen.of(resources.EventLimit)
		require.Len(t, limits, 5)
		for _, l := range limits {
			require.ErrorIs(t, l.Err, syscall.EMFILE)
			require.Equal(t, uint64(1), l.Run)
		}
		require.Len(t, seen.of(resources.EventClose), 5)
	}
}

func nameless(out string) string {
	before, rest, _ := strings.Cut(out, "tcp://127.0.0.1:")
	if i := strings.IndexByte(rest, ' '); i >= 0 {
		return before + "tcp://NAME" + rest[i:]
	}
	return out
}

// A run's own limits hold beside the engine's, and are over with it.
func TestLimitsOfOneRun(t *testing.T) {
	e := start(t, bridge.Config{Limits: resources.Limits{OpenSockets: 2}})
	const code = `$s = []; for ($i = 0; $i < 5; $i++) $s[] = @stream_socket_server('tcp://127.0.0.1:0'); echo count(array_filter($s));`
	for _, c := range []struct {
		limits resources.Limits
		want   string
	}{{resources.Limits{}, "2"}, {resources.Limits{OpenSockets: 1}, "1"}, {resources.Limits{OpenSockets: 9}, "2"}} {
		out, _, err := run(t, e, bridge.Request{Code: code, Limits: c.limits})
		require.NoError(t, err)
		require.Equal(t, c.want, out)
	}
}

// A datagram that is too long is refused where it is sent, and as good as lost where it
// arrives.
func TestLimitOfDatagrams(t *testing.T) {
	for _, goOnly := range []bool{false, true} {
		testLimitOfDatagrams(t, goOnly)
	}
}

func testLimitOfDatagrams(t *testing.T, goOnly bool) {
	t.Helper()
	var seen recorder
	e := start(t, bridge.Config{Limits: resources.Limits{DatagramSize: 100}, Observer: seen.observe, GoOnly: goOnly})
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer c.Close()
	go func() {
		buf := make([]byte, 10)
		_, from, err := c.ReadFrom(buf)
		if err != nil {
			return
		}
		for _, n := range []int{101, 100, 1000, 100, 5} {
			_, _ = c.WriteTo(make([]byte, n), from)
		}
	}()
	require.Equal(t, "EMSGSIZE -1 5 100 100 100 5", output(t, e, `
		$s = stream_socket_client('udp://`+c.LocalAddr().String()+`');
		set_error_handler(function ($n, $text) { if (str_contains($text, 'errno=90')) echo 'EMSGSIZE '; return true; });
		fwrite($s, str_repeat('x', 101));
		echo stream_socket_sendto($s, str_repeat('x', 101)), ' ', fwrite($s, 'hello'), ' ',
			strlen(stream_socket_recvfrom($s, 50000, STREAM_PEEK)), ' ',
			strlen(stream_socket_recvfrom($s, 50000)), ' ', strlen(fread($s, 101)), ' ', strlen(fread($s, 1000));`))
	require.NoError(t, e.Close(t.Context()))
	require.Len(t, seen.of(resources.EventLimit), 4)
}

// Bytes per second: what is above waits, nothing is lost, and select tells the truth.
func TestLimitOfRates(t *testing.T) {
	e := start(t, bridge.Config{Limits: resources.Limits{WriteRate: 200_000, ReadRate: 400_000}})
	ours, theirs := tcpPair(t)
	received := make(chan int, 1)
	go func() {
		n, buf := 0, make([]byte, 1<<16)
		for {
			m, err := ours.Read(buf)
			if n += m; err != nil {
				received <- n
				return
			}
		}
	}()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() {
		if conn, err := l.Accept(); err == nil {
			_, _ = conn.Write(make([]byte, 200_000))
			_ = conn.Close()
		}
	}()
	_ = theirs.Close()
	begun := time.Now()
	require.Equal(t, "200000", output(t, e, `
		$c = stream_socket_client('tcp://`+l.Addr().String()+`'); $n = 0; stream_set_blocking($c, false);
		while (!feof($c)) {
			$r = [$c]; $w = $x = null; stream_select($r, $w, $x, 5);
			$data = fread($c, 8192);
			if ($data === '' && !feof($c)) die('readable without data');
			$n += strlen($data);
		}
		echo $n;`))
	require.Greater(t, time.Since(begun), 200*time.Millisecond, "200 kB at 400 kB/s, less a burst")
	require.Zero(t, <-received)
}

// Connections per second: those above wait in the queue, none is lost.
func TestLimitOfAccepts(t *testing.T) {
	e := start(t, bridge.Config{KeepListeners: true, Limits: resources.Limits{AcceptRate: 100}})
	for name, accept := range map[string]string{
		"accept": `$c = stream_socket_accept($s, 5);`,
		"select": `$r = [$s]; $w = $x = null; stream_select($r, $w, $x, 5); $c = stream_socket_accept($s, 0);`,
	} {
		begun := time.Now()
		require.Equal(t, "served 30", output(t, e, `
			$s = stream_socket_server('tcp://127.0.0.1:0'); $name = stream_socket_get_name($s, false);
			$clients = []; for ($i = 0; $i < 30; $i++) $clients[] = stream_socket_client("tcp://$name");
			$n = 0;
			while ($n < 30) { `+accept+` fwrite($c, "hello"); fclose($c); $n++; }
			foreach ($clients as $c) if (stream_get_contents($c) !== 'hello') die('not served');
			echo "served $n";`), name)
		require.Greater(t, time.Since(begun), 100*time.Millisecond, "20 of them, less the burst, at 100 a second")
	}
	requireClean(t, e)
}
