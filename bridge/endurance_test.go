package bridge_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// goodEnds are scripts that end well and leave behind as much as they can.
var goodEnds = []string{
	`echo 'plain';`,
	`exit(3);`,
	`function f() { exit('nested'); } array_map('f', [1]);`,
	`$f = new Fiber(function () { Fiber::suspend(); }); $f->start(); $f->self = $f ?? null;`,
	`$f = new Fiber(function () { exit(1); }); $f->start();`,
	`function g() { try { yield 1; } finally { echo 'finally'; } } $g = g(); $g->current();`,
	`class C { public $me; function __construct() { $this->me = $this; } function __destruct() { echo 'gone'; } } for ($i = 0; $i < 100; $i++) new C;`,
	`$s = stream_socket_server('tcp://127.0.0.1:0'); $c = stream_socket_client('tcp://' . stream_socket_get_name($s, false)); $p = stream_socket_accept($s); fwrite($c, "x\n"); echo fgets($p);`,
	`for ($i = 0; $i < 20; $i++) $all[] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);`,
	`$u = stream_socket_server('udp://127.0.0.1:0', $e, $m, STREAM_SERVER_BIND); stream_socket_sendto($u, 'x', 0, stream_socket_get_name($u, false)); echo stream_socket_recvfrom($u, 9, 0, $from);`,
	`@stream_socket_client('tcp://127.0.0.1:1', $errno, $message, 1); echo $errno;`,
	`ob_start(); ob_start(fn($b) => $b); echo 'x'; ini_set('precision', 3); setlocale(LC_ALL, 'C'); putenv('A=b');`,
	`set_error_handler(function () { throw new Exception; }); try { echo $no; } catch (Exception) {}`,
	`$p = proc_open(['true'], [['pipe', 'r'], ['pipe', 'w']], $pipes); proc_close($p);`,
	`echo strlen(shell_exec('echo hello'));`,
	`$c = stream_context_get_default(['socket' => ['backlog' => 3]]); tmpfile(); fopen('php://memory', 'w');`,
	`try { host_panic(); } catch (Error) {}`,
	`host_panic_later(); `,
	`echo count(host_list(array_fill(0, 1000, 'abc')));`,
}

func TestManyRuns(t *testing.T) {
	e := start(t, bridge.Config{Logger: quiet(), Functions: []phpext.Function{
		{Prototype: "host_panic()", Call: func(*phpext.Call) (phpext.Value, error) { panic("as asked") }},
		{Prototype: "host_panic_later()", Call: func(c *phpext.Call) (phpext.Value, error) {
			return c.Background(func(context.Context) {}, func(*phpext.Call) (phpext.Value, error) { return phpext.Null(), phpext.Errorf("Error", "late") })
		}},
		{Prototype: "host_list(array $a): array", Call: func(c *phpext.Call) (phpext.Value, error) { return c.Arg(0), nil }},
	}})
	once := func(i int) {
		var out bytes.Buffer
		r := bridge.Request{Output: &out, Log: &out, Vars: map[string]any{"i": i}}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		switch i % 4 {
		case 0, 1:
			r.Code = goodEnds[i/2%len(goodEnds)]
		case 2:
			r.Code = ends[i/4%len(ends)].code
		case 3:
			r.Code = hanging[i/4%len(hanging)].code
			stop := 5 * time.Millisecond
			if i%8 == 3 {
				stop = time.Duration(i%5) * 100 * time.Microsecond // also before and during start-up
			}
			ctx, cancel = context.WithTimeout(ctx, stop)
			defer cancel()
		}
		_, err := e.Run(ctx, r)
		var fatal *bridge.FatalError
		if err != nil && !errors.As(err, &fatal) && !errors.Is(err, context.DeadlineExceeded) {
			require.NoError(t, err, r.Code)
		}
		require.Zero(t, e.Sockets().Len(), r.Code)
	}
	for i := range 160 { // everything has happened, caches are full
		once(i)
	}
	requireClean(t, e)
	fds, goroutines, memory := descriptors(t), settledGoroutines(), residentBytes(t)
	for i := range 320 {
		once(i)
	}
	requireClean(t, e)
	require.Equal(t, fds, descriptors(t), "descriptors leaked")
	require.LessOrEqual(t, settledGoroutines(), goroutines, "goroutines leaked")
	require.Less(t, residentBytes(t)-memory, int64(32<<20), "memory leaked")
}

// settledGoroutines counts goroutines once those that are about to end have ended.
func settledGoroutines() int {
	n := runtime.NumGoroutine()
	for range 50 {
		time.Sleep(2 * time.Millisecond)
		n = min(n, runtime.NumGoroutine())
	}
	return n
}

func residentBytes(t testing.TB) int64 {
	t.Helper()
	runtime.GC()
	statm, err := os.ReadFile("/proc/self/statm")
	require.NoError(t, err)
	pages, err := strconv.ParseInt(string(bytes.Fields(statm)[1]), 10, 64)
	require.NoError(t, err)
	return pages * int64(os.Getpagesize())
}
