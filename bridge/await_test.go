package bridge_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

func TestBackground(t *testing.T) {
	e := startWith(t, phpext.Function{Prototype: "host_slow(int $ms, string $text): string", Call: func(c *phpext.Call) (phpext.Value, error) {
		ms, text, result := c.Int(0), c.Text(1), ""
		return c.Background(func(ctx context.Context) {
			runtime.GC()
			select {
			case <-ctx.Done():
			case <-time.After(time.Duration(ms) * time.Millisecond):
				result = text
			}
		}, func(c *phpext.Call) (phpext.Value, error) {
			c.Notice("done %s", result)
			return phpext.String(result), nil
		})
	}})
	tests := []struct{ name, code, want string }{
		{"once", `echo @host_slow(5, 'a');`, "a"},
		{"at once", `echo @host_slow(0, 'a');`, "a"},
		{"effects", `set_error_handler(fn($n, $m) => print "[$m]"); echo host_slow(1, 'a');`, "[host_slow(): done a]a"},
		{"in a row", `for ($i = 0; $i < 50; $i++) echo @host_slow(0, $i % 10);`, "01234567890123456789012345678901234567890123456789"},
		{"fiber", `(new Fiber(function () { echo @host_slow(1, 'a'); }))->start(); echo 'b';`, "ab"},
		{"array_map", `echo join(array_map(fn($x) => @host_slow(1, $x), ['a', 'b']));`, "ab"},
		{"called again by a handler", `set_error_handler(function () { static $n = 0; if (!$n++) echo @host_slow(1, 'inner'); }); echo host_slow(1, 'outer');`, "innerouter"},
		{"shutdown function", `register_shutdown_function(function () { echo @host_slow(1, 'a'); });`, "a"},
		{"destructor at the end", `class D { function __destruct() { echo @host_slow(1, 'a'); } } $d = new D;`, "a"},
		{"output callback", `ob_start(fn($b) => $b . @host_slow(1, 'a')); echo 'x';`, "xa"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, output(t, e, tt.code)) })
	}
	requireClean(t, e)
}

func TestAwait(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	defer w.Close()
	fd := int(r.Fd())
	name := map[phpext.Ready]string{phpext.ReadyYes: "ready", phpext.ReadyTimeout: "timeout"}
	e := startWith(t, phpext.Function{Prototype: "host_wait(int $ms = -1, int $times = 1): string", Call: func(c *phpext.Call) (phpext.Value, error) {
		left := c.Int(1)
		wait := phpext.Wait{FD: fd, Events: unix.POLLIN, Timeout: time.Duration(c.Int(0)) * time.Millisecond}
		var next func(*phpext.Call, phpext.Ready) (phpext.Value, error)
		next = func(c *phpext.Call, ready phpext.Ready) (phpext.Value, error) {
			if left--; left > 0 {
				return c.Await(wait, next)
			}
			return phpext.String(name[ready]), nil
		}
		return c.Await(wait, next)
	}})
	require.Equal(t, "timeout", output(t, e, `echo host_wait(0);`))
	began := time.Now()
	require.Equal(t, "timeout", output(t, e, `echo host_wait(20, 3);`))
	require.GreaterOrEqual(t, time.Since(began), 60*time.Millisecond)
	time.AfterFunc(10*time.Millisecond, func() { _, _ = w.WriteString("x") })
	require.Equal(t, "ready", output(t, e, `echo host_wait();`))
	require.Equal(t, "ready", output(t, e, `echo host_wait(-1, 5);`))
}

func TestCancelHostFunctions(t *testing.T) {
	var told, ended atomic.Int32
	e := startWith(t,
		phpext.Function{Prototype: "host_background()", Call: func(c *phpext.Call) (phpext.Value, error) {
			return c.Background(func(ctx context.Context) { <-ctx.Done(); told.Add(1) },
				func(c *phpext.Call) (phpext.Value, error) {
					ended.Add(1)
					c.Warn("nobody must see this")
					return phpext.Null(), errors.New("nor this")
				})
		}},
		phpext.Function{Prototype: "host_await()", Call: func(c *phpext.Call) (phpext.Value, error) {
			var next func(*phpext.Call, phpext.Ready) (phpext.Value, error)
			next = func(c *phpext.Call, r phpext.Ready) (phpext.Value, error) {
				if r == phpext.ReadyWoken { // for somebody else
					return c.Await(phpext.Wait{FD: -1, Timeout: -1}, next)
				}
				if r == phpext.ReadyCancelled && c.Context().Err() != nil {
					told.Add(1)
				}
				ended.Add(1)
				c.Warn("nobody must see this")
				return phpext.Null(), errors.New("nor this")
			}
			return c.Await(phpext.Wait{FD: -1, Timeout: -1}, next)
		}},
	)
	for _, name := range []string{"host_background", "host_await"} {
		for where, code := range map[string]string{
			"plainly": "%s();", "in a fiber": "(new Fiber(fn() => %s()))->start();", "in try": "try { %s(); } catch (Throwable) { echo 'caught'; } finally { echo 'finally'; }",
			"in a destructor":         "class D { function __destruct() { %s(); echo 'on'; } } new D;",
			"in a shutdown function":  "register_shutdown_function(function () { %s(); echo 'on'; });",
			"with an error handler":   "set_error_handler(function ($n, $m) { echo $m; }); %s(); echo 'on';",
			"in an exception handler": "set_exception_handler(function () { %s(); echo 'on'; }); throw new Exception;",
		} {
			t.Run(name+" "+where, func(t *testing.T) {
				told.Store(0)
				ended.Store(0)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
				defer cancel()
				var out writerFunc = func(p []byte) (int, error) {
					t.Errorf("printed %q", p)
					return len(p), nil
				}
				_, err := e.Run(ctx, bridge.Request{Code: strings.ReplaceAll(code, "%s", name), Output: out, Log: out})
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.Equal(t, int32(1), told.Load())
				require.Equal(t, int32(1), ended.Load(), "what waits is resumed once, to let go of what it holds")
				requireClean(t, e)
			})
		}
	}
}
