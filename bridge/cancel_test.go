package bridge_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
)

// hanging are scripts that never end by themselves. Each prints "up" when it is about
// to hang; nothing else may ever be printed.
var hanging = []struct{ name, code string }{
	{"loop", `echo 'up'; while (true);`},
	{"loop with calls", `echo 'up'; while (true) strlen(str_repeat('x', 10));`},
	{"loop in a function", `function f() { while (true) $i ??= 1; } echo 'up'; f();`},
	{"recursion through array_map", `function f($x) { usleep(10); array_map('f', [$x]); } ini_set('memory_limit', -1); echo 'up'; while (true) array_map(fn($x) => $x, range(1, 100));`},
	{"fiber", `echo 'up'; (new Fiber(function () { while (true); }))->start();`},
	{"fibers in turns", `echo 'up'; $f = fn() => new Fiber(function () { while (true) Fiber::suspend(); }); $a = $f(); $b = $f(); $a->start(); $b->start(); while (true) { $a->resume(); $b->resume(); }`},
	{"generator", `function g() { while (true) yield; } echo 'up'; foreach (g() as $x);`},
	{"destructor", `class D { function __destruct() { echo 'up'; while (true); } } $d = new D; $d = null;`},
	{"destructor at the end", `class D { function __destruct() { echo 'up'; while (true); } } $d = new D;`},
	{"try", `echo 'up'; try { while (true); } catch (Throwable $e) { echo 'caught'; } finally { echo 'finally'; while (true); }`},
	{"finally", `try { throw new Exception; } catch (Exception) {} finally { echo 'up'; while (true); }`},
	{"shutdown function", `register_shutdown_function(function () { echo 'up'; while (true); });`},
	{"shutdown functions in a chain", `function again() { register_shutdown_function('again'); usleep(50); } echo 'up'; again();`},
	{"output callback", `ob_start(function ($b) { if ($b === 'go') while (true); return $b; }); echo 'up'; ob_flush(); echo 'go';`},
	{"error handler", `set_error_handler(function () { echo 'up'; while (true); }); echo $undefined;`},
	{"exception handler", `set_exception_handler(function () { echo 'up'; while (true); }); throw new Exception;`},
	{"autoloader", `spl_autoload_register(function () { echo 'up'; while (true); }); new NoSuch;`},
	{"sort callback", `$a = [2, 1]; usort($a, function () { echo 'up'; while (true); });`},
	{"accept", `$s = stream_socket_server('tcp://127.0.0.1:0'); echo 'up'; stream_socket_accept($s, -1); echo 'on';`},
	{"accept in a loop", `$s = stream_socket_server('tcp://127.0.0.1:0'); echo 'up'; while (true) { stream_socket_accept($s, 60); }`},
	{"fread", pair + `echo 'up'; fread($a, 10); echo 'on';`},
	{"fgets", pair + `fwrite($b, 'no line'); echo 'up'; fgets($a); echo 'on';`},
	{"fgets until the end", pair + `echo 'up'; while (!feof($a)) fgets($a);`},
	{"fwrite", pair + `echo 'up'; while (true) fwrite($a, str_repeat('x', 1 << 20)); echo 'on';`},
	{"recvfrom", `$u = stream_socket_server('udp://127.0.0.1:0', $e, $m, STREAM_SERVER_BIND); echo 'up'; stream_socket_recvfrom($u, 10); echo 'on';`},
	{"recvfrom of a pair", pair + `echo 'up'; stream_socket_recvfrom($a, 10); echo 'on';`},
	{"sendto", pair + `echo 'up'; while (true) stream_socket_sendto($a, str_repeat('x', 1 << 16)); echo 'on';`},
	{"select", pair + `$r = [$a]; $w = $x = null; echo 'up'; stream_select($r, $w, $x, null); echo 'on';`},
	{"select with a limit", pair + `echo 'up'; while (true) { $r = [$a, $b]; $w = null; $x = [$b]; stream_select($r, $w, $x, 60); }`},
	{"stream_get_contents", pair + `echo 'up'; stream_get_contents($a); echo 'on';`},
	{"stream_copy_to_stream", pair + `$t = fopen('php://memory', 'w'); echo 'up'; stream_copy_to_stream($a, $t); echo 'on';`},
	{"stream_get_line", pair + `echo 'up'; stream_get_line($a, 100, "\n"); echo 'on';`},
	{"fpassthru", pair + `echo 'up'; fpassthru($a); echo 'on';`},
	{"flush while closing", pair + `stream_filter_append($a, 'string.toupper'); echo 'up'; fread($a, 1); echo 'on';`},
	{"read in a fiber", pair + `echo 'up'; (new Fiber(fn() => fread($a, 1)))->start(); echo 'on';`},
	{"read in a destructor", `class D { public $s; function __destruct() { echo 'up'; fread($this->s, 1); echo 'on'; } } ` + pair + `$d = new D; $d->s = $a;`},
	{"read in a shutdown function", pair + `register_shutdown_function(function () use ($a) { echo 'up'; fread($a, 1); echo 'on'; });`},
	{"sleep", `echo 'up'; sleep(100); echo 'on';`},
	{"usleep", `echo 'up'; usleep(100_000_000); echo 'on';`},
	{"time_nanosleep", `echo 'up'; time_nanosleep(100, 0); echo 'on';`},
	{"time_sleep_until", `echo 'up'; time_sleep_until(microtime(true) + 100); echo 'on';`},
	{"sleep in a shutdown function", `register_shutdown_function(function () { echo 'up'; sleep(100); echo 'on'; });`},
	{"pipe of a child", child + `echo 'up'; fread($pipes[1], 10); echo 'on';`},
	{"lines of a child", child + `echo 'up'; while (!feof($pipes[1])) fgets($pipes[1]);`},
	{"contents of a child", child + `echo 'up'; stream_get_contents($pipes[1]); echo 'on';`},
	{"full pipe of a child", `$p = proc_open(['sleep', '30'], [['pipe', 'r'], ['null'], ['null']], $pipes); echo 'up'; while (true) fwrite($pipes[0], str_repeat('x', 1 << 20));`},
	{"select on a child", child + `$r = [$pipes[1]]; $w = $x = null; echo 'up'; stream_select($r, $w, $x, null); echo 'on';`},
	{"fifo", `$f = tempnam('/tmp', 'fifo'); unlink($f); shell_exec("mkfifo $f"); $h = fopen($f, 'r+'); unlink($f); echo 'up'; fread($h, 10); echo 'on';`},
}

const (
	pair = `[$a, $b] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0); stream_set_timeout($a, 1000); `
	// A child that waits for input that never comes. Its end of the pipe closes with the run.
	child = `$p = proc_open(['cat'], [['pipe', 'r'], ['pipe', 'w']], $pipes); `
)

// cancelWhenUp is a Writer that cancels a run as soon as the script prints "up".
type cancelWhenUp struct {
	bytes.Buffer
	cancel func()
}

func (w *cancelWhenUp) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	if w.String() == "up" {
		time.AfterFunc(3*time.Millisecond, w.cancel) // by then it hangs
	}
	return n, err
}

func TestCancel(t *testing.T) {
	e := start(t, bridge.Config{})
	for _, tt := range hanging {
		t.Run(tt.name, func(t *testing.T) { requireCancel(t, e, bridge.Request{Code: tt.code}) })
	}
}

// requireCancel cancels a script that hangs once it has printed "up", and checks that it
// ends at once, without a word.
func requireCancel(t *testing.T, e *bridge.Engine, r bridge.Request) {
	t.Helper()
	cause := errors.New("enough of it")
	ctx, cancel := context.WithCancelCause(t.Context())
	out := &cancelWhenUp{cancel: func() { cancel(cause) }}
	var log strings.Builder
	watchdog := time.AfterFunc(patience, func() {
		panic("the script cannot be stopped: " + r.Code)
	})
	defer watchdog.Stop()
	r.Output, r.Log = out, &log
	began := time.Now()
	result, err := e.Run(ctx, r)
	require.ErrorIs(t, err, cause)
	require.NotNil(t, result)
	require.Less(t, time.Since(began), patience/2)
	require.Equal(t, "up", out.String(), "a cancelled script prints nothing more")
	require.Empty(t, log.String())
	requireClean(t, e)
}

func TestCancelErrors(t *testing.T) {
	e := start(t, bridge.Config{})
	before, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := e.Run(before, bridge.Request{Code: `while (true);`})
	require.ErrorIs(t, err, context.Canceled)

	deadline, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err = e.Run(deadline, bridge.Request{Code: `while (true);`})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "bridge: run: ")
	var fatal *bridge.FatalError
	require.NotErrorAs(t, err, &fatal)
	requireClean(t, e)
}

// However often a script is cancelled, the next one is untouched by it, even if the
// cancellation comes when the script is about to end by itself.
func TestCancelAtTheEnd(t *testing.T) {
	e := start(t, bridge.Config{})
	for i := range 200 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i*10)*time.Microsecond)
		_, err := e.Run(ctx, bridge.Request{Code: `for ($i = 0; $i < 1000; $i++) strlen('x'); usleep(100);`})
		cancel()
		if err != nil {
			require.ErrorIs(t, err, context.DeadlineExceeded)
		}
		_, result, err := run(t, e, bridge.Request{Code: `for ($i = 0; $i < 1000; $i++); usleep(10); return $i;`})
		require.NoError(t, err)
		require.Equal(t, int64(1000), result.Value)
	}
}

// A cancelled script runs no code of its own any more that could hold the host up.
func TestCancelKeepsWhatWasDone(t *testing.T) {
	e := start(t, bridge.Config{})
	mark := filepath.Join(t.TempDir(), "mark")
	ctx, cancel := context.WithCancel(t.Context())
	out := &cancelWhenUp{cancel: cancel}
	result, err := e.Run(ctx, bridge.Request{Output: out, Vars: map[string]any{"mark": mark},
		Code: `header('X-A: 1'); touch($mark); try { echo 'up'; while (true); } finally { unlink($mark); }`})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, "1", result.Headers.Get("X-A"))
	_, err = os.Stat(mark)
	require.NoError(t, err, "finally ran")
}
