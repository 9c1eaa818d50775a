package bridge_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/phpsock/phpsock/bridge"
	"github.com/phpsock/phpsock/phpext"
)

func TestThrownByHostFunctions(t *testing.T) {
	errs := []error{
		phpext.TypeError(1, "must be a %s", "thing"), phpext.TypeError(0, "no argument to blame"), phpext.ValueError(2, "must be 100%%"),
		phpext.Errorf("RuntimeException", "run"), phpext.Errorf("Own", "own"), phpext.Errorf("ns\\Other", "namespaced"),
		phpext.Errorf("NoSuchClass", "unknown"), phpext.Errorf("stdClass", "not throwable"), phpext.Errorf("Throwable", "interface"),
		phpext.Errorf("Base", "abstract"), phpext.Errorf("", "no class"), errors.New("plain %s Go error"), phpext.Errorf("Error", "a\x00b"), phpext.ValueError(3, "of the rest"),
	}
	e := startWith(t, phpext.Function{Prototype: "host_throw(int $n, ...$rest)", Call: func(c *phpext.Call) (phpext.Value, error) {
		return phpext.Int(1), errs[c.Int(0)]
	}})
	const classes = `class Own extends LogicException { public $extra = 'kept'; } abstract class Base extends Exception {}
		eval('namespace ns; class Other extends \Exception {}'); `
	for i, want := range []string{
		"TypeError: host_throw(): Argument #1 ($n) must be a thing", "TypeError: no argument to blame", "ValueError: host_throw(): Argument #2 must be 100%",
		"RuntimeException: run", "Own: own", `ns\Other: namespaced`, "Error: unknown", "Error: not throwable", "Error: interface",
		"Error: abstract", "Error: no class", "Error: plain %s Go error", "Error: a", "ValueError: host_throw(): Argument #3 of the rest",
	} {
		t.Run(want, func(t *testing.T) {
			out, _, err := run(t, e, bridge.Request{Vars: map[string]any{"n": i}, Code: classes +
				`$r = 'unset'; try { $r = host_throw($n, 2, 3); } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(); }
				if ($r !== 'unset' || $e->getLine() !== 2 || $e->getTrace()[0]['function'] !== 'host_throw') echo ' wrong trace';`})
			require.NoError(t, err)
			require.Equal(t, want, out)
		})
	}
	require.Equal(t, "Error: own", output(t, e, `spl_autoload_register(function () { echo 'autoloaded'; }); `+
		`try { host_throw(4); } catch (Throwable $e) { echo get_class($e), ': ', $e->getMessage(); }`), "only loaded classes count")
	_, _, err := run(t, e, bridge.Request{Code: `host_throw(3);`})
	require.ErrorContains(t, err, "Uncaught RuntimeException: run in Command line code:1")
	requireClean(t, e)
}

func TestWarningsOfHostFunctions(t *testing.T) {
	e := startWith(t, phpext.Function{Prototype: "host_warn(string $text = 'text', &$ref = null): string", Call: func(c *phpext.Call) (phpext.Value, error) {
		c.Notice("first %s", c.Text(0))
		c.SetRef(1, phpext.Int(1))
		c.Warn("100%% second")
		c.Deprecated("third")
		return phpext.String("result"), nil
	}}, phpext.Function{Prototype: "host_warn_and_throw()", Call: func(c *phpext.Call) (phpext.Value, error) {
		c.Warn("careful")
		return phpext.Null(), phpext.Errorf("LogicException", "its own")
	}})
	tests := []struct{ name, code, want string }{
		{"printed", `echo host_warn();`, "\nNotice: host_warn(): first text in Command line code on line 1\n" +
			"\nWarning: host_warn(): 100% second in Command line code on line 1\n" +
			"\nDeprecated: host_warn(): third in Command line code on line 1\nresult"},
		{"silenced", `echo @host_warn();`, "result"},
		{"error_reporting", `error_reporting(E_WARNING); echo host_warn();`, "\nWarning: host_warn(): 100% second in Command line code on line 1\nresult"},
		{"handler", `set_error_handler(function ($n, $m, $f, $l) { echo "[$n $m $l]"; }); echo host_warn('x');`,
			"[8 host_warn(): first x 1][2 host_warn(): 100% second 1][8192 host_warn(): third 1]result"},
		{"error_get_last", `@host_warn(); echo error_get_last()['message'];`, "host_warn(): third"},
		{"handler throws", `set_error_handler(function ($n, $m) { throw new ErrorException($m); }); try { echo host_warn('x', $ref); } catch (ErrorException $e) { echo $e->getMessage(); var_dump($ref); }`,
			"host_warn(): first xint(1)\n"},
		{"handler exits", `set_error_handler(function () { exit('bye'); }); host_warn(); echo 'on';`, "bye"},
		{"handler exits in a fiber", `set_error_handler(function () { exit('bye'); }); (new Fiber(fn() => host_warn()))->start(); echo 'on';`, "bye"},
		{"handler calls it again", `set_error_handler(function ($n, $m) { static $d = 0; if ($d++ < 3) echo @host_warn("deep$d"), ' '; echo "[$m]"; return true; }); echo host_warn();`,
			""},
		{"handler suspends", `set_error_handler(function () { Fiber::suspend('up'); }); $f = new Fiber(fn() => host_warn()); echo $f->start(), $f->resume(), $f->resume(), $f->resume(), $f->getReturn();`,
			"upupupresult"},
		{"html", `ini_set('html_errors', 1); ini_set('error_prepend_string', '<b>'); echo strlen(host_warn('<i>')) > 0;`, ""},
		{"warning, then its own exception", `set_error_handler(function () { throw new Exception('of the handler'); }); try { host_warn_and_throw(); } catch (Throwable $e) { echo get_class($e), $e->getMessage(), $e->getPrevious()?->getMessage(); }`,
			"Exceptionof the handler"},
		{"warning and exception", `try { @host_warn_and_throw(); } catch (LogicException $e) { echo $e->getMessage(); }`, "its own"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := output(t, e, tt.code)
			if tt.want != "" {
				require.Equal(t, tt.want, out)
			} else {
				require.NotEmpty(t, out)
			}
			requireClean(t, e)
		})
	}
	_, _, err := run(t, e, bridge.Request{Code: `set_error_handler(function () { nowhere(); }); host_warn();`})
	require.ErrorContains(t, err, "Call to undefined function nowhere()")
	_, _, err = run(t, e, bridge.Request{Code: `set_error_handler(function () { ini_set('memory_limit', '4M'); str_repeat('x', 9 << 20); }); host_warn();`})
	require.ErrorContains(t, err, "Allowed memory size")
	requireClean(t, e)
}

func TestPanicsOfHostFunctions(t *testing.T) {
	var log bytes.Buffer
	e := start(t, bridge.Config{Logger: slog.New(slog.NewTextHandler(&log, nil)), Functions: []phpext.Function{
		{Prototype: "host_panic()", Call: func(*phpext.Call) (phpext.Value, error) { panic("lost my head") }},
		{Prototype: "host_nil()", Call: func(c *phpext.Call) (phpext.Value, error) { return phpext.Int(int64(*(*int)(nil))), nil }},
		{Prototype: "host_panic_later()", Call: func(c *phpext.Call) (phpext.Value, error) {
			return c.Background(func(context.Context) {}, func(*phpext.Call) (phpext.Value, error) { panic("lost my head") })
		}},
		{Prototype: "host_panic_elsewhere()", Call: func(c *phpext.Call) (phpext.Value, error) {
			return c.Background(func(context.Context) { panic("lost my head") }, nil)
		}},
		{Prototype: "host_bad_ref($a = 1)", Call: func(c *phpext.Call) (phpext.Value, error) { c.SetRef(0, phpext.Null()); return phpext.Null(), nil }},
	}})
	for name, want := range map[string]string{
		"host_panic":           "host_panic(): the host function panicked: lost my head",
		"host_nil":             "host_nil(): the host function panicked: runtime error: invalid memory address or nil pointer dereference",
		"host_panic_later":     "host_panic_later(): the host function panicked: lost my head",
		"host_panic_elsewhere": "host_panic_elsewhere(): the host function panicked: phpext: background work panicked: lost my head",
		"host_bad_ref":         "host_bad_ref(): the host function panicked: phpext: host_bad_ref: parameter 0 is not by reference",
	} {
		t.Run(name, func(t *testing.T) {
			log.Reset()
			code := `try { ` + name + `(); } catch (Error $e) { echo get_class($e), ': ', $e->getMessage(); }`
			require.Equal(t, "Error: "+want, output(t, e, code))
			require.Contains(t, log.String(), "in="+name)
			require.Contains(t, log.String(), "throws_test.go", "the log has the stack")
			require.Equal(t, "Error: "+want, output(t, e, `(new Fiber(function () { `+code+` }))->start();`))
			requireClean(t, e)
		})
	}
}
