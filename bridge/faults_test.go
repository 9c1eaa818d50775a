package bridge_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/bridge/internal/phpt"
	"github.com/phpsock/phpsock/phpext"
	"github.com/phpsock/phpsock/resources/faultnet"
)

const onDial, onListen, onAccept, onRead, onWrite = faultnet.Dial, faultnet.Listen, faultnet.Accept, faultnet.Read, faultnet.Write

// faultCases are scripts on a network with faults. What each one has to print is what
// PHP's manual, or PHP itself on a network that really does this, says. $peer is the
// address of a Go program that sends back what it gets; heal() ends all faults
// once there was one.
var faultCases = []struct {
	name  string
	rules []faultnet.Rule
	peer  func(net.Conn) // nil: sends back what it gets
	code  string
	want  string
}{
	{name: "a dial that fails, then one that does not", rules: []faultnet.Rule{{Op: onDial, Times: 1, Err: syscall.EHOSTUNREACH}},
		code: `
			var_dump(stream_socket_client($peer, $no, $text)); echo "$no $text\n";
			$c = stream_socket_client($peer, $no, $text); echo "$no $text\n";
			fwrite($c, "hello\n"); echo fgets($c);`,
		want: `stream_socket_client(): Unable to connect to PEER (No route to host)
bool(false)
113 No route to host
0 
hello
`},
	{name: "whatever a dial may fail with", rules: oneAfterTheOther(onDial),
		code: `for ($i = 0; $i < 8; $i++) { @stream_socket_client($peer, $no, $text); echo "$no $text\n"; }`,
		want: errnoLines},
	{name: "fsockopen", rules: oneAfterTheOther(onDial),
		code: `for ($i = 0; $i < 8; $i++) { @fsockopen($peer, -1, $no, $text); echo "$no $text\n"; }`,
		want: errnoLines},
	{name: "an error that is none of the system's", rules: []faultnet.Rule{{Op: onDial, Err: errors.New("the tunnel has collapsed")}},
		code: `stream_socket_client($peer, $no, $text); echo "$no $text\n";`,
		want: `stream_socket_client(): Unable to connect to PEER (dial tcp4 ADDRESS: the tunnel has collapsed)
5 dial tcp4 ADDRESS: the tunnel has collapsed
`},
	{name: "a dial that hangs", rules: []faultnet.Rule{{Op: onDial, Do: faultnet.Hang}},
		code: `stream_socket_client($peer, $no, $text, 0.02); echo "$no $text\n"; fsockopen($peer, -1, $no, $text, 0.02); echo "$no $text\n";`,
		want: `stream_socket_client(): Unable to connect to PEER (Connection timed out)
110 Connection timed out
fsockopen(): Unable to connect to PEER:-1 (Connection timed out)
110 Connection timed out
`},
	{name: "the next address of a name", rules: []faultnet.Rule{{Op: onDial, Times: 1, Err: syscall.EHOSTUNREACH}},
		code: `$c = stream_socket_client(strtr($peer, ['127.0.0.1' => 'two.test']), $no, $text); echo "$no $text\n", stream_socket_get_name($c, true) === substr($peer, 6) ? 'same' : 'other';`,
		want: "0 \nsame"},
	{name: "an asynchronous dial that fails", rules: []faultnet.Rule{{Op: onDial, Do: faultnet.Hang}},
		code: `
			$c = stream_socket_client('tcp://127.0.0.1:1', $no, $text, 0, STREAM_CLIENT_ASYNC_CONNECT); echo "$no $text\n";
			$r = $w = [$c]; $e = null; echo stream_select($r, $w, $e, 0), "\n";
			heal();
			$r = $w = [$c]; $e = null; echo stream_select($r, $w, $e, 5), count($r), count($w), "\n";
			var_dump(stream_socket_get_name($c, true), feof($c), fread($c, 10), fwrite($c, 'x'));`,
		want: `0 
0
211
fwrite(): Send of 1 bytes failed with errno=32 Broken pipe
bool(false)
bool(true)
string(0) ""
bool(false)
`},
	{name: "an asynchronous dial that takes its time", rules: []faultnet.Rule{{Op: onDial, Do: faultnet.Hang}},
		code: `
			$c = stream_socket_client($peer, $no, $text, 0, STREAM_CLIENT_ASYNC_CONNECT);
			$w = [$c]; $r = $e = null; echo stream_select($r, $w, $e, 0);
			heal();
			$w = [$c]; $r = $e = null; echo stream_select($r, $w, $e, 5);
			stream_set_blocking($c, true); fwrite($c, "hello\n"); echo fgets($c);`,
		want: "01hello\n"},
	{name: "a name that is dialled for http", rules: []faultnet.Rule{{Op: onDial, Err: syscall.EHOSTUNREACH}},
		code: `var_dump(file_get_contents('http' . substr($peer, 3)));`,
		want: "file_get_contents(http://ADDRESS): Failed to open stream: No route to host\nbool(false)\n"},

	{name: "http, byte by byte", rules: []faultnet.Rule{{Op: onRead | onWrite, Chunk: 1}}, peer: page,
		code: `var_dump(file_get_contents('http' . substr($peer, 3)), $http_response_header[0]);`,
		want: "string(40) \"" + pageBody + "\"\nstring(15) \"HTTP/1.1 200 OK\"\n"},
	{name: "http, reset within the body", rules: []faultnet.Rule{{Op: onRead, AfterBytes: int64(len(pageHeader)) + 30, Do: faultnet.Reset}}, peer: page,
		code: `var_dump(file_get_contents('http' . substr($peer, 3)));`,
		want: "string(30) \"" + pageBody[:30] + "\"\n"},
	{name: "http, cut within the body", rules: []faultnet.Rule{{Op: onRead, AfterBytes: int64(len(pageHeader)) + 30, Do: faultnet.Truncate}}, peer: page,
		code: `var_dump(file_get_contents('http' . substr($peer, 3)));`,
		want: "string(30) \"" + pageBody[:30] + "\"\n"},
	{name: "http, no answer", rules: []faultnet.Rule{{Op: onRead, Do: faultnet.Hang}}, peer: page,
		code: `var_dump(file_get_contents('http' . substr($peer, 3), false, stream_context_create(['http' => ['timeout' => 0.2]])));`,
		want: "file_get_contents(http://ADDRESS): Failed to open stream: HTTP request failed!\nbool(false)\n"},
	{name: "a persistent connection that has broken", rules: []faultnet.Rule{{Op: onRead, Side: faultnet.Client, Conn: 1, AfterBytes: 6, Do: faultnet.Reset}},
		code: `
			$connect = fn() => stream_socket_client($peer, $no, $text, 5, STREAM_CLIENT_CONNECT | STREAM_CLIENT_PERSISTENT);
			$c = $connect(); fwrite($c, "first\n"); echo fgets($c); var_dump(fgets($c), feof($c));
			$d = $connect(); fwrite($d, "second\n"); echo fgets($d); fclose($d);`,
		want: "first\nbool(false)\nbool(true)\nsecond\n"},

	{name: "whatever a server may fail with", rules: oneAfterTheOther(onListen),
		code: `for ($i = 0; $i < 8; $i++) { @stream_socket_server('tcp://127.0.0.1:0', $no, $text); echo "$no $text\n"; }`,
		want: errnoLines},
	{name: "a datagram server", rules: []faultnet.Rule{{Op: onListen, Times: 1, Err: syscall.ENOBUFS}},
		code: `
			for ($i = 0; $i < 2; $i++) { stream_socket_server('udp://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND); echo "$no $text\n"; }`,
		want: "stream_socket_server(): Unable to connect to udp://127.0.0.1:0 (No buffer space available)\n105 No buffer space available\n0 \n"},
	{name: "no descriptor for an accept", rules: []faultnet.Rule{{Op: onAccept, Every: 2, Err: syscall.EMFILE}},
		code: server + `
			foreach ([1, 2, 3] as $i) $c[] = stream_socket_client("tcp://$name");
			set_error_handler(function ($n, $text) use (&$last) { $last = $text; return true; });
			for ($got = 0; $got < 3; ) if (stream_socket_accept($s, 5)) $got++;
			echo "$got, $last";`,
		want: "3, stream_socket_accept(): Accept failed: Too many open files"},
	{name: "a client that has gone before the accept", rules: []faultnet.Rule{{Op: onAccept, Times: 1, Do: faultnet.Reset}},
		code: server + `
			foreach ([1, 2] as $i) $c[] = @stream_socket_client("tcp://$name");
			while (!($a = @stream_socket_accept($s, 5)));
			fwrite($a, "welcome\n"); echo fgets($c[1]);
			echo !$c[0] || fgets($c[0]) === false && feof($c[0]) ? 'gone' : 'still there';`,
		want: "welcome\ngone"},
	{name: "an accept that hangs", rules: []faultnet.Rule{{Op: onAccept, Do: faultnet.Hang}},
		code: server + `$c = stream_socket_client("tcp://$name"); var_dump(stream_socket_accept($s, 0.02));`,
		want: "stream_socket_accept(): Accept failed: Connection timed out\nbool(false)\n"},

	{name: "one byte at a time", rules: []faultnet.Rule{{Op: onRead | onWrite, Chunk: 1}},
		code: `
			$c = stream_socket_client($peer);
			fwrite($c, "first line\nsecond line\nthe rest"); stream_socket_shutdown($c, STREAM_SHUT_WR);
			echo fgets($c), stream_get_line($c, 100, "\n"), "\n", stream_get_contents($c); var_dump(feof($c));`,
		want: "first line\nsecond line\nthe restbool(true)\n"},
	{name: "odd pieces, a little late", rules: []faultnet.Rule{{Op: onRead | onWrite, P: .3, Chunk: 1021}, {Op: onRead | onWrite, P: .05, Delay: time.Millisecond}},
		code: `
			$c = stream_socket_client($peer); stream_set_blocking($c, false);
			$data = random_bytes(1 << 20); $sent = 0; $got = '';
			while (strlen($got) < strlen($data)) {
				$r = [$c]; $w = $sent < strlen($data) ? [$c] : null; $e = null;
				stream_select($r, $w, $e, 5) or die('nothing happens');
				if ($w) $sent += fwrite($c, substr($data, $sent, 100000));
				if ($r) $got .= fread($c, 100000);
			}
			echo $got === $data ? 'same' : 'other';`,
		want: "same"},
	{name: "calls that are interrupted", rules: []faultnet.Rule{{Op: onRead | onWrite, Every: 2, Err: syscall.EINTR}, {Op: onWrite, Every: 3, Chunk: 2, Err: syscall.EINTR}},
		code: `$c = stream_socket_client($peer); for ($i = 0; $i < 9; $i++) { fwrite($c, "line $i\n"); echo fgets($c); }`,
		want: "line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\nline 8\n"},
	{name: "a reset in mid-stream", rules: []faultnet.Rule{{Op: onRead, AfterBytes: 60, Do: faultnet.Reset}}, peer: says(100),
		code: `
			$c = stream_socket_client($peer);
			var_dump(strlen(stream_get_contents($c)), feof($c), fread($c, 10), fwrite($c, 'x'));`,
		want: "fwrite(): Send of 1 bytes failed with errno=32 Broken pipe\nint(60)\nbool(true)\nstring(0) \"\"\nbool(false)\n"},
	{name: "a reset at once", rules: []faultnet.Rule{{Op: onRead, Do: faultnet.Reset}},
		code: `$c = stream_socket_client($peer); var_dump(fread($c, 10), feof($c), fwrite($c, 'x'));`,
		want: "fwrite(): Send of 1 bytes failed with errno=32 Broken pipe\nbool(false)\nbool(true)\nbool(false)\n"},
	{name: "a reset while writing", rules: []faultnet.Rule{{Op: onWrite, AfterBytes: 100000, Do: faultnet.Reset}}, peer: swallow,
		code: `
			$c = stream_socket_client($peer); set_error_handler(function ($n, $text) { echo preg_replace('/\d+ bytes/', 'N bytes', $text), "\n"; return true; });
			for ($i = 0; $i < 1000 && fwrite($c, str_repeat('x', 10000)); $i++); echo $i > 9 && $i < 1000 ? 'broken off' : $i; var_dump((string) fread($c, 1), feof($c));`,
		want: "fwrite(): Send of N bytes failed with errno=32 Broken pipe\nbroken offstring(0) \"\"\nbool(true)\n"},
	{name: "a stream that ends too early", rules: []faultnet.Rule{{Op: onRead, AfterBytes: 25, Do: faultnet.Truncate}}, peer: says(100),
		code: `$c = stream_socket_client($peer); var_dump(fgets($c), fgets($c), fgets($c), fgets($c), feof($c), fwrite($c, 'x'));`,
		want: "string(10) \"012345678\n\"\nstring(10) \"012345678\n\"\nstring(5) \"01234\"\nbool(false)\nbool(true)\nint(1)\n"},
	{name: "a peer that says nothing more", rules: []faultnet.Rule{{Op: onRead, AfterBytes: 12, Do: faultnet.Hang}}, peer: says(100),
		code: `
			$c = stream_socket_client($peer); stream_set_timeout($c, 0, 100000);
			var_dump(fgets($c), fgets($c), fgets($c), stream_get_meta_data($c)['timed_out'], feof($c));`,
		want: "string(10) \"012345678\n\"\nstring(2) \"01\"\nbool(false)\nbool(true)\nbool(false)\n"},
	{name: "a peer that reads no more", rules: []faultnet.Rule{{Op: onWrite, AfterBytes: 1000, Do: faultnet.Hang}}, peer: swallow,
		code: `
			$c = stream_socket_client($peer); stream_set_blocking($c, false); $data = str_repeat('x', 1 << 16);
			for ($full = 0; $full < 3; ) if (fwrite($c, $data)) $full = 0; else { $full++; usleep(10000); }
			stream_set_blocking($c, true); stream_set_timeout($c, 0, 20000);
			var_dump(fwrite($c, $data), stream_get_meta_data($c)['timed_out']);`,
		want: "fwrite(): Send of 65536 bytes failed with errno=11 Resource temporarily unavailable\nbool(false)\nbool(true)\n"},
	{name: "a peer that has vanished", rules: []faultnet.Rule{{Op: onRead, AfterBytes: 6, Do: faultnet.HalfOpen}},
		code: `
			$c = stream_socket_client($peer); fwrite($c, "hello\n"); echo fgets($c);
			stream_set_timeout($c, 0, 20000);
			var_dump(fwrite($c, "hello\n"), fgets($c), stream_get_meta_data($c)['timed_out'], feof($c));`,
		want: "hello\nint(6)\nbool(false)\nbool(true)\nbool(false)\n"},
	{name: "half a connection", rules: []faultnet.Rule{{Op: onRead | onWrite, Chunk: 5}, {Op: onWrite, Delay: time.Millisecond}},
		code: `
			$c = stream_socket_client($peer); fwrite($c, 'a question without end of line');
			var_dump(stream_socket_shutdown($c, STREAM_SHUT_WR), stream_get_contents($c), feof($c));`,
		want: "bool(true)\nstring(30) \"a question without end of line\"\nbool(true)\n"},
	{name: "late connections do not hold up others", rules: []faultnet.Rule{{Op: onRead, Side: faultnet.Client, Conn: 1, Do: faultnet.Hang}},
		code: `
			foreach (['late', 'prompt'] as $i) { $c[$i] = stream_socket_client($peer); fwrite($c[$i], $i); }
			while ($c) { $r = $c; $w = $e = null; stream_select($r, $w, $e, 5); foreach ($r as $i => $s) { echo fread($s, 100), "\n"; unset($c[$i]); heal(); } }`,
		want: "prompt\nlate\n"},

	{name: "datagrams are lost", rules: []faultnet.Rule{{Op: onWrite, Every: 2, Do: faultnet.Drop}},
		code: datagrams + `foreach ([1, 2, 3, 4, 5] as $i) fwrite($c, $i); foreach ([1, 3, 5] as $i) echo stream_socket_recvfrom($s, 10); echo more($s);`,
		want: "135 no more"},
	{name: "asking again", rules: []faultnet.Rule{{Op: onRead, Side: faultnet.Client, Times: 1, Do: faultnet.Drop}},
		code: datagrams + `
			stream_set_timeout($c, 0, 200000);
			for ($i = 1; $i < 5; $i++) {
				fwrite($c, 'time?'); stream_socket_sendto($s, stream_socket_recvfrom($s, 10, 0, $from) === 'time?' ? "noon" : '', 0, $from);
				if (($answer = fread($c, 10)) !== false && $answer !== '') break;
				var_dump(stream_get_meta_data($c)['timed_out']);
			}
			echo "$i $answer";`,
		want: "bool(true)\n2 noon"},
	{name: "datagrams come twice", rules: []faultnet.Rule{{Op: onRead, Side: faultnet.Server, Every: 2, Do: faultnet.Duplicate}},
		code: datagrams + `foreach ([1, 2, 3] as $i) fwrite($c, $i); foreach ([1, 2, 3, 4] as $i) echo stream_socket_recvfrom($s, 10); echo more($s);`,
		want: "1223 no more"},
	{name: "datagrams overtake each other", rules: []faultnet.Rule{{Op: onWrite, Do: faultnet.Reorder, Delay: patience}},
		code: datagrams + `foreach ([1, 2, 3, 4] as $i) fwrite($c, $i); foreach ([1, 2, 3, 4] as $i) echo stream_socket_recvfrom($s, 10); echo more($s);`,
		want: "2143 no more"},
	{name: "datagrams are late", rules: []faultnet.Rule{{Op: onWrite, Times: 1, Delay: 300 * time.Millisecond}},
		code: datagrams + `foreach (['late', 'prompt'] as $i) fwrite($c, $i); echo stream_socket_recvfrom($s, 10), stream_socket_recvfrom($s, 10, 0, $from);
			echo $from === stream_socket_get_name($c, false) ? ' same' : " other";`,
		want: "promptlate same"},
}

const (
	server    = `$s = stream_socket_server('tcp://127.0.0.1:0'); $name = stream_socket_get_name($s, false);`
	datagrams = `
		$s = stream_socket_server('udp://127.0.0.1:0', $no, $text, STREAM_SERVER_BIND);
		$c = stream_socket_client('udp://' . stream_socket_get_name($s, false));
		function more($s) { $r = [$s]; $w = $e = null; return stream_select($r, $w, $e, 0, 5000) ? ' more' : ' no more'; }`
	errnoLines = `24 Too many open files
23 Too many open files in system
105 No buffer space available
12 Cannot allocate memory
113 No route to host
110 Connection timed out
4 Interrupted system call
0 
`
)

// oneAfterTheOther has the first seven operations fail.
func oneAfterTheOther(op faultnet.Op) (rules []faultnet.Rule) {
	for i, errno := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM,
		syscall.EHOSTUNREACH, syscall.ETIMEDOUT, syscall.EINTR} {
		rules = append(rules, faultnet.Rule{Op: op, Skip: i, Times: 1, Err: errno})
	}
	return rules
}

const (
	pageHeader = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\nConnection: close\r\n\r\n"
	pageBody   = "a body that is 40 bytes long, all in all"
)

// page is a peer that gives one page.
func page(c net.Conn) {
	request := bufio.NewReader(c)
	for {
		line, err := request.ReadString('\n')
		if err != nil {
			return
		}
		if line == "\r\n" {
			break
		}
	}
	_, _ = io.WriteString(c, pageHeader+pageBody)
}

// says is a peer that says so much, in lines of ten, and waits for the end.
func says(bytes int) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = io.WriteString(c, strings.Repeat("012345678\n", bytes/10))
		swallow(c)
	}
}

func swallow(c net.Conn)  { _, _ = io.Copy(io.Discard, c) }
func sendBack(c net.Conn) { _, _ = io.Copy(c, c) }

// goPeer serves for the time of the test and returns its address.
func goPeer(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	var served sync.WaitGroup
	t.Cleanup(served.Wait)
	t.Cleanup(func() { _ = l.Close() })
	served.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.SetDeadline(time.Now().Add(patience))
			served.Go(func() {
				serve(c)
				_ = c.Close()
			})
		}
	})
	return l.Addr().String()
}

// twoAddresses is a resolver that gives each name two.
type twoAddresses struct{}

func (twoAddresses) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.1")}, nil
}

// onFaults starts an engine all of whose network has these faults.
func onFaults(t *testing.T, cfg bridge.Config, rules ...faultnet.Rule) (*bridge.Engine, *faultnet.Network) {
	t.Helper()
	n := faultnet.New(faultnet.Config{Rules: rules, Seed: 1})
	cfg.Dialer, cfg.ListenConfig, cfg.Resolver = n, n, twoAddresses{}
	cfg.Functions = []phpext.Function{{Prototype: "heal(): void", Call: func(*phpext.Call) (phpext.Value, error) {
		for began := time.Now(); len(n.Injected()) == 0 && time.Since(began) < patience; {
			time.Sleep(time.Millisecond)
		}
		n.Heal()
		return phpext.Null(), nil
	}}}
	return start(t, cfg), n
}

func TestFaults(t *testing.T) {
	before := settledGoroutines()
	for _, c := range faultCases {
		t.Run(c.name, func(t *testing.T) {
			e, n := onFaults(t, bridge.Config{}, c.rules...)
			if c.peer == nil {
				c.peer = sendBack
			}
			address := goPeer(t, c.peer)
			out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"peer": "tcp://" + address}, Code: `
				set_error_handler(function ($n, $text) { if (error_reporting() & $n) echo $text, "\n"; return true; });` + c.code})
			require.NoError(t, err)
			out = strings.ReplaceAll(out, "tcp://"+address, "PEER")
			require.Equal(t, c.want, strings.ReplaceAll(out, address, "ADDRESS"))
			for i := range c.rules {
				require.Positive(t, n.Count(i), "rule %d has never struck", i)
			}
			requireClean(t, e)
			n.Heal() // so that nobody waits for what hangs
		})
	}
	deadline := time.Now().Add(patience)
	for settledGoroutines() > before {
		require.True(t, time.Now().Before(deadline), "goroutines are left")
	}
}

// Whatever hangs on the network, a cancel ends the script that waits for it.
func TestCancelWhatHangs(t *testing.T) {
	const client = `$c = stream_socket_client($peer); `
	for _, c := range []struct {
		name string
		rule faultnet.Rule
		code string
	}{
		{"dial", faultnet.Rule{Op: onDial, Do: faultnet.Hang}, `echo 'up'; stream_socket_client($peer, $no, $text, 1000); echo 'on';`},
		{"dial for http", faultnet.Rule{Op: onDial, Do: faultnet.Hang}, `echo 'up'; file_get_contents('http' . substr($peer, 3)); echo 'on';`},
		{"asynchronous dial", faultnet.Rule{Op: onDial, Do: faultnet.Hang}, `
			$c = stream_socket_client($peer, $no, $text, 1000, STREAM_CLIENT_ASYNC_CONNECT); $w = [$c]; $r = $e = null; echo 'up'; stream_select($r, $w, $e, 1000); echo 'on';`},
		{"listen", faultnet.Rule{Op: onListen, Do: faultnet.Hang}, `echo 'up'; stream_socket_server('tcp://127.0.0.1:0'); echo 'on';`},
		{"accept", faultnet.Rule{Op: onAccept, Do: faultnet.Hang}, server + `$c = stream_socket_client("tcp://$name"); echo 'up'; stream_socket_accept($s, -1); echo 'on';`},
		{"read", faultnet.Rule{Op: onRead, Do: faultnet.Hang}, client + `fwrite($c, "x\n"); stream_set_timeout($c, 1000); echo 'up'; fgets($c); echo 'on';`},
		{"write", faultnet.Rule{Op: onWrite, Do: faultnet.Hang}, client + `stream_set_timeout($c, 1000); echo 'up'; while (true) fwrite($c, str_repeat('x', 1 << 20)); echo 'on';`},
		{"recvfrom", faultnet.Rule{Op: onRead, Do: faultnet.Hang}, datagrams + `fwrite($c, 'x'); echo 'up'; stream_socket_recvfrom($s, 10); echo 'on';`},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, n := onFaults(t, bridge.Config{}, c.rule)
			ctx, cancel := context.WithTimeoutCause(t.Context(), patience, errors.New("the script hangs"))
			defer cancel()
			ctx, stop := context.WithCancelCause(ctx)
			enough := errors.New("enough of it")
			out := &cancelWhenUp{cancel: func() {
				for n.Count(0) == 0 && ctx.Err() == nil {
					time.Sleep(time.Millisecond)
				}
				stop(enough)
			}}
			_, err := e.Run(ctx, bridge.Request{Code: c.code, Output: out, Log: out, Vars: map[string]any{"peer": "tcp://" + goPeer(t, sendBack)}})
			require.ErrorIs(t, err, enough)
			require.Equal(t, "up", out.String())
			requireClean(t, e)
			n.Heal()
		})
	}
}

// unmoved are scripts for which the network may be as slow as it likes and hand over
// what it has in any pieces.
var unmoved = strings.Fields(`
	accept/loop_with_select accept/unix client/large_transfer fibers/interleaved ftp/folders ftp/read ftp/write
	http/chunked http/errors http/get http/notification http/post http/proxy http/redirects
	manual/client manual/tcp_time_server manual/udp_time_server persistent/keys persistent/many resources/reuse
 shutdown/half_close soap/call streams/fgetcsv streams/fgets streams/stream_copy_to_stream
	streams/stream_get_contents transports/http_wrapper`)

func TestScriptsOnASlowNetwork(t *testing.T) {
	all, err := phpt.Load("../testdata")
	require.NoError(t, err)
	available := availableExtensions(t)
	var cases []*phpt.Case
	for _, c := range all {
		if slices.Contains(unmoved, c.Name) && available(c.Extensions) {
			cases = append(cases, c)
		}
	}
	require.Greater(t, len(cases), len(unmoved)/2)
	e, n := onFaults(t, bridge.Config{INI: startSettings(cases), Binary: buildCommand(t)},
		faultnet.Rule{Op: onRead | onWrite, P: .2, Delay: 100 * time.Microsecond, Jitter: 3 * time.Millisecond},
		faultnet.Rule{Op: onWrite, P: .5, Chunk: 7},
		faultnet.Rule{Op: onRead, P: .5, Chunk: 5},
		faultnet.Rule{Op: onDial | onListen | onAccept, P: .2, Delay: time.Millisecond})
	for _, c := range cases {
		runCase(t, e, c)
	}
	for i := range 4 {
		require.Positive(t, n.Count(i))
	}
}

// Each seed is another network; what arrives is what was sent on all of them.
func TestEchoOnManyNetworks(t *testing.T) {
	address := goPeer(t, sendBack)
	for seed := range uint64(20) {
		n := faultnet.New(faultnet.Config{Seed: seed, Rules: []faultnet.Rule{
			{Op: onDial, P: .5, Err: syscall.ENOBUFS},
			{Op: onRead | onWrite, P: .5, Chunk: 1 + int(seed*37)},
			{Op: onRead | onWrite, P: .1, Jitter: time.Millisecond},
		}})
		e := start(t, bridge.Config{Dialer: n})
		out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"peer": "tcp://" + address, "size": 1000 * (seed + 1)}, Code: `
			while (!($c = @stream_socket_client($peer)));
			$data = random_bytes($size);
			for ($sent = 0; $sent < $size; ) $sent += fwrite($c, substr($data, $sent, 777));
			stream_socket_shutdown($c, STREAM_SHUT_WR);
			echo stream_get_contents($c) === $data && feof($c) ? 'same' : 'other';`})
		require.NoError(t, err)
		require.Equal(t, "same", out, fmt.Sprint("seed ", seed))
		require.NoError(t, e.Close(t.Context()))
	}
}
