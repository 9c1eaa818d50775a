package bridge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

// warner is a host function with everything that runs PHP code or bails out once Go has
// returned: it sets references, warns, sets again and answers with a string of some size.
var warner = phpext.Function{
	Prototype: "host_warn(int $size, mixed &$ref = null): string",
	Call: func(c *phpext.Call) (phpext.Value, error) {
		c.SetRef(1, phpext.String("before"))
		c.Warn("first")
		c.Notice("second")
		c.SetRef(1, phpext.String("after"))
		return phpext.String(strings.Repeat("x", int(c.Int(0)))), nil
	},
}

// A script that ends below a host function leaves by longjmp, or unwinds, past Go.
func TestEndsBelowHostFunctions(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{Functions: []phpext.Function{warner}, Logger: quiet()})
	churn(t) // a frame of Go's that was jumped over is found when stacks are scanned
	for name, tt := range map[string]struct {
		code   string
		want   string
		status int
		fatal  string
	}{
		"exit in an error handler": {
			code:   `set_error_handler(function ($no, $text) { echo $text; exit(7); }); host_warn(1, $ref); echo 'never';`,
			want:   "host_warn(): first",
			status: 7,
		},
		"exit in an error handler, with work left": {
			code: `register_shutdown_function(function () { echo ' down'; });
				class D { function __destruct() { echo ' gone'; } }
				set_error_handler(fn() => exit(7));
				(function () { $d = new D; try { host_warn(1); } finally { echo 'never'; } })();`,
			want:   " gone down",
			status: 7,
		},
		"exit in a shutdown function": {
			code: `set_error_handler(fn() => exit(9));
				register_shutdown_function(function () { host_warn(1); });
				register_shutdown_function(fn() => print 'never');
				exit(3);`,
			status: 9,
		},
		"exit in a destructor": {
			code: `class D { function __destruct() { set_error_handler(fn() => exit(4)); host_warn(1); } }
				$d = new D; $d = null; echo 'never';`,
			status: 4,
		},
		"exit as a reference is overwritten": {
			code:   `class D { function __destruct() { exit(5); } } $d = new D; host_warn(1, $d); echo 'never';`,
			status: 5,
		},
		"exit in a handler of output": {
			code:   `ob_start(function ($text) { @host_warn(1); return "[$text]"; }); set_error_handler(fn() => exit(6)); echo 'text'; host_warn(1);`,
			status: 6,
		},
		"exit in a generator in a fiber": {
			code: `set_error_handler(fn() => exit(8));
				$f = new Fiber(function () { foreach ((function () { yield host_warn(1); })() as $x); });
				$f->start(); echo 'never';`,
			status: 8,
		},
		"a handler that throws": {
			code: `set_error_handler(fn($no, $text) => throw new Exception($text));
				try { host_warn(1, $ref); } catch (Exception $e) { echo $e->getMessage(), $ref; }`,
			want: "host_warn(): firstafter",
		},
		"a user's fatal error": {
			code:   `set_error_handler(fn() => trigger_error('enough', E_USER_ERROR), E_WARNING); host_warn(1);`,
			status: 255,
			fatal:  "enough",
		},
		"memory: the answer": {
			code:   `ini_set('memory_limit', '8M'); @host_warn(10 << 20); echo 'never';`,
			status: 255,
			fatal:  "Allowed memory size of 8388608 bytes exhausted",
		},
		"memory: in a handler": {
			code:   `ini_set('memory_limit', '8M'); set_error_handler(fn() => str_repeat('x', 10 << 20)); host_warn(1, $ref);`,
			status: 255,
			fatal:  "Allowed memory size of 8388608 bytes exhausted",
		},
		"memory: the arguments": {
			code:   `$s = str_repeat('x', 40 << 20); ini_set('memory_limit', '60M'); host_warn(1, $s); echo 'never';`,
			status: 255,
			fatal:  "Allowed memory size of 62914560 bytes exhausted",
		},
		"exit in a handler of a socket's warning": {
			code: `set_error_handler(fn() => exit(2));
				$ok = stream_socket_server('tcp://127.0.0.1:0');
				$s = stream_socket_server('tcp://' . stream_socket_get_name($ok, false), $no, $text);`,
			status: 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				out, result, err := run(t, e, bridge.Request{Code: tt.code, INI: map[string]string{"display_errors": "0", "log_errors": "0"}})
				require.Equal(t, tt.status, result.ExitStatus, out)
				require.Equal(t, tt.want, out)
				if tt.fatal == "" {
					require.NoError(t, err)
					continue
				}
				fatal := (*bridge.FatalError)(nil)
				require.ErrorAs(t, err, &fatal)
				require.Contains(t, fatal.Message, tt.fatal)
			}
			requireClean(t, e)
		})
	}
}

// Some builds of PHP kill the process when a script asks for twice its limit at once. It
// is the host's process.
func TestNoScriptKillsTheHost(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{Functions: []phpext.Function{warner}, Logger: quiet()})
	for _, code := range []string{
		`ini_set('memory_limit', '8M'); host_warn(64 << 20);`,
		`ini_set('memory_limit', '8M'); stream_socket_recvfrom(stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0)[0], 64 << 20);`,
	} {
		_, _, err := run(t, e, bridge.Request{Code: code})
		require.ErrorContains(t, err, "Allowed memory size of 8388608 bytes exhausted")
	}
	requireClean(t, e)
}

// shortWriter takes some bytes and then no more.
type shortWriter struct {
	room  int
	panic bool
}

func (w *shortWriter) Write(p []byte) (int, error) {
	if w.room >= len(p) {
		w.room -= len(p)
		return len(p), nil
	}
	if w.panic {
		panic("no room")
	}
	n := w.room
	w.room = 0
	return n, io.ErrShortWrite
}

// Output that nobody takes ends the script by longjmp, which must not cross Go's frame.
func TestShortWrites(t *testing.T) {
	if isolated(t) {
		return
	}
	e := start(t, bridge.Config{Functions: []phpext.Function{warner}, Logger: quiet()})
	const code = `
		register_shutdown_function(function () { file_put_contents($GLOBALS['argv'][1], 'down ' . connection_status()); });
		for ($i = 0; $i < 100; $i++) echo str_repeat('x', 100);
		file_put_contents($argv[1], 'not aborted');`
	for name, w := range map[string]func(t *testing.T) io.Writer{
		"an error": func(*testing.T) io.Writer { return &shortWriter{room: 1050} },
		"a panic":  func(*testing.T) io.Writer { return &shortWriter{room: 1050, panic: true} },
		"a full pipe": func(t *testing.T) io.Writer {
			r, w, err := os.Pipe()
			require.NoError(t, err)
			require.NoError(t, r.Close())
			t.Cleanup(func() { _ = w.Close() })
			return w
		},
		"a full disk": func(t *testing.T) io.Writer {
			f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			require.NoError(t, err)
			t.Cleanup(func() { _ = f.Close() })
			return f
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, inside := range []string{code, `set_error_handler(fn() => print str_repeat('x', 2000)); host_warn(1);` + code,
				`$f = new Fiber(function () use ($argv) {` + code + `}); $f->start();`} {
				trace := writeFile(t, "trace", "")
				_, result, err := run(t, e, bridge.Request{Code: inside, Args: []string{trace}, Output: w(t)})
				require.NoError(t, err)
				require.Equal(t, 255, result.ExitStatus)
				data, err := os.ReadFile(trace)
				require.NoError(t, err)
				require.Contains(t, []string{"down 1", ""}, string(data))
			}
			requireClean(t, e)
		})
	}
	// The script may go on in spite of it.
	trace := writeFile(t, "trace", "")
	_, _, err := run(t, e, bridge.Request{Code: `ignore_user_abort(true);` + code, Args: []string{trace}, Output: &shortWriter{room: 50}})
	require.NoError(t, err)
	data, err := os.ReadFile(trace)
	require.NoError(t, err)
	require.Equal(t, "down 1", string(data))
}

// A panic in a host function is an Error of PHP's, wherever it happens.
func TestPanicsBecomeErrors(t *testing.T) {
	if isolated(t) {
		return
	}
	panics := func(prototype string, with any) phpext.Function {
		return phpext.Function{Prototype: prototype, Call: func(*phpext.Call) (phpext.Value, error) { panic(with) }}
	}
	e := start(t, bridge.Config{Logger: quiet(), Functions: []phpext.Function{
		panics("host_panic(): void", "a word"),
		panics("host_error(): void", errors.New("an error")),
		{Prototype: "host_later(): void", Call: func(c *phpext.Call) (phpext.Value, error) {
			return c.Await(phpext.Wait{FD: -1, Timeout: 1}, func(*phpext.Call, phpext.Ready) (phpext.Value, error) { panic("later") })
		}},
		{Prototype: "host_index(): int", Call: func(c *phpext.Call) (phpext.Value, error) {
			return phpext.Int([]int64{}[c.NumArgs()]), nil
		}},
	}})
	want := ""
	for range 100 {
		want += "Error: the host function panicked\n"
	}
	out := output(t, e, `
		for ($i = 0; $i < 100; $i++) {
			try {
				['host_panic', 'host_error', 'host_later', 'host_index'][$i % 4]();
			} catch (Error $e) {
				echo get_class($e), ': ', preg_match('/^host_\w+\(\): the host function panicked: ./', $e->getMessage())
					? 'the host function panicked' : $e->getMessage(), "\n";
			}
		}`)
	require.Equal(t, want, out)
	requireClean(t, e)
	_, result, err := run(t, e, bridge.Request{Code: `host_panic();`, INI: map[string]string{"display_errors": "0", "log_errors": "0"}})
	require.ErrorContains(t, err, "host_panic(): the host function panicked: a word")
	require.Equal(t, 255, result.ExitStatus, fmt.Sprint(err))
}

// A cancel that is seen between the shutdown functions of a run, when no PHP code is on the
// stack, has nothing to unwind.
func TestCancelBetweenShutdownFunctions(t *testing.T) {
	e := start(t, bridge.Config{})
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_, err := e.Run(ctx, bridge.Request{Output: io.Discard,
			Code: `register_shutdown_function('array_sum', range(1, 1000000)); while (true);`})
		cancel()
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}
}
